"""Answers for the command line: JSON for programs, wrapped text for people."""

import shutil
import sys
import textwrap
from collections.abc import Sequence
from datetime import date
from typing import Any, assert_never

from bot.services.content import Book
from bot.texts import Texts
from bot.views.questions import legal_basis
from bot.views.topics import title as topic_title
from knowledge_base.entry import Entry, Version
from knowledge_base.markup import BULLET, parse, plain
from knowledge_base.outcomes import Answer, Match, OpenTopic, Part, SmallTalk, Suggest, Unknown

MAX_WIDTH = 88  # longer lines tire the eye


def as_json(text: str, parts: Sequence[Part]) -> dict[str, Any]:
    """One question with its one or two parts; `results` are the best entries whatever the outcome."""
    return {"text": text, "parts": [_part_as_json(part) for part in parts]}


def _part_as_json(part: Part) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": part.text}
    match part.outcome:
        case Answer():
            shown["outcome"] = "answer"
        case Suggest():
            shown["outcome"] = "suggest"
        case Unknown():
            shown["outcome"] = "unknown"
        case OpenTopic(topic_id):
            shown |= {"outcome": "unknown", "topic": topic_id}
        case SmallTalk(kind):
            shown |= {"outcome": "unknown", "small_talk": kind.value}
        case _:
            assert_never(part.outcome)
    shown["results"] = [
        {"id": match.entry_id, "confidence": round(match.confidence, 4), "phrasing": match.phrasing}
        for match in part.ranking
    ]
    return shown


def exported(entry: Entry, version: Version) -> dict[str, Any]:
    """One line of `kb export --jsonl`."""
    return {
        "id": entry.id,
        "question": entry.question,
        "variants": list(entry.variants),
        "keywords": list(entry.keywords),
        "answer": plain(parse(version.answer)),
        "detail": plain(parse(version.detail)),
        "kind": entry.kind.value,
        "topic": entry.topic_id,
        "related": list(entry.related),
        "legal_basis": [{"regulation": c.regulation, "article": c.article} for c in version.legal_basis],
        "sources": [source.source_id for source in version.sources],
        "sourcing": version.sourcing.value,
        "in_force_from": version.in_force_from.isoformat(),
        "in_force_until": version.in_force_until.isoformat() if version.in_force_until else None,
        "reviewed_on": version.reviewed_on.isoformat(),
        "review_again_on": version.review_again_on.isoformat(),
    }


def printed(parts: Sequence[Part], book: Book, day: date, texts: Texts) -> str:
    """The answer as a person at a terminal would like it."""
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    is_terminal = sys.stdout.isatty()
    return "\n\n".join(_printed_part(part, book, day, texts, width, is_terminal) for part in parts) + "\n"


def _printed_part(part: Part, book: Book, day: date, texts: Texts, width: int, is_terminal: bool) -> str:
    match part.outcome:
        case Answer(found):
            return _printed_match(found, book, day, texts, width, is_terminal)
        case Suggest(matches):
            lines = [f"{n}. {_question(match, book)}" for n, match in enumerate(matches, start=1)]
            return "\n".join([texts.plain("cli.answer_suggest"), *lines])
        case Unknown():
            return texts.plain("cli.answer_unknown")
        case OpenTopic(topic_id):
            topic = book.topic(topic_id)
            return texts.plain("cli.answer_topic", title=topic_title(topic, texts) if topic else topic_id)
        case SmallTalk(kind):
            return textwrap.fill(_without_tags(texts.plain(f"small_talk.{kind.value}")), width)
        case _:
            assert_never(part.outcome)


def _printed_match(match: Match, book: Book, day: date, texts: Texts, width: int, is_terminal: bool) -> str:
    found = book.find(match.entry_id, day)
    if found is None:  # another book, searched by --entries: it has no cards
        return f"{match.entry_id} ({match.confidence:.2f}): {match.phrasing}"
    served, version = found
    title = textwrap.fill(served.entry.question, width)
    bold = f"\033[1m{title}\033[0m" if is_terminal else title
    since, reviewed = texts.date(version.in_force_from), texts.date(version.reviewed_on)
    blocks = [
        bold,
        _wrapped(plain(parse(version.answer)), width),
        _wrapped(plain(parse(version.detail)), width),
        textwrap.fill(f"{texts.plain('cli.legal_basis')}: {legal_basis(version.legal_basis)}", width),
        textwrap.fill(texts.plain("questions.in_force", since=since, reviewed=reviewed), width),
    ]
    return "\n\n".join(block for block in blocks if block)


def _question(match: Match, book: Book) -> str:
    served = book.entries.get(match.entry_id)
    return served.entry.question if served else match.phrasing


def _wrapped(text: str, width: int) -> str:
    return "\n".join(
        textwrap.fill(line, width, subsequent_indent=" " * len(BULLET) if line.startswith(BULLET) else "")
        for line in text.splitlines()
    )


def _without_tags(text: str) -> str:
    return text.replace("<i>", "").replace("</i>", "")
