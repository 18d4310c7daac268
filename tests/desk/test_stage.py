"""The people of a play side by side, and the tools beside them: clock, trouble, mailings."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from bot.simulator import Simulator, serve
from tests.desk.test_page import picture
from tests.desk.test_page_for_everyone import CONTRASTS, NAMELESS

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOKEN = "4242:stage-token"
# A Tuesday, 09.00 in Jakarta; the clock stands unless a tool moves it.
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@dataclass
class Play:
    """A simulator with four people of a play, and a page before it; the bot only speaks when it is told to."""

    simulator: Simulator
    page: Page
    ids: dict[str, int]
    problems: list[str] = field(default_factory=list)

    @property
    def control(self) -> Any:
        return self.simulator.control

    @property
    def tools(self) -> Locator:
        return self.page.get_by_role("complementary", name="Alat simulasi")

    def pane(self, part: str) -> Locator:
        return self.page.locator("section.pane").filter(has=self.page.locator(".whose").filter(has_text=part))

    def switch(self, part: str) -> Locator:
        return self.page.get_by_role("group", name="Orang yang ditampilkan").get_by_role("button", name=part)

    async def opens_tools(self) -> None:
        await self.page.get_by_role("button", name="Alat simulasi").click()
        await expect(self.tools).to_be_visible()

    async def bot(self, method: str, **params: Any) -> None:
        """A request of the bot, which must succeed."""
        answer = await self.simulator.handle(TOKEN, method, params, {})
        assert answer.status == 200, answer.body


@asynccontextmanager
async def playing(
    desk: Any, *, width: int = 1280, height: int = 800, phone: bool = False, scheme: str = "light"
) -> AsyncIterator[Play]:
    simulator = Simulator(lambda: MORNING)
    control = simulator.control
    control.add_bot(TOKEN, "tanya_bot", "TanyaCoP")
    zones = {"Anggota": "Asia/Jayapura", "Penyelenggara": "Asia/Jakarta", "Kurator": None, "Pemilik": None}
    ids = {
        part: control.add_user(f"Orang {part}", part=part, time_zone=zone)["id"]
        for part, zone in zones.items()
    }
    for user_id in ids.values():
        control.send(user_id, user_id, "/start")
    async with serve(simulator) as server:
        context = await desk.browser.new_context(
            viewport={"width": width, "height": height},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            has_touch=phone,
            is_mobile=phone,
            color_scheme=scheme,
        )
        page = await context.new_page()
        page.set_default_timeout(5000)
        play = Play(simulator, page, ids)
        page.on("console", lambda message: play.problems.append(message.text))
        page.on("pageerror", lambda error: play.problems.append(str(error)))
        try:
            await page.goto(server.url)
            await expect(page.locator("section.pane:visible").first).to_be_visible()
            yield play
            assert play.problems == []
        finally:
            await context.close()


# People


async def test_member_and_organiser_stand_side_by_side_and_each_writes_for_themselves(desk: Any) -> None:
    async with playing(desk) as play:
        await expect(play.page.locator("section.pane:visible")).to_have_count(2)
        box = play.pane("Penyelenggara").locator("textarea")
        await box.fill("saya penyelenggara")
        await box.press("Enter")

        await expect(play.pane("Penyelenggara").locator("article.is-mine").last).to_contain_text(
            "saya penyelenggara"
        )
        await expect(play.pane("Anggota").locator("article")).to_have_count(1)
        assert play.control.messages(play.ids["Penyelenggara"])[-1]["text"] == "saya penyelenggara"


async def test_people_are_switched_on_and_off_but_somebody_stays(desk: Any) -> None:
    async with playing(desk) as play:
        await play.switch("Kurator").click()
        await expect(play.switch("Kurator")).to_have_attribute("aria-pressed", "true")
        await expect(play.page.locator("section.pane:visible")).to_have_count(3)
        for part in ("Anggota", "Penyelenggara", "Kurator"):
            await play.switch(part).press("Enter")

        await expect(play.page.locator("section.pane:visible")).to_have_count(1)
        await expect(play.pane("Kurator")).to_be_visible()


async def test_four_people_fit_on_a_wide_screen_in_the_order_of_the_play(desk: Any) -> None:
    async with playing(desk, width=1600) as play:
        for part in ("Pemilik", "Kurator"):
            await play.switch(part).click()

        await expect(play.page.locator(".pane:visible .whose strong")).to_have_text(
            ["Anggota", "Penyelenggara", "Kurator", "Pemilik"]
        )


async def test_on_a_phone_people_are_tabs(desk: Any) -> None:
    async with playing(desk, width=360, height=740, phone=True) as play:
        await expect(play.page.locator("section.pane:visible")).to_have_count(1)
        await play.switch("Penyelenggara").tap()
        await expect(play.pane("Penyelenggara")).to_be_visible()
        await expect(play.pane("Anggota")).to_be_hidden()
        await expect(play.switch("Anggota")).to_have_attribute("aria-pressed", "false")
        await play.page.reload()

        await expect(play.pane("Penyelenggara")).to_be_visible()


async def test_each_person_reads_a_moment_in_the_zone_of_their_phone(desk: Any) -> None:
    async with playing(desk) as play:
        text = '<tg-time unix="1795482000" format="wDt">09.00 WIB</tg-time>'
        for part in ("Anggota", "Penyelenggara"):
            await play.bot("sendMessage", chat_id=play.ids[part], text=text, parse_mode="HTML")

        await expect(play.pane("Anggota").locator("article time").first).to_have_text("11.00")
        await expect(play.pane("Anggota").locator(".words time")).to_have_text(
            "Selasa, 24 November 2026 pukul 10.00"
        )
        await expect(play.pane("Penyelenggara").locator(".words time")).to_have_text(
            "Selasa, 24 November 2026 pukul 08.00"
        )
        await expect(play.pane("Anggota").locator(".whose")).to_contain_text("WIT")


async def test_who_stops_the_bot_can_only_start_it_again(desk: Any) -> None:
    async with playing(desk) as play:
        pane = play.pane("Anggota")
        await pane.get_by_role("button", name="Hentikan bot").click()
        await expect(pane.get_by_text("Anda menghentikan bot ini.")).to_be_visible()
        await expect(pane.locator("textarea")).to_be_hidden()
        await pane.get_by_role("button", name="Mulai lagi").click()

        await expect(pane.locator("textarea")).to_be_visible()
        await expect(pane.locator("article.is-mine").last).to_contain_text("/start")
        kinds = [
            update.body.split('"')[3] for update in play.simulator.world.bots[4242].updates.unconfirmed()[-3:]
        ]
        assert kinds == ["my_chat_member", "my_chat_member", "message"]


# Messages


async def test_several_files_go_as_one_album_with_the_words_on_the_first(desk: Any) -> None:
    async with playing(desk) as play:
        pane = play.pane("Penyelenggara")
        files = [
            FilePayload(name=name, mimeType="application/pdf", buffer=b"%PDF " + name.encode())
            for name in ("satu.pdf", "dua.pdf")
        ]
        await pane.locator("input[type=file]").set_input_files(files)
        await expect(pane.get_by_role("button", name="Batal melampirkan dua.pdf")).to_be_visible()
        await pane.locator("textarea").fill("Materi sesi")
        await pane.locator("textarea").press("Enter")

        parts = pane.locator("article.is-album")
        await expect(parts).to_have_count(2)
        await expect(parts.first).to_contain_text("Album, berkas 1 dari 2")
        await expect(parts.first).to_contain_text("Materi sesi")
        sent = play.control.messages(play.ids["Penyelenggara"])[-2:]
        assert sent[0]["media_group_id"] == sent[1]["media_group_id"]
        assert [one["document"]["file_name"] for one in sent] == ["satu.pdf", "dua.pdf"]
        assert [one.get("caption") for one in sent] == ["Materi sesi", None]


async def test_two_pictures_are_photos_of_one_album(desk: Any) -> None:
    async with playing(desk) as play:
        pane = play.pane("Anggota")
        files = [FilePayload(name=f"{n}.png", mimeType="image/png", buffer=picture()) for n in range(2)]
        await pane.locator("input[type=file]").set_input_files(files)
        await pane.get_by_role("button", name="Kirim", exact=True).click()

        await expect(pane.get_by_role("img", name="Foto")).to_have_count(2)
        assert all("photo" in one for one in play.control.messages(play.ids["Anggota"])[-2:])


async def test_an_album_of_the_bot_is_downloaded_file_by_file_and_changes_live(
    desk: Any, tmp_path: Path
) -> None:
    async with playing(desk) as play:
        member = play.ids["Anggota"]
        for name in ("daftar.xlsx", "undangan.pdf"):
            play.control.send_media(member, member, "document", file_name=name)
        stored = [one["document"]["file_id"] for one in play.control.messages(member)[-2:]]
        media = [{"type": "document", "media": one, "caption": "lama"} for one in stored]
        await play.bot("sendMediaGroup", chat_id=member, media=media)
        parts = play.pane("Anggota").locator("article.is-theirs")
        await expect(parts).to_have_count(2)
        async with play.page.expect_download() as download:
            await parts.last.get_by_role("button", name="Unduh undangan.pdf").click()
        assert (await download.value).suggested_filename == "undangan.pdf"
        first, second = (one["message_id"] for one in play.control.messages(member)[-2:])
        await play.bot("editMessageCaption", chat_id=member, message_id=first, caption="RALAT")
        await play.bot("deleteMessage", chat_id=member, message_id=second)

        await expect(parts).to_have_count(1)
        await expect(parts).to_contain_text("RALAT")
        await expect(parts).to_contain_text("Album, berkas 1 dari 1")


# The clock


async def test_the_clock_is_moved_by_buttons_and_told_in_three_zones(desk: Any) -> None:
    async with playing(desk) as play:
        await play.opens_tools()
        await expect(play.tools.locator(".now-date")).to_contain_text("Selasa, 24 November 2026, 09.00")
        for label in ("+1 menit", "+10 menit", "+1 jam"):
            await play.tools.get_by_role("button", name=label).click()
        await expect(play.tools.locator(".now-date")).to_contain_text("10.11")
        await expect(play.tools.locator(".now-times")).to_have_text("11.11 WITA · 12.11 WIT")
        await expect(play.page.locator("#clock")).to_have_text("10.11 WIB")
        await play.tools.get_by_role("button", name="Ke besok 09.00").click()

        await expect(play.page.locator("#toasts")).to_contain_text(
            "Sekarang Rabu, 25 November 2026, 09.00 WIB."
        )
        await expect(play.pane("Anggota").locator(".day").first).to_have_text("Kemarin")
        moved = play.simulator.world.moment()
        assert moved == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


async def test_the_clock_goes_to_a_chosen_time_and_not_back(desk: Any) -> None:
    async with playing(desk) as play:
        await play.opens_tools()
        wanted = play.tools.get_by_label("Maju ke (WIB)")
        await wanted.fill("2026-12-01T08:30")
        await wanted.press("Enter")
        await expect(play.page.locator("#clock")).to_have_text("08.30 WIB")
        await wanted.fill("2026-11-30T08:30")
        await wanted.press("Enter")

        await expect(play.page.locator("#toasts .is-error")).to_have_text(
            "Waktu itu sudah lewat. Pilih waktu sesudah sekarang."
        )
        assert play.simulator.world.moment().date() == datetime(2026, 12, 1, tzinfo=UTC).date()


# Trouble


async def test_switches_let_telegram_misbehave_and_one_button_ends_it(desk: Any) -> None:
    async with playing(desk) as play:
        await play.opens_tools()
        await play.tools.get_by_label("Seberapa sering").select_option(label="Sering (1 dari 2)")
        await play.tools.get_by_role("switch", name="Galat 502").check()
        await play.tools.get_by_role("switch", name="Sambungan putus").press("Space")
        await expect(play.tools.get_by_role("status")).to_have_text("Terkena sejauh ini: 0 permintaan.")
        assert [rule["fault"] for rule in play.control.faults()] == [
            "reset_before",
            "reset_after",
            "error_before",
        ]
        await play.page.reload()
        await play.opens_tools()
        await expect(play.tools.get_by_role("switch", name="Galat 502")).to_be_checked()
        await expect(play.tools.get_by_role("switch", name="Lambat")).not_to_be_checked()
        await play.tools.get_by_role("button", name="Semua normal lagi").click()

        await expect(play.tools.get_by_role("status")).to_have_text("Tidak ada gangguan.")
        assert play.control.faults() == []


async def test_what_a_storm_has_refused_is_counted_on_the_page(desk: Any) -> None:
    async with playing(desk) as play:
        play.control.set_faults([{"fault": "flood_bot", "seconds": 60}])
        await play.page.reload()
        await play.opens_tools()
        await expect(play.tools.get_by_role("switch", name="Badai 429")).to_be_checked()
        for _ in range(3):
            answer = await play.simulator.handle(
                TOKEN, "sendMessage", {"chat_id": play.ids["Anggota"], "text": "x"}, {}
            )
            assert answer.status == 429

        await expect(play.tools.get_by_role("status")).to_have_text("Terkena sejauh ini: 3 permintaan.")
        await expect(play.tools.locator(".figures")).to_contain_text("Ditolak dalam semenit (429)3")


async def test_the_official_limits_are_a_switch(desk: Any) -> None:
    async with playing(desk) as play:
        await play.opens_tools()
        limits = play.tools.get_by_role("switch", name="Batas resmi Telegram")
        await expect(limits).not_to_be_checked()
        await limits.check()
        await play.simulator.wait_for(lambda: play.control.rates() is not None)
        await limits.uncheck()

        await play.simulator.wait_for(lambda: play.control.rates() is None)


# Mailings


async def test_a_mailing_to_simulated_members_is_watched_as_it_proceeds(desk: Any) -> None:
    async with playing(desk) as play:
        await play.opens_tools()
        await expect(play.tools).to_contain_text("Belum ada anggota tiruan.")
        await play.tools.get_by_label("Anggota tiruan baru").fill("40")
        await play.tools.get_by_label("Mereka menekan Mulai di bot").uncheck()
        await play.tools.get_by_role("button", name="Tambah anggota").click()
        await expect(play.tools).to_contain_text(
            "0 dari 40 anggota tiruan menerima pesan sejak 09.00 WIB; 0 pesan."
        )
        for user_id in play.simulator.world.crowds[0][:30]:
            await play.bot("sendMessage", chat_id=user_id, text="Undangan")

        await expect(play.tools).to_contain_text(
            "30 dari 40 anggota tiruan menerima pesan sejak 09.00 WIB; 30 pesan."
        )
        await expect(play.tools.get_by_role("progressbar")).to_have_js_property("value", 30)
        await expect(play.tools.locator(".figures")).to_contain_text("Menit terakhir30")
        await expect(play.tools.locator(".chart rect")).to_have_count(1)
        # Nobody's chat on the page is filled by it, and nobody of them is to be chosen.
        await expect(play.page.locator("article")).to_have_count(2)
        await expect(play.page.get_by_role("option", name=re.compile("Anggota 1"))).to_have_count(0)


async def test_members_who_press_start_are_heard_by_the_bot(desk: Any) -> None:
    async with playing(desk) as play:
        before = play.control.pending()
        await play.opens_tools()
        await play.tools.get_by_label("Anggota tiruan baru").fill("5")
        await play.tools.get_by_label("Anggota tiruan baru").press("Enter")

        await play.simulator.wait_for(lambda: play.control.pending() == before + 5)


# For everyone


async def test_the_page_speaks_english_when_asked_and_remembers_it(desk: Any) -> None:
    async with playing(desk) as play:
        await play.page.get_by_label("Bahasa halaman").select_option("en")
        await expect(play.page.get_by_role("button", name="Simulation tools")).to_be_visible()
        await expect(play.pane("Anggota").locator("textarea")).to_have_attribute(
            "placeholder", "Write a question…"
        )
        await expect(play.page).to_have_title("TanyaCoP – try it here")
        assert await play.page.locator("html").get_attribute("lang") == "en"
        await play.page.get_by_label("Language of the page").select_option("id")

        await expect(play.page.get_by_role("button", name="Alat simulasi")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_tools_stand_out_and_have_names(desk: Any, scheme: str) -> None:
    async with playing(desk, scheme=scheme) as play:
        await play.opens_tools()
        await expect(play.tools.locator(".figures dt")).to_have_count(5)

        found = await play.page.evaluate(CONTRASTS)
        assert len(found) > 40
        assert [(text, ratio) for text, ratio in found if ratio < 4.5] == []
        assert await play.page.evaluate(NAMELESS) == []


async def test_on_a_phone_the_tools_cover_the_people_and_are_closed_by_the_keyboard(desk: Any) -> None:
    async with playing(desk, width=360, height=740, phone=True) as play:
        await play.opens_tools()
        await expect(play.tools.get_by_role("button", name="Tutup")).to_be_focused()
        too_wide = await play.page.evaluate(
            """() => [document.documentElement, document.getElementById("tools")]
              .map((element) => element.scrollWidth - element.clientWidth)"""
        )
        box = await play.tools.bounding_box()
        await play.page.keyboard.press("Escape")

        assert too_wide == [0, 0]
        assert box is not None
        assert (box["x"], box["width"]) == (0, 360)
        await expect(play.tools).to_be_hidden()
        await expect(play.page.get_by_role("button", name="Alat simulasi")).to_be_focused()


async def test_an_album_is_forwarded_whole_to_a_chat_that_is_chosen(desk: Any) -> None:
    async with playing(desk) as play:
        organiser = play.ids["Penyelenggara"]
        office = play.control.add_group("Kantor Pusat", [organiser])["id"]
        play.control.send_album(
            organiser, office, [{"kind": "document", "caption": "Materi"}, {"kind": "document"}]
        )
        pane = play.pane("Penyelenggara")
        await pane.get_by_role("button", name="Kembali ke daftar obrolan").click()
        await pane.get_by_role("navigation").get_by_role("button").filter(has_text="Kantor Pusat").click()
        part = pane.locator("article.is-album").first
        await part.hover()
        await part.get_by_role("button", name="Teruskan").click()
        await play.page.get_by_role("dialog").get_by_role("button").filter(has_text="TanyaCoP").click()

        await expect(pane.locator("article.is-album")).to_have_count(2)
        await expect(pane.locator("article.is-album").first).to_contain_text(
            "Diteruskan dari Orang Penyelenggara"
        )
        first, second = play.control.messages(organiser)[-2:]
        assert first["media_group_id"] == second["media_group_id"]
        assert first["forward_origin"]["sender_user"]["id"] == organiser
