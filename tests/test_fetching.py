"""Two processes that fetch the same bot's updates: said once, waited for a minute, given up."""

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from aiohttp import ClientSession
from click.testing import CliRunner
from pydantic import SecretStr
from telegram.error import Conflict, NetworkError, TimedOut

import bot.app
from bot import cli
from bot.clock import ManualClock
from bot.fetching import CONFLICT_MAY_LAST_S, Contest
from bot.settings import Settings
from bot.simulator.refusal import Refused
from bot.simulator.requests import Request
from bot.simulator.server import Server, serve
from bot.simulator.simulator import Answer, Simulator
from knowledge_base.loader import Content
from tests.scene import NO_LIMITS, OWNER_ID, TOKEN

CONFLICT = Conflict("Conflict: terminated by other getUpdates request")


class Heard:
    """A contest whose clock the test moves, and what it did."""

    def __init__(self) -> None:
        self.now = 0.0
        self.did: list[str] = []
        self.contest = Contest(
            lambda: self.did.append("said"), lambda: self.did.append("lost"), now=lambda: self.now
        )

    def conflicts_at(self, *seconds: float) -> list[str]:
        for self.now in seconds:
            self.contest.note(CONFLICT)
        return self.did


def test_a_conflict_is_said_once_and_lost_after_a_minute_of_nothing_else() -> None:
    heard = Heard()

    assert heard.conflicts_at(0.0, 1.0, 2.5, 30.0, CONFLICT_MAY_LAST_S - 0.1) == ["said"]
    assert heard.conflicts_at(CONFLICT_MAY_LAST_S) == ["said", "lost"]


def test_whoever_gets_updates_in_between_has_another_minute_and_says_nothing_again() -> None:
    heard = Heard()
    heard.conflicts_at(0.0, 50.0)

    heard.contest.won()

    assert heard.conflicts_at(60.0, 100.0, 119.0) == ["said"]
    assert heard.conflicts_at(121.0) == ["said", "lost"]


def test_another_contest_later_is_said_again() -> None:
    heard = Heard()
    heard.conflicts_at(0.0)
    heard.contest.won()

    assert heard.conflicts_at(CONFLICT_MAY_LAST_S + 1.0) == ["said", "said"]


def test_a_line_that_drops_is_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    heard = Heard()

    for heard.now, error in enumerate((TimedOut(), NetworkError("away"), NetworkError("away"))):
        heard.contest.note(error)
        heard.now += CONFLICT_MAY_LAST_S

    assert heard.did == []
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


@pytest.fixture
async def telegram(clock: ManualClock) -> AsyncIterator[tuple[Simulator, Server]]:
    simulator = Simulator(clock=clock.now, seed=1)
    simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    async with serve(simulator) as server:
        yield simulator, server


class Contesting:
    """Another process asks for updates all the time."""

    async def before(self, request: Request) -> None:
        if request.method == "getUpdates":
            raise Refused(409, CONFLICT.message)

    async def after(self, request: Request, answer: Answer) -> None:
        pass


def _settings(server: Server, database_url: str) -> Settings:
    return Settings(
        bot_token=SecretStr(TOKEN),
        bot_api_url=server.url,
        database_url=database_url,
        owner_ids=(OWNER_ID,),
        **NO_LIMITS,
    )


async def _fetch(server: Server) -> dict[str, Any]:
    """As the other process would, whose turn ends when somebody else's begins."""
    async with (
        ClientSession() as session,
        session.post(f"{server.url}/bot{TOKEN}/getUpdates", json={"timeout": 50}) as response,
    ):
        answer: dict[str, Any] = await response.json()
        return answer


async def test_the_owner_hears_of_the_other_process_and_this_one_ends(
    telegram: tuple[Simulator, Server],
    database_url: str,
    clock: ManualClock,
    small_content: Content,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulator, server = telegram
    owner = simulator.control.add_user("Pemilik")["id"]
    simulator.control.send(owner, owner, "/start")
    monkeypatch.setattr(bot.app, "Contest", partial(Contest, may_last_s=0.0))
    program = bot.app.TanyaCop(_settings(server, database_url), clock=clock, content=small_content)
    async with program:
        await program.poll()
        await simulator.wait_for(lambda: len(_said_to(simulator, owner)) == 1, what="the welcome")
        answers = [await _fetch(server)]
        while not program.is_lost.is_set():
            answers.append(await _fetch(server))
        await simulator.wait_for(lambda: len(_said_to(simulator, owner)) == 2, what="the notice")

    assert {answer.get("error_code") for answer in answers} == {409}  # both are told
    assert "Proses lain juga mengambil pembaruan bot ini" in _said_to(simulator, owner)[-1]["text"]
    errors = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert errors == [
        "another process fetches the updates of this bot: only one may, by long polling",
        "another process still fetches the updates of this bot: this one ends",
    ]


def test_a_lost_contest_is_exit_code_3_and_one_sentence(
    sqlite_url: str, small_content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[bot.app.TanyaCop] = []

    class Lost(bot.app.TanyaCop):
        async def _open(self) -> None:
            lost.append(self)
            self.contest.note(CONFLICT)
            self.contest.note(CONFLICT)

    monkeypatch.setattr(bot.app, "Contest", partial(Contest, may_last_s=0.0))
    monkeypatch.setattr(bot.app, "TanyaCop", Lost)
    environment = {"BOT_TOKEN": TOKEN + "-that-is-long-enough", "DATABASE_URL": sqlite_url}

    result = CliRunner().invoke(cli.main, ["run"], env=environment)

    assert result.exit_code == 3
    assert lost[0].is_lost.is_set()
    assert result.stderr.splitlines()[-1].startswith("Proses lain tetap mengambil pembaruan bot ini")


def _said_to(simulator: Simulator, person: int) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = simulator.control.messages(person)
    return [m for m in messages if m["from"]["id"] != person]


async def test_the_library_waits_longer_and_longer_between_its_tries(
    telegram: tuple[Simulator, Server],
    sqlite_url: str,
    clock: ManualClock,
    small_content: Content,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulator, server = telegram
    simulator.hooks.append(Contesting())
    waited: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        if seconds >= 1:
            waited.append(seconds)
        await sleep(0)

    async with bot.app.TanyaCop(_settings(server, sqlite_url), clock=clock, content=small_content) as program:
        monkeypatch.setattr(asyncio, "sleep", note)
        await program.poll()
        async with asyncio.timeout(60):
            while len(waited) < 6:
                await sleep(0)
        monkeypatch.undo()

    assert waited[:6] == sorted(waited[:6])
    assert (waited[0], waited[5] > 7) == (1, True)
