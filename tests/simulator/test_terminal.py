"""The chat in a terminal: what is typed, what is shown, what the numbers press."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.simulator.simulator import Simulator
from bot.simulator.terminal import HINT, Pace, chat
from bot.simulator.terminal_text import laid_out, wrapped
from tests.simulator.conftest import BOT_ID, TOKEN

Json = dict[str, Any]
# Fast enough for a test; the last two end it only when nothing comes.
PACE = Pace(look_seconds=0.001, patience_seconds=5.0, quiet_seconds=0.01)


@dataclass
class Terminal:
    """A terminal with a person before it and a bot behind it."""

    simulator: Simulator
    user_id: int
    width: int = 60
    ansi: bool = True
    screen: str = ""
    _lines: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    _written: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        await chat(
            self.simulator.control,
            self.user_id,
            self.user_id,
            read_line=self._lines.get,
            write=self._write,
            width=self.width,
            ansi=self.ansi,
            pace=PACE,
        )

    def types(self, line: str) -> None:
        self._lines.put_nowait(f"{line}\n")

    def ends_input(self) -> None:
        self._lines.put_nowait("")

    async def shows(self, text: str) -> None:
        """Wait until the text stands on the screen."""
        async with asyncio.timeout(5):
            while text not in self.screen:
                self._written.clear()
                await self._written.wait()

    async def bot_says(self, text: str, **params: Any) -> int:
        answer = await self.bot("sendMessage", chat_id=self.user_id, text=text, parse_mode="HTML", **params)
        return int(answer["message_id"])

    async def bot(self, method: str, **params: Any) -> Any:
        answer = await self.simulator.handle(TOKEN, method, params, {})
        assert answer.status == 200, answer.body
        return json.loads(answer.body)["result"]

    async def bot_hears(self, kind: str) -> Json:
        """The next update of this kind."""
        bot = self.simulator.world.bots[BOT_ID]
        await self.simulator.wait_for(lambda: bot.updates.pending(self.simulator.world.now()))
        updates: list[Json] = await self.bot("getUpdates")
        (update,) = [each[kind] for each in updates if kind in each]
        await self.bot("getUpdates", offset=updates[-1]["update_id"] + 1)
        return dict(update)

    def _write(self, text: str) -> None:
        self.screen += f"{text}\n"
        self._written.set()


@pytest.fixture
async def terminal(simulator: Simulator, siti: int) -> AsyncIterator[Terminal]:
    terminal = Terminal(simulator, siti)
    running = asyncio.create_task(terminal.run())
    await terminal.shows("/quit")
    yield terminal
    terminal.types("/quit")
    await running


def keyboard(*rows: list[Json]) -> Json:
    return {"inline_keyboard": list(rows)}


def callback(text: str) -> Json:
    return {"text": text, "callback_data": text.lower()}


async def test_a_typed_line_reaches_the_bot_and_its_answer_the_screen(terminal: Terminal) -> None:
    terminal.types("gmn cara klaim jkp?")
    heard = await terminal.bot_hears("message")
    await terminal.bot_says("Ajukan lewat <b>SIAPkerja</b>.")

    await terminal.shows("\n\x1b[1mTanya\x1b[0m\n  Ajukan lewat \x1b[1mSIAPkerja\x1b[0m.\n")
    assert heard["text"] == "gmn cara klaim jkp?"
    assert "gmn cara klaim" not in terminal.screen  # the person sees it where they typed it


async def test_a_number_presses_its_button_and_the_note_is_shown(terminal: Terminal) -> None:
    await terminal.bot_says("Membantu?", reply_markup=keyboard([callback("Ya"), callback("Tidak")]))
    await terminal.shows("[1] Ya   [2] Tidak")
    terminal.types("#2")
    query = await terminal.bot_hears("callback_query")
    await terminal.bot("answerCallbackQuery", callback_query_id=query["id"], text="Kenapa?", show_alert=True)

    await terminal.shows("! Kenapa?")
    assert query["data"] == "tidak"


async def test_numbers_go_on_over_the_messages_of_one_answer_and_start_again_with_the_next(
    terminal: Terminal,
) -> None:
    await terminal.bot_says("Satu", reply_markup=keyboard([callback("A")]))
    await terminal.bot_says("Dua", reply_markup=keyboard([callback("B")]))
    await terminal.shows("[2] B")
    terminal.types("lagi")
    await terminal.bot_hears("message")
    await terminal.bot_says("Tiga", reply_markup=keyboard([callback("C")]))
    await terminal.shows("[1] C")
    terminal.types("#1")

    assert (await terminal.bot_hears("callback_query"))["data"] == "c"


async def test_a_number_without_a_button_is_told(terminal: Terminal) -> None:
    terminal.types("#7")

    await terminal.shows("Tidak ada tombol #7.")


async def test_an_edited_message_is_shown_again_as_changed(terminal: Terminal) -> None:
    message_id = await terminal.bot_says("Lama")
    await terminal.shows("Lama")
    await terminal.bot("editMessageText", chat_id=terminal.user_id, message_id=message_id, text="Baru")

    await terminal.shows("(diubah)\n  Baru\n")


async def test_a_deleted_message_is_mentioned(terminal: Terminal) -> None:
    message_id = await terminal.bot_says("Keliru")
    await terminal.shows("Keliru")
    await terminal.bot("deleteMessage", chat_id=terminal.user_id, message_id=message_id)

    await terminal.shows("(Sebuah pesan dihapus.)")


async def test_a_deep_link_button_starts_the_bot_with_its_parameter(terminal: Terminal) -> None:
    link = {"text": "Buka", "url": "https://t.me/tanya_bot?start=e_jkp"}
    await terminal.bot_says("Terkait", reply_markup=keyboard([link]))
    await terminal.shows("[1] Buka")
    terminal.types("#1")

    assert (await terminal.bot_hears("message"))["text"] == "/start e_jkp"


@pytest.mark.parametrize(
    ("button", "shown"),
    [
        ({"text": "Situs", "url": "https://example.org/a"}, "Alamat: https://example.org/a"),
        ({"text": "Salin", "copy_text": {"text": "isi"}}, "Disalin: isi"),
        ({"text": "Cari", "switch_inline_query": "jkp"}, "“jkp”"),
    ],
    ids=["url", "copy", "inline"],
)
async def test_a_button_that_asks_nothing_of_the_bot_says_what_it_does(
    terminal: Terminal, button: Json, shown: str
) -> None:
    await terminal.bot_says("Pilih", reply_markup=keyboard([button]))
    await terminal.shows("[1]")
    terminal.types("#1")

    await terminal.shows(shown)


async def test_a_key_of_a_reply_keyboard_sends_its_words(terminal: Terminal) -> None:
    await terminal.bot_says("Topik?", reply_markup={"keyboard": [[{"text": "JKP"}]]})
    await terminal.shows("[1] JKP")
    terminal.types("#1")

    assert (await terminal.bot_hears("message"))["text"] == "JKP"


async def test_a_number_votes_and_the_same_number_takes_the_vote_back(terminal: Terminal) -> None:
    poll = {"question": "Puas?", "options": [{"text": "Ya"}, {"text": "Tidak"}], "is_anonymous": False}
    await terminal.bot("sendPoll", chat_id=terminal.user_id, **poll)
    await terminal.shows("[2] Tidak (0 suara)")
    terminal.types("#2")
    await terminal.shows("Tidak (1 suara)")
    vote = await terminal.bot_hears("poll_answer")
    terminal.types("#2")
    await terminal.simulator.wait_for(lambda: terminal.simulator.control.pending())

    assert vote["option_ids"] == [1]
    assert (await terminal.bot_hears("poll_answer"))["option_ids"] == []


async def test_a_slash_alone_lists_the_commands(terminal: Terminal) -> None:
    await terminal.bot("setMyCommands", commands=[{"command": "topik", "description": "Jelajahi"}])
    terminal.types("/")

    await terminal.shows("/topik – Jelajahi")


async def test_an_empty_line_is_no_end_and_nothing_to_send(terminal: Terminal) -> None:
    terminal.types("")
    terminal.types("halo")

    assert (await terminal.bot_hears("message"))["text"] == "halo"


async def test_what_cannot_be_sent_is_said_and_the_chat_goes_on(terminal: Terminal) -> None:
    terminal.types("a" * 5000)
    await terminal.shows("Tidak berhasil:")
    terminal.types("pendek")

    assert (await terminal.bot_hears("message"))["text"] == "pendek"


async def test_when_the_input_ends_the_answer_is_waited_for(simulator: Simulator, siti: int) -> None:
    terminal = Terminal(simulator, siti, ansi=False)
    running = asyncio.create_task(terminal.run())
    terminal.types("gmn?")
    terminal.ends_input()
    await terminal.bot_hears("message")
    await terminal.bot_says("<b>Begini</b>.")
    await running

    assert terminal.screen.splitlines() == [*wrapped(HINT, 60), "> gmn?", "", "Tanya", "  Begini."]


async def test_lines_from_a_file_wait_for_the_answer_to_the_line_before(
    simulator: Simulator, siti: int
) -> None:
    terminal = Terminal(simulator, siti, ansi=False)
    running = asyncio.create_task(terminal.run())
    terminal.types("gmn?")
    terminal.types("#1")
    terminal.ends_input()
    await terminal.bot_hears("message")
    await terminal.bot_says("Yang mana?", reply_markup=keyboard([callback("Ini")]))
    query = await terminal.bot_hears("callback_query")
    await terminal.bot("answerCallbackQuery", callback_query_id=query["id"], text="Baik.")
    await running

    assert terminal.screen.splitlines()[-6:] == ["", "Tanya", "  Yang mana?", "  [1] Ini", "> #1", "· Baik."]


async def test_when_nothing_was_asked_the_end_of_input_ends_the_chat(simulator: Simulator, siti: int) -> None:
    terminal = Terminal(simulator, siti)
    terminal.ends_input()
    async with asyncio.timeout(1):
        await terminal.run()


def test_lines_keep_to_the_width_and_list_items_hang() -> None:
    lines = laid_out("Siapkan:\n• bukti PHK yang sudah dicatat\n• KTP", [], 20, ansi=False)

    assert lines == ["Siapkan:", "• bukti PHK yang", "  sudah dicatat", "• KTP"]


def test_a_word_longer_than_the_width_stays_whole() -> None:
    assert wrapped("lihat https://example.org/panjang ya", 12) == [
        "lihat",
        "https://example.org/panjang",
        "ya",
    ]


def test_bold_reaches_over_a_line_break_and_counts_utf16_units() -> None:
    text = "😀 tebal sekali"
    lines = laid_out(text, [{"type": "bold", "offset": 3, "length": 12}], 9, ansi=True)

    assert lines == ["😀 \x1b[1mtebal\x1b[0m", "\x1b[1msekali\x1b[0m"]


def test_a_link_is_followed_by_its_address_and_a_quotation_by_a_bar() -> None:
    entities = [
        {"type": "expandable_blockquote", "offset": 7, "length": 9},
        {"type": "text_link", "offset": 7, "length": 5, "url": "https://e.id"},
    ]

    assert laid_out("Dasar:\nPasal 40\n.", entities, 40, ansi=False) == [
        "Dasar:",
        "│ Pasal (https://e.id) 40",
        ".",
    ]


def test_an_empty_line_within_a_quotation_keeps_its_bar() -> None:
    quote = [{"type": "blockquote", "offset": 2, "length": 4}]

    assert laid_out("a\nb\n\nc\n\nd", quote, 40, ansi=False) == ["a", "│ b", "│", "│ c", "", "d"]


def test_control_characters_of_a_message_never_reach_the_terminal() -> None:
    assert laid_out("a\x1b[2J\x07b\x9bc", [], 40, ansi=True) == ["a[2Jbc"]


async def test_an_album_is_shown_part_by_part_with_its_caption(terminal: Terminal) -> None:
    control = terminal.simulator.control
    stored = [
        control.send_media(terminal.user_id, terminal.user_id, "document", file_name=name)["document"]
        for name in ("daftar.xlsx", "undangan.pdf")
    ]
    media = [{"type": "document", "media": one["file_id"]} for one in stored]
    media[0]["caption"] = "Materi sesi"

    await terminal.bot("sendMediaGroup", chat_id=terminal.user_id, media=media)

    await terminal.shows("  [Dokumen: daftar.xlsx (bagian dari album)]\n  Materi sesi\n")
    await terminal.shows("  [Dokumen: undangan.pdf (bagian dari album)]\n")


async def test_what_a_message_answers_and_where_it_comes_from_stand_above_it(terminal: Terminal) -> None:
    control = terminal.simulator.control
    asked = control.send(terminal.user_id, terminal.user_id, "berapa lama masa iurnya? " * 4)
    budi = control.add_user("Budi")["id"]
    office = control.add_group("Kantor", [budi, terminal.user_id])["id"]
    control.add_member(office, BOT_ID)
    said = control.send(budi, office, "Undangan")

    await terminal.bot_says("Enam bulan.", reply_parameters={"message_id": asked["message_id"]})
    await terminal.bot(
        "forwardMessage", chat_id=terminal.user_id, from_chat_id=office, message_id=said["message_id"]
    )

    await terminal.shows("  Membalas: berapa lama masa iurnya? berapa lama masa\n")
    await terminal.shows("…\n  Enam bulan.\n")
    await terminal.shows("  Diteruskan dari Budi\n  Undangan\n")


async def test_a_moment_is_read_in_the_words_that_were_sent_for_old_apps(terminal: Terminal) -> None:
    await terminal.bot_says('Mulai <tg-time unix="1758765600" format="wDt">09.00 WIB / 10.00 WITA</tg-time>.')

    await terminal.shows("  Mulai 09.00 WIB / 10.00 WITA.\n")


async def test_a_changed_caption_and_a_deleted_message_are_told(terminal: Terminal) -> None:
    control = terminal.simulator.control
    stored = control.send_media(terminal.user_id, terminal.user_id, "document")["document"]["file_id"]
    sent = await terminal.bot("sendDocument", chat_id=terminal.user_id, document=stored, caption="lama")
    target = {"chat_id": terminal.user_id, "message_id": sent["message_id"]}
    await terminal.shows("  lama\n")

    await terminal.bot("editMessageCaption", caption="RALAT", **target)
    await terminal.shows("(diubah)\n")
    await terminal.shows("  RALAT\n")
    await terminal.bot("deleteMessage", **target)

    await terminal.shows("(Sebuah pesan dihapus.)\n")
