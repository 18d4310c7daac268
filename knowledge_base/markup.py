"""The small markup of answers: paragraphs, "- " lists, **bold**, *italic*; a backslash makes any sign plain.

`parse` never fails: what is not markup stays as it was typed. `faults` says what an editor should mend first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.problems import Code

BULLET = "• "


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[tuple[Span, ...], ...]


Block = Paragraph | BulletList
Markup = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    line: int  # from 0, within the text
    code: Code
    found: str


def parse(text: str) -> Markup:
    blocks: list[Block] = []
    for raw in _raw_blocks(text):
        spans = _spans(raw.text)[0]
        if not spans:
            continue
        last = blocks[-1] if blocks else None
        if not raw.is_item:
            blocks.append(Paragraph(spans))
        elif isinstance(last, BulletList):
            blocks[-1] = BulletList((*last.items, spans))
        else:
            blocks.append(BulletList((spans,)))
    return tuple(blocks)


def faults(text: str) -> tuple[Fault, ...]:
    """What is no part of the markup or is not closed, in the order of the lines."""
    found = list(_foreign_markup(text))
    for raw in _raw_blocks(text):
        fault = _spans(raw.text)[1]
        if fault:
            found.append(Fault(raw.line + fault.line, fault.code, fault.found))
    return tuple(sorted(found, key=lambda fault: fault.line))


def separator(before: Block, after: Block) -> str:
    """What a reader sees between two blocks: a list stands right under the sentence that introduces it."""
    return "\n" if isinstance(before, Paragraph) and isinstance(after, BulletList) else "\n\n"


def plain(markup: Markup) -> str:
    """The text as a chat shows it, without bold and italic."""
    shown = ""
    for number, block in enumerate(markup):
        if number:
            shown += separator(markup[number - 1], block)
        match block:
            case Paragraph(spans):
                shown += _joined(spans)
            case BulletList(items):
                shown += "\n".join(BULLET + _joined(item) for item in items)
    return shown


def utf16_length(text: str) -> int:
    """Telegram counts UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shown_length(markup: Markup) -> int:
    return utf16_length(plain(markup))


def tidy(text: str) -> str:
    """The same markup without blank lines around it and blanks at line ends."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _joined(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


# ---------------------------------------------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True)
class _RawBlock:
    line: int
    is_item: bool
    text: str  # its lines, still joined by line breaks, so that a marker can be told to stand on one of them


_ITEM = re.compile(r"-[ \t]+(?=\S)")


def _raw_blocks(text: str) -> Iterator[_RawBlock]:
    start, is_item, lines = 0, False, list[str]()
    for number, line in enumerate(text.split("\n")):
        item = _ITEM.match(line)
        is_continuation = bool(lines) and not item and (not is_item or line[:1] in (" ", "\t"))
        if lines and not (line.strip() and is_continuation):
            yield _RawBlock(start, is_item, "\n".join(lines))
            lines = []
        if not line.strip():
            continue
        if not lines:
            start, is_item = number, item is not None
        lines.append(line[item.end() :] if item else line)
    if lines:
        yield _RawBlock(start, is_item, "\n".join(lines))


# --------------------------------------------------------------------------------------------------- markers

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_TOKEN = re.compile(rf"\\(?P<plain>{_PUNCTUATION})|(?P<stars>\*+)")
_PARTS = {1: ("italic",), 2: ("bold",), 3: ("bold", "italic")}
_MARKER = {"bold": "**", "italic": "*"}


def _spans(text: str) -> tuple[tuple[Span, ...], Fault | None]:
    """The spans of one block and its first fault: the others are mostly the shadow of the first."""
    pieces: list[str] = []  # text and markers in turn; a marker that has found its partner becomes empty
    styled: dict[str, list[range]] = {"bold": [], "italic": []}
    opened: dict[str, tuple[int, int]] = {}  # kind -> (piece, position in the text)
    suspects: list[tuple[int, Code, str]] = []

    end = 0
    for token in _TOKEN.finditer(text):
        pieces.append(text[end : token.start()])
        end = token.end()
        if token["plain"]:
            pieces.append(token["plain"])
            continue
        before, after = text[max(token.start() - 1, 0) : token.start()], text[end : end + 1]
        stars = token["stars"]
        stands_alone = not before.strip() and not after.strip()
        is_times = before.isdigit() and after.isdigit()
        if len(stars) > 3 or stands_alone or (is_times and stars == "*"):
            pieces.append(stars)
            if len(stars) > 1:  # one star alone is a multiplication: "3.000.000 * 6"
                suspects.append((token.start(), Code.MARKUP_SPACED, stars))
            continue
        for kind in _PARTS[len(stars)]:
            if kind in opened and before.strip():
                opening = opened.pop(kind)[0]
                styled[kind].append(range(opening, len(pieces)))
                pieces[opening] = ""
                pieces.append("")
                continue
            if kind in opened:
                suspects.append((token.start(), Code.MARKUP_SPACED, _MARKER[kind]))
            if after.strip():
                opened[kind] = (len(pieces), token.start())
            elif kind not in opened:
                suspects.append((token.start(), Code.MARKUP_OPEN, _MARKER[kind]))
            pieces.append(_MARKER[kind])
    pieces.append(text[end:])

    suspects += [(position, Code.MARKUP_OPEN, _MARKER[kind]) for kind, (_, position) in opened.items()]
    bold, italic = ({piece for span in styled[kind] for piece in span} for kind in ("bold", "italic"))
    spans = _merged([Span(piece, n in bold, n in italic) for n, piece in enumerate(pieces)])
    if not suspects:
        return spans, None
    # where a closing marker has a blank before it, the opening one is not what the editor must mend
    position, code, marker = min(suspects, key=lambda suspect: (suspect[1] is Code.MARKUP_OPEN, suspect[0]))
    return spans, Fault(text.count("\n", 0, position), code, marker)


def _merged(pieces: list[Span]) -> tuple[Span, ...]:
    """Neighbours of one style as one span; blanks and line breaks as one blank, none at either end."""
    spans: list[Span] = []
    for piece in pieces:
        text = re.sub(r"[ \t\n]+", " ", piece.text)
        if text.startswith(" ") and (not spans or spans[-1].text.endswith(" ")):
            text = text[1:]
        if not text:
            continue
        if spans and (spans[-1].bold, spans[-1].italic) == (piece.bold, piece.italic):
            spans[-1] = Span(spans[-1].text + text, piece.bold, piece.italic)
        else:
            spans.append(Span(text, piece.bold, piece.italic))
    if spans:
        last = spans.pop()
        text = last.text.removesuffix(" ")
        if text:
            spans.append(Span(text, last.bold, last.italic))
    return tuple(spans)


# -------------------------------------------------------------------------------------------- foreign markup

_FOREIGN_LINE_STARTS = re.compile(
    r"""
      \#+                                # a heading
    | >                                  # a quotation
    | \|                                 # a table
    | (?:-{3,}|\*{3,}|_{3,})(?=\s*$)     # a rule
    | [ \t]+[-*+•](?=\s)                 # a list in a list
    | [*+•–](?=[ \t]+\S)                 # a list with another sign
    | -(?=[^\W\d_]|\*|\s*$)             # a list item without a blank or without words
    | \d{1,2}[.)](?=\s)                  # a numbered list
    """,
    re.VERBOSE,
)
_FOREIGN_ANYWHERE = re.compile(
    r"!?\[[^\]]*\]\([^)]*\)"  # a link or a picture
    r"|`+"  # code
    r"|~~"  # struck out
    r"|__"  # bold, the other way
    r"|(?<!\w)_(?=\S)[^_]*_(?!\w)"  # italic, the other way
    r"|</?[A-Za-z][^<>]*>"  # HTML
    r"|<!--"
)
_ESCAPED = re.compile(rf"\\{_PUNCTUATION}")


def _foreign_markup(text: str) -> Iterator[Fault]:
    was_in_list = False
    for number, line in enumerate(text.split("\n")):
        # letters in the place of escaped signs, so that they are seen as words
        visible = _ESCAPED.sub("xx", line)
        is_item = _ITEM.match(visible) is not None
        is_continuation = was_in_list and line[:1] in (" ", "\t") and bool(line.strip())
        start = _FOREIGN_LINE_STARTS.match(visible)
        inside = _FOREIGN_ANYWHERE.search(visible)
        if start:
            yield Fault(number, Code.MARKUP_UNKNOWN, start[0].strip())
        elif inside:
            yield Fault(number, Code.MARKUP_UNKNOWN, inside[0])
        elif was_in_list and line.strip() and not is_item and not is_continuation:
            yield Fault(number, Code.MARKUP_AFTER_LIST, line.strip()[:30])
        was_in_list = is_item or is_continuation
