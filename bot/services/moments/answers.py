"""What a person says to a question of ours, and the end of something whose start is known."""

from datetime import datetime

from bot.clock import Zone
from bot.services.moments import clock_words
from bot.services.moments.cursor import Cursor
from bot.services.moments.hours import FIRST_PLAIN_HOUR
from bot.services.moments.mentions import Length, OpenEnd, Until
from bot.services.moments.outcomes import Ask, Doubt, Earlier, NotADate, Outcome, Understood
from bot.services.moments.parser import parse
from bot.services.moments.reader import read
from bot.services.moments.words import Kind, cut

_SAID_TWICE = {Doubt.CONTRADICTION, Doubt.SEVERAL_DAYS, Doubt.SEVERAL_HOURS}


def answer(earlier: Earlier, text: str, now: datetime, zone: Zone) -> Outcome:
    """`text` as the answer to the question that `earlier` came from.

    Where it says everything itself it stands alone; otherwise it is read together with what was said before.
    """
    said = _as_hour(text) if earlier.doubt is Doubt.HOUR else text
    alone = read(said, now, zone)
    if isinstance(alone, Understood | NotADate):
        return alone
    if earlier.doubt not in {Doubt.HOUR, Doubt.DAY}:
        return alone
    together = read(f"{earlier.text}\n{said}", now, zone, said_at=earlier.said_at)
    is_worse = isinstance(together, Ask) and together.doubt in _SAID_TWICE
    return alone if is_worse else together


def _as_hour(text: str) -> str:
    """ "9" and "9-11" are hours when hours were asked for."""
    tokens = [token for token in cut(text) if token.kind is not Kind.MARK]
    is_bare = bool(tokens) and tokens[0].kind is Kind.NUMBER and tokens[0].text.isdecimal()
    return f"jam {text}" if is_bare else text


def read_end(text: str, start: datetime, now: datetime, zone: Zone) -> Outcome:
    """When something ends that begins at `start` (UTC): "11.00", "jam 11", "2 jam", "selesai".

    `zone` is that by whose clock the start is shown; an hour without a zone is in it. In the outcome only `end` and
    `is_open_ended` are news.
    """
    local = start.astimezone(zone.info)
    begin = f"{local:%Y-%m-%d %H.%M}{' dini hari' if local.hour < FIRST_PLAIN_HOUR else ''} {zone.name}"
    cursor = Cursor(cut(text))
    if clock_words.minutes(cursor) is not None and cursor.is_done:
        return read(f"{begin} selama {text}", now, zone)
    said = _as_hour(text)
    says_until = any(isinstance(each, Length | OpenEnd | Until) for each in parse(said)[:1])
    return read(f"{begin} {said}" if says_until else f"{begin} s.d. {said}", now, zone)
