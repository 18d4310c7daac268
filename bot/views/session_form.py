"""The form of a session in words: moments as they were understood, and everything before it counts."""

from datetime import datetime

from bot.clock import Zone
from bot.services import hints, moment_steps, session_form
from bot.services.form_steps import UNSETTLED, Choice, Data, Value
from bot.services.moment_steps import When
from bot.services.provinces import PROVINCES
from bot.services.session_form import SessionAct
from bot.texts import Texts, escape
from bot.views import clocks
from bot.views import hints as hint_views
from bot.views.form_words import FormWords


def _shown(key: str, value: Value, texts: Texts) -> str | None:
    """An answer that is more than its words; None for all others."""
    when = moment_steps.when_of(value)
    if when is None:
        return None
    if key == "end":
        return (
            clocks.one_clock(when.end, None, when.zone, texts)
            if when.end
            else texts.plain("moments.buttons.open")
        )
    return _clock(when, texts)


def _label(choice: Choice, key: str, data: Data, texts: Texts) -> str | None:
    """What stands on the button of a reading that is in doubt; None for all other choices."""
    if key == "end":
        number, _, unit = choice.value.partition(" ")
        return (
            texts.plain("moments.buttons.hours", count=number)
            if unit
            else texts.plain("moments.buttons.open")
        )
    if key + UNSETTLED not in data:
        return None
    zone = moment_steps.zone_asked(data, key)
    for reading in moment_steps.readings(data, key):
        if reading.text == choice.value:
            if reading.start is not None:
                return clocks.one_clock(reading.start, reading.end, zone, texts)
            return clocks.day(datetime.fromisoformat(reading.day), texts)
    return None


def _summary(data: Data, texts: Texts) -> str:
    """Everything that a yes would do: the session as it will stand, and what speaks against its time."""
    when, at = session_form.when_answered(data), session_form.times(data)
    assert when is not None
    blocks = [_facts(data, texts), _times(when, at.ends_at, texts)]
    zones = _zones(data)
    found = hint_views.lines(hints.hints(at.starts_at, at.ends_at, zones), texts)
    if found:
        blocks.append("\n".join([texts.html("hints.title"), *found]))
    if session_form.act_of(data) is SessionAct.MOVE:
        count = data.get("concerned")
        blocks.append(
            texts.html("sessions.will_be_told", count=texts.number(count if isinstance(count, int) else 0))
        )
    return "\n\n".join(blocks)


def _facts(data: Data, texts: Texts) -> str:
    lines = [f"<b>{escape(str(data['title']))}</b>"]
    lines += [
        f"{texts.html(f'forms.session.labels.{key}')}: {escape(str(data[key]))}"
        for key in ("place", "speakers", "theme")
        if data.get(key)
    ]
    if session_form.act_of(data) is SessionAct.PLAN:
        details = session_form.details(data)
        lines.append(
            texts.html("sessions.seats", count=texts.number(details.capacity))
            if details.capacity
            else texts.html("sessions.no_limit")
        )
        province = details.province_code
        lines.append(
            texts.html("sessions.for_province", province=PROVINCES[province].name)
            if province
            else texts.html("sessions.for_all")
        )
    return "\n".join(lines)


def _times(when: When, ends_at: datetime | None, texts: Texts) -> str:
    said = clocks.three_clocks(when.start, ends_at, texts, is_open_ended=ends_at is None)
    line = texts.html("sessions.understood", when=said)
    if when.was_zone_given:
        return line
    return line + "\n" + texts.html("sessions.zone_assumed", zone=when.zone.name)


def _zones(data: Data) -> tuple[Zone, ...]:
    """The zones of those for whom it is planned."""
    if session_form.act_of(data) is SessionAct.PLAN:
        province = session_form.details(data).province_code
        if province is not None:
            return (PROVINCES[province].zone,)
    return tuple(Zone)


def _clock(when: When, texts: Texts) -> str:
    return clocks.one_clock(when.start, when.end, when.zone, texts, is_open_ended=when.is_open_ended)


WORDS = FormWords(_summary, shown=_shown, label=_label)
