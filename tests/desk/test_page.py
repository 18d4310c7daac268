"""The page in a real browser: what people write, press and read."""

import asyncio
import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, expect
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    KeyboardButton,
    ReplyKeyboardMarkup,
    SwitchInlineQueryChosenChat,
)

from tests.desk.conftest import BOT_NAME, Desk, View

pytestmark = pytest.mark.asyncio(loop_scope="session")


def one_button(**button: object) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Tekan", **button)]])  # type: ignore[arg-type]


async def test_enter_sends_and_the_answer_comes_with_its_buttons(desk: Desk) -> None:
    async with desk.view() as view:
        await view.says("gmn cara klaim jkp?")

        await expect(view.mine).to_contain_text("gmn cara klaim jkp?")
        await expect(view.theirs).to_contain_text("Anda menulis gmn cara klaim jkp?")
        await expect(view.theirs.locator("strong")).to_have_text("Anda menulis")
        await expect(
            view.theirs.get_by_role("group", name="Tombol pesan").get_by_role("button")
        ).to_have_text(["Catatan", "Peringatan", "Ganti"])
        await expect(view.box).to_have_value("")


async def test_shift_and_enter_make_a_new_line(desk: Desk) -> None:
    async with desk.view() as view:
        await view.box.fill("satu")
        await view.box.press("Shift+Enter")
        await view.box.press_sequentially("dua")
        await view.box.press("Enter")

        await expect(view.theirs).to_contain_text("Anda menulis satu\ndua")


async def test_the_first_start_offers_a_start_button_and_three_questions_to_send(desk: Desk) -> None:
    async with desk.view() as view:
        chips = view.page.get_by_role("group", name="Contoh pertanyaan").get_by_role("button")
        await expect(chips).to_have_count(3)
        await view.page.get_by_role("button", name="Mulai", exact=True).click()
        await expect(view.theirs).to_contain_text("/start")
        await chips.first.click()

        await expect(view.theirs.last).to_contain_text("gmn cara klaim jkp?")
        await expect(chips).to_have_count(0)


async def test_a_note_of_the_bot_is_a_status_and_an_alert_a_dialog(desk: Desk) -> None:
    async with desk.view() as view:
        await view.says("halo")
        await view.theirs.get_by_role("button", name="Catatan").click()
        await expect(view.page.locator("#toasts[role=status]")).to_have_text("Sudah dicatat.")
        await view.theirs.get_by_role("button", name="Peringatan").click()
        dialog = view.page.get_by_role("alertdialog", name="TanyaCoP")

        await expect(dialog).to_contain_text("Baca ini dulu.")
        await view.page.keyboard.press("Enter")
        await expect(dialog).to_have_count(0)


async def test_an_edit_changes_the_bubble_in_place_and_leaves_the_focus_on_the_button(desk: Desk) -> None:
    async with desk.view() as view:
        await view.says("halo")
        await view.theirs.get_by_role("button", name="Ganti").press("Enter")

        await expect(view.theirs).to_contain_text("Isi baru")
        await expect(view.theirs).to_contain_text("diedit")
        await expect(view.theirs).to_have_count(1)
        await expect(view.theirs.get_by_role("button", name="Ganti")).to_be_focused()


async def test_formatting_becomes_elements_and_markup_in_the_text_stays_text(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_message(
            view.user_id,
            "😀 <b>tebal <i>miring</i></b> <u>g</u> <s>c</s> <code>k</code> &lt;script&gt;alert(1)&lt;/script&gt; "
            '<a href="https://example.org/a">sini</a> #tagar\n<blockquote>kutip</blockquote>\nsesudah',
            parse_mode="HTML",
        )

        words = view.theirs.locator(".words")
        await expect(words).to_contain_text("<script>alert(1)</script>")
        assert await words.inner_html() == (
            "😀 <strong>tebal </strong><strong><em>miring</em></strong> <u>g</u> <s>c</s> <code>k</code> "
            "&lt;script&gt;alert(1)&lt;/script&gt; "
            '<a href="https://example.org/a" title="https://example.org/a" target="_blank" rel="noopener noreferrer">'
            'sini</a> <span class="tag">#tagar</span><blockquote>kutip</blockquote>sesudah'
        )


async def test_a_moment_is_written_in_the_zone_of_the_reader(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_message(
            view.user_id, '<tg-time unix="1758769200" format="wDt">09.00 WITA</tg-time>', parse_mode="HTML"
        )
        moment = view.theirs.locator("time").first

        await expect(moment).to_have_text("Kamis, 25 September 2025 pukul 10.00")
        await expect(moment).to_have_attribute("datetime", "2025-09-25T03:00:00.000Z")


async def test_an_address_that_runs_a_script_is_no_link(desk: Desk) -> None:
    async with desk.view() as view:
        desk.control.send(
            view.user_id,
            view.user_id,
            "sini",
            entities=[{"type": "text_link", "offset": 0, "length": 4, "url": "https://example.org"}],
        )
        message = desk.simulator.world.private_chats[desk.bot.id, view.user_id].messages
        # What the server refuses, a page that trusts it might still get one day.
        list(message.values())[-1].content["entities"][0]["url"] = "javascript:alert(1)"
        await view.page.reload()

        await expect(view.mine).to_contain_text("sini")
        await expect(view.mine.locator(".words a")).to_have_count(0)


async def test_a_folded_quotation_opens_by_keyboard_and_a_short_one_has_nothing_to_open(desk: Desk) -> None:
    async with desk.view() as view:
        long = "\n".join(f"Baris {number}" for number in range(1, 9))
        await desk.bot.send_message(
            view.user_id, f"<blockquote expandable>{long}</blockquote>", parse_mode="HTML"
        )
        await desk.bot.send_message(
            view.user_id, "<blockquote expandable>Pendek</blockquote>", parse_mode="HTML"
        )
        quote = view.theirs.first.locator("blockquote")
        folded_height = await height_of(quote)
        await view.theirs.first.get_by_role("button", name="Tampilkan semua", expanded=False).press("Enter")

        await expect(quote.get_by_role("button", name="Ringkas", expanded=True)).to_be_focused()
        assert await height_of(quote) > folded_height + 80
        await expect(view.theirs.last.get_by_role("button", name="Tampilkan semua")).to_have_count(0)


async def height_of(locator: Locator) -> float:
    box = await locator.bounding_box()
    assert box is not None
    return box["height"]


async def test_hidden_text_is_not_there_before_it_is_asked_for(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_message(view.user_id, "Kata <tg-spoiler>rahasia</tg-spoiler>", parse_mode="HTML")
        await expect(view.theirs.get_by_text("rahasia")).to_be_hidden()
        await view.theirs.get_by_role("button", name="teks tersembunyi").click()

        await expect(view.theirs.get_by_text("rahasia")).to_be_visible()


async def test_a_command_in_a_text_is_sent_by_a_click(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_message(view.user_id, "Pilih /topik")
        await view.theirs.get_by_role("button", name="/topik").click()

        await expect(view.mine).to_contain_text("/topik")


async def test_a_deep_link_to_the_bot_starts_it_with_the_parameter(desk: Desk) -> None:
    async with desk.view() as view:
        group = desk.control.add_group("Kantor Jauh", [view.user_id])["id"]
        desk.control.add_member(group, desk.bot.id)
        await desk.bot.send_message(
            group, f'<a href="https://t.me/{BOT_NAME}?start=e_jkp-masa-iur">syarat</a>', parse_mode="HTML"
        )
        await view.opens("Kantor Jauh")
        await view.theirs.get_by_role("link", name="syarat").click()

        await expect(view.page.get_by_role("heading", level=2)).to_have_text("TanyaCoP")
        await expect(view.mine).to_contain_text("/start e_jkp-masa-iur")


async def test_a_url_button_is_a_link_and_a_copy_button_copies(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_message(
            view.user_id, "Situs", reply_markup=one_button(url="https://example.org/x")
        )
        await expect(view.theirs.get_by_role("link", name="Tekan")).to_have_attribute(
            "href", "https://example.org/x"
        )
        await desk.bot.send_message(
            view.user_id, "Salin", reply_markup=one_button(copy_text=CopyTextButton("isi salinan"))
        )
        await view.theirs.last.get_by_role("button", name="Tekan").click()

        await expect(view.page.locator("#toasts")).to_have_text("Disalin.")
        assert await view.page.evaluate("() => navigator.clipboard.readText()") == "isi salinan"


async def answers_inline(desk: Desk, *titles: str, button: str | None = None) -> None:
    """Answer the inline query that comes next."""
    queries = desk.simulator.world.inline_queries
    known = len(queries)
    await desk.simulator.wait_for(lambda: len(queries) > known)
    results = [
        InlineQueryResultArticle(str(number), title, InputTextMessageContent(f"Isi: {title}"))
        for number, title in enumerate(titles)
    ]
    await desk.bot.answer_inline_query(
        list(queries)[-1],
        results,
        button=InlineQueryResultsButton(button, start_parameter="inline") if button else None,
    )


async def test_an_inline_result_is_picked_with_the_arrow_keys_and_sent(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_message(
            view.user_id, "Cari", reply_markup=one_button(switch_inline_query_current_chat="klaim")
        )
        answering = asyncio.create_task(answers_inline(desk, "Satu", "Dua"))
        await view.theirs.get_by_role("button", name="Tekan").click()
        await answering
        await expect(view.box).to_have_value(f"@{BOT_NAME} klaim")
        options = view.page.get_by_role("listbox", name="Hasil inline").get_by_role("option")
        await expect(options).to_have_text(["Satu", "Dua"])
        await view.box.press("ArrowDown")
        await view.box.press("ArrowDown")
        await expect(options.last).to_have_attribute("aria-selected", "true")
        await view.box.press("Enter")

        await expect(view.mine).to_contain_text(f"via @{BOT_NAME}Isi: Dua")
        await expect(view.box).to_have_value("")
        await expect(options).to_have_count(0)


async def test_the_button_over_inline_results_starts_the_bot(desk: Desk) -> None:
    async with desk.view() as view:
        answering = asyncio.create_task(answers_inline(desk, button="Buka bot"))
        await view.box.fill(f"@{BOT_NAME} xyz")
        await answering
        await view.page.get_by_role("button", name="Buka bot").click()

        await expect(view.mine).to_contain_text("/start inline")


async def test_a_button_for_another_chat_asks_which_and_fills_the_input_there(desk: Desk) -> None:
    async with desk.view() as view:
        desk.control.add_group("Kantor Seberang", [view.user_id])
        await expect(view.page.get_by_role("navigation")).to_contain_text("Kantor Seberang")
        await desk.bot.send_message(
            view.user_id,
            "Bagikan",
            reply_markup=one_button(
                switch_inline_query_chosen_chat=SwitchInlineQueryChosenChat("jkp", allow_group_chats=True)
            ),
        )
        await view.theirs.get_by_role("button", name="Tekan").click()
        choices = view.page.get_by_role("dialog").get_by_role("listitem")
        await expect(choices).to_have_count(1)
        await choices.get_by_role("button").click()

        await expect(view.page.get_by_role("heading", level=2)).to_have_text("Kantor Seberang")
        await expect(view.box).to_have_value(f"@{BOT_NAME} jkp")


async def test_the_menu_lists_the_commands_of_this_person_and_sends_the_chosen_one(desk: Desk) -> None:
    async with desk.view() as view:
        await expect(view.page.get_by_role("button", name="Menu", exact=True)).to_have_count(0)
        await view.says("halo")  # a bot can only then set a menu for this chat
        await expect(view.theirs).to_have_count(1)
        await desk.bot.set_my_commands(
            [BotCommand("topik", "Jelajahi"), BotCommand("profil", "Data saya")],
            scope=BotCommandScopeChat(view.user_id),
        )
        menu = view.page.get_by_role("button", name="Menu", exact=True)
        await menu.press("Enter")
        await menu.press("ArrowDown")
        await view.page.keyboard.press("ArrowDown")
        await view.page.keyboard.press("Enter")

        await expect(view.mine.last).to_contain_text("/profil")
        await expect(menu).to_have_attribute("aria-expanded", "false")


async def test_a_slash_in_the_input_suggests_the_commands_that_begin_so(desk: Desk) -> None:
    async with desk.view() as view:
        await view.says("halo")
        await expect(view.theirs).to_have_count(1)
        await desk.bot.set_my_commands(
            [BotCommand("topik", "Jelajahi"), BotCommand("profil", "Data saya")],
            scope=BotCommandScopeChat(view.user_id),
        )
        await expect(view.page.get_by_role("button", name="Menu", exact=True)).to_be_visible()
        await view.box.fill("/pro")

        options = view.page.get_by_role("listbox", name="Perintah").get_by_role("option")
        await expect(options).to_have_text(["/profilData saya"])


async def test_a_vote_shows_the_result_and_can_be_taken_back(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_poll(view.user_id, "Puas?", ["Ya", "Tidak"], is_anonymous=False)
        send = view.theirs.get_by_role("button", name="Kirim suara")
        await expect(send).to_be_disabled()
        await view.theirs.get_by_role("radio", name="Ya").check()
        await send.click()
        await expect(view.theirs.get_by_role("listitem")).to_have_text(["100%Ya ✓ pilihan Anda", "0%Tidak"])
        await view.page.reload()  # the page remembers what Telegram tells nobody else
        await view.theirs.get_by_role("button", name="Batalkan suara").click()

        await expect(view.theirs.get_by_role("radio")).to_have_count(2)
        await expect(view.theirs).to_contain_text("Belum ada suara")


async def test_several_options_can_be_chosen_and_a_closed_poll_takes_no_vote(desk: Desk) -> None:
    async with desk.view() as view:
        poll = await desk.bot.send_poll(view.user_id, "Topik?", ["A", "B", "C"], allows_multiple_answers=True)
        await view.theirs.get_by_role("checkbox", name="A").check()
        await view.theirs.get_by_role("checkbox", name="C").check()
        await view.theirs.get_by_role("button", name="Kirim suara").click()
        await expect(view.theirs.locator(".poll-mark")).to_have_count(2)
        await desk.bot.stop_poll(view.user_id, poll.message_id)

        await expect(view.theirs).to_contain_text("sudah ditutup")
        await expect(view.theirs.get_by_role("button", name="Batalkan suara")).to_have_count(0)


def picture(width: int = 40, height: int = 30) -> bytes:
    """A small grey PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


async def test_a_photo_is_shown_and_a_document_downloaded(desk: Desk, tmp_path: Path) -> None:
    async with desk.view() as view:
        await desk.bot.send_photo(view.user_id, picture(), caption="Grafik")
        await desk.bot.send_document(view.user_id, b"BEGIN:VCALENDAR", filename="sesi.ics")
        image = view.theirs.first.get_by_role("img", name="Foto: Grafik")
        await expect(image).to_have_attribute("src", re.compile("^blob:"))
        async with view.page.expect_download() as download:
            await view.theirs.last.get_by_role("button", name="Unduh sesi.ics").click()

        file = await download.value
        assert file.suggested_filename == "sesi.ics"
        saved = tmp_path / "saved.ics"
        await file.save_as(saved)
        assert saved.read_bytes() == b"BEGIN:VCALENDAR"


async def test_a_chosen_picture_is_sent_with_its_caption_as_photo_or_as_file(desk: Desk) -> None:
    async with desk.view() as view:
        chosen = FilePayload(name="layar.png", mimeType="image/png", buffer=picture())
        await view.page.locator("input[type=file]").set_input_files(chosen)
        await view.says("lihat ini")
        await expect(view.mine.get_by_role("img", name="Foto: lihat ini")).to_be_visible()
        await view.page.locator("input[type=file]").set_input_files(chosen)
        await view.page.get_by_role("checkbox", name="sebagai foto").uncheck()
        await view.page.get_by_role("button", name="Kirim", exact=True).click()

        await expect(view.mine.last.get_by_role("button", name="Unduh layar.png")).to_be_visible()


async def test_ones_own_message_can_be_changed_and_deleted(desk: Desk) -> None:
    async with desk.view() as view:
        await view.says("salah ketikk")
        await view.mine.hover()
        await view.mine.get_by_role("button", name="Ubah").click()
        await expect(view.box).to_have_value("salah ketikk")
        await view.says("salah ketik")
        await expect(view.mine).to_contain_text("salah ketikdiedit")
        await view.mine.hover()
        await view.mine.get_by_role("button", name="Hapus").click()
        await view.page.get_by_role("alertdialog").get_by_role("button", name="Hapus").click()

        await expect(view.mine).to_have_count(0)


async def test_a_reply_shows_what_it_replies_to(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_message(view.user_id, "Yang dibalas")
        await view.theirs.hover()
        await view.theirs.get_by_role("button", name="Balas").click()
        await expect(view.page.get_by_text("Membalas TanyaCoP", exact=True)).to_be_visible()
        await view.says("jawabannya")

        await expect(view.mine.get_by_role("button", name="Membalas TanyaCoP: Yang dibalas")).to_be_visible()
        sent = desk.control.messages(view.user_id)
        assert [m["reply_to_message"]["text"] for m in sent if m.get("text") == "jawabannya"] == [
            "Yang dibalas"
        ]


async def test_a_message_of_the_bot_that_wants_a_reply_gets_one(desk: Desk) -> None:
    async with desk.view() as view:
        asking = await desk.bot.send_message(
            view.user_id, "Alasannya?", reply_markup=ForceReply(input_field_placeholder="Alasan…")
        )
        await expect(view.box).to_have_attribute("placeholder", "Alasan…")
        await view.says("karena")

        await expect(view.mine).to_contain_text("karena")
        await expect(view.box).to_have_attribute("placeholder", "Tulis pertanyaan…")
        (sent,) = [m for m in desk.control.messages(view.user_id) if m.get("text") == "karena"]
        assert sent["reply_to_message"]["message_id"] == asking.message_id


async def test_answers_in_place_of_letters_are_sent_and_go_away_when_meant_for_once(desk: Desk) -> None:
    async with desk.view() as view:
        await desk.bot.send_message(
            view.user_id,
            "Topik?",
            reply_markup=ReplyKeyboardMarkup(
                [["JKP"], [KeyboardButton("Kontak saya", request_contact=True)]], one_time_keyboard=True
            ),
        )
        keys = view.page.get_by_role("group", name="Tombol jawaban").get_by_role("button")
        await expect(keys).to_have_text(["JKP", "Kontak saya", "Sembunyikan tombol"])
        await keys.first.click()

        await expect(view.mine).to_contain_text("JKP")
        await expect(keys).to_have_count(0)


async def test_in_a_group_senders_are_named_and_a_topic_keeps_to_itself(desk: Desk) -> None:
    budi = desk.control.add_user("Budi", "Santoso")["id"]
    async with desk.view() as view:
        forum = desk.control.add_group("Forum CoP", [view.user_id, budi], is_forum=True)["id"]
        topic = desk.control.add_topic(forum, "Penempatan")["message_thread_id"]
        desk.control.send(budi, forum, "di umum")
        desk.control.send(budi, forum, "di topik", thread_id=topic)
        await view.opens("Penempatan")
        await expect(view.theirs).to_have_count(1)
        await expect(view.theirs).to_contain_text("Budi Santosodi topik")
        await view.says("saya juga")

        await expect(view.mine).to_have_count(1)
        (mine,) = [m for m in desk.control.messages(forum) if m.get("text") == "saya juga"]
        assert mine["message_thread_id"] == topic


async def test_a_message_in_another_chat_is_counted_until_it_is_opened(desk: Desk) -> None:
    budi = desk.control.add_user("Budi")["id"]
    async with desk.view() as view:
        group = desk.control.add_group("Kantor Ramai", [view.user_id, budi])["id"]
        entry = view.page.get_by_role("navigation").get_by_role("button").filter(has_text="Kantor Ramai")
        await expect(entry).to_be_visible()
        desk.control.send(budi, group, "satu")
        desk.control.send(budi, group, "dua")
        await expect(entry).to_contain_text("2 belum dibaca")
        await expect(entry).to_contain_text("Budi: dua")
        await view.opens("Kantor Ramai")

        await expect(view.theirs).to_have_count(2)
        await expect(entry).not_to_contain_text("belum dibaca")


async def test_another_person_has_their_own_chats(desk: Desk) -> None:
    async with desk.view("Siti") as view:
        await view.says("rahasia Siti")
        await expect(view.theirs).to_have_count(1)
        other = desk.control.add_user("Wayan Baru")["id"]
        await expect(view.page.get_by_role("option", name="Wayan Baru")).to_have_count(1)
        await view.page.get_by_label("Anda sebagai").select_option(label="Wayan Baru")
        await expect(view.log.locator("article")).to_have_count(0)
        await view.says("halo dari Wayan")

        await expect(view.theirs).to_contain_text("halo dari Wayan")
        assert [m["text"] for m in desk.control.messages(other) if m["from"]["id"] == other] == [
            "halo dari Wayan"
        ]


async def test_what_the_bot_is_doing_is_shown_until_its_message_comes(desk: Desk) -> None:
    async with desk.view() as view:
        subtitle = view.page.locator(".talk-sub")
        await view.says("halo")
        await expect(view.theirs).to_have_count(1)
        await desk.bot.send_chat_action(view.user_id, "typing")
        await expect(subtitle).to_have_text("mengetik…")
        await desk.bot.send_message(view.user_id, "Selesai")

        await expect(view.theirs.last).to_contain_text("Selesai")
        await expect(subtitle).to_have_text(f"@{BOT_NAME} · bot")


async def test_a_text_that_is_too_long_is_refused_before_it_is_sent_and_not_lost(desk: Desk) -> None:
    async with desk.view() as view:
        await view.says("a" * 4097)

        await expect(view.page.locator("#toasts")).to_contain_text("Terlalu panjang: 4.097 karakter")
        await expect(view.box).to_have_value("a" * 4097)
        await expect(view.mine).to_have_count(0)


async def test_a_deleted_message_of_the_bot_vanishes(desk: Desk) -> None:
    async with desk.view() as view:
        message = await desk.bot.send_message(view.user_id, "Keliru")
        await expect(view.theirs).to_have_count(1)
        await desk.bot.delete_message(view.user_id, message.message_id)

        await expect(view.theirs).to_have_count(0)


async def test_the_log_is_a_live_region_that_takes_only_what_is_new(desk: Desk) -> None:
    async with desk.view() as view:
        await view.says("satu")
        await expect(view.theirs).to_have_count(1)
        await watch_additions(view)
        await view.says("dua")
        await expect(view.theirs).to_have_count(2)

        await expect(view.log).to_have_attribute("aria-live", "polite")
        added = await view.page.evaluate("() => window.added")
        assert [re.sub(r"\d\d\.\d\d.*", "", text, flags=re.DOTALL) for text in added] == [
            "dua",
            "Anda menulis dua",
        ]


async def watch_additions(view: View) -> None:
    """Note the text of every node that comes into the log from now on."""
    await view.page.evaluate(
        """() => {
          window.added = [];
          const note = (changes) => changes.forEach((change) =>
            change.addedNodes.forEach((node) => window.added.push(node.textContent)));
          new MutationObserver(note).observe(document.querySelector(".log-inner"), { childList: true });
        }"""
    )
