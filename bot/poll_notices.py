"""What polls tell many people, as mailings: the first question, the reminder, polls in groups and their end.

Questions are Indonesian, as all content is; what stands around them is made for each language.
"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.outgoing import SendMessage, call_of, with_buttons
from bot.services.all import Services
from bot.services.groups import Group
from bot.services.mailings import DeliveryState, Plan, Purpose, Recipient
from bot.services.people import Person, is_reachable, zone_of
from bot.services.poll_opening import Opened, subject_of
from bot.services.poll_outcomes import Managed, PollFault, PutChoices
from bot.services.poll_reports import Told
from bot.services.requests import Call
from bot.texts import LANGUAGES, Texts, texts
from bot.views import poll_desk, poll_tell
from bot.views import polls as views
from bot.views.reply import Reply


async def open_poll(tx: AsyncSession, services: Services, opened: Opened) -> None:
    """Put the first question to all who are asked, and into the groups that were chosen."""
    managed = opened.managed
    if opened.asked:
        variants = {language: [_first(opened, texts(language))] for language in LANGUAGES}
        recipients = [_recipient(person, at) for person, at in opened.asked]
        plan = Plan(Purpose.POLL, variants[LANGUAGES[0]], variants, subject=subject_of(managed.poll_id))
        await services.mailings.start(tx, plan, recipients)
    if opened.groups:
        await _open_in_groups(tx, services, opened)


async def _open_in_groups(tx: AsyncSession, services: Services, opened: Opened) -> None:
    question, managed = opened.questions[0], opened.managed
    call = views.group_question(question, managed.session.title, texts(LANGUAGES[0]))
    plan = Plan(Purpose.POLL, [call], subject=subject_of(managed.poll_id, "groups"))
    places: dict[tuple[int, int], Group] = {
        (group.chat_id, group.thread_id or 0): group for group in opened.groups
    }
    mailing = await services.mailings.start(tx, plan, [Recipient(*place) for place in places])
    assert mailing.id is not None
    copies = await services.mailings.deliveries(tx, mailing.id, tuple(DeliveryState))
    services.poll_opening.keep_groups(
        tx,
        question,
        [(places[each.chat_id, each.thread_id], each.id) for each in copies if each.id is not None],
    )


async def open_due(tx: AsyncSession, services: Services) -> None:
    """Tell organisers what opens soon, and open what is due."""
    for managed in await services.poll_opening.to_warn(tx):
        organiser = await services.people.get(tx, managed.poll.created_by_id)
        if organiser is not None and is_reachable(organiser):
            words = texts(_language(organiser))
            await _say(tx, services, organiser, poll_desk.warning(managed, zone_of(organiser), words))
    for managed in await services.poll_opening.due(tx):
        opened = await services.poll_opening.open(tx, managed)
        if isinstance(opened, Opened):
            await open_poll(tx, services, opened)


async def remind(tx: AsyncSession, services: Services) -> None:
    """Remind those who have not answered, once."""
    for reminded in await services.poll_opening.to_remind(tx):
        managed = reminded.managed
        variants: dict[str, list[Call]] = {}
        recipients: list[Recipient] = []
        for person, at in reminded.people:
            zone = zone_of(person)
            name = f"{_language(person)}-{zone.name}"
            if name not in variants:
                words = texts(_language(person))
                reply = views.reminder(managed.poll, managed.session.title, zone, words)
                variants[name] = [_to_nobody(reply)]
            recipients.append(Recipient(person.telegram_id, person_id=person.id, due_at=at, variant=name))
        plan = Plan(
            Purpose.POLL,
            next(iter(variants.values())),
            variants,
            subject=subject_of(managed.poll_id, "reminder"),
        )
        await services.mailings.start(tx, plan, recipients)


async def close_due(tx: AsyncSession, services: Services) -> None:
    """Close what is over, and settle what groups have said."""
    for managed in await services.poll_opening.to_close(tx):
        await close(tx, services, managed)
    await services.group_polls.settle(tx)


async def close(
    tx: AsyncSession, services: Services, managed: Managed, person: Person | None = None
) -> Managed | PollFault:
    """Close it for good, and stop its polls in groups."""
    closed = await services.poll_closing.close(tx, managed, person)
    if isinstance(closed, Managed):
        for mailing in await services.mailings.about(tx, subject_of(managed.poll_id, "groups")):
            plan = Plan(
                Purpose.POLL,
                [Call("stopPoll", {"message_id": 0})],
                subject=subject_of(managed.poll_id, "stop"),
            )
            await services.mailings.edit(tx, mailing, plan)
    return closed


async def tell_changes(tx: AsyncSession, services: Services, told: Told) -> None:
    """Tell those who answered what people said and what will change."""
    if not told.people:
        return
    result = await services.poll_results.of(tx, told.managed)
    variants = {
        language: [_to_nobody(poll_tell.message(result, told.changes, texts(language)))]
        for language in LANGUAGES
    }
    plan = Plan(
        Purpose.NOTICE,
        variants[LANGUAGES[0]],
        variants,
        subject=subject_of(told.managed.poll_id, "changes"),
    )
    await services.mailings.start(tx, plan, [_recipient(person, at) for person, at in told.people])


def _to_nobody(reply: Reply) -> Call:
    """The message as a mailing holds it: each copy has its own chat."""
    call = call_of(SendMessage(0, reply))
    return Call(call.method, {key: value for key, value in call.parameters.items() if key != "chat_id"})


def put_call(put: PutChoices, title: str, words: Texts) -> Call:
    """The next question, to one person."""
    call, keyboard = views.question(put.poll, put.question, put.total, title, words)
    return with_buttons(call, keyboard)


def _first(opened: Opened, words: Texts) -> Call:
    managed, questions = opened.managed, opened.questions
    call, keyboard = views.question(managed.poll, questions[0], len(questions), managed.session.title, words)
    return with_buttons(call, keyboard)


def _recipient(person: Person, at: datetime) -> Recipient:
    return Recipient(person.telegram_id, person_id=person.id, due_at=at, variant=_language(person))


async def _say(tx: AsyncSession, services: Services, person: Person, reply: Reply) -> None:
    call = call_of(SendMessage(person.telegram_id, reply))
    request = services.outbox.request(call.chat_id, call.method, call.parameters)
    await services.outbox.write(tx, [request], None)


def _language(person: Person) -> str:
    return person.language if person.language in LANGUAGES else LANGUAGES[0]
