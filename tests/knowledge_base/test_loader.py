from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.entry import Citation, Entry, Kind, SourceReference, Sourcing, Version
from knowledge_base.entry_file import read_entry
from knowledge_base.language import Vocabulary
from knowledge_base.loader import EntryFile, content_hash, read_content
from knowledge_base.problems import Code, Places, Problem, Report, Severity
from knowledge_base.register_files import read_regulations, read_sources, read_topics, read_vocabulary
from knowledge_base.registers import Regulation, RegulationStatus, Source, SourceKind, Topic
from knowledge_base.yaml_lines import read_yaml
from tests.knowledge_base.book import ENTRY, PATH, REGISTERS, an_entry, changed, write_book

NEWEST = Version(
    in_force_from=date(2025, 2, 7),
    in_force_until=None,
    answer="Paling sedikit **12 bulan** dalam 24 bulan.",
    detail="Boleh terputus:\n- pindah kerja;\n- kosong sebentar.",
    legal_basis=(Citation("PP 6/2025", "Pasal 19 ayat (3)"),),
    sources=(SourceReference("R12", "penjelasannya"),),
    sourcing=Sourcing.REGULATION_TEXT,
    reviewed_on=date(2026, 11, 24),
    review_again_on=date(2027, 5, 24),
)
OLDEST = Version(
    in_force_from=date(2021, 2, 2),
    in_force_until=date(2025, 2, 6),
    answer="Sekaligus 6 bulan berturut-turut.",
    detail="Aturan lama.",
    legal_basis=(Citation("PP 37/2021", "Pasal 19"),),
    sources=(SourceReference("R13"),),
    sourcing=Sourcing.PRESS,
    reviewed_on=date(2026, 11, 23),
    review_again_on=date(2027, 5, 23),
)
EXPECTED = Entry(
    id="jkp-masa-iur",
    kind=Kind.RULE,
    topic_id="jkp-syarat",
    question="Berapa lama masa iur?",
    variants=(
        "brp bulan bayar premi",
        "minimal nyetor berapa kali",
        "baru setahun kerja cukup ga",
        "hitungan dua belas bulan",
        "contribution period",
    ),
    keywords=("masa iur", "12 bulan"),
    related=("jkp-jadwal",),
    author="Tim TanyaCoP",
    reviewer="belum diperiksa",
    versions=(NEWEST, OLDEST),
)


def read(text: str) -> tuple[Entry | None, list[Problem]]:
    report = Report(PATH)
    result = read_entry(text, report)
    return (result[0] if result else None), report.problems


def problem(line: int, field: str, code: Code, **values: str | int) -> Problem:
    return Problem(PATH, line, field, code, values)


# ------------------------------------------------------------------------------------------- a sound book


def test_a_sound_folder_becomes_the_book(tmp_path: Path) -> None:
    content = read_content(write_book(tmp_path))

    assert content.problems == ()
    assert content.entries == {"jkp-masa-iur": EXPECTED, "jkp-jadwal": an_entry()}
    assert content.files["jkp-masa-iur"] == EntryFile(PATH, content_hash(ENTRY))
    assert content.regulations == {
        "PP 37/2021": Regulation(
            short_title="PP 37/2021",
            title="Penyelenggaraan JKP",
            in_force_from=date(2021, 2, 2),
            status=RegulationStatus.AMENDED,
            amended_by=("PP 6/2025",),
            link="https://peraturan.go.id/pp-37-2021",
        ),
        "PP 6/2025": Regulation(
            short_title="PP 6/2025",
            title="Perubahan atas PP 37/2021",
            in_force_from=None,
            status=RegulationStatus.IN_FORCE,
            note="dibaca lengkap: dengan penjelasan",
        ),
    }
    assert content.sources == {
        "R12": Source(
            "R12",
            "PP 6/2025",
            SourceKind.REGULATION_TEXT,
            "2025-02-07",
            "https://peraturan.go.id/pp-6-2025",
        ),
        "R13": Source("R13", "Berita lama", SourceKind.PRESS, "2021"),
    }
    assert list(content.topics.values()) == [
        Topic("jkp", "JKP", "Job loss insurance", "jkp", ("jkp", "info jkp")),
        Topic("jkp-syarat", "Syarat", "Conditions", "jkp"),
    ]
    assert [topic.is_book for topic in content.topics.values()] == [True, False]
    assert content.vocabulary == Vocabulary.from_dict(
        {
            "singkatan": {"bpjstk": "bpjs ketenagakerjaan"},
            "akronim": {"PHK": "pemutusan hubungan kerja"},
            "sinonim": [["iuran", "premi"]],
            "sapaan": ["halo"],
        }
    )
    assert content.avoided_terms == {"cacat": "disabilitas", "orang cacat": "penyandang disabilitas"}
    assert content.left_out == frozenset()


def as_windows_saves_it(text: str) -> str:
    return "\ufeff" + text.replace("\n", "\r\n")


def with_sections_in_another_order(text: str) -> str:
    head, phrasings, newer, older = text.split("\n## ")
    basis = "### Dasar hukum\n- PP 37/2021: Pasal 19\n\n"
    older = changed(older, basis, "").replace("### Jawaban", basis + "### Jawaban")
    return "\n## ".join((head, older.rstrip() + "\n", newer, phrasings))


@pytest.mark.parametrize(
    "careless",
    [
        pytest.param(as_windows_saves_it, id="Windows line ends and byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="old Mac line ends"),
        pytest.param(lambda text: text.replace("\n\n", "\n  \n\n"), id="more blank lines"),
        pytest.param(
            lambda text: changed(text, "### Jawaban\n", "### Jawaban \t\n\n"), id="blanks at a heading"
        ),
        pytest.param(lambda text: changed(text, "### Jawaban", "### JAWABAN:"), id="capitals in a heading"),
        pytest.param(lambda text: changed(text, "### Jawaban", "#### jawaban"), id="another heading level"),
        pytest.param(lambda text: changed(text, "## Berlaku", "##Berlaku"), id="no blank after #"),
        pytest.param(lambda text: changed(text, "Berlaku sejak 2025", "BERLAKU SEJAK: 2025"), id="a colon"),
        pytest.param(lambda text: changed(text, "jenis: aturan", "Jenis: ATURAN"), id="capitals in a key"),
        pytest.param(lambda text: changed(text, "kata kunci:", "Kata_Kunci:"), id="an underscore in a key"),
        pytest.param(lambda text: changed(text, "tinjau lagi:", "Tinjau  Lagi :"), id="blanks in a key"),
        pytest.param(lambda text: changed(text, "teks peraturan", "Teks  Peraturan # baik"), id="a remark"),
        pytest.param(
            lambda text: changed(text, "[masa iur, 12 bulan]", "masa iur, 12 bulan"), id="commas only"
        ),
        pytest.param(
            lambda text: changed(text, "[jkp-jadwal]", "\n  - jkp-jadwal\n  - jkp-jadwal"), id="lines"
        ),
        pytest.param(lambda text: changed(text, "- brp bulan", "-  brp   bulan"), id="blanks in a phrasing"),
        pytest.param(lambda text: changed(text, "- brp bulan", "* brp bulan"), id="another list sign"),
        pytest.param(
            lambda text: changed(text, "- brp bulan bayar", "- brp bulan\n  bayar"), id="a wrapped item"
        ),
        pytest.param(lambda text: changed(text, "- contribution", "- \n- contribution"), id="an empty item"),
        pytest.param(lambda text: "\n" + text, id="a blank line on top"),
        pytest.param(with_sections_in_another_order, id="another order"),
    ],
)
def test_harmless_differences_are_forgiven(careless: Callable[[str], str]) -> None:
    assert read(careless(ENTRY)) == (EXPECTED, [])


def test_line_ends_do_not_change_the_hash() -> None:
    assert content_hash(as_windows_saves_it(ENTRY)) == content_hash(ENTRY)
    assert content_hash(ENTRY + "x") != content_hash(ENTRY)


# ------------------------------------------------------------------------------------ a broken entry file

KEYS = "id, jenis, topik, kata kunci, terkait, penulis, pemeriksa, tanpa dasar hukum"
HEADINGS = "Cara orang menanyakannya, Berlaku sejak …, Jawaban, Rincian, Dasar hukum, Sumber"
LONG = "kata " * 500

BROKEN_ENTRIES: list[tuple[str, str, *tuple[Problem, ...]]] = [
    # the head
    ("---\nid", "id", problem(1, "", Code.FRONT_MATTER_MISSING)),
    ("diperiksa\n---", "diperiksa", problem(1, "", Code.FRONT_MATTER_OPEN)),
    ("jenis: aturan", "jenis:\taturan", problem(3, "", Code.YAML_TAB)),
    ("Tim", "Tim\x07", problem(7, "", Code.YAML_CHARACTER)),
    ("jenis: aturan", "jenis aturan", problem(3, "", Code.YAML_NO_COLON, found="jenis aturan")),
    ("jenis: aturan", "jenis:aturan", problem(3, "", Code.YAML_NO_SPACE, found="jenis")),
    ("pemeriksa: b", "pemeriksa:b", problem(8, "", Code.YAML_NO_SPACE, found="pemeriksa")),
    ("Tim", "Tim: A", problem(7, "", Code.YAML_COLON_IN_VALUE, found="penulis")),
    ("12 bulan]", "0,36 persen]", problem(5, "", Code.YAML_COMMA, found="0,36 persen")),
    ("12 bulan]", "12 bulan", problem(5, "", Code.YAML_BRACKET)),
    ("12 bulan]", "12 bulan]]", problem(5, "", Code.YAML_BRACKET)),
    ("Tim TanyaCoP", '"Tim TanyaCoP', problem(7, "", Code.YAML_QUOTE)),
    ("Tim TanyaCoP", "@TanyaCoP", problem(7, "", Code.YAML_NEEDS_QUOTES, found="@")),
    ("Tim TanyaCoP", "*TanyaCoP*", problem(7, "", Code.YAML_NEEDS_QUOTES, found="*")),
    ("Tim TanyaCoP", "!Tim TanyaCoP", problem(7, "", Code.YAML_NEEDS_QUOTES, found="!")),
    ("Tim TanyaCoP", "&a TanyaCoP", problem(7, "", Code.YAML_NEEDS_QUOTES, found="&")),
    ("penulis: Tim", "  penulis: Tim", problem(7, "", Code.YAML_INDENT)),
    ("id: jkp-masa-iur", "  id: jkp-masa-iur", problem(3, "", Code.YAML_INDENT)),
    ("penulis: Tim TanyaCoP", "- penulis", problem(7, "", Code.YAML_INDENT)),
    ("Tim TanyaCoP", "-", problem(7, "", Code.YAML_UNREADABLE)),
    (ENTRY[4 : ENTRY.index("---\n#")], "- a\n- b\n", problem(2, "", Code.NOT_KEYS)),
    ("[masa iur, 12 bulan]", "[masa iur, [12 bulan]]", problem(5, "kata kunci", Code.NOT_A_LIST)),
    ("[masa iur, 12 bulan]", "{a: b}", problem(5, "kata kunci", Code.NOT_A_LIST)),
    ("Tim TanyaCoP", "[Tim, TanyaCoP]", problem(7, "penulis", Code.NOT_ONE_VALUE)),
    (
        "penulis: Tim",
        "penulis: Tim\nPenulisnya: Tim",
        problem(8, "Penulisnya", Code.KEY_UNKNOWN, allowed=KEYS),
    ),
    ("penulis: Tim", "penulis: Tim\nPENULIS: Tim", problem(8, "penulis", Code.KEY_TWICE, first=7)),
    ("penulis: Tim TanyaCoP\n", "", problem(2, "penulis", Code.KEY_MISSING)),
    ("Tim TanyaCoP", "", problem(7, "penulis", Code.KEY_EMPTY)),
    ("Tim TanyaCoP", "null", problem(7, "penulis", Code.KEY_EMPTY)),
    ("---\n#", "tanpa dasar hukum:\n---\n#", problem(9, "tanpa dasar hukum", Code.KEY_EMPTY)),
    (
        "jenis: aturan",
        "jenis: peraturan",
        problem(3, "jenis", Code.WORD_UNKNOWN, found="peraturan", allowed="aturan, praktik"),
    ),
    # headings
    ("# Berapa lama masa iur?\n", "", problem(10, "", Code.QUESTION_MISSING)),
    (ENTRY[ENTRY.index("## Berlaku") :], "", problem(10, "", Code.VERSION_MISSING)),
    ("### Rincian", "### Rincan", problem(27, "### Rincan", Code.HEADING_UNKNOWN, allowed=HEADINGS)),
    ("## Cara", "# Lain?\n\n## Cara", problem(12, "# Lain?", Code.HEADING_UNKNOWN, allowed=HEADINGS)),
    ("### Rincian", "### Jawaban", problem(27, "Jawaban", Code.HEADING_TWICE, first=24)),
    (
        "## Berlaku",
        "## Cara orang menanyakannya\n\n## Berlaku",
        problem(19, "Cara orang menanyakannya", Code.HEADING_TWICE, first=12),
    ),
    (
        "## Berlaku",
        "### Jawaban\nYa.\n\n## Berlaku",
        problem(19, "Jawaban", Code.HEADING_OUTSIDE_VERSION),
    ),
    ("### Rincian\nAturan lama.\n", "", problem(38, "Rincian", Code.SECTION_MISSING)),
    (
        ENTRY[ENTRY.index("## Cara") : ENTRY.index("## Berlaku")],
        "",
        problem(10, "Cara orang menanyakannya", Code.SECTION_MISSING),
    ),
    ("Aturan lama.", "", problem(47, "Rincian", Code.SECTION_EMPTY)),
    ("masa iur?\n", "masa iur?\nHalo.\n", problem(11, "", Code.TEXT_OUTSIDE, found="Halo.")),
    ("# Berapa", "Halo.\n# Berapa", problem(10, "", Code.TEXT_OUTSIDE, found="Halo.")),
    (
        "- minimal",
        "minimal",
        problem(
            14,
            "Cara orang menanyakannya",
            Code.NOT_A_LIST_LINE,
            found="minimal nyetor berapa kali",
        ),
    ),
    (
        "PP 37/2021: Pasal 19",
        "PP 37/2021",
        problem(51, "Dasar hukum", Code.CITATION_FORM, found="PP 37/2021"),
    ),
    ("- R13", "- : R13", problem(54, "Sumber", Code.SOURCE_FORM, found=": R13")),
    ("- R13", "- R13 # cek", problem(54, "Sumber", Code.REMARK_IN_LINE, found="R13 # cek")),
    (
        "Pasal 19\n",
        "Pasal 19 # cek\n",
        problem(51, "Dasar hukum", Code.REMARK_IN_LINE, found="PP 37/2021: Pasal 19 # cek"),
    ),
    # dates and keys of a version
    (
        "sejak 2025-02-07",
        "sejak 7 Februari 2025",
        problem(19, "Berlaku sejak", Code.DATE_NOT_ISO, found="7 Februari 2025"),
    ),
    ("sejak 2025-02-07", "sejak", problem(19, "Berlaku sejak", Code.DATE_NOT_ISO, found="")),
    ("2027-05-24", "2027-5-24", problem(21, "tinjau lagi", Code.DATE_NOT_ISO, found="2027-5-24")),
    ("2027-05-24", "2027-02-30", problem(21, "tinjau lagi", Code.DATE_IMPOSSIBLE, found="2027-02-30")),
    ("sampai: 2025-02-06", "sampai:", problem(39, "sampai", Code.KEY_EMPTY)),
    ("tinjau lagi: 2027-05-24\n", "", problem(19, "tinjau lagi", Code.KEY_MISSING)),
    (
        "ditinjau: 2026-11-24",
        "ditinjau",
        problem(20, "", Code.YAML_NO_COLON, found="ditinjau"),
        problem(19, "ditinjau", Code.KEY_MISSING),
    ),
    (
        "sampai:",
        "hingga:",
        problem(39, "hingga", Code.KEY_UNKNOWN, allowed="sampai, ditinjau, tinjau lagi, mutu sumber"),
    ),
    (
        "mutu sumber: pers\n",
        "mutu sumber: pers\nditinjau: 2026-11-23\n",
        problem(43, "ditinjau", Code.KEY_TWICE, first=40),
    ),
    # rules of every entry
    ("id: jkp-masa-iur", "id: JKP_masa", problem(2, "id", Code.ID_FORM, found="JKP_masa")),
    ("id: jkp-masa-iur", "id: " + "a" * 41, problem(2, "id", Code.ID_LONG, length=41, limit=40)),
    ("Berapa lama masa iur?", "a" * 121, problem(10, "", Code.QUESTION_LONG, length=121, limit=120)),
    (
        "contribution period",
        "😀" * 101,
        problem(17, "", Code.PHRASING_LONG, length=202, limit=200, found="😀" * 40),
    ),
    ("Sekaligus", LONG[:885], problem(45, "Jawaban", Code.ANSWER_LONG, length=908, limit=900)),
    ("Aturan lama.", LONG[:2001] + "a", problem(48, "Rincian", Code.DETAIL_LONG, length=2002, limit=2000)),
    (
        "sampai: 2025-02-06",
        "sampai: 2020-01-01",
        problem(39, "sampai", Code.VERSION_ENDS_BEFORE_START, start="2021-02-02", end="2020-01-01"),
    ),
    (
        "sejak 2021-02-02\nsampai: 2025-02-06",
        "sejak 2025-02-07",
        problem(38, "Berlaku sejak", Code.VERSIONS_SAME_START, start="2025-02-07"),
    ),
    (
        "sampai: 2025-02-06\n",
        "",
        problem(
            38, "sampai", Code.VERSIONS_OVERLAP, older="2021-02-02", newer="2025-02-07", end="2025-02-06"
        ),
    ),
    (
        "sampai: 2025-02-06",
        "sampai: 2025-02-07",
        problem(
            39, "sampai", Code.VERSIONS_OVERLAP, older="2021-02-02", newer="2025-02-07", end="2025-02-06"
        ),
    ),
    (
        "- PP 37/2021: Pasal 19\n",
        "",
        problem(50, "Dasar hukum", Code.LEGAL_BASIS_MISSING, start="2021-02-02"),
    ),
    ("- R13\n", "", problem(53, "Sumber", Code.SOURCES_MISSING, start="2021-02-02")),
    (
        "2027-05-24",
        "2026-11-24",
        problem(21, "tinjau lagi", Code.REVIEW_NOT_AFTER, reviewed="2026-11-24", again="2026-11-24"),
    ),
    ("**12 bulan**", "**12 bulan", problem(25, "Jawaban", Code.MARKUP_OPEN, found="**")),
    ("**12 bulan**", "**12 bulan **", problem(25, "Jawaban", Code.MARKUP_SPACED, found="**")),
    ("- kosong sebentar.", "1. kosong", problem(30, "Rincian", Code.MARKUP_UNKNOWN, found="1.")),
    ("- kosong sebentar.", "kosong", problem(30, "Rincian", Code.MARKUP_AFTER_LIST, found="kosong")),
]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(old, new, problems, id=f"{problems[0].code}-{number}")
        for number, (old, new, *problems) in enumerate(BROKEN_ENTRIES)
    ],
)
def test_a_fault_is_named_once_with_its_line_and_field(old: str, new: str, expected: list[Problem]) -> None:
    entry, problems = read(changed(ENTRY, old, new))

    assert entry is None
    assert problems == expected
    assert all(p.severity is Severity.ERROR for p in problems)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = changed(changed(ENTRY, "jenis: aturan", "jenis: x"), "2027-05-24", "besok")
    text = changed(text, "### Rincian", "### Rincan")
    text = changed(text, "### Rincian\n", "")

    assert [p.code for p in read(text)[1]] == [
        Code.HEADING_UNKNOWN,
        Code.DATE_NOT_ISO,
        Code.SECTION_MISSING,
        Code.WORD_UNKNOWN,
    ]


def test_a_rule_may_give_the_reason_for_having_no_legal_basis() -> None:
    text = changed(ENTRY, "- PP 37/2021: Pasal 19\n", "")
    text = changed(text, "---\n#", "tanpa dasar hukum: kegiatan bersama\n---\n#")

    entry, problems = read(text)

    assert problems == []
    assert entry is not None
    assert entry.no_legal_basis_reason == "kegiatan bersama"
    assert entry.versions[1].legal_basis == ()


def test_practice_needs_neither_legal_basis_nor_source() -> None:
    text = changed(ENTRY, "jenis: aturan", "jenis: praktik")
    text = changed(text, "\n### Dasar hukum\n- PP 37/2021: Pasal 19\n\n### Sumber\n- R13\n", "")

    entry, problems = read(text)

    assert problems == []
    assert entry is not None
    assert (entry.kind, entry.versions[1].legal_basis, entry.versions[1].sources) == (Kind.PRACTICE, (), ())


@given(st.text(max_size=200) | st.text(st.sampled_from("-#:[]{}*&!|>\"'\n\t aA1.\\"), max_size=80))
def test_reading_never_fails(noise: str) -> None:
    for text in (noise, f"---\n{noise}\n---\n# a", ENTRY.replace("Aturan lama.", noise)):
        entry, problems = read(text)

        assert (entry is None) == any(p.severity is Severity.ERROR for p in problems)
        assert all(1 <= p.line <= len(text) + 1 for p in problems)


# ------------------------------------------------------------------------------------------- a broken folder


def test_a_broken_entry_is_left_out_and_the_rest_loads(tmp_path: Path) -> None:
    content = read_content(write_book(tmp_path, {PATH: changed(ENTRY, "jenis: aturan", "jenis: x")}))

    assert list(content.entries) == ["jkp-jadwal"]
    assert content.left_out == {"jkp-masa-iur"}
    assert [p.code for p in content.problems] == [Code.WORD_UNKNOWN]


REGULATION_KEYS = "singkat, judul, berlaku sejak, status, diubah oleh, tautan, catatan"
WORD_KEYS = "singkatan, akronim, istilah dihindari, sapaan, terima kasih, basa-basi, sinonim, di luar topik"

BROKEN_REGISTERS = [
    (
        "peraturan.yaml",
        "PP 6/2025\n  judul",
        "PP: 6\n  judul",
        7,
        "",
        Code.YAML_COLON_IN_VALUE,
        {"found": "- singkat"},
    ),
    (
        "peraturan.yaml",
        "singkat: PP 6/2025",
        'singkat: "PP: 6"',
        7,
        "singkat",
        Code.COLON_IN_NAME,
        {"found": "PP: 6"},
    ),
    (
        "peraturan.yaml",
        "singkat: PP 6/2025",
        "singkat: PP 37/2021",
        7,
        "singkat",
        Code.REGISTERED_TWICE,
        {"found": "PP 37/2021", "first": 1},
    ),
    (
        "peraturan.yaml",
        "status: berlaku",
        "status: baru",
        10,
        "status",
        Code.WORD_UNKNOWN,
        {"found": "baru", "allowed": "berlaku, diubah, dicabut"},
    ),
    ("peraturan.yaml", "catatan:", "catat:", 11, "catat", Code.KEY_UNKNOWN, {"allowed": REGULATION_KEYS}),
    ("peraturan.yaml", REGISTERS["peraturan.yaml"], "a: b\n", 1, "", Code.NOT_A_LIST, {}),
    ("peraturan.yaml", REGISTERS["peraturan.yaml"], "- a\n", 1, "", Code.NOT_KEYS, {}),
    ("sumber.yaml", "2025-02-07", "7 Feb 2025", 4, "tanggal", Code.DATE_NOT_ISO, {"found": "7 Feb 2025"}),
    ("sumber.yaml", "2025-02-07", "2025-13", 4, "tanggal", Code.DATE_NOT_ISO, {"found": "2025-13"}),
    ("sumber.yaml", "R13:", "R12:", 6, "R12", Code.REGISTERED_TWICE, {"found": "R12", "first": 1}),
    ("sumber.yaml", REGISTERS["sumber.yaml"], "R12: PP\n", 1, "R12", Code.NOT_KEYS, {}),
    ("sumber.yaml", REGISTERS["sumber.yaml"], "- a\n", 1, "", Code.NOT_KEYS, {}),
    ("topik.yaml", "id: jkp-syarat", "id: JKP", 6, "id", Code.ID_FORM, {"found": "JKP"}),
    ("topik.yaml", "id: jkp-syarat", "id: " + "a" * 31, 6, "id", Code.ID_LONG, {"length": 31, "limit": 30}),
    ("topik.yaml", "Conditions", "a" * 41, 8, "judul en", Code.TITLE_LONG, {"length": 41, "limit": 40}),
    ("topik.yaml", "  judul: Syarat\n", "", 6, "judul", Code.KEY_MISSING, {}),
    ("kosakata.yaml", "sapaan:", "salam:", 6, "salam", Code.KEY_UNKNOWN, {"allowed": WORD_KEYS}),
    ("kosakata.yaml", "sapaan:", "Singkatan:", 6, "singkatan", Code.KEY_TWICE, {"first": 1}),
    ("kosakata.yaml", "[halo]", "halo", 6, "sapaan", Code.NOT_A_LIST, {}),
    ("kosakata.yaml", "[halo]", "[[halo]]", 6, "sapaan", Code.NOT_ONE_VALUE, {}),
    ("kosakata.yaml", "{PHK: pemutusan hubungan kerja}", "[PHK]", 3, "akronim", Code.NOT_KEYS, {}),
    ("kosakata.yaml", "bpjs ket", "[a]\n  b: ket", 2, "bpjstk", Code.NOT_ONE_VALUE, {}),
    ("kosakata.yaml", "bpjs ketenagakerjaan", "", 2, "bpjstk", Code.KEY_EMPTY, {}),
    ("kosakata.yaml", "bpjs ket", "a\n  BPJSTK: ket", 3, "BPJSTK", Code.KEY_TWICE, {"first": 2}),
    ("kosakata.yaml", "[iuran, premi]", "[iuran]", 5, "sinonim", Code.SYNONYMS_FEW, {"found": "iuran"}),
    ("kosakata.yaml", "\n  - [iuran, premi]", " iuran", 4, "sinonim", Code.NOT_A_LIST, {}),
    ("kosakata.yaml", REGISTERS["kosakata.yaml"], "- a\n", 1, "", Code.NOT_KEYS, {}),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "field", "code", "values"),
    [pytest.param(*case, id=f"{case[5]}-{number}") for number, case in enumerate(BROKEN_REGISTERS)],
)
def test_a_fault_in_a_register_is_named_with_its_line_and_field(
    tmp_path: Path,
    file: str,
    old: str,
    new: str,
    line: int,
    field: str,
    code: Code,
    values: dict[str, str | int],
) -> None:
    content = read_content(write_book(tmp_path, {file: changed(REGISTERS[file], old, new)}))

    assert content.problems == (Problem(file, line, field, code, values),)
    assert len(content.entries) == 2


@given(
    st.text(st.sampled_from("-#:[]{}*&!|>\"'\n\t aA1.\\"), max_size=80), st.sampled_from(sorted(REGISTERS))
)
def test_reading_a_register_never_fails(noise: str, name: str) -> None:
    for text in (noise, f"- {noise}", f"a:\n  - {noise}", REGISTERS[name].replace("2021", noise)):
        report = Report(name)
        node = read_yaml(text, 1, report)
        assert (node is None) == bool(report.error_count)
        if node is not None:
            read_regulations(node, report, Places())
            read_sources(node, report, Places())
            read_topics(node, report, Places())
            read_vocabulary(node, report)
        assert all(1 <= p.line <= text.count("\n") + 2 for p in report.problems)


@pytest.mark.parametrize("text", ["a: " + "[" * 3000, "a: " + "[" * 3000 + "]" * 3000])
def test_brackets_without_end_are_a_problem_and_no_crash(text: str) -> None:
    report = Report("sumber.yaml")

    assert read_yaml(text, 1, report) is None
    assert [(p.line, p.code) for p in report.problems] == [(1, Code.YAML_UNREADABLE)]


def test_the_rest_of_a_register_with_a_fault_loads(tmp_path: Path) -> None:
    text = changed(REGISTERS["sumber.yaml"], "jenis: pers", "jenis: koran")

    content = read_content(write_book(tmp_path, {"sumber.yaml": text}))

    assert list(content.sources) == ["R12"]
    assert content.left_out == {"R13"}


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_a_missing_register_is_told(tmp_path: Path, name: str) -> None:
    (write_book(tmp_path) / name).unlink()

    content = read_content(tmp_path)

    assert content.problems == (Problem(name, 1, "", Code.FILE_MISSING),)
    assert content.left_out == {name}


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    content = read_content(tmp_path / "isi")

    assert content.problems == (Problem("isi", 1, "", Code.FOLDER_MISSING),)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (write_book(tmp_path) / "jkp" / "hilang.md").symlink_to(tmp_path / "jkp" / "hilang.md")

    content = read_content(tmp_path)

    assert [(p.path, p.code) for p in content.problems] == [("jkp/hilang.md", Code.FILE_UNREADABLE)]


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (write_book(tmp_path) / PATH).write_bytes(ENTRY.replace("Tim", "Tïm").encode("latin-1"))

    content = read_content(tmp_path)

    assert content.problems == (Problem(PATH, 7, "", Code.FILE_NOT_UTF8),)


@pytest.mark.parametrize("name", ["jkp/catatan.txt", "jkp/lama/jkp-lama.md", "jkp-lepas.md"])
def test_a_file_that_nobody_reads_is_told(tmp_path: Path, name: str) -> None:
    content = read_content(write_book(tmp_path, {name: "halo"}))

    shown = "jkp/lama" if "lama" in name else name
    assert content.problems == (Problem(shown, 1, "", Code.FILE_UNEXPECTED),)
    assert content.problems[0].severity is Severity.WARNING
    assert len(content.entries) == 2


@pytest.mark.parametrize("name", ["jkp/.jkp-masa-iur.md.swp", "README.md", ".git/x.md"])
def test_files_of_tools_are_passed_over(tmp_path: Path, name: str) -> None:
    assert read_content(write_book(tmp_path, {name: "halo"})).problems == ()


def test_a_copied_file_with_the_old_id_is_left_out(tmp_path: Path) -> None:
    content = read_content(write_book(tmp_path, {"jkp/jkp-baru.md": ENTRY}))

    assert content.problems == (
        Problem(
            "jkp/jkp-baru.md", 2, "id", Code.ID_NOT_FILE_NAME, {"found": "jkp-masa-iur", "name": "jkp-baru"}
        ),
    )
    assert set(content.entries) == {"jkp-masa-iur", "jkp-jadwal"}


def test_of_two_files_with_one_id_neither_is_used(tmp_path: Path) -> None:
    content = read_content(write_book(tmp_path, {"cop/jkp-masa-iur.md": ENTRY}))

    twin = "cop/jkp-masa-iur.md"
    assert content.problems == (
        Problem(twin, 2, "id", Code.ID_TWICE, {"found": "jkp-masa-iur", "other": PATH}),
        Problem(PATH, 2, "id", Code.ID_TWICE, {"found": "jkp-masa-iur", "other": twin}),
    )
    assert list(content.entries) == ["jkp-jadwal"]
    assert list(content.files) == ["jkp-jadwal"]


def test_a_problem_offers_its_values_to_the_sentence() -> None:
    broken = Problem("jkp/a.md", 3, "jenis", Code.WORD_UNKNOWN, {"found": "x", "allowed": "aturan, praktik"})

    assert broken.placeholders() == {
        "file": "jkp/a.md",
        "line": 3,
        "field": "jenis",
        "found": "x",
        "allowed": "aturan, praktik",
    }
