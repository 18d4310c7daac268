from datetime import date
from pathlib import Path

import pytest

from knowledge_base.check import check
from knowledge_base.entry import Entry, Kind
from knowledge_base.loader import Content, read_content
from knowledge_base.problems import Code, Problem, Severity
from tests.knowledge_base import test_loader
from tests.knowledge_base.book import ENTRY, PATH, REGISTERS, TODAY, a_version, an_entry, changed, write_book

SCHEDULE = "jkp/jkp-jadwal.md"
VARIANTS = an_entry().variants


def check_book(folder: Path, files: dict[str, str | Entry]) -> list[Problem]:
    content = read_content(write_book(folder, files))
    assert content.problems == ()
    return list(check(content, TODAY))


def test_a_sound_book_has_no_problem(tmp_path: Path) -> None:
    assert check_book(tmp_path, {}) == []


BROKEN_BOOKS: list[tuple[dict[str, str | Entry], str, int, str, Code, dict[str, str | int]]] = [
    (
        {SCHEDULE: an_entry(topic_id="jkp-lain")},
        SCHEDULE,
        4,
        "topik",
        Code.TOPIC_UNKNOWN,
        {"found": "jkp-lain"},
    ),
    (
        {
            "topik.yaml": changed(
                REGISTERS["topik.yaml"], "Conditions\n  buku: jkp", "Conditions\n  buku: cop"
            )
        },
        "topik.yaml",
        9,
        "buku",
        Code.BOOK_UNKNOWN,
        {"found": "cop"},
    ),
    (
        {"topik.yaml": REGISTERS["topik.yaml"] + "- id: a\n  judul: A\n  judul en: A\n  buku: jkp-syarat\n"},
        "topik.yaml",
        13,
        "buku",
        Code.BOOK_UNKNOWN,
        {"found": "jkp-syarat"},
    ),
    (
        {
            "cop/cop-x.md": an_entry(
                id="cop-x", question="Apa itu CoP?", variants=("a1", "b2", "c3", "d4", "e5")
            )
        },
        "cop/cop-x.md",
        4,
        "topik",
        Code.WRONG_FOLDER,
        {"folder": "cop", "topic": "jkp-syarat", "book": "jkp"},
    ),
    (
        {SCHEDULE: an_entry(related=("jkp-iur",))},
        SCHEDULE,
        6,
        "terkait",
        Code.RELATED_UNKNOWN,
        {"found": "jkp-iur"},
    ),
    (
        {SCHEDULE: an_entry(related=("jkp-jadwal",))},
        SCHEDULE,
        6,
        "terkait",
        Code.RELATED_SELF,
        {"found": "jkp-jadwal"},
    ),
    (
        {PATH: changed(ENTRY, "PP 37/2021:", "PP 38/2021:")},
        PATH,
        51,
        "Dasar hukum",
        Code.REGULATION_UNKNOWN,
        {"found": "PP 38/2021"},
    ),
    (
        {"peraturan.yaml": changed(REGISTERS["peraturan.yaml"], "[PP 6/2025]", "[PP 7/2025]")},
        "peraturan.yaml",
        5,
        "diubah oleh",
        Code.REGULATION_UNKNOWN,
        {"found": "PP 7/2025"},
    ),
    ({PATH: changed(ENTRY, "- R13", "- R14")}, PATH, 54, "Sumber", Code.SOURCE_UNKNOWN, {"found": "R14"}),
    (
        {PATH: changed(ENTRY, "- contribution period", "- Brp  bulan, bayar PREMI?")},
        PATH,
        17,
        "",
        Code.PHRASING_TWICE,
        {"found": "Brp bulan, bayar PREMI?", "first": 13},
    ),
    (
        {PATH: changed(ENTRY, "- contribution period", "- berapa lama masa iur")},
        PATH,
        17,
        "",
        Code.PHRASING_TWICE,
        {"found": "berapa lama masa iur", "first": 10},
    ),
    (
        {PATH: changed(ENTRY, "- contribution period", "- Claim schedule!")},
        PATH,
        17,
        "",
        Code.PHRASING_SHARED,
        {"found": "Claim schedule!", "other": "jkp-jadwal", "first": 16},
    ),
    (
        {
            "topik.yaml": changed(
                REGISTERS["topik.yaml"],
                "info jkp]",
                "info jkp]\n- id: jkp-klaim\n  judul: K\n  judul en: C\n  buku: jkp\n  alias: [JKP]",
            )
        },
        "topik.yaml",
        10,
        "alias",
        Code.ALIAS_SHARED,
        {"found": "JKP", "other": "jkp"},
    ),
    (
        {"topik.yaml": changed(REGISTERS["topik.yaml"], "info jkp]", "claim schedule]")},
        "topik.yaml",
        5,
        "alias",
        Code.ALIAS_IS_PHRASING,
        {"found": "claim schedule", "entry": "jkp-jadwal"},
    ),
    (
        {SCHEDULE: an_entry(variants=(*VARIANTS, "keluar kapan uangnya"))},
        SCHEDULE,
        18,
        "",
        Code.PHRASINGS_ALIKE,
        {
            "found": "keluar kapan uangnya",
            "other": "kapan uangnya keluar",
            "first": 15,
            "percent": 100,
        },
    ),
    (
        {SCHEDULE: an_entry(variants=VARIANTS[:4])},
        SCHEDULE,
        12,
        "Cara orang menanyakannya",
        Code.PHRASINGS_FEW,
        {"count": 4, "wanted": 5},
    ),
    (
        {PATH: changed(ENTRY, "- kosong sebentar.", "- Cacat tetap.")},
        PATH,
        30,
        "Rincian",
        Code.TERM_TO_AVOID,
        {"found": "Cacat", "better": "disabilitas"},
    ),
    (
        {PATH: changed(ENTRY, "Aturan lama.", "Bagi orang cacat.")},
        PATH,
        48,
        "Rincian",
        Code.TERM_TO_AVOID,
        {"found": "orang cacat", "better": "penyandang disabilitas"},
    ),
    (
        {PATH: changed(ENTRY, "ditinjau: 2026-11-24", "ditinjau: 2026-11-25")},
        PATH,
        20,
        "ditinjau",
        Code.REVIEWED_IN_FUTURE,
        {"found": "2026-11-25"},
    ),
    (
        {
            SCHEDULE: an_entry(
                versions=(a_version(reviewed_on=date(2026, 1, 1), review_again_on=date(2026, 11, 23)),)
            )
        },
        SCHEDULE,
        21,
        "tinjau lagi",
        Code.REVIEW_OVERDUE,
        {"found": "2026-11-23"},
    ),
    (
        {SCHEDULE: an_entry(versions=(a_version(in_force_from=date(2026, 11, 25)),))},
        SCHEDULE,
        19,
        "",
        Code.NO_VERSION_TODAY,
        {"today": "2026-11-24"},
    ),
]


@pytest.mark.parametrize(
    ("files", "path", "line", "field", "code", "values"),
    [pytest.param(*case, id=f"{case[4]}-{number}") for number, case in enumerate(BROKEN_BOOKS)],
)
def test_a_fault_of_the_book_is_named_once_with_its_line_and_field(
    tmp_path: Path,
    files: dict[str, str | Entry],
    path: str,
    line: int,
    field: str,
    code: Code,
    values: dict[str, str | int],
) -> None:
    assert check_book(tmp_path, files) == [Problem(path, line, field, code, values)]


@pytest.mark.parametrize(
    "code",
    [
        Code.ALIAS_IS_PHRASING,
        Code.PHRASINGS_ALIKE,
        Code.ENTRY_HARD_TO_FIND,
        Code.PHRASINGS_FEW,
        Code.REVIEW_OVERDUE,
        Code.NO_VERSION_TODAY,
    ],
)
def test_what_an_editor_may_leave_for_later_is_a_warning(code: Code) -> None:
    assert Problem("", 1, "", code).severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "Judul lama “UU tentang Penyandang Cacat” dipakai.",
        'Judul lama "orang\ncacat" dipakai.',
        "Kecacatan dan dicacat adalah kata lain.",
    ],
)
def test_quoted_titles_and_other_words_are_no_terms_to_avoid(tmp_path: Path, text: str) -> None:
    entry = an_entry(versions=(a_version(answer=text),))

    codes = [problem.code for problem in check_book(tmp_path, {SCHEDULE: entry})]

    assert codes == ([Code.TERM_TO_AVOID] if "\n" in text else [])


def test_people_may_ask_in_any_words(tmp_path: Path) -> None:
    entry = an_entry(variants=(*VARIANTS, "orang cacat klaim kapan"), keywords=("cacat",))

    assert check_book(tmp_path, {SCHEDULE: entry}) == []


def of_code(code: Code, problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.code is code]


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        pytest.param("kucing sapi gajah", "kucing sapi gajah rusa bebek", None, id="three-of-five"),
        pytest.param("kucing sapi", "kucing sapi gajah rusa", None, id="short-in-long"),
        pytest.param("kapan sapi", "berapa sapi", None, id="another-question"),
        pytest.param("kucing sapi", "rusa sapi kucing", 66, id="two-of-three"),
        pytest.param("sapi kucing sapi", "Kucingnya, sapi?", 100, id="other-order"),
        pytest.param("yang itu", "itu dong", None, id="no-stems"),
    ],
)
def test_phrasings_are_alike_when_they_share_more_than_three_fifths_of_the_longer(
    tmp_path: Path, one: str, other: str, percent: int | None
) -> None:
    problems = check_book(tmp_path, {SCHEDULE: an_entry(variants=(*VARIANTS, one, other))})

    assert [problem.values["percent"] for problem in of_code(Code.PHRASINGS_ALIKE, problems)] == (
        [] if percent is None else [percent]
    )


def test_a_phrasing_is_named_once_beside_the_one_it_is_most_like(tmp_path: Path) -> None:
    alike = ("sapi gajah rusa", "sapi gajah rusa bebek", "bebek rusa gajah sapi!")
    text = changed(ENTRY, "- contribution period", "\n".join(f"- {line}" for line in ("a1", *alike)))

    problems = check_book(tmp_path, {PATH: text})

    assert [
        (problem.line, problem.values["first"], problem.values["percent"])
        for problem in of_code(Code.PHRASINGS_ALIKE, problems)
    ] == [(19, 18, 75), (20, 19, 100)]


def test_phrasings_of_two_entries_may_be_alike(tmp_path: Path) -> None:
    entry = an_entry(variants=(*VARIANTS, "nyetor minimal berapa kali"))

    assert of_code(Code.PHRASINGS_ALIKE, check_book(tmp_path, {SCHEDULE: entry})) == []


def test_a_phrasing_without_a_word_does_not_find_its_entry(tmp_path: Path) -> None:
    """Last of four: were all entries found by it, in the order of the book, this one would still be missing."""
    entries = (
        an_entry(id="jkp-kuda", question="Kuda?", variants=()),
        an_entry(id="jkp-zebra", question="Zebra?", variants=("…?!",)),
    )

    problems = check_book(tmp_path, {f"jkp/{entry.id}.md": entry for entry in entries})

    assert [
        (problem.path, problem.line, problem.values["found"])
        for problem in of_code(Code.PHRASING_NOT_FOUND, problems)
    ] == [("jkp/jkp-zebra.md", 13, "…?!")]


ANIMALS = ("sapi", "gajah", "rusa", "bebek", "ayam", "domba")


@pytest.mark.parametrize(
    ("variants", "values"),
    [
        pytest.param(ANIMALS[:5], {"asked": 5, "among": 0, "instead": "jkp-hewan"}, id="none"),
        pytest.param(
            (*ANIMALS[:4], "kuda putih", "kuda hitam", "kuda coklat"),
            {"asked": 7, "among": 3, "instead": "jkp-hewan"},
            id="three-of-seven",
        ),
        pytest.param((*ANIMALS[:3], "kuda putih", "kuda hitam", "kuda coklat"), None, id="half"),
        pytest.param(ANIMALS[:4], None, id="too-few-to-tell"),
    ],
)
def test_an_entry_is_hard_to_find_when_less_than_half_of_the_phrasings_left_out_find_it(
    tmp_path: Path, variants: tuple[str, ...], values: dict[str, str | int] | None
) -> None:
    """A phrasing finds an entry only by a word that it shares with it, whatever the weights."""
    path = "jkp/jkp-kuda.md"
    entries = (
        an_entry(id="jkp-kuda", question="Kuda?", variants=variants),
        an_entry(id="jkp-hewan", question=" ".join(ANIMALS), variants=()),
    )

    problems = check_book(tmp_path, {f"jkp/{entry.id}.md": entry for entry in entries})

    expected = [] if values is None else [(12, "Cara orang menanyakannya", values)]
    assert [
        (problem.line, problem.field, problem.values)
        for problem in of_code(Code.ENTRY_HARD_TO_FIND, problems)
        if problem.path == path
    ] == expected


def test_an_old_version_may_be_past_its_review_date(tmp_path: Path) -> None:
    text = changed(ENTRY, "tinjau lagi: 2027-05-23", "tinjau lagi: 2026-11-24").replace(
        "2026-11-23", "2025-01-01"
    )

    assert check_book(tmp_path, {PATH: text}) == []


def test_references_to_what_could_not_be_read_are_not_told_again(tmp_path: Path) -> None:
    content = read_content(
        write_book(
            tmp_path,
            {
                PATH: changed(ENTRY, "jenis: aturan", "jenis: x"),
                "peraturan.yaml": changed(REGISTERS["peraturan.yaml"], "status: berlaku", "status: baru"),
                "sumber.yaml": "a: b: c",
                "topik.yaml": changed(REGISTERS["topik.yaml"], "  judul: Syarat\n", ""),
            },
        )
    )

    assert len(content.problems) == 4
    assert check(content, TODAY) == ()


def test_a_book_that_comes_from_elsewhere_is_checked_by_the_same_rules() -> None:
    entry = an_entry(
        kind=Kind.RULE,
        question="Kapan jadwal klaim JKP? " * 6,
        related=(),
        versions=(
            a_version(answer="**a", legal_basis=(), sources=()),
            a_version(in_force_until=date(2026, 1, 1)),
        ),
    )

    problems = check(Content(entries={entry.id: entry}), TODAY)

    assert {(p.path, p.line) for p in problems} == {("jkp-jadwal", 0)}
    assert {p.code for p in problems} == {
        Code.QUESTION_LONG,
        Code.VERSIONS_SAME_START,
        Code.MARKUP_OPEN,
        Code.LEGAL_BASIS_MISSING,
        Code.SOURCES_MISSING,
        Code.TOPIC_UNKNOWN,
        Code.REGULATION_UNKNOWN,
        Code.SOURCE_UNKNOWN,
    }


def test_an_empty_book_has_no_problem() -> None:
    assert check(Content(), TODAY) == ()


def test_every_code_is_shown_by_a_test() -> None:
    shown = {problem.code for _, _, *problems in test_loader.BROKEN_ENTRIES for problem in problems}
    shown |= {case[5] for case in test_loader.BROKEN_REGISTERS}
    shown |= {case[4] for case in BROKEN_BOOKS}
    shown |= {Code.PHRASING_NOT_FOUND, Code.ENTRY_HARD_TO_FIND}  # by tests of their own
    of_folders = {
        Code.FOLDER_MISSING,
        Code.FILE_MISSING,
        Code.FILE_UNREADABLE,
        Code.FILE_NOT_UTF8,
        Code.FILE_UNEXPECTED,
        Code.ID_NOT_FILE_NAME,
        Code.ID_TWICE,
    }

    assert shown | of_folders == set(Code)
    assert not shown & of_folders
