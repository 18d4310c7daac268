"""The list of participation as a spreadsheet for the angka-kredit file."""

from bot.services.certificates import session_zone
from bot.services.participation import Participant, ParticipationList
from bot.services.provinces import PROVINCES
from bot.services.sheets import Table, write
from bot.texts import Texts
from bot.views import clocks
from bot.views.roles import person_name

COLUMNS = ("number", "name", "nip", "unit", "position", "province", "answer", "attended", "feedback")
WIDTHS = (6, 40, 22, 40, 30, 24, 14, 12, 24)


def sheet(found: ParticipationList, texts: Texts) -> bytes:
    """An .xlsx: one line a person, and a second sheet that says of which session."""
    rows: list[tuple[str | int, ...]] = [
        (number, *_line(each, texts)) for number, each in enumerate(found.participants, start=1)
    ]
    people = Table(
        texts.plain("participation.sheet.buttons.title"),
        tuple(texts.plain(f"participation.sheet.buttons.column_{column}") for column in COLUMNS),
        rows,
        WIDTHS,
    )
    return write(people, _about(found, texts))


def file_name(found: ParticipationList) -> str:
    """What the file is called."""
    day = found.session.starts_at.astimezone(session_zone(found.session).info)
    return f"partisipasi-{day:%Y-%m-%d}.xlsx"


def _line(each: Participant, texts: Texts) -> tuple[str, ...]:
    person = each.person
    province = PROVINCES[person.province_code].name if person is not None and person.province_code else ""
    return (
        (each.name or "") if person is None else person_name(person, texts),
        (person.nip if person is not None else None) or "",
        (person.unit if person is not None else None) or "",
        (person.position if person is not None else None) or "",
        province,
        texts.plain(f"sessions.buttons.{each.rsvp.answer}") if each.rsvp is not None else "",
        texts.plain(f"attendance.sheet.buttons.{'yes' if each.attendance is not None else 'no'}"),
        texts.plain(f"participation.sheet.buttons.{each.feedback.value}"),
    )


def _about(found: ParticipationList, texts: Texts) -> Table:
    session = found.session
    end = None if session.is_open_ended else session.ends_at
    when = clocks.one_clock(
        session.starts_at, end, session_zone(session), texts, is_open_ended=session.is_open_ended
    )
    there = sum(each.attendance is not None for each in found.participants) + found.nameless
    facts: list[tuple[str, str | int]] = [
        ("session", session.title),
        ("when", when),
        ("there", there),
        ("nameless", found.nameless),
    ]
    return Table(
        texts.plain("participation.sheet.buttons.about"),
        tuple(texts.plain(f"participation.sheet.buttons.column_{column}") for column in ("what", "value")),
        [(texts.plain(f"participation.sheet.buttons.about_{key}"), value) for key, value in facts],
        (34, 60),
    )
