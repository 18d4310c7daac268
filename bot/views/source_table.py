"""The table of docs/entries.md: every version of every entry with its legal basis and sources."""

from collections.abc import Iterator, Mapping

from bot.texts import Texts
from bot.views.questions import legal_basis
from knowledge_base.entry import Entry, SourceReference, Version
from knowledge_base.loader import Content
from knowledge_base.registers import Source


def table(content: Content, texts: Texts) -> str:
    """The whole document; books in the order of the topics, entries by id."""
    lines = [texts.plain("source_table.head", count=len(content.entries))]
    books = [topic for topic in content.topics.values() if topic.is_book]
    for book in books:
        entries = [e for e in content.entries.values() if content.topics[e.topic_id].book == book.id]
        lines += [f"## {book.title}", "", texts.plain("source_table.columns"), "|---|---|---|---|---|"]
        lines += [
            row for entry in sorted(entries, key=lambda e: e.id) for row in _rows(entry, content, texts)
        ]
        lines.append("")
    return "\n".join(lines)


def _rows(entry: Entry, content: Content, texts: Texts) -> Iterator[str]:
    for number, version in enumerate(entry.versions):
        name = f"`{entry.id}`<br>{_cell(entry.question)}" if number == 0 else f"`{entry.id}`"
        sources = "<br>".join(_source(reference, content.sources) for reference in version.sources)
        basis = legal_basis(version.legal_basis) or entry.no_legal_basis_reason or ""
        sourcing = texts.plain(f"source_table.{version.sourcing.value}")
        yield f"| {name} | {_period(version)} | {sourcing} | {_cell(basis)} | {sources} |"


def _period(version: Version) -> str:
    return f"{version.in_force_from.isoformat()} – {version.in_force_until or ''}".rstrip()


def _source(reference: SourceReference, sources: Mapping[str, Source]) -> str:
    source = sources.get(reference.source_id)
    title = _cell(source.title) if source else ""
    linked = f"[{title}]({source.link})" if source and source.link else title
    note = f" ({_cell(reference.note)})" if reference.note else ""
    return f"{reference.source_id} {linked}{note}"


def _cell(text: str) -> str:
    """Text that does not end its cell."""
    return text.replace("|", "\\|").replace("\n", " ")
