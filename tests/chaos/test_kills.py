"""The real process, killed at random moments while people ask and press: nothing is lost, nothing acts twice.

The moments are requests that reach Telegram (not counting polls, which go on while the book is read), counted from each
start and drawn with a seed, before or after their effect; dozens of updates are on their way through the process at each
of them. `CHAOS_SEED` repeats a run.
"""

import asyncio
import os
import random
import signal
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.intake import SIDE_BY_SIDE
from bot.simulator.requests import Request
from bot.simulator.server import serve
from bot.simulator.simulator import Answer, Simulator
from db.database import Database
from db.models import IncomingUpdate, OutgoingRequest, Question, Rating, UpdateState, Verdict

TOKEN = "4242:a-token-of-the-simulator"
ROOT = Path(__file__).parents[2]
SEED = int(os.environ.get("CHAOS_SEED", "20261124"))
QUESTION = "gmn cara klaim jkp?"
QUESTIONS = 200
LAST_MOMENT = 40  # requests after a start; two to six of them are the start itself
MOST_WAITING = 40  # people without an answer; while the book is read they could ask without end


@dataclass
class Storm:
    """People who ask and press whenever the bot says something, and whoever pulls the plug."""

    simulator: Simulator
    rng: random.Random
    asked: list[int] = field(default_factory=list)
    pressed: set[int] = field(default_factory=set)
    answers: dict[int, list[int]] = field(default_factory=dict)  # by run: chats in the order of their answers
    run: int = 0
    process: asyncio.subprocess.Process | None = None
    moment: int | None = None
    is_after: bool = False
    seen: int = 0

    async def before(self, request: Request) -> None:
        if request.method != "getUpdates":
            self.seen += 1
        if request.method == "sendMessage":
            self.answers.setdefault(self.run, []).append(int(request.params["chat_id"]))
        if self.moment is None:
            return
        self._press()
        if request.method in {"getUpdates", "sendMessage"} and self._waiting() < MOST_WAITING:
            self.ask(self.rng.randint(1, 12) if len(self.asked) < QUESTIONS else 1)
        if not self.is_after:
            self._kill_if_due()

    async def after(self, request: Request, answer: Answer) -> None:
        if self.is_after:
            self._kill_if_due()

    def _kill_if_due(self) -> None:
        if self.moment is not None and self.seen >= self.moment and self.process is not None:
            self.moment = None
            self.process.send_signal(signal.SIGKILL)

    def ask(self, count: int) -> None:
        for _ in range(count):
            person = self.simulator.control.add_user(f"Peserta {len(self.asked)}")["id"]
            self.simulator.control.send(person, person, QUESTION)
            self.asked.append(person)

    def _waiting(self) -> int:
        return len(self.asked) - len(set().union(*self.answers.values()))

    def _press(self) -> None:
        readers = [chat for chat in self.asked if chat not in self.pressed and self.answers_in(chat)]
        if readers and self.rng.random() < 0.5:
            chat = self.rng.choice(readers)
            card = self.answers_in(chat)[-1]
            helpful = next(
                button["text"]
                for row in card["reply_markup"]["inline_keyboard"]
                for button in row
                if "👍" in button["text"]
            )
            self.simulator.control.press(chat, chat, card["message_id"], text=helpful)
            self.pressed.add(chat)

    def answers_in(self, chat: int) -> list[dict[str, Any]]:
        return [m for m in self.simulator.control.messages(chat) if m["from"]["id"] != chat]

    def all_is_quiet(self) -> bool:
        return self.simulator.control.pending() == 0 and all(self.answers_in(chat) for chat in self.asked)


@pytest.mark.parametrize(
    ("kind", "kills"), [pytest.param("sqlite", 20, id="sqlite"), pytest.param("postgres", 10, id="postgres")]
)
async def test_no_update_is_lost_and_none_acts_twice_however_often_the_process_is_killed(
    kind: str, kills: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    print(f"CHAOS_SEED={SEED}")  # noqa: T201  # pytest shows it when the test fails
    url: str = request.getfixturevalue(f"{kind}_url")
    simulator = Simulator(seed=SEED)
    simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    storm = Storm(simulator, random.Random(SEED))
    simulator.hooks.append(storm)

    async with serve(simulator) as server:
        for storm.run in range(kills):
            storm.seen, storm.is_after = 0, storm.rng.random() < 0.5
            storm.moment = storm.rng.randint(1, LAST_MOMENT)
            storm.process = await _start(server.url, url, tmp_path)
            assert await asyncio.wait_for(storm.process.wait(), timeout=30) == -signal.SIGKILL
        storm.run += 1
        storm.ask(QUESTIONS - len(storm.asked))
        storm.process = await _start(server.url, url, tmp_path)
        try:
            await simulator.wait_for(storm.all_is_quiet, timeout=30, what="everybody to be answered")
            await _emptied(url)
            storm.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(storm.process.wait(), timeout=10) == 0
        finally:
            if storm.process.returncode is None:
                storm.process.kill()
                await storm.process.wait()

    await _check_rows(url, storm)
    _check_answers(storm)


async def _check_rows(url: str, storm: Storm) -> None:
    database = Database(url)
    async with database.transaction() as tx:
        updates = (await tx.exec(select(IncomingUpdate))).all()
        questions = (await tx.exec(select(Question))).all()
        ratings = (await tx.exec(select(Rating))).all()
    await database.close()

    assert len(updates) == len(storm.asked) + len(storm.pressed)
    assert {(update.state, update.payload) for update in updates} == {(UpdateState.DONE, None)}
    assert sorted(question.chat_id for question in questions) == sorted(storm.asked)
    assert len(ratings) == len(storm.pressed)
    assert {rating.verdict for rating in ratings} == {Verdict.HELPFUL}
    assert len(storm.asked) >= QUESTIONS
    assert storm.pressed


def _check_answers(storm: Storm) -> None:
    """Twice is allowed only for what was in the air at a kill, and the next run repeats it."""
    runs_of: dict[int, list[int]] = defaultdict(list)
    for run, chats in storm.answers.items():
        assert max(Counter(chats).values()) == 1, f"answered twice in run {run}"
        for chat in chats:
            runs_of[chat].append(run)

    assert all(runs_of[chat] for chat in storm.asked)
    for chat, runs in runs_of.items():
        for run in runs[:-1]:
            assert chat in storm.answers[run][-SIDE_BY_SIDE:], (
                "an answer was repeated that was not in the air"
            )


async def _emptied(url: str) -> None:
    """Wait until nothing is pending and nothing is to be sent."""
    database = Database(url)
    async with asyncio.timeout(20):
        while True:
            async with database.transaction() as tx:
                pending = await tx.exec(
                    select(IncomingUpdate.id).where(IncomingUpdate.state == UpdateState.PENDING)
                )
                unsent = await tx.exec(select(OutgoingRequest.id))
                if not pending.all() and not unsent.all():
                    break
            await asyncio.sleep(0.1)  # another process is at work; nothing here could tell us
    await database.close()


async def _start(api_url: str, database_url: str, folder: Path) -> asyncio.subprocess.Process:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with (folder / "bot.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=folder,
            env=kept
            | {"PYTHONPATH": str(ROOT)}
            | {"BOT_TOKEN": TOKEN, "BOT_API_URL": api_url, "DATABASE_URL": database_url},
            stdout=log,
            stderr=log,
        )
