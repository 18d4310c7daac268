"""A mailing goes out over HTTP to people, groups and topics, among them some who cannot be reached."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlmodel import select

from bot.clock import ManualClock
from bot.services.mailings import Counts, DeliveryState, Mailing, Plan, Purpose, Recipient
from bot.services.requests import Call
from bot.simulator.refusal import Refused, forbidden
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer
from db.models import Person
from tests.scene import Scene

HELLO = Plan(
    Purpose.ANNOUNCEMENT, [Call("sendMessage", {"text": "<b>Rapat</b> hari Senin.", "parse_mode": "HTML"})]
)


class Refusing:
    """Refuses what is sent to some chats: always, or once with a wait."""

    def __init__(self, refusals: dict[int, Refused]) -> None:
        self.refusals = refusals

    async def before(self, request: Request) -> None:
        if request.method == "sendMessage":
            chat_id = int(request.params["chat_id"])
            refusal = self.refusals.get(chat_id)
            if refusal is not None:
                if refusal.code == 429:
                    del self.refusals[chat_id]
                raise refusal

    async def after(self, request: Request, answer: Answer) -> None:
        pass


async def _sent(scene: Scene, clock: ManualClock, plan: Plan, recipients: list[Recipient]) -> Counts:
    """Start a mailing and let it run to its end."""
    program = scene.program
    async with program.database.transaction() as tx:
        mailing = await program.services.mailings.start(tx, plan, recipients)
    assert mailing.id is not None
    async with asyncio.timeout(60):
        while not await _has_ended(scene, mailing.id):
            clock.advance(timedelta(seconds=1))
            program.mailer.wake()
            await asyncio.sleep(0.02)
    async with program.database.transaction() as tx:
        return await program.services.mailings.counts(tx, mailing.id)


async def _has_ended(scene: Scene, mailing_id: int) -> bool:
    async with scene.program.database.transaction() as tx:
        mailing = await tx.get(Mailing, mailing_id)
        return mailing is not None and mailing.ended_at is not None


async def test_fifty_people_are_told_among_them_some_who_are_gone(scene: Scene, clock: ManualClock) -> None:
    people = [scene.person(f"Peserta {number}") for number in range(50)]
    for each in people:
        scene.control.send(each.user_id, each.chat_id, "/start")
    await scene.settled()
    blocked, gone, busy = people[:2], people[2], people[3]
    refusals = {each.chat_id: forbidden("bot was blocked by the user") for each in blocked}
    refusals[gone.chat_id] = forbidden("user is deactivated")
    refusals[busy.chat_id] = Refused(429, "Too Many Requests: retry after 3", {"retry_after": 3})
    scene.simulator.hooks.append(Refusing(refusals))

    counts = await _sent(scene, clock, HELLO, [Recipient(each.chat_id) for each in people])

    assert counts == Counts(sent=47, blocked=3)
    assert [_copies(each.messages()) for each in people] == [0, 0, 0] + [1] * 47
    async with scene.program.database.transaction() as tx:
        known = (await tx.exec(select(Person))).all()
    assert {person.telegram_id for person in known if person.blocked_at is not None} == {
        each.user_id for each in [*blocked, gone]
    }
    scene.forgive()


async def test_a_group_is_told_in_the_topic_that_was_chosen(scene: Scene, clock: ManualClock) -> None:
    sari = scene.person("Sari")
    group = scene.group("Pengantar Kerja Jawa Barat", sari, is_forum=True)
    topic = scene.control.add_topic(group, "Pengumuman")["message_thread_id"]

    counts = await _sent(scene, clock, HELLO, [Recipient(group, topic), Recipient(group, topic)])

    (copy,) = [m for m in sari.within(group).messages() if "Rapat" in m.get("text", "")]
    assert counts == Counts(sent=1)
    assert copy["message_thread_id"] == topic


async def test_a_text_that_telegram_refuses_fails_with_its_reason(scene: Scene, clock: ManualClock) -> None:
    sari = scene.person("Sari")
    await sari.says("/start")

    too_long = Plan(Purpose.NOTICE, [Call("sendMessage", {"text": "x" * 5000})])
    counts = await _sent(scene, clock, too_long, [Recipient(sari.chat_id)])

    async with scene.program.database.transaction() as tx:
        (mailing,) = (await tx.exec(select(Mailing))).all()
        assert mailing.id is not None
        (page,) = await scene.program.services.mailings.deliveries(tx, mailing.id, [DeliveryState.FAILED])
    assert counts == Counts(failed=1)
    assert page.reason is not None
    assert "too long" in page.reason
    scene.forgive()


def _copies(messages: list[dict[str, Any]]) -> int:
    return sum("Rapat" in message.get("text", "") for message in messages)
