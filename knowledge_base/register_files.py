"""peraturan.yaml, sumber.yaml, topik.yaml and kosakata.yaml -> registers and vocabulary.

Each function also returns the names that stand in the file but could not be read, so that whoever refers to
them is not told a second time that something is missing.
"""

import re
from datetime import date
from typing import Any

from knowledge_base.entry import ID_PATTERN
from knowledge_base.markup import utf16_length
from knowledge_base.problems import Code, Place, Places, Report
from knowledge_base.registers import (
    REGULATION_STATUS_WORDS,
    SOURCE_KIND_WORDS,
    TOPIC_ID_LIMIT,
    TOPIC_TITLE_LIMIT,
    Regulation,
    Source,
    Topic,
)
from knowledge_base.yaml_lines import Fields, Listing, Node, Scalar, Table, key_of, tables_of

REGULATION_KEYS = ("singkat", "judul", "berlaku sejak", "status", "diubah oleh", "tautan", "catatan")
SOURCE_KEYS = ("judul", "jenis", "tanggal", "tautan")
TOPIC_KEYS = ("id", "judul", "judul en", "buku", "alias")
AVOIDED_TERMS = "istilah dihindari"
WORD_TABLES = ("singkatan", "akronim", AVOIDED_TERMS)
WORD_LISTS = ("sapaan", "terima kasih", "basa-basi")
WORD_GROUPS = ("sinonim", "di luar topik")


def read_regulations(node: Node, report: Report, places: Places) -> tuple[dict[str, Regulation], set[str]]:
    regulations: dict[str, Regulation] = {}
    left_out: set[str] = set()
    for table in tables_of(node, report):
        errors_before = report.error_count
        fields = Fields(table, REGULATION_KEYS, report)
        short_title, title = fields.text("singkat"), fields.text("judul")
        in_force_from = fields.day("berlaku sejak", required=False)
        status = fields.word("status", REGULATION_STATUS_WORDS)
        amended_by = fields.texts("diubah oleh")
        link, note = fields.optional_text("tautan"), fields.optional_text("catatan")
        _name(short_title, fields.line_of("singkat"), "singkat", report, places, "regulation")
        if report.error_count > errors_before or not (short_title and title and status):
            left_out |= {short_title} if short_title else set()
            continue
        for item in amended_by:
            places.put(Place(report.path, item.line), "regulation", short_title, item.text)
        regulations[short_title] = Regulation(
            short_title=short_title,
            title=title,
            in_force_from=in_force_from,
            status=status,
            amended_by=tuple(item.text for item in amended_by),
            link=link or "",
            note=note or "",
        )
    return regulations, left_out - set(regulations)


def read_sources(node: Node, report: Report, places: Places) -> tuple[dict[str, Source], set[str]]:
    sources: dict[str, Source] = {}
    left_out: set[str] = set()
    if not isinstance(node, Table):
        report.add(Code.NOT_KEYS, node.line)
        return sources, left_out
    for source_id, line, value in node.rows:
        errors_before = report.error_count
        _name(source_id, line, source_id, report, places, "source")
        if not isinstance(value, Table):
            report.add(Code.NOT_KEYS, line, source_id)
            left_out.add(source_id)
            continue
        fields = Fields(value, SOURCE_KEYS, report)
        title, kind = fields.text("judul"), fields.word("jenis", SOURCE_KIND_WORDS)
        published, link = fields.optional_text("tanggal") or "", fields.optional_text("tautan")
        if published and not _is_date_as_known(published):
            report.add(Code.DATE_NOT_ISO, fields.line_of("tanggal"), "tanggal", found=published)
        if report.error_count > errors_before or not (title and kind):
            left_out.add(source_id)
            continue
        sources[source_id] = Source(source_id, title, kind, published, link or "")
    return sources, left_out - set(sources)


def read_topics(node: Node, report: Report, places: Places) -> tuple[dict[str, Topic], set[str]]:
    topics: dict[str, Topic] = {}
    left_out: set[str] = set()
    for table in tables_of(node, report):
        errors_before = report.error_count
        fields = Fields(table, TOPIC_KEYS, report)
        topic_id, book = fields.text("id"), fields.text("buku")
        title, title_en = fields.text("judul"), fields.text("judul en")
        aliases = fields.texts("alias")
        _name(topic_id, fields.line_of("id"), "id", report, places, "topic")
        if topic_id and not re.fullmatch(ID_PATTERN, topic_id):
            report.add(Code.ID_FORM, fields.line_of("id"), "id", found=topic_id)
        if topic_id and len(topic_id) > TOPIC_ID_LIMIT:
            report.add(Code.ID_LONG, fields.line_of("id"), "id", length=len(topic_id), limit=TOPIC_ID_LIMIT)
        for key, text in (("judul", title or ""), ("judul en", title_en or "")):
            length = utf16_length(text)
            if length > TOPIC_TITLE_LIMIT:
                report.add(Code.TITLE_LONG, fields.line_of(key), key, length=length, limit=TOPIC_TITLE_LIMIT)
        if report.error_count > errors_before or not (topic_id and book and title and title_en):
            left_out |= {topic_id} if topic_id else set()
            continue
        places.put(Place(report.path, fields.line_of("buku")), "topic", topic_id, "buku")
        for item in aliases:
            places.put(Place(report.path, item.line), "topic", topic_id, item.text)
        topics[topic_id] = Topic(topic_id, title, title_en, book, tuple(item.text for item in aliases))
    return topics, left_out - set(topics)


def read_vocabulary(node: Node, report: Report) -> dict[str, Any]:
    """The mapping that `Vocabulary.from_dict` takes, of what has the right shape."""
    words: dict[str, Any] = {}
    if not isinstance(node, Table):
        report.add(Code.NOT_KEYS, node.line)
        return words
    allowed = (*WORD_TABLES, *WORD_LISTS, *WORD_GROUPS)
    seen: dict[str, int] = {}
    for typed, line, value in node.rows:
        key = key_of(typed)
        if key in seen:
            report.add(Code.KEY_TWICE, line, key, first=seen[key])
            continue
        seen[key] = line
        if isinstance(value, Scalar) and not value.text:
            continue
        if key in WORD_TABLES:
            words[key] = _word_table(value, key, report)
        elif key in WORD_LISTS:
            words[key] = _word_list(value, key, report)
        elif key in WORD_GROUPS:
            words[key] = _word_groups(value, key, report)
        else:
            report.add(Code.KEY_UNKNOWN, line, typed, allowed=", ".join(allowed))
    return words


def _word_table(value: Node, key: str, report: Report) -> dict[str, str]:
    words: dict[str, str] = {}
    if not isinstance(value, Table):
        report.add(Code.NOT_KEYS, value.line, key)
        return words
    lines: dict[str, int] = {}
    for word, line, meaning in value.rows:
        if not isinstance(meaning, Scalar):
            report.add(Code.NOT_ONE_VALUE, line, word)
        elif not meaning.text:
            report.add(Code.KEY_EMPTY, line, word)
        elif word.casefold() in lines:
            report.add(Code.KEY_TWICE, line, word, first=lines[word.casefold()])
        else:
            lines[word.casefold()] = line
            words[word] = meaning.text
    return words


def _word_list(value: Node, key: str, report: Report) -> list[str]:
    if not isinstance(value, Listing):
        report.add(Code.NOT_A_LIST, value.line, key)
        return []
    words = []
    for item in value.items:
        if not isinstance(item, Scalar):
            report.add(Code.NOT_ONE_VALUE, item.line, key)
        elif item.text:
            words.append(item.text)
    return words


def _word_groups(value: Node, key: str, report: Report) -> list[list[str]]:
    if not isinstance(value, Listing):
        report.add(Code.NOT_A_LIST, value.line, key)
        return []
    groups = []
    for item in value.items:
        group = _word_list(item, key, report)
        if len(group) > 1:
            groups.append(group)
        elif isinstance(item, Listing):
            report.add(Code.SYNONYMS_FEW, item.line, key, found=", ".join(group))
    return groups


def _name(name: str | None, line: int, field: str, report: Report, places: Places, register: str) -> None:
    """What others refer to: registered once, and without the colon that ends it in an entry."""
    if not name:
        return
    if ":" in name:
        report.add(Code.COLON_IN_NAME, line, field, found=name)
    first = places.of(register, name)
    if first.line:
        report.add(Code.REGISTERED_TWICE, line, field, found=name, first=first.line)
    places.put(Place(report.path, line), register, name)


def _is_date_as_known(text: str) -> bool:
    """A day, a month or a year: 2025-02-07, 2025-02, 2025."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True
