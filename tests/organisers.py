"""Organisers on the stage: granted roles, members with provinces, time that goes by, mailings that run to their end."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.jobs import look_after_announcements, show_progress
from bot.services.mailings import MailingState
from bot.services.roles import Role
from bot.simulator.refusal import bad_request
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer
from db.models import Announcement, AnnouncementState, Mailing
from db.queries import announcements as queries
from db.queries import mailings as mailing_queries
from tests.scene import Message, Scene, Someone, labels


async def joined(scene: Scene, name: str, province: str | None = None) -> Someone:
    """Somebody who has started the bot and, where given, chosen a province (its code)."""
    someone = scene.person(name)
    await someone.says("/start")
    if province is not None:
        async with scene.program.database.transaction() as tx:
            person = await scene.program.services.people.find(tx, someone.user_id)
            assert person is not None
            scene.program.services.people.settle(person, province)
    return someone


async def all_joined(scene: Scene, names: Sequence[str]) -> list[Someone]:
    """Many who start the bot at once."""
    people = [scene.person(name) for name in names]
    for someone in people:
        scene.control.send(someone.user_id, someone.chat_id, "/start")
    await scene.settled()
    return people


async def grants(scene: Scene, someone: Someone, *provinces: str) -> None:
    """The owner makes somebody an organiser, of these provinces or of all."""
    services = scene.program.services
    async with scene.program.database.transaction() as tx:
        (owner,) = await services.roles.owners(tx)
        person = await services.people.find(tx, someone.user_id)
        assert person is not None
        await services.roles.grant(tx, owner, person, Role.ORGANISER, provinces)


async def revokes(scene: Scene, someone: Someone) -> None:
    """The owner takes the role away."""
    services = scene.program.services
    async with scene.program.database.transaction() as tx:
        (owner,) = await services.roles.owners(tx)
        person = await services.people.find(tx, someone.user_id)
        assert person is not None
        assert person.id is not None
        await services.roles.revoke(tx, owner, person.id, Role.ORGANISER)


async def drafts(organiser: Someone, text: str) -> Message:
    """The card of a fresh draft of a text."""
    await organiser.says("/umumkan")
    *_, card = await organiser.says(text)
    return card


async def told(scene: Scene) -> None:
    """Wait until what the program says by itself has been said."""
    async with asyncio.timeout(30):
        while True:
            await scene.program.delivery.send_due()
            await scene.program.delivery.settled()
            async with scene.program.database.transaction() as tx:
                if not await scene.program.services.outbox.due(tx, 100):
                    return


async def passes(scene: Scene, seconds: float) -> None:
    """Let time go by, with what the clock causes."""
    scene.clock.advance(timedelta(seconds=seconds))
    await look_after_announcements(scene.program.database, scene.program.services)
    await show_progress(scene.program.database, scene.program.services)
    await told(scene)


async def sent_out(scene: Scene) -> None:
    """Let everything that is due go out to its end."""
    async with asyncio.timeout(30):
        while await _is_busy(scene):
            scene.clock.advance(timedelta(seconds=1))
            scene.program.mailer.wake()
            await asyncio.sleep(0.02)
    await told(scene)


async def _is_busy(scene: Scene) -> bool:
    async with scene.program.database.transaction() as tx:
        for mailing_id in await mailing_queries.open_ids(tx):
            mailing = await tx.get(Mailing, mailing_id)
            counts = await scene.program.services.mailings.counts(tx, mailing_id)
            waits_long = counts.still_to_go == counts.later and counts.later > 0
            if mailing is None or mailing.state == MailingState.PAUSED:
                continue
            begins_soon = timedelta(0) < mailing.due_at - scene.clock.now() <= timedelta(seconds=10)
            if begins_soon or not waits_long:
                return True
    return False


async def announcements(scene: Scene) -> Sequence[Announcement]:
    """All of them, the newest first."""
    async with scene.program.database.transaction() as tx:
        return await queries.in_states(tx, tuple(AnnouncementState))


def button(message: Message, label: str) -> str:
    """The whole label of the button that contains `label`."""
    (found,) = [each for each in labels(message) if label in each]
    return found


def acts(someone: Someone) -> int:
    """How many messages somebody wrote and buttons anybody pressed so far."""
    written = [m for m in someone.messages() if m["from"]["id"] == someone.user_id]
    return len(written) + len(someone.scene.requests("answerCallbackQuery"))


def copies(someone: Someone, text: str) -> list[Message]:
    """What the bot wrote to somebody with this text or caption."""
    return [
        message
        for message in someone.messages()
        if message["from"]["id"] == someone.scene.bot_id
        and text in str(message.get("text", message.get("caption", "")))
    ]


class Unwilling:
    """Refuses to show a file again, as when Telegram has lost it."""

    async def before(self, request: Request) -> None:
        if request.method == "sendDocument":
            raise bad_request("wrong file identifier/HTTP URL specified")

    async def after(self, request: Request, answer: Answer) -> None:
        pass
