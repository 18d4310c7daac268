"""Marked stretches of a text, and the rules by which Telegram lets them stand together."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any

from bot.simulator.refusal import Refused, bad_request

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
# Nothing else is marked inside these.
_OPAQUE = ("code", "pre", "date_time")
# Among spans of the same place and length the one with the smaller number comes first.
_ORDER = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_FOUND_ORDER = 50

_CONTROLS = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
# Line separators, bidirectional overrides, and marks that draw lines across neighbouring text.
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_MARK_RUNS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
_INVISIBLE = re.compile(
    "[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\U000e0000-\U000e007f]*"
)


@dataclass(frozen=True)
class Span:
    """A marked stretch; `start` and `end` count UTF-16 units."""

    kind: str
    start: int
    end: int
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int, int]:
        return self.start, -self.end, _ORDER.get(self.kind, _FOUND_ORDER)

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def as_entity(self) -> dict[str, Any]:
        return {"type": self.kind, "offset": self.start, "length": self.end - self.start, **self.details}


def utf16_length(text: str) -> int:
    """How long Telegram finds this text: most emoji count as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def require_unicode(text: str) -> None:
    if re.search("[\ud800-\udfff]", text):
        raise bad_request("strings must be encoded in UTF-8")


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing at all."""
    return _INVISIBLE.fullmatch(text) is not None


def clean_text(text: str) -> str:
    """The text without what Telegram never lets through."""
    require_unicode(text)
    return _hide_mark_runs(_DROPPED.sub("", _CONTROLS.sub(" ", text)))


def clean(text: str, spans: Iterable[Span]) -> tuple[str, list[Span]]:
    """As `clean_text`, with the spans moved to where their characters are now."""
    require_unicode(text)
    before = [0, *accumulate(1 + (character > "\uffff") for character in text)]
    after = [0, *accumulate(_kept_units(character) for character in text)]
    moved = []
    for span in sorted(spans, key=lambda each: each.place):
        for edge in (span.start, span.end):
            if edge > before[-1]:
                raise _beyond_the_end(span, before[-1])
            if before[bisect_right(before, edge) - 1] != edge:
                raise _inside_a_symbol(span, edge, text[: bisect_right(before, edge)])
        start, end = (after[bisect_right(before, edge) - 1] for edge in (span.start, span.end))
        if end > start:
            moved.append(replace(span, start=start, end=end))
    return clean_text(text), moved


def trim(text: str, spans: Iterable[Span]) -> tuple[str, list[Span]]:
    """Without blanks at the ends; those at the start stay when something is marked there."""
    text = text.rstrip(" \n")
    end = utf16_length(text)
    spans = [replace(span, end=min(span.end, end)) for span in spans if span.start < end]
    leading = len(text) - len(text.lstrip(" \n"))
    cut = min([leading, *(span.start for span in spans)])
    return text[cut:], [replace(span, start=span.start - cut, end=span.end - cut) for span in spans]


def arrange(spans: Iterable[Span], found: Iterable[Span] = ()) -> list[Span]:
    """The spans in order and properly nested; those `found` in the text give way to the given ones.

    Links, mentions and code never overlap each other, quotations hold no quotation, a link crosses no edge of
    a quotation. Bold and the like are merged, cut at the edges of everything else and left out inside code.
    """
    given = sorted((span for span in spans if span.end > span.start), key=lambda each: each.place)
    quotes = _without_overlaps(span for span in given if span.kind in QUOTES)
    solid = _without_overlaps(span for span in given if span.kind not in QUOTES + SPLITTABLE)
    solid = [span for span in solid if not any(_crosses(span, quote) for quote in quotes)]
    solid += [
        span
        for span in found
        if not any(span.overlaps(other) for other in solid)
        and not any(_crosses(span, quote) for quote in quotes)
    ]
    pieces = _cut([span for span in given if span.kind in SPLITTABLE], [*solid, *quotes])
    return sorted([*solid, *quotes, *pieces], key=lambda each: each.place)


def _cut(styles: list[Span], others: list[Span]) -> list[Span]:
    merged = [span for kind in SPLITTABLE for span in _merged([each for each in styles if each.kind == kind])]
    starts = {span.start for span in merged}
    edges = sorted(starts.union(edge for span in others for edge in (span.start, span.end)))
    opaque = [span for span in others if span.kind in _OPAQUE]
    pieces = []
    for span in merged:
        inner = edges[bisect_right(edges, span.start) : bisect_left(edges, span.end)]
        for start, end in pairwise([span.start, *inner, span.end]):
            piece = replace(span, start=start, end=end)
            if not any(piece.overlaps(other) for other in opaque):
                pieces.append(piece)
    return pieces


def _merged(spans: list[Span]) -> list[Span]:
    result: list[Span] = []
    for span in spans:
        if result and span.start <= result[-1].end:
            result[-1] = replace(result[-1], end=max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    result: list[Span] = []
    for span in spans:
        if not result or span.start >= result[-1].end:
            result.append(span)
    return result


def _crosses(span: Span, quote: Span) -> bool:
    return span.overlaps(quote) and not (quote.start <= span.start and span.end <= quote.end)


def _kept_units(character: str) -> int:
    return 0 if _DROPPED.match(character) else 1 + (character > "\uffff")


def _hide_mark_runs(text: str) -> str:
    return _MARK_RUNS.sub(lambda run: "\u200c" * len(run[0]), text)


def _beyond_the_end(span: Span, length: int) -> Refused:
    if span.start > length:
        return bad_request(f"entity begins after the end of the text at UTF-16 offset {span.start}")
    return bad_request(
        f"entity beginning at UTF-16 offset {span.start} ends after the end of the text "
        f"at UTF-16 offset {span.end}",
    )


def _inside_a_symbol(span: Span, edge: int, before: str) -> Refused:
    at = len(before.encode())
    if edge == span.start:
        return bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {at}")
    return bad_request(
        f"entity beginning at UTF-16 offset {span.start} ends in a middle of a UTF-16 symbol "
        f"at byte offset {at}",
    )
