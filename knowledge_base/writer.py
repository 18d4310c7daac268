"""An entry as the text of its file: the one form in which the program writes what people edit."""

import re

from knowledge_base.entry import KIND_WORDS, SOURCING_WORDS, Entry, Version


def write_entry(entry: Entry) -> str:
    """The file of an entry that obeys the rules (rules.py); reading it gives the same entry."""
    lines = [
        "---",
        f"id: {_value(entry.id)}",
        f"jenis: {KIND_WORDS[entry.kind]}",
        f"topik: {_value(entry.topic_id)}",
        f"kata kunci: {_flow_list(entry.keywords)}",
        f"terkait: {_flow_list(entry.related)}",
        f"penulis: {_value(entry.author)}",
        f"pemeriksa: {_value(entry.reviewer)}",
    ]
    if entry.no_legal_basis_reason:
        lines.append(f"tanpa dasar hukum: {_value(entry.no_legal_basis_reason)}")
    lines += ["---", f"# {entry.question}", "", "## Cara orang menanyakannya"]
    lines += [f"- {variant}" for variant in entry.variants]
    for version in entry.versions:
        lines += ["", *_version(version)]
    return "\n".join(lines) + "\n"


def _version(version: Version) -> list[str]:
    lines = [f"## Berlaku sejak {version.in_force_from.isoformat()}"]
    if version.in_force_until:
        lines.append(f"sampai: {version.in_force_until.isoformat()}")
    lines += [
        f"ditinjau: {version.reviewed_on.isoformat()}",
        f"tinjau lagi: {version.review_again_on.isoformat()}",
        f"mutu sumber: {SOURCING_WORDS[version.sourcing]}",
        "",
        "### Jawaban",
        version.answer,
        "",
        "### Rincian",
        version.detail,
    ]
    for heading, items in (("Dasar hukum", version.legal_basis), ("Sumber", version.sources)):
        lines += ["", f"### {heading}", *(f"- {item}" for item in items)]
    return lines


# What YAML takes as it is; everything else goes between quotation marks.
_PLAIN = re.compile(r"[\w/(][\w/().;,!?+%“” -]*")
_PLAIN_IN_LIST = re.compile(r"[\w/(][\w/().;!?+%“” -]*")


def _value(text: str, plain: re.Pattern[str] = _PLAIN) -> str:
    if plain.fullmatch(text) and text != "null":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    # what nobody can see is spelled out: YAML refuses some of it, and an editor should know it is there
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def _flow_list(items: tuple[str, ...]) -> str:
    return "[" + ", ".join(_value(item, _PLAIN_IN_LIST) for item in items) + "]"
