"""One entry file -> one entry, or what an editor has to mend before it is one."""

import re
from dataclasses import dataclass, field
from datetime import date

from knowledge_base import markup, rules
from knowledge_base.entry import (
    KIND_WORDS,
    SOURCING_WORDS,
    Citation,
    Entry,
    SourceReference,
    Version,
)
from knowledge_base.problems import Code, Place, Places, Report
from knowledge_base.yaml_lines import (
    Fields,
    Scalar,
    Table,
    key_of,
    one_line,
    read_day,
    read_yaml,
)

FRONT_MATTER_KEYS = (
    "id",
    "jenis",
    "topik",
    "kata kunci",
    "terkait",
    "penulis",
    "pemeriksa",
    "tanpa dasar hukum",
)
VERSION_KEYS = ("sampai", "ditinjau", "tinjau lagi", "mutu sumber")
PHRASINGS, IN_FORCE = "Cara orang menanyakannya", "Berlaku sejak"
ANSWER, DETAIL, LEGAL_BASIS, SOURCES = "Jawaban", "Rincian", "Dasar hukum", "Sumber"
HEADINGS = {key_of(name): name for name in (PHRASINGS, ANSWER, DETAIL, LEGAL_BASIS, SOURCES)}


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str


@dataclass(slots=True)
class Section:
    line: int
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class VersionSection(Section):
    start_text: str = ""
    parts: dict[str, Section] = field(default_factory=dict)
    has_wrong_heading: bool = False  # which is then most likely the one that is missed


def normalised(text: str) -> str:
    """The text without a byte order mark and with one kind of line end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_entry(text: str, report: Report) -> tuple[Entry, Places] | None:
    """None when the file holds no usable entry; `report` then says why."""
    errors_before = report.error_count
    split = _front_matter(normalised(text).split("\n"), report)
    if split is None:
        return None
    front, body = split
    places = Places()
    places.put(Place(report.path, 1))
    entry = _Reader(report, places).read(_fields(front, report), body)
    if entry is None or report.error_count > errors_before:
        return None
    report.problems += rules.entry_problems(entry, places.of)
    return None if report.error_count > errors_before else (entry, places)


def _fields(front: list[Line], report: Report) -> Fields | None:
    """None when the front matter hides its keys; the body is worth checking all the same."""
    node = read_yaml("\n".join(line.text for line in front), front[0].number if front else 1, report)
    match node:
        case None:
            return None
        case Table():
            return Fields(node, FRONT_MATTER_KEYS, report)
        case Scalar(""):
            return Fields(Table((), node.line), FRONT_MATTER_KEYS, report)
        case _:
            report.add(Code.NOT_KEYS, node.line)
            return None


def _front_matter(lines: list[str], report: Report) -> tuple[list[Line], list[Line]] | None:
    numbered = [Line(number, text) for number, text in enumerate(lines, start=1)]
    begin = next((line for line in numbered if line.text.strip()), None)
    if begin is None or begin.text.rstrip() != "---":
        report.add(Code.FRONT_MATTER_MISSING, begin.number if begin else 1)
        return None
    for line in numbered[begin.number :]:
        if line.text.rstrip() == "---":
            return numbered[begin.number : line.number - 1], numbered[line.number :]
        heading = _HEADING.match(line.text)
        if heading and (key_of(heading[2]) in HEADINGS or _START.fullmatch(one_line(heading[2]))):
            break  # this is the body already: the closing line is missing
    report.add(Code.FRONT_MATTER_OPEN, begin.number)
    return None


_HEADING = re.compile(r"(#+)\s*(.*)")
_START = re.compile(rf"{IN_FORCE}\b[\s:]*(.*)", re.IGNORECASE)
_LIST_LINE = re.compile(r"(?:[-–•]\s*|\*\s+)(.*)")
_REMARK = re.compile(r"\s#\s")


class _Reader:
    def __init__(self, report: Report, places: Places) -> None:
        self._report = report
        self._places = places
        self._question: str | None = None
        self._phrasings: Section | None = None
        self._versions: list[VersionSection] = []

    def read(self, fields: Fields | None, body: list[Line]) -> Entry | None:
        self._cut(body)
        if self._question is None:
            self._report.add(Code.QUESTION_MISSING, body[0].number if body else 1)
        if self._phrasings is None:
            self._report.add(Code.SECTION_MISSING, self._places.of("question").line, PHRASINGS)
        variants = self._list(self._phrasings, PHRASINGS)
        for number, line in enumerate(variants):
            self._place(line.number, "variants", number)
        if not self._versions:
            self._report.add(Code.VERSION_MISSING, body[0].number if body else 1)
        versions = [self._version(section) for section in self._versions]
        self._report_twins(versions)
        if fields is None:
            return None

        entry_id, topic_id = fields.text("id"), fields.text("topik")
        kind = fields.word("jenis", KIND_WORDS)
        keywords, related = fields.texts("kata kunci"), fields.texts("terkait")
        author, reviewer = fields.text("penulis"), fields.text("pemeriksa")
        reason = fields.optional_text("tanpa dasar hukum")
        if reason == "":
            self._report.add(Code.KEY_EMPTY, fields.line_of("tanpa dasar hukum"), "tanpa dasar hukum")
        for key, part in (("id", "id"), ("topik", "topic_id"), ("terkait", "related")):
            self._place(fields.line_of(key), part)
        for item in related:
            self._place(item.line, "related", item.text)

        if not (entry_id and topic_id and kind and author and reviewer and self._question):
            return None
        return Entry(
            id=entry_id,
            kind=kind,
            topic_id=topic_id,
            question=self._question,
            variants=tuple(line.text for line in variants),
            keywords=tuple(item.text for item in keywords),
            related=tuple(item.text for item in related),
            author=author,
            reviewer=reviewer,
            versions=tuple(
                sorted((v for v in versions if v), key=lambda version: version.in_force_from, reverse=True)
            ),
            no_legal_basis_reason=reason or None,
        )

    def _report_twins(self, versions: list[Version | None]) -> None:
        """Told here, because afterwards nobody can say on which line which of them stands."""
        seen: set[date] = set()
        for section, version in zip(self._versions, versions, strict=True):
            if version and version.in_force_from in seen:
                start = version.in_force_from.isoformat()
                self._report.add(Code.VERSIONS_SAME_START, section.line, IN_FORCE, start=start)
            seen |= {version.in_force_from} if version else set()

    def _place(self, line: int, *part: str | int) -> None:
        self._places.put(Place(self._report.path, line), *part)

    # ------------------------------------------------------------------------------------------ cutting

    def _cut(self, body: list[Line]) -> None:
        """Distribute the lines over the sections; the names decide, not the order or the number of #."""
        outside = [Section(0)]  # what stands before the first heading, and between the question and the next
        current: Section | None = outside[0]
        version: VersionSection | None = None
        for line in body:
            heading = _HEADING.match(line.text)
            if not heading:
                if current is not None:
                    current.lines.append(line)
                continue
            marks, title = heading[1], one_line(heading[2])
            name = HEADINGS.get(key_of(title))
            start = _START.fullmatch(title)
            if marks == "#" and self._question is None and title:
                self._question = title
                self._place(line.number, "question")
                current = Section(line.number)
                outside.append(current)
            elif start:
                current = version = VersionSection(line.number, start_text=start[1])
                self._versions.append(version)
                self._place(line.number, "versions")
            elif name == PHRASINGS:
                if self._phrasings is not None:
                    self._report.add(Code.HEADING_TWICE, line.number, name, first=self._phrasings.line)
                current, version = Section(line.number), None
                self._phrasings = self._phrasings or current
                self._place(self._phrasings.line, "variants")
            elif name is None:
                self._report.add(
                    Code.HEADING_UNKNOWN,
                    line.number,
                    f"{marks} {title}".strip(),
                    allowed=", ".join((PHRASINGS, f"{IN_FORCE} …", ANSWER, DETAIL, LEGAL_BASIS, SOURCES)),
                )
                current = None
                if version is not None:
                    version.has_wrong_heading = True
            elif version is None:
                self._report.add(Code.HEADING_OUTSIDE_VERSION, line.number, name)
                current = None
            else:
                current = Section(line.number)
                if name in version.parts:
                    self._report.add(Code.HEADING_TWICE, line.number, name, first=version.parts[name].line)
                    version.has_wrong_heading = True
                version.parts.setdefault(name, current)
        for section in outside:
            stray = next((line for line in section.lines if line.text.strip()), None)
            if stray:
                self._report.add(Code.TEXT_OUTSIDE, stray.number, found=one_line(stray.text)[:40])

    # ----------------------------------------------------------------------------------------- versions

    def _version(self, section: VersionSection) -> Version | None:
        start = None
        if section.start_text:
            start = read_day(section.start_text, section.line, IN_FORCE, self._report)
        else:
            self._report.add(Code.DATE_NOT_ISO, section.line, IN_FORCE, found="")
        key = start.isoformat() if start else ""

        fields = Fields(self._rows(section), VERSION_KEYS, self._report)
        until = fields.day("sampai", required=False)
        if until is None and fields.optional_text("sampai") == "":
            self._report.add(Code.KEY_EMPTY, fields.line_of("sampai"), "sampai")
        reviewed_on, review_again_on = fields.day("ditinjau"), fields.day("tinjau lagi")
        sourcing = fields.word("mutu sumber", SOURCING_WORDS)
        self._place(section.line, "versions", key)
        for name, part in (
            ("sampai", "in_force_until"),
            ("ditinjau", "reviewed_on"),
            ("tinjau lagi", "review_again_on"),
        ):
            self._place(fields.line_of(name), "versions", key, part)

        answer = self._markup(section, ANSWER, key, "answer")
        detail = self._markup(section, DETAIL, key, "detail")
        legal_basis = self._legal_basis(section, key)
        sources = self._sources(section, key)
        if not (start and reviewed_on and review_again_on and sourcing and answer and detail):
            return None
        return Version(
            in_force_from=start,
            in_force_until=until,
            answer=answer,
            detail=detail,
            legal_basis=tuple(legal_basis),
            sources=tuple(sources),
            sourcing=sourcing,
            reviewed_on=reviewed_on,
            review_again_on=review_again_on,
        )

    def _rows(self, section: VersionSection) -> Table:
        rows = []
        for line in section.lines:
            text = one_line(re.split(r"(?:^|\s)#", line.text, maxsplit=1)[0])
            key, colon, value = text.partition(":")
            if not text:
                continue
            if not colon:
                self._report.add(Code.YAML_NO_COLON, line.number, found=text[:40])
                continue
            rows.append((key.strip(), line.number, Scalar(value.strip(), line.number)))
        return Table(tuple(rows), section.line)

    def _markup(self, version: VersionSection, name: str, key: str, part: str) -> str | None:
        section = version.parts.get(name)
        if section is None:
            if not version.has_wrong_heading:
                self._report.add(Code.SECTION_MISSING, version.line, name)
            return None
        text = markup.tidy("\n".join(line.text for line in section.lines))
        if not text:
            self._report.add(Code.SECTION_EMPTY, section.line, name)
            return None
        first = next(line.number for line in section.lines if line.text.strip())
        self._place(first, "versions", key, part)
        return text

    def _legal_basis(self, version: VersionSection, key: str) -> list[Citation]:
        citations: list[Citation] = []
        for line in self._list(version.parts.get(LEGAL_BASIS), LEGAL_BASIS):
            regulation, _, article = (part.strip() for part in line.text.partition(":"))
            if self._has_remark(line, LEGAL_BASIS):
                continue
            if not (regulation and article):
                self._report.add(Code.CITATION_FORM, line.number, LEGAL_BASIS, found=line.text)
                continue
            self._place(line.number, "versions", key, "legal_basis", len(citations))
            citations.append(Citation(regulation, article))
        if LEGAL_BASIS in version.parts:
            self._place(version.parts[LEGAL_BASIS].line, "versions", key, "legal_basis")
        return citations

    def _sources(self, version: VersionSection, key: str) -> list[SourceReference]:
        sources: list[SourceReference] = []
        for line in self._list(version.parts.get(SOURCES), SOURCES):
            if self._has_remark(line, SOURCES):
                continue
            source_id, _, note = (part.strip() for part in line.text.partition(":"))
            if not source_id:
                self._report.add(Code.SOURCE_FORM, line.number, SOURCES, found=line.text)
                continue
            self._place(line.number, "versions", key, "sources", len(sources))
            sources.append(SourceReference(source_id, note))
        if SOURCES in version.parts:
            self._place(version.parts[SOURCES].line, "versions", key, "sources")
        return sources

    def _has_remark(self, line: Line, name: str) -> bool:
        """Elsewhere " # …" is a remark for editors; here readers would get to see it."""
        if _REMARK.search(line.text):
            self._report.add(Code.REMARK_IN_LINE, line.number, name, found=line.text)
            return True
        return False

    def _list(self, section: Section | None, name: str) -> list[Line]:
        """The items of a list section; an indented line continues the item above it."""
        items: list[Line] = []
        for line in section.lines if section is not None else []:
            stripped = line.text.strip()
            item = _LIST_LINE.fullmatch(stripped)
            if item:
                items.append(Line(line.number, one_line(item[1])))
            elif stripped and items and line.text[:1].isspace():
                items[-1] = Line(items[-1].number, one_line(f"{items[-1].text} {stripped}"))
            elif stripped:
                self._report.add(Code.NOT_A_LIST_LINE, line.number, name, found=one_line(stripped)[:40])
        return [item for item in items if item.text]
