"""What journeys about sessions have in common: an organiser on a phone, members, and calendar files."""

import asyncio
import base64
from typing import Any

import vobject
from sqlmodel import and_, col, or_, select

from db.models import CopSession, Delivery, DeliveryState
from tests.scene import Message, Scene, Someone


class Thumb:
    """An organiser on a phone: counts what is tapped and what is typed."""

    def __init__(self, someone: Someone) -> None:
        self.someone = someone
        self.taps = 0
        self.typed = 0

    @property
    def acts(self) -> int:
        return self.taps + self.typed

    async def types(self, text: str) -> Message:
        self.typed += 1
        return (await self.someone.says(text))[0]

    async def taps_on(self, message: Message, label: str) -> Message:
        self.taps += 1
        return (await self.someone.presses(message, label))[0]


async def plans(
    organiser: Someone, when: str = "Kamis 26 November 09.00-11.00 WIB", capacity: str | None = None
) -> Thumb:
    """A plain session for all of Indonesia."""
    thumb = Thumb(organiser)
    desk = await thumb.types("/kelola")
    listed = await thumb.taps_on(desk, "Sesi")
    await thumb.taps_on(listed, "Buat sesi")
    await thumb.types("Klaim JKP setelah PP 6/2025")
    await thumb.types(when)
    step = await thumb.types("Zoom https://zoom.example/j/123")
    step = await thumb.taps_on(step, "Lewati")
    step = await thumb.taps_on(step, "Lewati")
    step = await thumb.taps_on(step, "Lewati") if capacity is None else await thumb.types(capacity)
    step = await thumb.taps_on(step, "Seluruh Indonesia")
    await thumb.taps_on(step, "Ya, benar")
    return thumb


async def member(scene: Scene, name: str, zone: str | None = None) -> Someone:
    """Somebody who went through the welcome, living by this clock."""
    person = scene.person(name)
    await person.presses(await person.asks("/start"), "Lewati")
    if zone is not None:
        async with scene.program.database.transaction() as tx:
            known = await scene.program.services.people.find(tx, person.user_id)
            assert known is not None
            known.time_zone = zone
    return person


async def answers(someone: Someone, answer: str, session_id: int = 1) -> Message:
    """Open the session by its link and press an answer."""
    card, *_ = await someone.says(f"/start s_{session_id}")
    (changed,) = await someone.presses(card, answer)
    return changed


async def session(scene: Scene, session_id: int = 1) -> CopSession:
    async with scene.program.database.transaction() as tx:
        found = await tx.get(CopSession, session_id)
    assert found is not None
    return found


async def everything_sent(scene: Scene) -> None:
    """Let the mailings that are due run to their end."""
    async with asyncio.timeout(20):
        while await _is_due(scene):
            scene.program.mailer.wake()
            await asyncio.sleep(0.02)


async def _is_due(scene: Scene) -> bool:
    open_ones = or_(
        and_(col(Delivery.state) == DeliveryState.PENDING, col(Delivery.due_at) <= scene.clock.now()),
        col(Delivery.state) == DeliveryState.SENDING,
    )
    async with scene.program.database.transaction() as tx:
        return (await tx.exec(select(Delivery.id).where(open_ones))).first() is not None


def calendar(scene: Scene, message: Message) -> Any:
    """The event in the calendar file of a message, read by a library that did not write it."""
    assert message["document"]["file_name"] == "sesi.ics"
    file = scene.control.file(message["document"]["file_id"])
    return vobject.readOne(base64.b64decode(file["base64"]).decode()).vevent
