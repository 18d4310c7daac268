"""How the program starts: updates are fetched first, and what was done at an earlier start is not done again."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import col, select

from bot.app import TanyaCop
from bot.clock import ManualClock
from bot.services.content import MARK
from bot.settings import Settings
from bot.simulator.requests import Request
from bot.simulator.server import serve
from bot.simulator.simulator import Answer, Simulator
from db.database import Database
from db.models import IncomingUpdate, Mark, UpdateState
from knowledge_base.entry import Entry
from knowledge_base.loader import Content
from tests.knowledge_base.book import an_entry, write_book
from tests.scene import BOT_NAME, TOKEN, Scene

QUESTION = "gmn cara klaim jkp?"


class Telegram:
    """A simulated Telegram that outlives the programs that talk to it, and counts their polls."""

    def __init__(self, simulator: Simulator, url: str, database_url: str) -> None:
        self.simulator = simulator
        self.settings = Settings(bot_token=SecretStr(TOKEN), bot_api_url=url, database_url=database_url)
        self.polls = 0
        self.has_confirmed = asyncio.Event()  # the second poll confirms what the first one brought
        simulator.hooks.append(self)

    async def before(self, request: Request) -> None:
        if request.method == "getUpdates":
            self.polls += 1
            if self.polls == 2:
                self.has_confirmed.set()

    async def after(self, request: Request, answer: Answer) -> None:
        pass

    def ask(self, text: str) -> int:
        """Somebody writes to the bot; gives the chat."""
        person: int = self.simulator.control.add_user("Sari")["id"]
        self.simulator.control.send(person, person, text)
        return person

    def answers(self, chat: int) -> list[str]:
        return [m["text"] for m in self.simulator.control.messages(chat) if m["from"]["id"] != chat]

    async def answer(self, chat: int) -> str:
        await self.simulator.wait_for(lambda: self.answers(chat), timeout=20, what="an answer")
        return self.answers(chat)[0]

    def menus_set(self) -> int:
        return len(self.simulator.control.requests(method="setMyCommands"))


@pytest.fixture
async def telegram(database_url: str, clock: ManualClock) -> AsyncIterator[Telegram]:
    simulator = Simulator(clock=clock.now, seed=1)
    simulator.control.add_bot(TOKEN, BOT_NAME, "TanyaCoP")
    async with serve(simulator) as server:
        yield Telegram(simulator, server.url, database_url)


class SlowReader(TanyaCop):
    """Begins to read the book only once updates were fetched, stored and confirmed."""

    telegram: Telegram
    is_able = True

    async def load_content(self) -> None:
        await asyncio.wait_for(self.telegram.has_confirmed.wait(), timeout=20)
        if not self.is_able:
            raise OSError("the book cannot be read")
        await super().load_content()


def _slow_reader(telegram: Telegram, clock: ManualClock, content: Content) -> SlowReader:
    program = SlowReader(telegram.settings, clock=clock, content=content, receives=True)
    program.telegram = telegram
    return program


async def test_a_question_that_comes_before_the_book_is_there_is_stored_and_then_answered(
    telegram: Telegram, clock: ManualClock, small_content: Content
) -> None:
    chat = telegram.ask(QUESTION)

    async with _slow_reader(telegram, clock, small_content):
        answer = await telegram.answer(chat)

    assert answer.startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")


async def test_a_start_that_fails_after_it_fetched_leaves_the_question_to_the_next(
    telegram: Telegram, clock: ManualClock, small_content: Content
) -> None:
    chat = telegram.ask(QUESTION)
    failing = _slow_reader(telegram, clock, small_content)
    failing.is_able = False

    with pytest.raises(OSError, match="cannot be read"):
        async with failing:
            pass
    before = telegram.answers(chat)

    async with TanyaCop(telegram.settings, clock=clock, content=small_content, receives=True):
        answer = await telegram.answer(chat)
    assert before == []
    assert answer.startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")


async def test_inside_the_block_everything_is_there_without_polling(
    telegram: Telegram, clock: ManualClock, small_content: Content
) -> None:
    async with TanyaCop(telegram.settings, clock=clock, content=small_content) as program:
        assert program.services.content.book.in_force
        assert telegram.polls == 0


async def test_menus_are_told_once(telegram: Telegram, clock: ManualClock, small_content: Content) -> None:
    counts = []
    for _ in range(2):
        async with TanyaCop(telegram.settings, clock=clock, content=small_content):
            pass
        counts.append(telegram.menus_set())

    assert counts == [4, 4]


async def test_menus_are_told_anew_when_they_are_not_what_was_told(
    telegram: Telegram, clock: ManualClock, small_content: Content
) -> None:
    async with TanyaCop(telegram.settings, clock=clock, content=small_content):
        pass
    await _garble_marks(telegram.settings.database_url)

    async with TanyaCop(telegram.settings, clock=clock, content=small_content):
        pass

    assert telegram.menus_set() == 8


# ------------------------------------------------------------------------------------------------- the book's files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_book(tmp_path / "content", {"jkp/satu.md": an_entry(id="satu", question="Yang pertama?")})


@asynccontextmanager
async def _started(telegram: Telegram, clock: ManualClock, folder: Path) -> AsyncIterator[dict[str, Entry]]:
    """A program over these files; gives what it serves."""
    async with TanyaCop(telegram.settings, clock=clock, folder=folder) as program:
        yield {slug: served.entry for slug, served in program.services.content.book.entries.items()}


async def _garble_marks(database_url: str) -> None:
    database = Database(database_url)
    async with database.transaction() as tx:
        for mark in (await tx.exec(select(Mark))).all():
            mark.digest = "garbled"
    await database.close()


def _reading_again(*anything: Any) -> Content:
    raise AssertionError("the files were read again")


async def test_unchanged_files_are_served_without_being_read_again(
    telegram: Telegram, clock: ManualClock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _started(telegram, clock, folder) as first:
        pass
    monkeypatch.setattr("knowledge_base.loader.read_content", _reading_again)

    async with _started(telegram, clock, folder) as second:
        pass

    assert "satu" in first
    assert second == first


async def test_a_changed_file_is_read_at_the_next_start(
    telegram: Telegram, clock: ManualClock, folder: Path
) -> None:
    async with _started(telegram, clock, folder):
        pass
    write_book(folder, {"jkp/satu.md": an_entry(id="satu", question="Yang baru?")})

    async with _started(telegram, clock, folder) as entries:
        assert entries["satu"].question == "Yang baru?"


async def test_a_garbled_mark_has_the_files_read_and_is_mended(
    telegram: Telegram, clock: ManualClock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _started(telegram, clock, folder) as first:
        pass
    await _garble_marks(telegram.settings.database_url)
    async with _started(telegram, clock, folder) as second:
        pass
    monkeypatch.setattr("knowledge_base.loader.read_content", _reading_again)
    async with _started(telegram, clock, folder) as third:
        pass

    assert first == second == third


async def test_a_fault_in_a_file_is_in_the_log_of_every_start(
    telegram: Telegram, clock: ManualClock, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "jkp" / "rusak.md").write_bytes(b"\xff")

    for _ in range(2):
        async with _started(telegram, clock, folder) as entries:
            assert "satu" in entries

    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert sum("content left out file=jkp/rusak.md" in line for line in lines) == 2
    database = Database(telegram.settings.database_url)
    async with database.transaction() as tx:
        assert await tx.get(Mark, MARK) is None
    await database.close()


# ------------------------------------------------------------------------------------------------------ what it costs


async def test_what_waits_for_the_book_is_stored_meanwhile(scene: Scene) -> None:
    sari = scene.person("Sari")
    scene.program.intake.may_begin.clear()
    scene.control.send(sari.user_id, sari.chat_id, QUESTION)
    await scene.simulator.wait_for(lambda: scene.control.pending() == 0, what="the question to be fetched")
    async with scene.program.database.transaction() as tx:
        states = (await tx.exec(select(col(IncomingUpdate.state)))).all()
    before = [m for m in sari.messages() if m["from"]["id"] == scene.bot_id]

    scene.program.intake.may_begin.set()
    await scene.settled()

    assert list(states) == [UpdateState.PENDING]
    assert before == []
    assert sari.reads()["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")


def test_until_updates_are_fetched_nothing_is_imported_that_can_come_later() -> None:
    heavy = [
        "alembic",
        "numpy",
        "rapidfuzz",
        "Stemmer",
        "ruamel.yaml",
        "aiohttp.web",
        "asyncpg",
        "bot.simulator",
    ]
    program = f"import bot.cli, bot.app, sys; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
