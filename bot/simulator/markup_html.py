"""parse_mode HTML, with the refusals that Telegram words for it."""

import re
from dataclasses import dataclass

from bot.simulator.markup_parts import (
    INT32_MAX,
    MarkupError,
    Output,
    byte_offset,
    custom_emoji,
    date_time,
    link_span,
)
from bot.simulator.spans import Span

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_STYLES, "a", "pre", "code", "blockquote", "tg-emoji", "tg-time"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
# A reference of ten characters or more, "&" and ";" not counted, is left as it stands.
_REFERENCE = re.compile(r"&(?:#(?:x([0-9a-fA-F]*)|([0-9]*))|([A-Za-z]+));?")
_LONGEST_REFERENCE = 9
_BLANKS = re.compile(r"[ \t\r\n\v]*")
_TAG_NAME = re.compile(r"[^ \t\r\n\v>]*")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\r\n\v=>/\"']*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")


@dataclass
class _Tag:
    name: str
    attributes: dict[str, str]
    start: int
    first_piece: int


def parse_html(source: str) -> tuple[str, list[Span]]:
    """The text and its spans in the order in which they end."""
    if "\0" in source:
        raise MarkupError("Text must not contain null bytes")
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.output = Output()
        self.open_tags: list[_Tag] = []
        self.spans: list[Span] = []

    def read(self) -> tuple[str, list[Span]]:
        while self.position < len(self.source):
            if self.source.startswith("</", self.position):
                self._end_tag()
            elif self.source[self.position] == "<":
                self._start_tag()
            else:
                self.output.add(self._character())
        if self.open_tags:
            name = self.open_tags[-1].name
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{name}"')
        text = self.output.text()
        if re.search("[\ud800-\udfff]", text):
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        # A language belongs to <pre>; on a <code> of its own it means nothing.
        return text, [Span("code", s.start, s.end) if s.kind == "code" else s for s in self.spans]

    def _character(self) -> str:
        """The next character, or the one that a reference stands for."""
        found = _REFERENCE.match(self.source, self.position)
        decoded = _decoded(found) if found else ""
        if found and decoded:
            self.position = found.end()
            return decoded
        self.position += 1
        return self.source[self.position - 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.position)
        text = found[0] if found else ""
        self.position += len(text)
        return text

    def _next(self) -> str:
        return self.source[self.position : self.position + 1]

    def _at(self, position: int) -> int:
        return byte_offset(self.source, position)

    def _start_tag(self) -> None:
        begin = self.position
        self.position += 1
        name = self._take(_TAG_NAME).lower()
        if not self._next():
            raise MarkupError(f"Unclosed start tag at byte offset {self._at(begin)}")
        if name not in _TAGS:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {self._at(begin)}')
        attributes: dict[str, str] = {}
        self._take(_BLANKS)
        while self._next() != ">":
            key, value = self._attribute(name, begin)
            attributes[key] = value
            self._take(_BLANKS)
        self.position += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {self._at(begin)}')
        self.open_tags.append(_Tag(name, attributes, self.output.units, len(self.output.pieces)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._take(_ATTRIBUTE_NAME)
        if not name:
            raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {self._at(begin)}')
        self._take(_BLANKS)
        if self._next() == "=":
            self.position += 1
            self._take(_BLANKS)
            if self._next():
                return name, self._attribute_value(begin)
        if not self._next():
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {self._at(begin)}')
        return name, ""

    def _attribute_value(self, begin: int) -> str:
        quote = self._next()
        if quote in {'"', "'"}:
            self.position += 1
            pieces = []
            while self._next() not in {quote, ""}:
                pieces.append(self._character())
            self.position += 1
            value = "".join(pieces)
        else:
            token = self.position
            value = self._take(_NAME_TOKEN).lower()
            if self._next() not in {*" \t\r\n\v>", ""}:
                raise MarkupError(f"Unexpected end of name token at byte offset {self._at(token)}")
        if not self._next():
            raise MarkupError(f"Unclosed start tag at byte offset {self._at(begin)}")
        return value

    def _end_tag(self) -> None:
        begin = self.position
        if not self.open_tags:
            raise MarkupError(f"Unexpected end tag at byte offset {self._at(begin)}")
        self.position += 2
        name = self._take(_TAG_NAME).lower()
        self._take(_BLANKS)
        if self._next() != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {self._at(begin)}")
        self.position += 1
        tag = self.open_tags[-1]
        if name and name != tag.name:
            expected = f'expected "</{tag.name}>", found "</{name}>"'
            raise MarkupError(f"Unmatched end tag at byte offset {self._at(begin)}, {expected}")
        if self.output.units > tag.start:
            self._close(tag, self.output.units)
        self.open_tags.pop()

    def _close(self, tag: _Tag, end: int) -> None:
        match tag.name:
            case "a":
                url = tag.attributes.get("href") or "".join(self.output.pieces[tag.first_piece :])
                if (link := link_span(url, tag.start, end)) is not None:
                    self.spans.append(link)
            case "pre" | "code":
                self._close_code(tag, end)
            case "blockquote":
                kind = "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"
                self.spans.append(Span(kind, tag.start, end))
            case "tg-emoji":
                details = custom_emoji(tag.attributes.get("emoji-id", ""))
                self.spans.append(Span("custom_emoji", tag.start, end, dict(details)))
            case "tg-time":
                unix = re.match(r"[0-9]*", tag.attributes.get("unix", ""))
                when = int(unix[0]) if unix and unix[0] else 0
                details_of_date = date_time(when, tag.attributes.get("format", ""))
                if 0 < when <= INT32_MAX:
                    self.spans.append(Span("date_time", tag.start, end, dict(details_of_date)))
            case name:
                self.spans.append(Span(_STYLES[name], tag.start, end))

    def _close_code(self, tag: _Tag, end: int) -> None:
        """A <code> that fills a <pre>, whichever is outside, only names the language."""
        language = ""
        if tag.name == "code" and tag.attributes.get("class", "").startswith("language-"):
            language = tag.attributes["class"].removeprefix("language-")
        details = {"language": language} if language else {}
        last = self.spans[-1] if self.spans else None
        other = "code" if tag.name == "pre" else "pre"
        if last is not None and (last.kind, last.start, last.end) == (other, tag.start, end):
            named = last.details or details
            if named:
                self.spans[-1] = Span("pre", tag.start, end, named)
                return
        self.spans.append(Span(tag.name, tag.start, end, details))


def _decoded(reference: re.Match[str]) -> str:
    hexadecimal, decimal, name = reference.groups()
    if name is not None:
        return _NAMED.get(name, "")
    if len(reference[0].removesuffix(";")) > _LONGEST_REFERENCE:
        return ""
    code = int(hexadecimal or "0", 16) if hexadecimal is not None else int(decimal or "0")
    return chr(code) if 0 < code < 0x10FFFF else ""
