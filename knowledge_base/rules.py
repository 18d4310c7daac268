"""What every entry obeys by itself, whether it comes from a file, a chat or a spreadsheet."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from knowledge_base import markup
from knowledge_base.entry import (
    ANSWER_LIMIT,
    DETAIL_LIMIT,
    ID_LIMIT,
    ID_PATTERN,
    PHRASING_LIMIT,
    QUESTION_LIMIT,
    Entry,
    Kind,
    Version,
)
from knowledge_base.markup import utf16_length
from knowledge_base.problems import Code, Place, Problem

Where = Callable[..., Place]


def entry_problems(entry: Entry, where: Where) -> list[Problem]:
    """In the order of the file; `where` tells where a part of this entry stands."""
    problems = [*_head(entry, where), *_periods(entry, where)]
    for version in entry.versions:
        problems += _texts(version, where)
        problems += _support(entry, version, where)
    return sorted(problems, key=lambda problem: problem.line)


def _problem(place: Place, code: Code, field: str = "", **values: str | int) -> Problem:
    return Problem(place.path, place.line, field, code, values)


def _head(entry: Entry, where: Where) -> Iterator[Problem]:
    if not re.fullmatch(ID_PATTERN, entry.id):
        yield _problem(where("id"), Code.ID_FORM, "id", found=entry.id)
    if len(entry.id) > ID_LIMIT:
        yield _problem(where("id"), Code.ID_LONG, "id", length=len(entry.id), limit=ID_LIMIT)
    length = utf16_length(entry.question)
    if length > QUESTION_LIMIT:
        yield _problem(where("question"), Code.QUESTION_LONG, length=length, limit=QUESTION_LIMIT)
    for number, variant in enumerate(entry.variants):
        length = utf16_length(variant)
        if length > PHRASING_LIMIT:
            place = where("variants", number)
            yield _problem(place, Code.PHRASING_LONG, length=length, limit=PHRASING_LIMIT, found=variant[:40])


def _periods(entry: Entry, where: Where) -> Iterator[Problem]:
    for version in entry.versions:
        until = version.in_force_until
        if until and until < version.in_force_from:
            place = where("versions", version.in_force_from.isoformat(), "in_force_until")
            yield _problem(
                place,
                Code.VERSION_ENDS_BEFORE_START,
                "sampai",
                start=version.in_force_from.isoformat(),
                end=until.isoformat(),
            )
    for newer, older in zip(entry.versions, entry.versions[1:], strict=False):
        start = newer.in_force_from
        place = where("versions", older.in_force_from.isoformat(), "in_force_until")
        if start == older.in_force_from:
            yield _problem(place, Code.VERSIONS_SAME_START, "Berlaku sejak", start=start.isoformat())
        elif older.in_force_until is None or older.in_force_until >= start:
            yield _problem(
                place,
                Code.VERSIONS_OVERLAP,
                "sampai",
                older=older.in_force_from.isoformat(),
                newer=start.isoformat(),
                end=(start - timedelta(days=1)).isoformat(),
            )


def _texts(version: Version, where: Where) -> Iterator[Problem]:
    start = version.in_force_from.isoformat()
    for part, text, field, code, limit in (
        ("answer", version.answer, "Jawaban", Code.ANSWER_LONG, ANSWER_LIMIT),
        ("detail", version.detail, "Rincian", Code.DETAIL_LONG, DETAIL_LIMIT),
    ):
        place = where("versions", start, part)
        length = markup.shown_length(markup.parse(text))
        if length > limit:
            yield _problem(place, code, field, length=length, limit=limit)
        for fault in markup.faults(text):
            at = Place(place.path, place.line + fault.line)
            yield _problem(at, fault.code, field, found=fault.found)


def _support(entry: Entry, version: Version, where: Where) -> Iterator[Problem]:
    start = version.in_force_from.isoformat()
    if entry.kind is Kind.RULE and not version.legal_basis and not entry.no_legal_basis_reason:
        yield _problem(
            where("versions", start, "legal_basis"), Code.LEGAL_BASIS_MISSING, "Dasar hukum", start=start
        )
    if entry.kind is Kind.RULE and not version.sources:
        yield _problem(where("versions", start, "sources"), Code.SOURCES_MISSING, "Sumber", start=start)
    if version.review_again_on <= version.reviewed_on:
        yield _problem(
            where("versions", start, "review_again_on"),
            Code.REVIEW_NOT_AFTER,
            "tinjau lagi",
            reviewed=version.reviewed_on.isoformat(),
            again=version.review_again_on.isoformat(),
        )
