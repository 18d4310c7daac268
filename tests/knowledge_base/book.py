"""A small sound book to break in one place, and entries as hypothesis draws them."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from knowledge_base.entry import Citation, Entry, Kind, SourceReference, Sourcing, Version
from knowledge_base.writer import write_entry
from knowledge_base.yaml_lines import one_line

PATH = "jkp/jkp-masa-iur.md"
ENTRY = """\
---
id: jkp-masa-iur
jenis: aturan
topik: jkp-syarat
kata kunci: [masa iur, 12 bulan]
terkait: [jkp-jadwal]
penulis: Tim TanyaCoP
pemeriksa: belum diperiksa
---
# Berapa lama masa iur?

## Cara orang menanyakannya
- brp bulan bayar premi
- minimal nyetor berapa kali
- baru setahun kerja cukup ga
- hitungan dua belas bulan
- contribution period

## Berlaku sejak 2025-02-07
ditinjau: 2026-11-24
tinjau lagi: 2027-05-24
mutu sumber: teks peraturan

### Jawaban
Paling sedikit **12 bulan** dalam 24 bulan.

### Rincian
Boleh terputus:
- pindah kerja;
- kosong sebentar.

### Dasar hukum
- PP 6/2025: Pasal 19 ayat (3)

### Sumber
- R12: penjelasannya

## Berlaku sejak 2021-02-02
sampai: 2025-02-06
ditinjau: 2026-11-23
tinjau lagi: 2027-05-23
mutu sumber: pers

### Jawaban
Sekaligus 6 bulan berturut-turut.

### Rincian
Aturan lama.

### Dasar hukum
- PP 37/2021: Pasal 19

### Sumber
- R13
"""

REGISTERS = {
    "peraturan.yaml": """\
- singkat: PP 37/2021
  judul: Penyelenggaraan JKP
  berlaku sejak: 2021-02-02
  status: diubah
  diubah oleh: [PP 6/2025]
  tautan: https://peraturan.go.id/pp-37-2021
- singkat: PP 6/2025
  judul: Perubahan atas PP 37/2021
  berlaku sejak:
  status: berlaku
  catatan: "dibaca lengkap: dengan penjelasan"
""",
    "sumber.yaml": """\
R12:
  judul: PP 6/2025
  jenis: teks peraturan
  tanggal: 2025-02-07
  tautan: https://peraturan.go.id/pp-6-2025
R13:
  judul: Berita lama
  jenis: pers
  tanggal: "2021"
""",
    "topik.yaml": """\
- id: jkp
  judul: JKP
  judul en: Job loss insurance
  buku: jkp
  alias: [jkp, info jkp]
- id: jkp-syarat
  judul: Syarat
  judul en: Conditions
  buku: jkp
""",
    "kosakata.yaml": """\
singkatan:
  bpjstk: bpjs ketenagakerjaan
akronim: {PHK: pemutusan hubungan kerja}
sinonim:
  - [iuran, premi]
sapaan: [halo]
istilah dihindari:
  cacat: disabilitas
  orang cacat: penyandang disabilitas
""",
}

TODAY = date(2026, 11, 24)


def a_version(**changes: Any) -> Version:
    return replace(
        Version(
            in_force_from=date(2025, 2, 7),
            in_force_until=None,
            answer="Ajukan **sebelum** tanggal 10.",
            detail="Lewat aplikasi.",
            legal_basis=(Citation("PP 6/2025", "Pasal 40"),),
            sources=(SourceReference("R12"),),
            sourcing=Sourcing.REGULATION_TEXT,
            reviewed_on=date(2026, 11, 24),
            review_again_on=date(2027, 5, 24),
        ),
        **changes,
    )


def an_entry(**changes: Any) -> Entry:
    """Another entry than that of ENTRY: each refers to what the registers hold."""
    return replace(
        Entry(
            id="jkp-jadwal",
            kind=Kind.RULE,
            topic_id="jkp-syarat",
            question="Kapan jadwal klaim JKP?",
            variants=(
                "tgl brp ngajuin",
                "jadwal pengajuan manfaat",
                "kapan uangnya keluar",
                "claim schedule",
                "telat mengajukan bagaimana",
            ),
            keywords=("jadwal",),
            related=("jkp-masa-iur",),
            author="Tim TanyaCoP",
            reviewer="belum diperiksa",
            versions=(a_version(),),
        ),
        **changes,
    )


def write_book(folder: Path, files: dict[str, str | Entry] | None = None) -> Path:
    """The sound book, with `files` added or put in the place of others."""
    book: dict[str, str | Entry] = {
        **REGISTERS,
        PATH: ENTRY,
        "jkp/jkp-jadwal.md": an_entry(),
        **(files or {}),
    }
    for name, content in book.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = write_entry(content) if isinstance(content, Entry) else content
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


# What people type, on one line, without what no keyboard has.
lines = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=50)
    .map(one_line)
    .filter(bool)
)
names = lines.map(lambda text: one_line(text.replace(":", "").replace("#", ""))).filter(bool)
ids = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
days = st.dates(date(1945, 8, 17), date(2100, 1, 1))
_words = st.lists(st.text("abcÉß漢😀019.,?", min_size=1, max_size=6), min_size=1, max_size=6).map(" ".join)
_styled = st.tuples(_words, st.sampled_from(["{}", "**{}**", "*{}*", "***{}***", "\\*{}\\*"])).map(
    lambda drawn: drawn[1].format(drawn[0])
)
_paragraphs = st.lists(_styled, min_size=1, max_size=3).map(lambda styled: "a " + " ".join(styled))
_lists = st.lists(_styled, min_size=1, max_size=3).map(
    lambda items: "\n".join(f"- a {item}" for item in items)
)
markups = st.lists(_paragraphs | _lists, min_size=1, max_size=4).map("\n\n".join)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Entries that obey the rules."""
    kind = draw(st.sampled_from(Kind))
    starts = sorted(draw(st.sets(days, min_size=1, max_size=3)), reverse=True)
    versions = []
    until: date | None = draw(st.none() | st.just(starts[0]))
    for start in starts:
        reviewed_on = draw(days)
        versions.append(
            Version(
                in_force_from=start,
                in_force_until=until,
                answer=draw(markups),
                detail=draw(markups),
                legal_basis=tuple(draw(st.lists(st.builds(Citation, names, names), min_size=1, max_size=3))),
                sources=tuple(
                    draw(st.lists(st.builds(SourceReference, names, names), min_size=1, max_size=3))
                ),
                sourcing=draw(st.sampled_from(Sourcing)),
                reviewed_on=reviewed_on,
                review_again_on=reviewed_on + timedelta(days=draw(st.integers(1, 1000))),
            )
        )
        until = start - timedelta(days=1)
    return Entry(
        id=draw(ids),
        kind=kind,
        topic_id=draw(lines),
        question=draw(lines),
        variants=tuple(draw(st.lists(lines, max_size=5))),
        keywords=tuple(draw(st.lists(lines, max_size=3, unique=True))),
        related=tuple(draw(st.lists(lines, max_size=3, unique=True))),
        author=draw(lines),
        reviewer=draw(lines),
        versions=tuple(versions),
        no_legal_basis_reason=draw(st.none() | lines),
    )
