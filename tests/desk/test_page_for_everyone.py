"""The page on a phone and a desk, light and dark, by keyboard, and when the simulator goes away."""

import pytest
from playwright.async_api import expect

from bot.simulator import Simulator, serve
from tests.desk.conftest import KEYBOARD, TOKEN, Desk, View

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Every text that is seen, with its contrast against what lies behind it (WCAG 2.2, 1.4.3).
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = (element) => {
    if (!element) return [255, 255, 255, 1];
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest(":disabled, .visually-hidden, option")) continue;
    const ground = behind(element);
    const ink = over(rgba(getComputedStyle(element).color), ground);
    const [light, dark] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
    found.push([text.slice(0, 30), Math.round((100 * (light + 0.05)) / (dark + 0.05)) / 100]);
  }
  return found;
}"""

NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, textarea, [role=log], nav, section")]
  .filter((element) => element.checkVisibility() && !element.textContent.trim() && !element.labels?.length
    && !element.getAttribute("aria-label") && !element.getAttribute("aria-labelledby"))
  .map((element) => element.outerHTML.slice(0, 120))"""


async def furnish(desk: Desk, view: View) -> None:
    """Put something of every kind into the chats of this person."""
    budi = desk.control.add_user("Budi", "Santoso")["id"]
    group = desk.control.add_group("Pengantar Kerja Provinsi Jawa Barat", [view.user_id, budi])["id"]
    desk.control.send(budi, group, "Selamat pagi")
    rows = "\n".join(f"Baris {number} " + "panjang " * 12 for number in range(9))
    await desk.bot.send_message(
        view.user_id,
        f"<b>Judul</b> https://example.org/{'a' * 90} <code>kode</code> "
        "<a href='https://example.org'>tautan</a> /topik\n"
        f"<pre>{'lebar ' * 30}</pre><blockquote expandable>{rows}</blockquote>Sesudah <tg-spoiler>x</tg-spoiler>",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
    )
    await desk.bot.send_poll(view.user_id, "Puas?", ["Ya", "Tidak"])
    await desk.bot.send_document(
        view.user_id, b"x", filename="nama_berkas_yang_panjang_sekali_tanpa_spasi.ics"
    )
    await view.says("kata" * 60 + " /bantuan")
    await expect(view.theirs).to_have_count(4)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_stands_out_from_its_background(desk: Desk, scheme: str) -> None:
    async with desk.view(scheme=scheme) as view:
        await furnish(desk, view)
        await view.theirs.last.get_by_role("button", name="Catatan").click()
        await expect(view.page.locator("#toasts")).to_have_text("Sudah dicatat.")
        found = await view.page.evaluate(CONTRASTS)

    assert len(found) > 40
    assert [(text, ratio) for text, ratio in found if ratio < 4.5] == []


@pytest.mark.parametrize("width", [360, 1280])
async def test_nothing_is_wider_than_the_window(desk: Desk, width: int) -> None:
    async with desk.view(width=width, height=740) as view:
        await furnish(desk, view)
        too_wide = await view.page.evaluate(
            """() => [document.documentElement, document.querySelector(".log")]
              .map((element) => element.scrollWidth - element.clientWidth)"""
        )
        bottom = await view.box.bounding_box()

    assert too_wide == [0, 0]
    assert bottom is not None
    assert bottom["y"] + bottom["height"] <= 740


async def test_every_control_and_region_has_a_name(desk: Desk) -> None:
    async with desk.view() as view:
        await furnish(desk, view)

        assert await view.page.evaluate(NAMELESS) == []
        await expect(view.page.get_by_role("main")).to_have_count(1)
        await expect(view.page.get_by_role("heading", level=1)).to_have_text("TanyaCoP – coba di sini")
        await expect(view.page).to_have_title("TanyaCoP – coba di sini")


async def test_on_a_phone_list_and_conversation_take_turns(desk: Desk) -> None:
    async with desk.view(width=360, height=740, phone=True) as view:
        group = desk.control.add_group("Kantor Kecil", [view.user_id])["id"]
        desk.control.send(view.user_id, group, "pagi")
        chats = view.page.get_by_role("navigation")
        await expect(chats).to_be_hidden()
        await view.page.get_by_role("button", name="Kembali ke daftar obrolan").tap()
        await expect(view.log).to_be_hidden()
        await chats.get_by_role("button").filter(has_text="Kantor Kecil").tap()

        await expect(view.mine).to_contain_text("pagi")
        await expect(chats).to_be_hidden()


async def test_on_a_phone_a_tap_on_a_message_offers_what_can_be_done_with_it(desk: Desk) -> None:
    async with desk.view(width=360, height=740, phone=True) as view:
        await view.says("halo")
        await expect(view.theirs).to_have_count(1)
        tools = view.mine.get_by_role("group", name="Tindakan pesan")
        await expect(tools).to_have_css("opacity", "0")
        await view.mine.locator(".words").tap()

        await expect(tools).to_have_css("opacity", "1")
        await tools.get_by_role("button", name="Ubah").tap()
        await expect(view.box).to_have_value("halo")


async def test_the_messages_can_be_walked_through_by_keyboard(desk: Desk) -> None:
    async with desk.view() as view:
        await view.says("satu")
        await expect(view.theirs).to_have_count(1)
        await view.log.focus()
        await view.page.keyboard.press("ArrowUp")
        await expect(view.theirs).to_be_focused()
        await view.page.keyboard.press("ArrowUp")
        await expect(view.mine).to_be_focused()
        await view.page.keyboard.press("ArrowDown")
        await view.page.keyboard.press("Tab")

        await expect(view.theirs.get_by_role("button", name="Catatan")).to_be_focused()


async def test_the_first_stop_of_the_tab_key_in_a_conversation_leads_to_the_input(desk: Desk) -> None:
    async with desk.view() as view:
        skip = view.page.get_by_role("link", name="Langsung ke kolom pesan")
        await skip.focus()
        await expect(skip).to_be_in_viewport()
        await view.page.keyboard.press("Enter")

        await expect(view.box).to_be_focused()


async def test_an_answer_higher_than_the_window_is_shown_from_its_beginning(desk: Desk) -> None:
    async with desk.view(width=360, height=740) as view:
        await view.says("halo")
        await expect(view.theirs).to_have_count(1)
        await desk.bot.send_message(view.user_id, "Awal\n" + "baris\n" * 60 + "akhir")
        await expect(view.theirs).to_have_count(2)

        await expect(view.theirs.last.get_by_text("Awal")).to_be_in_viewport(ratio=0.01)
        top = await view.page.evaluate(
            """() => [...document.querySelectorAll("article")].at(-1).getBoundingClientRect().top
              - document.querySelector(".log").getBoundingClientRect().top"""
        )
        assert 0 <= top < 40
        await view.page.get_by_role("button", name="Ke pesan terbaru").click()
        await expect(view.page.get_by_role("button", name="Ke pesan terbaru")).to_be_hidden()


async def test_when_another_simulator_comes_up_at_the_same_address_the_page_goes_on_with_that(
    desk: Desk,
) -> None:
    first, second = Simulator(), Simulator()
    for simulator, person in ((first, "Orang Lama"), (second, "Orang Baru")):
        simulator.control.add_bot(TOKEN, "lain_bot", "Bot Lain")
        user_id = simulator.control.add_user(person)["id"]
        simulator.control.send(user_id, user_id, f"dari {person}")
    page = await desk.browser.new_page()
    try:
        async with serve(first) as server:
            port = int(server.url.rpartition(":")[2])
            await page.goto(server.url)
            await expect(page.locator("article")).to_contain_text("dari Orang Lama")
        await expect(page.get_by_text("Sambungan ke simulator terputus.")).to_be_visible()
        async with serve(second, port=port):
            await expect(page.locator("article")).to_contain_text("dari Orang Baru")
            await expect(page.get_by_text("Sambungan ke simulator terputus.")).to_be_hidden()
            second.control.send(user_id, user_id, "masih hidup")
            await expect(page.locator("article").last).to_contain_text("masih hidup")
    finally:
        await page.close()


async def test_the_page_forbids_itself_scripts_and_connections_from_elsewhere(desk: Desk) -> None:
    async with desk.view() as view:
        policy = await view.page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute(
            "content"
        )
        inline = await view.page.evaluate(
            """() => [...document.querySelectorAll("script:not([src]), style, [style]:not(textarea)")].length"""
        )

    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert inline == 0
