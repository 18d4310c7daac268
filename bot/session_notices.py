"""What sessions tell many people, as mailings: moved, cancelled, reminded, a seat that became free.

Words are made here for each language; the mailing's variants are the languages, with and without the calendar file
(people who save data get none) and with and without the way in (people without a seat get none).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Zone, local_date
from bot.outgoing import SendMessage, call_of
from bot.services import hints
from bot.services.all import Services
from bot.services.calendars import CalendarEvent, calendar_file, event_uid
from bot.services.cop_sessions import CopSession, Moved, SessionState, has_seat
from bot.services.mailings import MailingState, Plan, Purpose, Recipient
from bot.services.people import Person, is_reachable, zone_of
from bot.services.reminders import Due, ReminderKind
from bot.services.requests import TEXT_FILE, Call
from bot.texts import LANGUAGES, Texts, texts
from bot.views import cop_sessions as views
from bot.views import session_desk, session_notices
from bot.views.reply import Reply

SOON = timedelta(hours=2)  # what begins so soon after the night is told in the night
CALENDAR_NAME = "sesi.ics"
WITHOUT_FILE, WITHOUT_LINK, TODAY = "-low", "-closed", "-today"


async def tell_moved(tx: AsyncSession, services: Services, moved: Moved, bot: str) -> int:
    """Tell everybody concerned once, with the new calendar file; gives how many."""
    await _withdraw(tx, services, moved.session)
    return await _tell_with_file(
        tx,
        services,
        moved.session,
        lambda words: session_notices.moved(moved, words),
        min(moved.earlier, moved.session.starts_at),
        bot,
    )


async def tell_cancelled(tx: AsyncSession, services: Services, session: CopSession, bot: str) -> int:
    """Tell everybody concerned once, with a file that takes it out of the calendar; gives how many."""
    await _withdraw(tx, services, session)
    return await _tell_with_file(
        tx,
        services,
        session,
        lambda words: session_notices.cancelled(session, words),
        session.starts_at,
        bot,
    )


async def tell_of_seats(
    tx: AsyncSession, services: Services, session: CopSession, people: Iterable[Person]
) -> None:
    """Those who waited have a seat."""
    await _start(
        tx,
        services,
        Purpose.NOTICE,
        session,
        lambda words: views.seat_found(session, words),
        [_recipient(person) for person in people if is_reachable(person)],
    )


async def remind(tx: AsyncSession, services: Services) -> int:
    """Begin the reminders that are due; gives how many mailings that are."""
    skipped: dict[int, list[Due]] = {}
    number = 0
    for due in await services.reminders.begin_due(tx):
        if due.is_pointless:
            assert due.session.id is not None
            if await services.reminders.recipients(tx, due):  # nobody misses what nobody was to get
                skipped.setdefault(due.session.id, []).append(due)
        else:
            number += await _remind(tx, services, due)
    for dues in skipped.values():
        await _own_up(tx, services, dues)
    return number


async def own_up_to_outage(tx: AsyncSession, services: Services) -> int:
    """When updates come in again after a silence: tell those whose presses may be lost, at most once a day.

    Gives how many are told.
    """
    outage = await services.outages.beat(tx)
    if outage is None:
        return 0
    subject = f"outage:{local_date(services.clock.now())}"
    if await services.mailings.about(tx, subject):
        return 0
    now = services.clock.now()
    recipients = [
        replace(_recipient(person), due_at=hints.quiet_until(now, zone_of(person)))
        for person in await services.outages.concerned(tx, outage)
    ]
    variants = _by_language(lambda words: session_notices.outage(outage, words))
    await _begin(tx, services, Purpose.NOTICE, subject, variants, recipients)
    return len(recipients)


async def _remind(tx: AsyncSession, services: Services, due: Due) -> bool:
    recipients: list[Recipient] = []
    now = services.clock.now()
    for rsvp, person in await services.reminders.recipients(tx, due):
        at: datetime | None = None
        if due.is_late and due.kind is ReminderKind.DAY_BEFORE:
            # A late one may fall into the night; the next reminder is soon enough then.
            at = hints.quiet_until(now, zone_of(person))
            if at >= due.until:
                continue
        variant = _language(person) + ("" if has_seat(due.session, rsvp) else WITHOUT_LINK)
        if due.kind is ReminderKind.DAY_BEFORE and _is_on(at or now, due.session, zone_of(person)):
            variant += TODAY
        recipients.append(Recipient(person.telegram_id, person_id=person.id, due_at=at, variant=variant))
    variants: dict[str, list[Call]] = {}
    for link in ("", WITHOUT_LINK):
        for day in ("", TODAY):
            said = _by_language(partial(_reminder, due, has_link=not link, is_today=bool(day)))
            variants |= {language + link + day: calls for language, calls in said.items()}
    return await _begin(tx, services, Purpose.REMINDER, subject_of(due.session), variants, recipients)


def _reminder(due: Due, words: Texts, *, has_link: bool, is_today: bool) -> Reply:
    return session_notices.reminder(due, words, has_link=has_link, is_today=is_today)


def _is_on(moment: datetime, session: CopSession, zone: Zone) -> bool:
    """Whether the session begins on the day of that moment."""
    return local_date(moment, zone) == local_date(session.starts_at, zone)


async def _own_up(tx: AsyncSession, services: Services, dues: list[Due]) -> None:
    session = dues[0].session
    organiser = await services.people.get(tx, session.created_by_id)
    kinds = list(dict.fromkeys(due.kind.value for due in dues))
    if organiser is not None and is_reachable(organiser):
        await _start(
            tx,
            services,
            Purpose.NOTICE,
            session,
            lambda words: session_desk.skipped(session, kinds, words),
            [_recipient(organiser)],
        )


async def _tell_with_file(
    tx: AsyncSession,
    services: Services,
    session: CopSession,
    say: Callable[[Texts], Reply],
    before: datetime,
    bot: str,
) -> int:
    content = calendar(session, services, bot).decode()
    with_file = {
        name: [_with_file(call, content) for call in calls] for name, calls in _by_language(say).items()
    }
    without = {name + WITHOUT_FILE: calls for name, calls in _by_language(say).items()}
    now = services.clock.now()
    recipients: list[Recipient] = []
    for person in await services.cop_sessions.concerned(tx, session):
        if is_reachable(person):
            quiet = hints.quiet_until(now, zone_of(person))
            at = quiet if quiet < before - SOON else now
            recipients.append(
                Recipient(
                    person.telegram_id,
                    person_id=person.id,
                    due_at=at,
                    variant=_language(person) + (WITHOUT_FILE if person.is_low_data else ""),
                )
            )
    await _begin(tx, services, Purpose.NOTICE, subject_of(session), with_file | without, recipients)
    return len(recipients)


async def _start(
    tx: AsyncSession,
    services: Services,
    purpose: Purpose,
    session: CopSession,
    say: Callable[[Texts], Reply],
    recipients: list[Recipient],
) -> None:
    await _begin(tx, services, purpose, subject_of(session), _by_language(say), recipients)


async def _begin(
    tx: AsyncSession,
    services: Services,
    purpose: Purpose,
    subject: str,
    variants: dict[str, list[Call]],
    recipients: list[Recipient],
) -> bool:
    if recipients:
        plan = Plan(purpose, variants[LANGUAGES[0]], variants, subject=subject)
        await services.mailings.start(tx, plan, recipients)
    return bool(recipients)


async def _withdraw(tx: AsyncSession, services: Services, session: CopSession) -> None:
    """What has not left yet speaks of a time that does not hold any more."""
    for mailing in await services.mailings.about(tx, subject_of(session)):
        if mailing.id is not None and mailing.state in (MailingState.RUNNING, MailingState.PAUSED):
            await services.mailings.cancel(tx, mailing.id)


def subject_of(session: CopSession) -> str:
    """Under which the mailings of a session are found again."""
    return f"session:{session.id}"


def calendar(session: CopSession, services: Services, bot: str) -> bytes:
    """The calendar file as the session stands now."""
    assert session.id is not None
    is_cancelled = session.state == SessionState.CANCELLED
    return calendar_file(
        CalendarEvent(
            uid=event_uid(bot, session.id),
            sequence=session.sequence,
            title=session.title,
            start=session.starts_at,
            end=None if session.is_open_ended else session.ends_at,
            organizer="TanyaCoP",
            bot_username=bot,
            description="\n".join(filter(None, (session.theme, session.speakers))),
            location=session.place or "",
            url=views.link_to(session, bot),
            is_cancelled=is_cancelled,
        ),
        services.clock,
    )


def _by_language(say: Callable[[Texts], Reply]) -> dict[str, list[Call]]:
    return {language: [_call(say(texts(language)))] for language in LANGUAGES}


def _call(reply: Reply) -> Call:
    call = call_of(SendMessage(0, reply))
    return Call(call.method, {name: value for name, value in call.parameters.items() if name != "chat_id"})


def _with_file(call: Call, content: str) -> Call:
    parameters: dict[str, Any] = dict(call.parameters)
    caption = parameters.pop("text")
    parameters.pop("link_preview_options")
    file = {"caption": caption, "document": TEXT_FILE + content, "filename": CALENDAR_NAME}
    return Call("sendDocument", parameters | file)


def _recipient(person: Person) -> Recipient:
    return Recipient(person.telegram_id, person_id=person.id, variant=_language(person))


def _language(person: Person) -> str:
    return person.language if person.language in LANGUAGES else LANGUAGES[0]
