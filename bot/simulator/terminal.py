"""A chat with the simulated bot in a terminal: messages as wrapped text, buttons as numbers to type."""

import asyncio
import re
import shutil
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.simulator.control import Control
from bot.simulator.controls.lookup import ControlError
from bot.simulator.terminal_text import columns, laid_out, safe, wrapped

Json = dict[str, Any]
ReadLine = Callable[[], Awaitable[str]]
Write = Callable[[str], object]

HINT = "Tulis pertanyaan lalu Enter. #1 menekan tombol [1], / menampilkan perintah, /quit keluar."
MAX_QUOTED = 60  # enough to know the message again
MAX_WIDTH = 88  # longer lines are hard to read
INDENT = "  "
_NUMBER = re.compile(r"#\s*(\d+)")
_MEDIA = {
    "photo": "Foto",
    "animation": "Animasi",
    "video": "Video",
    "voice": "Pesan suara",
    "audio": "Audio",
    "sticker": "Stiker",
    "contact": "Kontak",
    "location": "Lokasi",
}


@dataclass(frozen=True)
class Pace:
    """How often to look for news, and how long to listen on when the input has ended."""

    look_seconds: float = 0.1
    patience_seconds: float = 10.0  # for the first word of an answer
    quiet_seconds: float = 0.5  # after its last


@dataclass(frozen=True)
class _Key:
    """What a number stands for: a button by its place, or an option of a poll."""

    message_id: int
    row: int = 0
    column: int = 0
    option: int | None = None


async def chat(
    control: Control,
    user_id: int,
    chat_id: int,
    *,
    read_line: ReadLine,
    write: Write,
    width: int | None = None,
    ansi: bool | None = None,
    pace: Pace | None = None,
) -> None:
    """Talk as this person in this chat until `/quit` or the end of input.

    `read_line` gives a line with its end, as `readline` does, and an empty text when there is no more input; then what
    the bot still has to say is waited for. `write` gets a line without its end, as `print` does. Without `width` and
    `ansi` both follow the terminal: bold letters are only for one.
    """
    screen = _Screen(
        control,
        user_id,
        chat_id,
        write,
        width=width or min(shutil.get_terminal_size().columns, MAX_WIDTH),
        ansi=sys.stdout.isatty() if ansi is None else ansi,
        pace=pace or Pace(),
    )
    screen.say(HINT)
    watching = asyncio.create_task(screen.watch())
    try:
        while line := await read_line():
            if not screen.ansi:
                await screen.hear_out()  # a prepared list of lines knows nothing of waiting for answers
            if line.strip() == "/quit":
                return
            screen.obey(line.strip())
        await screen.hear_out()
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


@dataclass
class _Screen:
    """What was shown already, and what the numbers on it mean."""

    control: Control
    user_id: int
    chat_id: int
    write: Write
    width: int
    ansi: bool
    pace: Pace
    _shown: dict[int, Json] = field(default_factory=dict)
    _keys: dict[int, _Key] = field(default_factory=dict)
    _starts_over: bool = True  # the next keyboard is numbered from 1
    _pressed: list[str] = field(default_factory=list)
    _votes: dict[int, set[int]] = field(default_factory=dict)
    _awaits_answer: bool = False
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, text: str) -> None:
        """A line of the terminal's own."""
        for line in wrapped(text, self.width):
            self.write(line)

    async def watch(self) -> None:
        """Show what comes, for ever."""
        while True:
            self._look()
            await asyncio.sleep(self.pace.look_seconds)

    async def hear_out(self) -> None:
        """Wait for the answer to the last line, if there was one, until the bot has been silent for a while."""
        seconds = self.pace.patience_seconds
        while self._awaits_answer:
            try:
                async with asyncio.timeout(seconds):
                    await self._heard.wait()
            except TimeoutError:
                self._awaits_answer = False
            self._heard.clear()
            seconds = self.pace.quiet_seconds

    def obey(self, line: str) -> None:
        """Do what was typed."""
        if not line:
            return
        if not self.ansi:
            self.say(f"> {safe(line)}")  # nobody typed it on this screen
        self._look()  # so that what follows belongs to this line
        self._heard.clear()
        self._starts_over = True
        try:
            if line == "/":
                self._show_commands()
            elif number := _NUMBER.fullmatch(line):
                self._press(int(number[1]))
            else:
                self._send(line)
        except ControlError as error:
            self.say(f"Tidak berhasil: {error}")

    def _send(self, text: str) -> None:
        self.control.send(self.user_id, self.chat_id, text)
        self._awaits_answer = True

    def _show_commands(self) -> None:
        commands = self.control.commands(self.user_id, self.chat_id)
        if not commands:
            self.say("Bot ini tidak punya menu di obrolan ini.")
        for command in commands:
            self.say(f"/{command['command']} – {command['description']}")

    def _press(self, number: int) -> None:
        key = self._keys.get(number)
        if key is None:
            self.say(f"Tidak ada tombol #{number}.")
            return
        if key.option is not None:
            self._vote(key.message_id, key.option)
            return
        match self.control.press(self.user_id, self.chat_id, key.message_id, row=key.row, column=key.column):
            case {"callback_id": callback_id}:
                self._pressed.append(callback_id)
                self._awaits_answer = True
            case {"url": address}:
                self._open(address)
            case {"copied": copied}:
                self.say(f"Disalin: {safe(copied)}")
            case {"query": query}:
                self.say(f"Tombol ini mencari “{safe(query)}” di obrolan lain; pakailah halaman di peramban.")
            case _:  # a key of a reply keyboard has sent its message
                self._awaits_answer = True

    def _open(self, address: str) -> None:
        """A deep link to the bot stays here, anything else is for a browser."""
        parts = urlsplit(address)
        usernames = {bot["username"].lower() for bot in self.control.state()["bots"]}
        if parts.hostname in ("t.me", "telegram.me") and parts.path.strip("/").lower() in usernames:
            parameter = parse_qs(parts.query).get("start", [""])[0]
            self._send(f"/start {parameter}".strip())
        else:
            self.say(f"Alamat: {safe(address)}")

    def _vote(self, message_id: int, option: int) -> None:
        """Choose, or take the choice back by naming it again."""
        poll = self._shown[message_id]["poll"]
        before = self._votes.get(message_id, set())
        chosen = before ^ {option} if poll["allows_multiple_answers"] else {option} - before
        self.control.vote(self.user_id, self.chat_id, message_id, sorted(chosen))
        self._votes[message_id] = chosen
        self._awaits_answer = True

    def _look(self) -> None:
        for message in self.control.messages(self.chat_id, viewer_id=self.user_id):
            message_id = message["message_id"]
            before = self._shown.get(message_id)
            if before == message:
                continue
            self._shown[message_id] = message
            if message.get("deleted"):
                if before is not None and not self._is_own(message):
                    self.say("(Sebuah pesan dihapus.)")
            elif not self._is_own(message):
                self._show(message, is_change=before is not None)
                self._heard.set()
        for callback_id in list(self._pressed):
            answer = self.control.callback_answer(callback_id)
            if answer is None:
                continue
            self._pressed.remove(callback_id)
            self._heard.set()
            if answer["text"]:
                self.say(f"{'!' if answer['show_alert'] else '·'} {safe(answer['text'])}")
            if answer["url"]:
                self._open(answer["url"])

    def _is_own(self, message: Json) -> bool:
        return bool(message["from"]["id"] == self.user_id and "via_bot" not in message)

    def _show(self, message: Json, *, is_change: bool) -> None:
        sender = message["from"]
        name = safe(" ".join(filter(None, (sender["first_name"], sender.get("last_name")))))
        self.write("")
        self.write(f"{self._bold(name)}{' (diubah)' if is_change else ''}")
        for words in _above(message):
            for part in wrapped(safe(words), self.width - len(INDENT)):
                self.write(f"{INDENT}{part}")
        if line := _media_line(message):
            self.write(f"{INDENT}[{safe(line)}]")
        text: str = message.get("text") or message.get("caption") or ""
        entities: list[Json] = message.get("entities") or message.get("caption_entities") or []
        for line in laid_out(text, entities, self.width - len(INDENT), ansi=self.ansi):
            self.write(f"{INDENT}{line}".rstrip())
        if self._starts_over and ("poll" in message or _rows(message)):
            self._keys.clear()
            self._starts_over = False
        if "poll" in message:
            self._show_poll(message)
        self._show_keys(message)

    def _show_poll(self, message: Json) -> None:
        poll = message["poll"]
        for line in wrapped(safe(poll["question"]), self.width - len(INDENT)):
            self.write(f"{INDENT}{self._bold(line)}")
        chosen = self._votes.get(message["message_id"], set())
        for index, option in enumerate(poll["options"]):
            line = f"{safe(option['text'])} ({option['voter_count']} suara){' ✓' if index in chosen else ''}"
            if not poll["is_closed"]:
                line = f"[{self._number(_Key(message['message_id'], option=index))}] {line}"
            self.write(f"{INDENT}{line}")
        if poll["is_closed"]:
            self.write(f"{INDENT}(Sudah ditutup.)")

    def _show_keys(self, message: Json) -> None:
        """A row of buttons on one line where it fits, else one button a line."""
        for row, buttons in enumerate(_rows(message)):
            labels = [
                f"[{self._number(_Key(message['message_id'], row, column))}] {safe(button['text'])}"
                for column, button in enumerate(buttons)
            ]
            together = "   ".join(labels)
            fits = columns(INDENT + together) <= self.width
            for line in [together] if fits else labels:
                self.write(f"{INDENT}{line}")

    def _number(self, key: _Key) -> int:
        number = len(self._keys) + 1
        self._keys[number] = key
        return number

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.ansi else text


def _rows(message: Json) -> list[list[Json]]:
    markup = message.get("reply_markup", {})
    rows: list[list[Json]] = markup.get("inline_keyboard", markup.get("keyboard", []))
    return rows


def _above(message: Json) -> list[str]:
    """What stands above the words of a message: where it comes from, what it answers."""
    lines = []
    if origin := message.get("forward_origin"):
        named = origin.get("sender_user") or origin.get("sender_chat") or origin.get("chat") or {}
        name = origin.get("sender_user_name") or named.get("title") or named.get("first_name") or "orang lain"
        lines.append(f"Diteruskan dari {name}")
    original: Json | None = message.get("reply_to_message")
    if original is not None and "forum_topic_created" not in original:
        quoted: Json = message.get("quote") or original
        words = quoted.get("text") or quoted.get("caption")
        first = " ".join((words or _media_line(original) or "sebuah pesan").split())
        lines.append(f"Membalas: {first[:MAX_QUOTED]}{'…' if len(first) > MAX_QUOTED else ''}")
    return lines


def _media_line(message: Json) -> str | None:
    line = _media_title(message)
    return f"{line} (bagian dari album)" if line and "media_group_id" in message else line


def _media_title(message: Json) -> str | None:
    for name, title in _MEDIA.items():
        if name in message:
            return title
    if "document" in message:
        return f"Dokumen: {message['document'].get('file_name', 'tanpa nama')}"
    return None
