"""YAML as a tree of plain words, each with its line; and what is wrong with it, as an editor would see it.

Every value stays the text that was typed: dates, numbers and yes/no are read where their meaning is known.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from knowledge_base.problems import Code, Report


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str  # on one line, single blanks; "" for an empty value
    line: int


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, int, "Node"], ...]  # key as typed, its line, value
    line: int


Node = Scalar | Listing | Table


def one_line(text: str) -> str:
    return " ".join(text.split())


def key_of(text: str) -> str:
    """A key or heading as the code spells it: case, blanks and a closing colon do not count."""
    return one_line(text.replace("_", " ")).casefold().removesuffix(":").rstrip()


def read_yaml(text: str, first_line: int, report: Report) -> Node | None:
    """None when it cannot be read, after reporting why. `text` begins on `first_line` of its file."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        if node is None:
            return Scalar("", first_line)
        _report_cut_numbers(node, first_line, report)
        return _tree(node, first_line)
    except _OpeningSignError as error:
        report.add(Code.YAML_NEEDS_QUOTES, error.line, found=error.sign)
    except YAMLError as error:
        _explain(error, text, first_line, report)
    except RecursionError:  # brackets in brackets in brackets
        report.add(Code.YAML_UNREADABLE, first_line)
    return None


class _OpeningSignError(Exception):
    """A value begins with a sign that means something to YAML and nothing to an editor."""

    def __init__(self, line: int, sign: str) -> None:
        self.line = line
        self.sign = sign


def _tree(node: object, first_line: int) -> Node:
    assert isinstance(node, ScalarNode | SequenceNode | MappingNode)
    line = first_line + node.start_mark.line
    if node.anchor is not None:
        raise _OpeningSignError(line, "&")
    if not str(node.tag).startswith("tag:yaml.org,2002:"):
        raise _OpeningSignError(line, "!")
    match node:
        case SequenceNode():
            return Listing(tuple(_tree(item, first_line) for item in node.value), line)
        case MappingNode():
            rows = []
            for key, value in node.value:
                name = one_line(key.value) if isinstance(key, ScalarNode) else ""
                rows.append((name, first_line + key.start_mark.line, _tree(value, first_line)))
            return Table(tuple(rows), line)
        case _:
            is_null = node.style is None and node.value in ("~", "null")
            return Scalar("" if is_null else one_line(node.value), line)


def _report_cut_numbers(node: object, first_line: int, report: Report) -> None:
    """[0,36 persen] is a list of two for YAML and one figure for everybody else."""
    if isinstance(node, MappingNode):
        for _, value in node.value:
            _report_cut_numbers(value, first_line, report)
    elif isinstance(node, SequenceNode):
        for left, right in zip(node.value, node.value[1:], strict=False):
            if not (isinstance(left, ScalarNode) and isinstance(right, ScalarNode) and node.flow_style):
                continue
            is_cut = right.start_mark.index == left.end_mark.index + 1
            if is_cut and left.value[-1:].isdigit() and right.value[:1].isdigit():
                found = f"{left.value},{right.value}"
                report.add(Code.YAML_COMMA, first_line + left.start_mark.line, found=found)


# ------------------------------------------------------------------------------------------------ explaining


def _explain(error: YAMLError, text: str, first_line: int, report: Report) -> None:
    lines = text.split("\n")

    def line_at(index: int) -> str:
        return lines[index] if 0 <= index < len(lines) else ""

    if isinstance(error, ReaderError):
        at = text.count("\n", 0, error.position) if isinstance(error.position, int) else 0
        report.add(Code.YAML_CHARACTER, first_line + at)
        return
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        report.add(Code.YAML_UNREADABLE, first_line)
        return

    context, at = error.context or "", error.problem_mark.line
    start = error.context_mark.line if error.context_mark else at
    if "\\t" in (error.problem or ""):
        report.add(Code.YAML_TAB, first_line + at)
    elif "quoted scalar" in context:
        report.add(Code.YAML_QUOTE, first_line + start)
    elif "flow" in context:
        report.add(Code.YAML_BRACKET, first_line + start)
    elif "simple key" in context:
        _explain_key(line_at(start), first_line + start, report)
    elif "']'" in (error.problem or "") or "'}'" in (error.problem or ""):
        report.add(Code.YAML_BRACKET, first_line + at)
    elif "cannot start any token" in (error.problem or "") or "alias" in (error.problem or ""):
        value = line_at(at)[error.problem_mark.column :]
        report.add(Code.YAML_NEEDS_QUOTES, first_line + at, found=value[:1])
    elif "mapping values" in (error.problem or ""):
        before = line_at(at)[: error.problem_mark.column]
        if ":" in before:
            report.add(Code.YAML_COLON_IN_VALUE, first_line + at, found=one_line(before.split(":")[0]))
        elif line_at(at)[:1] == " ":
            report.add(Code.YAML_INDENT, first_line + at)
        else:  # the line above swallowed this one, because it is no key itself
            at = _line_above(lines, at)
            _explain_key(line_at(at), first_line + at, report)
    elif "block" in context or "document start" in (error.problem or ""):
        report.add(Code.YAML_INDENT, first_line + at)
    else:
        report.add(Code.YAML_UNREADABLE, first_line + at)


def _line_above(lines: list[str], index: int) -> int:
    return next((above for above in range(index - 1, -1, -1) if lines[above].strip()), index)


def _explain_key(line: str, number: int, report: Report) -> None:
    key, colon, _ = line.partition(":")
    if colon:
        report.add(Code.YAML_NO_SPACE, number, found=one_line(key))
    else:
        report.add(Code.YAML_NO_COLON, number, found=one_line(line)[:40])


# --------------------------------------------------------------------------------------------------- fields


Word = TypeVar("Word", bound=StrEnum)


class Fields:
    """The keys of one table, read with their meaning; every fault is reported once, where it stands."""

    def __init__(self, table: Table, allowed: tuple[str, ...], report: Report) -> None:
        self._report = report
        self._line = table.line
        self._rows: dict[str, tuple[int, Node]] = {}
        for typed, line, value in table.rows:
            key = key_of(typed)
            if key not in allowed:
                report.add(Code.KEY_UNKNOWN, line, typed, allowed=", ".join(allowed))
            elif key in self._rows:
                report.add(Code.KEY_TWICE, line, key, first=self._rows[key][0])
            else:
                self._rows[key] = (line, value)

    def line_of(self, key: str) -> int:
        return self._rows[key][0] if key in self._rows else self._line

    def text(self, key: str) -> str | None:
        """A value that must be there."""
        value = self.optional_text(key)
        if key not in self._rows:
            self._report.add(Code.KEY_MISSING, self._line, key)
        elif value == "":
            self._report.add(Code.KEY_EMPTY, self.line_of(key), key)
        return value or None

    def optional_text(self, key: str) -> str | None:
        """None when the key is missing or holds something else than one value (reported)."""
        if key not in self._rows:
            return None
        line, node = self._rows[key]
        if isinstance(node, Scalar):
            return node.text
        self._report.add(Code.NOT_ONE_VALUE, line, key)
        return None

    def texts(self, key: str) -> tuple[Scalar, ...]:
        """A list of words, none twice; "a, b" is one too, and a missing key an empty one."""
        if key not in self._rows:
            return ()
        line, node = self._rows[key]
        found: dict[str, Scalar] = {}
        match node:
            case Scalar(text):
                for part in text.split(","):
                    found.setdefault(one_line(part), Scalar(one_line(part), line))
            case Listing(items):
                for item in items:
                    if isinstance(item, Scalar):
                        found.setdefault(item.text, item)
                    else:
                        self._report.add(Code.NOT_A_LIST, item.line, key)
            case Table():
                self._report.add(Code.NOT_A_LIST, line, key)
        return tuple(item for item in found.values() if item.text)

    def day(self, key: str, *, required: bool = True) -> date | None:
        text = self.text(key) if required else self.optional_text(key)
        return read_day(text, self.line_of(key), key, self._report) if text else None

    def word(self, key: str, words: Mapping[Word, str]) -> Word | None:
        text = self.text(key)
        if text is None:
            return None
        for word, spelling in words.items():
            if spelling == key_of(text):
                return word
        self._report.add(
            Code.WORD_UNKNOWN, self.line_of(key), key, found=text, allowed=", ".join(words.values())
        )
        return None


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(text: str, line: int, field: str, report: Report) -> date | None:
    if not _ISO_DAY.fullmatch(text):
        report.add(Code.DATE_NOT_ISO, line, field, found=text)
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        report.add(Code.DATE_IMPOSSIBLE, line, field, found=text)
        return None


def tables_of(node: Node, report: Report) -> Iterator[Table]:
    """The items of a register: a list of tables."""
    if not isinstance(node, Listing):
        report.add(Code.NOT_A_LIST, node.line)
        return
    for item in node.items:
        if isinstance(item, Table):
            yield item
        else:
            report.add(Code.NOT_KEYS, item.line)
