"""What is stored is handled once, and what is to be said is said, whatever fails in between."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from telegram import Update
from telegram.error import NetworkError

from bot.clock import ManualClock
from bot.intake import BEGINNINGS_IN_COMPANY, MOST_BEGINNINGS
from bot.simulator.refusal import Refused
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer
from db.models import IncomingUpdate, OutgoingRequest, Question, UpdateState
from knowledge_base.loader import Content
from tests.scene import TOKEN, Scene, Someone, scene_of

BOT_ID = int(TOKEN.partition(":")[0])
QUESTION = "gmn cara klaim jkp?"


class Refusing:
    """Refuses what is sent as long as there is a refusal; `has_effect`: only the answer is lost."""

    def __init__(self, refusal: Refused | None, *, has_effect: bool = False) -> None:
        self.refusal = refusal
        self.has_effect = has_effect

    async def before(self, request: Request) -> None:
        if self.refusal is not None and not self.has_effect and request.method == "sendMessage":
            raise self.refusal

    async def after(self, request: Request, answer: Answer) -> None:
        if self.refusal is not None and self.has_effect and request.method == "sendMessage":
            raise self.refusal


@pytest.fixture
async def quiet_scene(database_url: str, clock: ManualClock, small_content: Content) -> AsyncIterator[Scene]:
    """The whole program, except that it fetches nothing by itself."""
    async with scene_of(database_url, clock, content=small_content, is_polling=False) as running:
        yield running
        running.check_no_faults()


async def _updates(scene: Scene) -> list[IncomingUpdate]:
    async with scene.program.database.transaction() as tx:
        return list((await tx.exec(select(IncomingUpdate).order_by(IncomingUpdate.id))).all())  # type: ignore[arg-type]


async def _requests(scene: Scene) -> list[OutgoingRequest]:
    async with scene.program.database.transaction() as tx:
        return list((await tx.exec(select(OutgoingRequest).order_by(OutgoingRequest.id))).all())  # type: ignore[arg-type]


async def _questions(scene: Scene) -> list[Question]:
    async with scene.program.database.transaction() as tx:
        return list((await tx.exec(select(Question).order_by(Question.id))).all())  # type: ignore[arg-type]


def _answers(someone: Someone) -> list[dict[str, Any]]:
    return [m for m in someone.messages() if m["from"]["id"] == someone.scene.bot_id]


_numbers = itertools.count(900_000)


def _message(someone: Someone, text: str) -> dict[str, Any]:
    """An update as Telegram would send it, beside the simulator's own."""
    number = next(_numbers)
    user = {"id": someone.user_id, "is_bot": False, "first_name": "Sari"}
    chat = {"id": someone.chat_id, "type": "private", "first_name": "Sari"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": user, "text": text}
    return {"update_id": number, "message": message}


async def _left_behind(scene: Scene, updates: list[dict[str, Any]], attempts: int = 1) -> None:
    """Handle what a process that is no more had stored, and begun so often."""
    program, inbox = scene.program, scene.program.services.inbox
    async with program.database.transaction() as tx:
        await inbox.store(tx, BOT_ID, updates)
        for row in (await tx.exec(select(IncomingUpdate).where(IncomingUpdate.replica_id == None))).all():  # noqa: E711
            row.attempts = attempts
    async with program.database.transaction() as tx:
        row_ids = await inbox.take_over(tx, BOT_ID, program.replica.id)
    await program.take_up(row_ids)
    await program.application.update_queue.join()


async def test_a_batch_that_cannot_be_stored_is_asked_for_again(
    quiet_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sari, bot = quiet_scene.person("Sari"), quiet_scene.program.application.bot
    quiet_scene.control.send(sari.user_id, sari.chat_id, QUESTION)

    async def fail(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(quiet_scene.program.services.inbox, "store", fail)
        with pytest.raises(NetworkError, match="not stored"):
            await bot.get_updates()
    (update,) = await bot.get_updates()
    (row,) = await _updates(quiet_scene)

    assert quiet_scene.control.pending() == 1  # stored, and not confirmed yet
    assert (row.update_id, row.kind, row.state) == (update.update_id, "message", UpdateState.PENDING)
    assert row.payload is not None
    assert QUESTION in row.payload


async def test_what_was_handled_leaves_neither_words_nor_unsent_messages(scene: Scene) -> None:
    sari = scene.person("Sari")

    card = await sari.asks(QUESTION)

    (row,) = await _updates(scene)
    (question,) = await _questions(scene)
    assert (row.state, row.payload, row.attempts) == (UpdateState.DONE, None, 1)
    assert row.done_at == scene.clock.now()
    assert await _requests(scene) == []
    assert question.reply_message_id == card["message_id"]


async def test_an_update_that_telegram_delivers_twice_is_handled_once(quiet_scene: Scene) -> None:
    sari, application = quiet_scene.person("Sari"), quiet_scene.program.application
    sent = quiet_scene.control.send(sari.user_id, sari.chat_id, QUESTION)

    for _ in range(2):
        for update in await application.bot.get_updates():
            await application.update_queue.put(update)
    await application.update_queue.join()

    assert len(_answers(sari)) == 1
    assert [question.message_id for question in await _questions(quiet_scene)] == [sent["message_id"]]


async def test_an_update_that_the_inbox_does_not_know_is_handled(quiet_scene: Scene) -> None:
    sari, application = quiet_scene.person("Sari"), quiet_scene.program.application
    quiet_scene.control.send(sari.user_id, sari.chat_id, "/start")

    await application.update_queue.put(Update.de_json(_message(sari, QUESTION), application.bot))
    await application.update_queue.join()

    assert len(_answers(sari)) == 1
    assert await _updates(quiet_scene) == []


async def test_what_an_earlier_process_left_is_taken_up_in_order(quiet_scene: Scene) -> None:
    sari = quiet_scene.person("Sari")
    quiet_scene.control.send(sari.user_id, sari.chat_id, "/start")
    texts = [QUESTION, "apa itu jkp?", "syarat jkp"]

    await _left_behind(quiet_scene, [_message(sari, text) for text in texts])

    assert [question.text for question in await _questions(quiet_scene)] == texts
    assert len(_answers(sari)) == len(texts)
    rows = await _updates(quiet_scene)
    assert {(row.state, row.payload, row.attempts) for row in rows} == {(UpdateState.DONE, None, 2)}


async def test_an_update_that_ends_the_process_every_time_is_set_aside(quiet_scene: Scene) -> None:
    sari = quiet_scene.person("Sari")
    quiet_scene.control.send(sari.user_id, sari.chat_id, "/start")

    await _left_behind(quiet_scene, [_message(sari, QUESTION)], attempts=MOST_BEGINNINGS)

    (row,) = await _updates(quiet_scene)
    assert row.state == UpdateState.SET_ASIDE
    assert _answers(sari)[0]["text"].startswith("Maaf, ada yang salah di pihak saya")
    assert await _questions(quiet_scene) == []
    quiet_scene.forgive()


async def test_a_kill_counts_against_the_update_in_hand_and_not_against_those_that_wait(
    quiet_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [quiet_scene.person(f"Peserta {number}") for number in range(30)]
    for person in people:
        quiet_scene.control.send(person.user_id, person.chat_id, "/start")
    is_asked, may_go_on = asyncio.Event(), asyncio.Event()
    ask = quiet_scene.program.services.questions.ask

    async def slowly(tx: Any, text: str, **how: Any) -> Any:
        is_asked.set()
        await may_go_on.wait()
        return await ask(tx, text, **how)

    begun: list[int] = []
    begin_again = quiet_scene.program.services.inbox.begin_again

    async def begin(*given: Any) -> dict[int, int]:
        counted = await begin_again(*given)
        begun.extend(counted)
        return counted

    monkeypatch.setattr(quiet_scene.program.services.questions, "ask", slowly)
    monkeypatch.setattr(quiet_scene.program.services.inbox, "begin_again", begin)
    messages = [_message(person, QUESTION) for person in people]
    taken_up = asyncio.create_task(_left_behind(quiet_scene, messages, attempts=BEGINNINGS_IN_COMPANY))
    await asyncio.wait_for(is_asked.wait(), timeout=30)
    begun_by_then = len(begun)
    may_go_on.set()
    await asyncio.wait_for(taken_up, timeout=30)

    assert begun_by_then == 1
    assert Counter(begun) == Counter(message["update_id"] for message in messages)
    assert {row.state for row in await _updates(quiet_scene)} == {UpdateState.DONE}
    assert [len(_answers(person)) for person in people] == [1] * 30


async def test_an_error_that_passes_is_tried_again_and_nobody_hears_of_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sari, failures = scene.person("Sari"), iter(range(3))
    ask = scene.program.services.questions.ask

    async def fail_three_times(tx: Any, text: str, **how: Any) -> Any:
        await scene.program.services.people.meet(tx, 77, in_private=True)
        if next(failures, None) is not None:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        return await ask(tx, text, **how)

    monkeypatch.setattr(scene.program.services.questions, "ask", fail_three_times)
    card = await sari.asks(QUESTION)

    (row,) = await _updates(scene)
    assert "Dasar hukum: " in card["text"]
    assert (row.state, row.payload, row.attempts) == (UpdateState.DONE, None, 4)


async def test_an_error_that_does_not_pass_is_apologised_for_once_after_five_repetitions(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, sari = scene.person("Pemilik"), scene.person("Sari")
    await owner.says("/start")
    begun: list[str] = []

    async def fail(tx: Any, text: str, **how: Any) -> None:
        begun.append(text)
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr(scene.program.services.questions, "ask", fail)
    apology = await sari.asks(QUESTION)

    row = (await _updates(scene))[-1]
    assert apology["text"].startswith("Maaf, ada yang salah di pihak saya")
    assert len(begun) == 6
    assert (row.state, row.attempts) == (UpdateState.SET_ASIDE, 6)
    assert owner.reads()["text"].startswith(f"Galat {row.error_id}\n")
    scene.forgive()


async def test_a_fault_of_ours_is_set_aside_at_once_and_forgotten_after_a_week(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, sari = scene.person("Pemilik"), scene.person("Sari")
    await owner.says("/start")

    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(scene.program.services.questions, "ask", fail)
    apology = await sari.asks(QUESTION)
    done, aside = await _updates(scene)
    kept = aside.payload
    scene.clock.advance(timedelta(days=7, seconds=1))
    async with scene.program.database.transaction() as tx:
        await scene.program.services.inbox.forget(tx)
    (left,) = await _updates(scene)

    assert (done.state, aside.state, aside.attempts) == (UpdateState.DONE, UpdateState.SET_ASIDE, 1)
    assert aside.error_id is not None
    assert aside.error_id in apology["text"]
    assert kept is not None
    assert QUESTION in kept
    assert (left.error_id, left.payload) == (aside.error_id, None)
    scene.forgive()


async def test_a_slow_database_makes_nobody_wait_for_ever_and_nobody_is_passed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, service = (
        [scene.person(f"Peserta {number}") for number in range(12)],
        scene.program.services.people,
    )
    find_all = service.find_all

    async def find_slowly(*what: Any) -> Any:
        await asyncio.sleep(0.02)
        return await find_all(*what)

    monkeypatch.setattr(service, "find_all", find_slowly)
    monkeypatch.setattr(
        "bot.intake.TOGETHER_S", 0.0
    )  # one at a time, then the others have waited long enough
    scene.program.intake.may_begin.clear()
    for each in people:
        scene.control.send(each.user_id, each.chat_id, QUESTION)
    await scene.simulator.wait_for(lambda: scene.control.pending() == 0, what="all to be fetched")
    scene.program.intake.may_begin.set()
    await asyncio.wait_for(scene.program.application.update_queue.join(), timeout=20)

    asked = [question.chat_id for question in await _questions(scene)]
    assert sorted(asked) == [each.chat_id for each in people]
    if scene.program.database.is_sqlite:  # one worker
        assert asked == [each.chat_id for each in people]


async def test_an_answer_that_telegram_does_not_take_waits_and_the_next_waits_behind_it(scene: Scene) -> None:
    sari, hook = scene.person("Sari"), Refusing(Refused(502, "Bad Gateway"))
    scene.simulator.hooks.append(hook)

    assert await sari.says(QUESTION) == []
    hook.refusal = None
    assert await sari.says("apa itu jkp?") == []
    scene.clock.advance(timedelta(seconds=1))
    await scene.program.delivery.send_due()
    await scene.simulator.wait_for(lambda: len(_answers(sari)) == 2, what="both answers")

    first, second = _answers(sari)
    assert first["text"].startswith("Bagaimana cara mengajukan klaim JKP")
    assert second["text"].startswith("Apa itu")
    await _drained(scene)
    assert [q.reply_message_id for q in await _questions(scene)] == [
        first["message_id"],
        second["message_id"],
    ]
    scene.forgive()


async def test_an_answer_whose_receipt_was_lost_is_sent_again(scene: Scene) -> None:
    sari = scene.person("Sari")
    hook = Refusing(Refused(502, "Bad Gateway"), has_effect=True)
    scene.simulator.hooks.append(hook)

    answers = await sari.says(QUESTION)
    hook.refusal = None
    scene.clock.advance(timedelta(seconds=1))
    await scene.program.delivery.send_due()
    await _drained(scene)

    assert len(answers) == 1
    assert len(_answers(sari)) == 2  # twice is better than not at all
    scene.forgive()


async def test_telegram_says_wait_and_the_answer_waits_so_long(scene: Scene) -> None:
    sari = scene.person("Sari")
    hook = Refusing(Refused(429, "Too Many Requests: retry after 30", {"retry_after": 30}))
    scene.simulator.hooks.append(hook)

    assert await sari.says(QUESTION) == []
    (request,) = await _requests(scene)
    hook.refusal = None

    assert request.next_attempt_at == scene.clock.now() + timedelta(seconds=30)
    scene.clock.advance(timedelta(seconds=30))
    await scene.program.delivery.send_due()
    await scene.simulator.wait_for(lambda: len(_answers(sari)) == 1, what="the answer")
    scene.forgive()


async def test_a_message_that_was_on_its_way_when_the_process_died_is_sent_at_the_next_start(
    scene: Scene,
) -> None:
    sari, program = scene.person("Sari"), scene.program
    await sari.says("/start")
    message = {"chat_id": sari.chat_id, "text": "Halo"}
    async with program.database.transaction() as tx:
        request = program.services.outbox.request(sari.chat_id, "sendMessage", message)
        await program.services.outbox.write(tx, [request], term=0)  # of an earlier process

    await program.replica.tick()
    await program.delivery.send_due()

    await scene.simulator.wait_for(lambda: sari.reads()["text"] == "Halo", what="the message")
    await _drained(scene)


async def test_a_message_that_nobody_wants_is_erased(scene: Scene) -> None:
    sari = scene.person("Sari")
    scene.simulator.hooks.append(Refusing(Refused(403, "Forbidden: bot was blocked by the user")))

    assert await sari.says(QUESTION) == []

    assert await _requests(scene) == []
    scene.forgive()


async def test_a_message_that_could_not_be_sent_for_a_day_is_given_up(scene: Scene) -> None:
    sari, hook = scene.person("Sari"), Refusing(Refused(502, "Bad Gateway"))
    scene.simulator.hooks.append(hook)
    await sari.says(QUESTION)
    hook.refusal = None

    scene.clock.advance(timedelta(days=1))
    await scene.program.delivery.send_due()
    await _drained(scene)

    assert _answers(sari) == []
    scene.forgive()


async def _drained(scene: Scene) -> None:
    """Wait until the outbox is empty: the scheduler's own tick may be the one that is at it."""
    for _ in range(1000):
        if not await _requests(scene):
            return
    raise AssertionError("the outbox is not empty")
