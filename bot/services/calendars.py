"""The calendar file of a session (.ics): an update or a cancellation is the same event with a higher number."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\u2028\u2029]")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")


@dataclass(frozen=True)
class CalendarEvent:
    """A session as a calendar shows it."""

    uid: str
    """The same for ever; a calendar finds the event by it (`event_uid`)."""
    sequence: int
    """0 at first, higher with every change: calendars pass over a number that is not higher than theirs."""
    title: str
    start: datetime
    """Aware."""
    end: datetime | None
    """Aware, after `start`; None where the end is open."""
    organizer: str
    """The name of whoever invites."""
    bot_username: str
    description: str = ""
    location: str = ""
    url: str = ""
    is_cancelled: bool = False
    reminder: timedelta | None = None
    """How long before the start the calendar itself reminds; not at all when None."""


def event_uid(bot_username: str, session_id: int) -> str:
    """The stable name of a session's event, unlike that of any other bot."""
    return f"sesi-{session_id}@{_domain(bot_username)}"


def calendar_file(event: CalendarEvent, clock: Clock) -> bytes:
    """The file, in UTC throughout, so that it needs no definition of a time zone and means the same everywhere.

    METHOD is PUBLISH in every case, cancellation included: whoever reads the file opens it by hand and is no invited
    attendee, which CANCEL would presuppose.
    """
    # Takes 0.1 s, and most runs of the program never make a calendar file.
    from icalendar import Alarm, Calendar, Event, vCalAddress
    from icalendar.enums import STATUS

    entry = Event.new(
        uid=event.uid,
        sequence=event.sequence,
        summary=_text(event.title),
        stamp=clock.now(),
        last_modified=clock.now(),
        start=event.start.astimezone(UTC),
        end=None if event.end is None else event.end.astimezone(UTC),
        description=_text(event.description) or None,
        location=_text(event.location) or None,
        url=_BLANK.sub("", event.url) or None,
        status=STATUS.CANCELLED if event.is_cancelled else STATUS.CONFIRMED,
        # PUBLISH demands an organizer with an address; .invalid is reserved for addresses that nobody has.
        organizer=vCalAddress.new(f"noreply@{_domain(event.bot_username)}", cn=_name(event.organizer)),
    )
    if event.reminder is not None and not event.is_cancelled:
        alarm = Alarm.new(description=_text(event.title))
        alarm.add("ACTION", "DISPLAY")
        alarm.add("TRIGGER", -event.reminder)
        entry.add_component(alarm)
    calendar = Calendar()  # Calendar.new would give the file a UID at random
    for name, value in (("VERSION", "2.0"), ("PRODID", "-//TanyaCoP//sesi//ID"), ("METHOD", "PUBLISH")):
        calendar.add(name, value)
    calendar.add_component(entry)
    raw: bytes = calendar.to_ical()
    return raw


def _domain(bot_username: str) -> str:
    return f"{bot_username.lower()}.invalid"


def _text(text: str) -> str:
    """`text` without signs that a line of the file cannot hold; the library escapes the rest."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _name(text: str) -> str:
    """`text` as a parameter: calendars that do not know RFC 6868 show its signs for a quotation mark or a new line."""
    return " ".join(_text(text).replace('"', "'").replace("^", "").split())
