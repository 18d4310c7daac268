"""By webhook: an update is stored before it is confirmed, whatever comes, and nothing is told of it."""

import asyncio
import io
import json
import logging
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from bot.clock import ManualClock
from bot.webhook import HEALTH, LARGEST_BODY, PATH, SECRET_HEADER
from db.models import IncomingUpdate, OutgoingRequest, UpdateState
from knowledge_base.loader import Content
from tests.front import SECRET, Front
from tests.scene import Scene, Someone, hooked_scene_of
from tests.stage import stage_of
from tests.test_process import TOKEN, real_process

QUESTION = "gmn cara klaim jkp?"
WORDS = "zulfikarnain"
HEADERS = {SECRET_HEADER: SECRET}


@dataclass
class Hooked:
    """A program that listens, a Telegram that delivers to it, and the way to speak to it past both."""

    scene: Scene
    front: Front
    url: str
    session: ClientSession

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        given = HEADERS if headers is None else headers
        async with self.session.post(f"{self.url}{PATH}", data=io.BytesIO(body), headers=given) as response:
            return response.status

    async def rows(self) -> list[IncomingUpdate]:
        async with self.scene.program.database.transaction() as tx:
            found = await tx.exec(select(IncomingUpdate).order_by(col(IncomingUpdate.id)))
            return list(found.all())


@pytest.fixture
async def hooked(database_url: str, clock: ManualClock, small_content: Content) -> AsyncIterator[Hooked]:
    async with (
        ClientSession() as session,
        hooked_scene_of(database_url, clock, small_content) as (scene, front, url),
    ):
        yield Hooked(scene, front, url, session)
        scene.check_no_faults()


def _answers(someone: Someone) -> list[dict[str, Any]]:
    return [m for m in someone.messages() if m["from"]["id"] == someone.scene.bot_id]


async def test_the_row_is_there_before_telegram_hears_that_all_is_well(hooked: Hooked) -> None:
    stored: list[tuple[int, bool]] = []

    async def look(update_id: int, status: int) -> None:
        stored.append((status, update_id in {row.update_id for row in await hooked.rows()}))

    hooked.front.on_answer = look
    sari = hooked.scene.person("Sari")
    card = await sari.asks(QUESTION)

    assert card["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")
    assert stored == [(200, True)]
    assert [(row.state, row.payload) for row in await hooked.rows()] == [(UpdateState.DONE, None)]


async def test_what_cannot_be_stored_is_delivered_again_and_answered_once(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    sari, inbox = hooked.scene.person("Sari"), hooked.scene.program.services.inbox
    store, failures = inbox.store, iter(range(2))

    async def fail_twice(*what: Any) -> None:
        if next(failures, None) is not None:
            raise OperationalError("INSERT", {}, Exception("disk full"))
        await store(*what)

    monkeypatch.setattr(inbox, "store", fail_twice)
    await sari.asks(QUESTION)

    assert [each.status for each in hooked.front.delivered] == [503, 503, 200]
    assert len(_answers(sari)) == 1


async def test_an_update_whose_confirmation_got_lost_is_answered_once(hooked: Hooked) -> None:
    sari, message = hooked.scene.person("Sari"), "gmn cara klaim jkp?"
    await sari.says("/start")
    user = {"id": sari.user_id, "is_bot": False, "first_name": "Sari"}
    chat = {"id": sari.chat_id, "type": "private", "first_name": "Sari"}
    update = {
        "update_id": 900,
        "message": {"message_id": 77, "date": 1, "chat": chat, "from": user, "text": message},
    }
    body, before = json.dumps(update).encode(), len(_answers(sari))

    statuses = [await hooked.post(body), await hooked.post(body), await hooked.post(body)]
    await hooked.scene.program.application.update_queue.join()

    assert statuses == [200, 200, 200]
    assert len(_answers(sari)) == before + 1
    assert [row.update_id for row in await hooked.rows()][-1:] == [900]


@pytest.mark.parametrize(
    "headers",
    [{}, {SECRET_HEADER: "a-secret-of-somebody-else"}, {SECRET_HEADER: "\udcff\udcfe"}, {SECRET_HEADER: ""}],
    ids=["none", "wrong", "no text", "empty"],
)
async def test_without_the_secret_nothing_is_stored_and_nothing_logged(
    hooked: Hooked, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"update_id": 1, "message": {"text": WORDS}}).encode()

    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        status = await hooked.post(body, headers)

    assert status == 403
    assert await hooked.rows() == []
    assert WORDS not in caplog.text
    assert [each.getMessage() for each in caplog.records if each.name.startswith(("bot.", "aiohttp"))] == []


async def test_a_body_over_a_megabyte_is_refused_and_not_logged(
    hooked: Hooked, caplog: pytest.LogCaptureFixture
) -> None:
    text = WORDS * (LARGEST_BODY // len(WORDS))
    body = json.dumps({"update_id": 1, "message": {"text": text}}).encode()

    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        too_large = await hooked.post(body)
        fitting = await hooked.post(json.dumps({"update_id": 2}).encode().ljust(LARGEST_BODY))

    assert (too_large, fitting) == (413, 200)
    assert [row.update_id for row in await hooked.rows()] == [2]
    assert WORDS not in caplog.text
    assert [each.getMessage() for each in caplog.records if each.name.startswith(("bot.", "aiohttp"))] == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b'{"update_id": "1"}', b'{"message": {}}']
)
async def test_what_is_no_update_is_refused(hooked: Hooked, body: bytes) -> None:
    assert await hooked.post(body) == 400
    assert await hooked.rows() == []


async def test_an_update_that_cannot_be_read_is_confirmed_and_set_aside(hooked: Hooked) -> None:
    status = await hooked.post(b'{"update_id": 1, "message": {"message_id": 5}}')

    (row,) = await hooked.rows()
    assert (status, row.state) == (200, UpdateState.SET_ASIDE)
    assert [each.getMessage() for each in hooked.scene.faults.records] == [
        "update unreadable update_id=1 kind=KeyError"
    ]
    hooked.scene.forgive()


async def test_five_hundred_deliveries_at_once_take_few_commits(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, batches = hooked.scene.program.services.inbox, list[int]()
    store = inbox.store

    async def count(tx: Any, bot_id: int, updates: list[dict[str, Any]], replica_id: int | None) -> None:
        batches.append(len(updates))
        await store(tx, bot_id, updates, replica_id)

    monkeypatch.setattr(inbox, "store", count)
    people = [{"id": number, "is_bot": False, "first_name": "Sari"} for number in range(1, 501)]
    chosen = [{"result_id": "1", "query": "", "from": person} for person in people]
    updates = [{"update_id": n, "chosen_inline_result": each} for n, each in enumerate(chosen, 1)]
    statuses = await asyncio.gather(*(hooked.post(json.dumps(each).encode()) for each in updates))
    await hooked.scene.program.application.update_queue.join()

    assert set(statuses) == {200}
    assert sum(batches) == 500
    assert len(batches) <= 100
    assert {row.state for row in await hooked.rows()} == {UpdateState.DONE}


async def test_whoever_looks_after_the_process_is_told_that_it_lives(hooked: Hooked) -> None:
    async with hooked.session.get(f"{hooked.url}{HEALTH}") as response:
        assert (response.status, await response.text()) == (200, "ok")
    async with hooked.session.get(f"{hooked.url}{PATH}", headers=HEADERS) as response:
        assert response.status == 405


async def test_a_stop_while_deliveries_come_loses_none_and_doubles_none(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    async with stage_of(database_url, clock, small_content) as stage:
        people = [stage.person() for _ in range(60)]
        async with stage.program():
            for person in people:
                stage.says(person, QUESTION)
            await stage.simulator.wait_for(lambda: len(stage.front.delivered) > 5, what="some deliveries")
        left = stage.control.pending() + len([row for row in await stage.updates() if row.payload])
        async with stage.program():
            await stage.simulator.wait_for(
                lambda: all(stage.answers(person) for person in people), timeout=90, what="all answers"
            )
        answers = [len(stage.answers(person)) for person in people]
        states = {row.state for row in await stage.updates()}

    assert left > 0  # the stop was in the middle
    assert (answers, states) == ([1] * 60, {UpdateState.DONE})


async def test_a_stop_does_not_wait_for_those_who_wait_for_room(
    database_url: str, clock: ManualClock, small_content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = asyncio.Event()

    async def never() -> None:
        waits.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.intake.Intake.room", lambda _: never())
    async with hooked_scene_of(database_url, clock, small_content) as (scene, front, _):
        sari = scene.person("Sari")
        scene.control.send(sari.user_id, sari.chat_id, QUESTION)
        await waits.wait()
        began = time.monotonic()

    assert time.monotonic() - began < 6
    assert scene.control.pending() == 1
    assert 200 not in {each.status for each in front.delivered}


async def test_the_real_process_is_served_by_webhook_and_says_neither_secret_nor_words(
    tmp_path: Path, postgres_url: str
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {
        "DATABASE_URL": postgres_url,
        "WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_PORT": str(port),
        "LOG_LEVEL": "DEBUG",
    }
    async with real_process(tmp_path, **variables) as process:
        answer = await process.answer_to(QUESTION)
        await process.answer_to(f"apa kabar, {WORDS}?")
        code, log = await process.stop()

    assert answer.startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")
    assert code == 0
    assert "content served" in log
    for secret in (SECRET, TOKEN, WORDS):
        assert secret not in log


async def test_answers_of_a_program_by_webhook_leave_no_unsent_rows(hooked: Hooked) -> None:
    await hooked.scene.person("Sari").asks(QUESTION)

    async with hooked.scene.program.database.transaction() as tx:
        assert (await tx.exec(select(OutgoingRequest))).all() == []
