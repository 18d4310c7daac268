"""parse_mode MarkdownV2 and its predecessor Markdown, with the refusals that Telegram words for them."""

import re
from dataclasses import dataclass

from bot.simulator.links import arguments_of
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

_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_CODE = ("code", "pre")
# What an entity is called when its end is missing.
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_MARKS = {
    "__": "underline",
    "||": "spoiler",
    "![": "custom_emoji",
    "```": "pre",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "[": "text_link",
    "`": "code",
}
_ENDS = {kind: mark for mark, kind in _MARKS.items()} | {"text_link": "]", "custom_emoji": "]"}
_LANGUAGE = re.compile(r"([^ \t\r\n\v`]+)(?=[ \t\r\n\v])")
# In an address, too, a backslash takes the meaning from what follows.
_URL = re.compile(r"((?:\\[\x01-\x7e]|[^)\\]|\\(?![\x01-\x7e]))*)\)", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\n\r|\n|\r")


@dataclass
class _Open:
    kind: str
    start: int
    position: int
    first_piece: int
    language: str = ""


def parse_markdown_v2(source: str) -> tuple[str, list[Span]]:
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.output = Output()
        self.open: list[_Open] = []
        self.spans: list[Span] = []
        self.in_quote = False
        # A quotation begins only where nothing of its line has been written yet.
        self.at_line_start = True

    def read(self) -> tuple[str, list[Span]]:
        while self.position < len(self.source):
            character = self.source[self.position]
            escaped = self.source[self.position + 1 : self.position + 2]
            reserved = "`" if self.open and self.open[-1].kind in _CODE else _RESERVED
            if character == "\\" and "\0" < escaped <= "~":
                self._write(escaped, begins_line=escaped == "\n")
                self.position += 2
            elif character not in reserved:
                self._write(character, begins_line=False)
                self.position += 1
            elif self._is_quote_end(character):
                self._end_quote()
            elif self.open and self._ends(self.open[-1].kind):
                self._end(self.open.pop())
            else:
                self._begin(character)
        self._end_of_text()
        return self.output.text(), self.spans

    def _write(self, character: str, *, begins_line: bool) -> None:
        self.output.add(character)
        if character != "\r":
            self.at_line_start = begins_line

    def _is_quote_end(self, character: str) -> bool:
        return self.in_quote and character == "\n" and not self.source.startswith(">", self.position + 1)

    def _ends(self, kind: str) -> bool:
        mark = _ENDS.get(kind)
        if mark is None or not self.source.startswith(mark, self.position):
            return False
        # Two underscores always belong to an underline.
        return not (kind == "italic" and self.source.startswith("__", self.position))

    def _begin(self, character: str) -> None:
        if character == "\n":
            self._write("\n", begins_line=True)
            self.position += 1
            return
        begin = self.position
        if character == ">" and self.at_line_start:
            self.position += 1
            if not self.in_quote:
                self.in_quote = True
                self._push("blockquote", begin)
            return
        mark = next((mark for mark in _MARKS if self.source.startswith(mark, begin)), None)
        if mark is None:
            raise MarkupError(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            )
        self.position += len(mark)
        language = ""
        if mark == "```":
            language, self.position = _code_head(self.source, self.position)
        self._push(_MARKS[mark], begin, language)

    def _push(self, kind: str, begin: int, language: str = "") -> None:
        self.open.append(_Open(kind, self.output.units, begin, len(self.output.pieces), language))

    def _end(self, entity: _Open) -> None:
        end = self.output.units
        self.position += len(_ENDS[entity.kind])
        details: dict[str, str | int] = {"language": entity.language} if entity.language else {}
        kind = entity.kind
        if kind == "text_link":
            url = self._url()
            if url is None:
                url = "".join(self.output.pieces[entity.first_piece :])
            link = link_span(url, entity.start, end)
            if link is not None and end > entity.start:
                self.spans.append(link)
            return
        if kind == "custom_emoji":
            kind, details = _emoji_or_date(self._url())
        if end > entity.start:
            self.spans.append(Span(kind, entity.start, end, dict(details)))

    def _url(self) -> str | None:
        """The address in parentheses that follows, None when there is none."""
        if not self.source.startswith("(", self.position):
            return None
        self.position += 1
        begin = self.position
        found = _URL.match(self.source, begin)
        if found is None:
            raise MarkupError(f"Can't find end of a URL at byte offset {byte_offset(self.source, begin)}")
        self.position = found.end()
        return re.sub(r"\\([\x01-\x7e])", r"\1", found[1], flags=re.DOTALL)

    def _end_quote(self) -> None:
        """At the line feed that ends a quotation: "||" before it makes the quotation expandable."""
        kind = self._close_expandable(self.position)
        quote = self.open[-1]
        if quote.kind != "blockquote":
            raise self._endless(quote)
        self.open.pop()
        self.in_quote = False
        self._write("\n", begins_line=True)
        self.position += 1
        self.spans.append(Span(kind, quote.start, self.output.units))

    def _end_of_text(self) -> None:
        if self.in_quote:
            kind = self._close_expandable(len(self.source))
            if self.open[-1].kind == "blockquote":
                quote = self.open.pop()
                if self.output.units > quote.start:
                    self.spans.append(Span(kind, quote.start, self.output.units))
        if self.open:
            raise self._endless(self.open[-1])

    def _close_expandable(self, end: int) -> str:
        mark = self.open[-1]
        if mark.kind == "spoiler" and self.source[mark.position : end] in {"||", "||\r"}:
            self.open.pop()
            return "expandable_blockquote"
        return "blockquote"

    def _endless(self, entity: _Open) -> MarkupError:
        name = "PreCode" if entity.language else _NAMES[entity.kind]
        at = byte_offset(self.source, entity.position)
        return MarkupError(f"Can't find end of {name} entity at byte offset {at}")


def _code_head(source: str, position: int) -> tuple[str, int]:
    """The language after the three marks, and where the code begins: one line end is skipped."""
    found = _LANGUAGE.match(source, position)
    language = found[1] if found else ""
    position += len(language)
    line_end = _LINE_END.match(source, position)
    return language, line_end.end() if line_end else position


def _emoji_or_date(url: str | None) -> tuple[str, dict[str, str | int]]:
    if url is None:
        raise MarkupError("The entity must contain a tg://emoji or tg://time URL")
    emoji = arguments_of(url, "emoji") or {}
    if "id" in emoji:
        try:
            return "custom_emoji", dict(custom_emoji(emoji["id"]))
        except MarkupError:
            raise MarkupError("Invalid tg://emoji or tg://time URL specified") from None
    date = arguments_of(url, "time") or {}
    unix = date.get("unix", "")
    if not re.fullmatch(r"[0-9]{1,10}", unix) or not 0 < int(unix) <= INT32_MAX:
        raise MarkupError("Invalid tg://emoji or tg://time URL specified")
    return "date_time", date_time(int(unix), date.get("format", ""))


def parse_markdown(source: str) -> tuple[str, list[Span]]:
    """The legacy mode: nothing is nested, and a backslash counts only before _ * ` [ outside of entities."""
    output = Output()
    spans = []
    position = 0
    while position < len(source):
        character = source[position]
        if character == "\\" and source[position + 1 : position + 2] in {"_", "*", "`", "["}:
            output.add(source[position + 1])
            position += 2
        elif character not in "_*`[":
            output.add(character)
            position += 1
        else:
            span, position = _legacy_entity(source, position, output)
            if span is not None:
                spans.append(span)
    return output.text(), spans


def _legacy_entity(source: str, begin: int, output: Output) -> tuple[Span | None, int]:
    mark = "```" if source.startswith("```", begin) else source[begin]
    kind = _MARKS[mark]
    position = begin + len(mark)
    language = ""
    if mark == "```":
        language, position = _code_head(source, position)
    end = source.find(_ENDS[kind], position)
    if end < 0:
        at = byte_offset(source, begin)
        raise MarkupError(f"Can't find end of the entity starting at byte offset {at}")
    start = output.units
    inner = source[position:end]
    output.add(inner)
    position = end + len(_ENDS[kind])
    url = inner
    if kind == "text_link" and source.startswith("(", position):
        closing = source.find(")", position)
        closing = len(source) if closing < 0 else closing
        url, position = source[position + 1 : closing], closing + 1
    if not inner:
        return None, position
    if kind == "text_link":
        return link_span(url, start, output.units), position
    return Span(kind, start, output.units, {"language": language} if language else {}), position
