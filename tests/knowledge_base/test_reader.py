import pytest

from knowledge_base.language import Vocabulary
from knowledge_base.phrases import acronyms_in
from knowledge_base.reader import ChangeKind, Reader

BOOK = (
    "Berapa lama masa iur supaya bisa klaim JKP?",
    "Apa syarat mengajukan manfaat Jaminan Kehilangan Pekerjaan (JKP)?",
    "Bagaimana mencairkan Jaminan Hari Tua (JHT)?",
    "Apa yang terjadi bila perusahaan menunggak iuran?",
    "Kapan peserta meninggal dunia dilaporkan ke dinas?",
    "Apakah pekerja kontrak harus menunggu pencairan?",
)


def a_reader(vocabulary: Vocabulary | None = None) -> Reader:
    return Reader(vocabulary or Vocabulary.empty(), phrasings=BOOK, answers=(), explained=BOOK)


def tokens(text: str, vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    return a_reader(vocabulary).read(text).tokens


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmn cara klaim jkp", "bagaimana cara klaim jkp"),
        ("brp lm masa iur", "berapa lm masa iur"),
        ("iso klaim ora", "bisa klaim tidak"),
        ("knp hrs nunggu cair", "mengapa harus menunggu cair"),
        ("dmn lapor", "di mana lapor"),
        ("how to claim jkp", "bagaimana to klaim jkp"),
    ],
)
def test_chat_abbreviations_are_read_as_what_they_stand_for(typed: str, meant: str) -> None:
    assert tokens(typed) == tokens(meant)


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        ("perusahan", "perusahaan", ChangeKind.SPELLING),
        ("peruashaan", "perusahaan", ChangeKind.SPELLING),
        ("persuahan", "perusahaan", ChangeKind.SPELLING),
        ("mnnggl", "meninggal", ChangeKind.SPELLING),
        ("klaimjkp", "klaim jkp", ChangeKind.GLUED),
        ("masaiurberapa", "masa iur berapa", ChangeKind.GLUED),
    ],
)
def test_misspelt_words_are_repaired_before_anything_else(typed: str, meant: str, kind: ChangeKind) -> None:
    reading = a_reader().read(typed)

    assert reading.tokens == tokens(meant)
    assert [(change.kind, change.written, change.read) for change in reading.changes] == [
        (kind, typed, meant)
    ]
    assert all(trust < 1 for trust in reading.trust)


@pytest.mark.parametrize("word", ["harga", "cuaca", "resep", "iklan", "goreng", "windows", "thailand"])
def test_ordinary_words_of_other_subjects_are_not_repaired_into_the_book(word: str) -> None:
    assert a_reader().read(word).changes == ()


def test_an_unknown_name_in_capitals_is_left_alone() -> None:
    assert tokens("apa itu KLEIM") == ("=definisi", "kleim")
    assert tokens("cara kliam")[-1] == "klaim"


def test_capitals_tell_a_name_from_an_abbreviation() -> None:
    assert "kpd" in tokens("siapa berhak dapat KPD")
    assert "kpd" not in tokens("lapor kpd dinas")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("apa itu jkp", "jkp itu apa"),
        ("apa itu jkp", "yang dimaksud dengan jkp"),
        ("apa itu jkp", "jkp artinya apa"),
        ("apakah boleh klaim", "bisakah klaim"),
        ("di mana lapor", "lapor ke mana"),
        ("syaratnya jkp", "apa persyaratan jkp"),
        ("berapa lama menunggu", "berapa hari menunggu"),
        ("bulan kedua", "bulan ke-2"),
    ],
)
def test_questions_asked_in_different_words_become_the_same_tokens(one: str, other: str) -> None:
    assert sorted(tokens(one)) == sorted(tokens(other))


def test_a_question_tag_is_no_denial() -> None:
    assert tokens("klaim bisa nggak") == tokens("klaim bisa")
    assert "tidak" in tokens("perusahaan tidak mau lapor")


@pytest.mark.parametrize(
    ("typed", "stem"),
    [
        ("mengklaim", "klaim"),
        ("klaimnya", "klaim"),
        ("pengklaiman", "klaim"),
        ("pencairan", "cair"),
        ("cairin", "cair"),
        ("ngajuin", "aju"),
        ("nunggak", "tunggak"),
        ("tunggakan", "tunggak"),
        ("menunggu", "tunggu"),
    ],
)
def test_affixes_and_colloquial_shapes_lead_to_the_word_of_the_book(typed: str, stem: str) -> None:
    reader = Reader(
        Vocabulary.empty(), phrasings=(*BOOK, "ditunggu dan tunggu cair"), answers=(), explained=()
    )

    assert reader.read(typed).tokens == (stem,)


def test_a_worker_is_not_the_work() -> None:
    assert tokens("pekerja") != tokens("bekerja")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Jaminan Hari Tua (JHT) cair", [("jht", "jaminan hari tua")]),
        ("Rencana Induk Penyandang Disabilitas (RIPD)", [("ripd", "rencana induk penyandang disabilitas")]),
        (
            "balai pelatihan vokasi dan produktivitas (BPVP)",
            [("bpvp", "balai pelatihan vokasi dan produktivitas")],
        ),
        ("JHT (Jaminan Hari Tua)", [("jht", "jaminan hari tua")]),
        ("uang tunai (Rupiah)", []),
        ("tanpa kurung JHT", []),
    ],
)
def test_acronyms_are_learnt_from_the_text_that_explains_them(
    text: str, pairs: list[tuple[str, str]]
) -> None:
    assert list(acronyms_in(text)) == pairs


def test_an_acronym_and_its_full_name_are_the_same_word() -> None:
    assert tokens("cara klaim jaminan hari tua") == tokens("cara klaim jht")


def test_the_books_own_vocabulary_comes_before_the_language() -> None:
    own = Vocabulary(abbreviations={"bp jamsostek": "bpjs ketenagakerjaan", "sp": "surat peringatan"})

    assert tokens("iuran bp jamsostek", own) == tokens("iuran bpjs ketenagakerjaan", own)
    assert tokens("kena sp", own) == tokens("kena surat peringatan", own)


def test_synonyms_stay_apart_and_know_each_other() -> None:
    own = Vocabulary(synonyms=(("iuran", "premi", "setoran wajib"),))
    reader = a_reader(own)

    assert reader.read("premi").tokens == ("premi",)
    assert {name for name, _ in reader.synonyms["premi"]} == {"iuran", "setoran~wajib"}
    assert reader.read("setoran wajib").tokens == ("setoran~wajib",)


def test_every_token_has_its_trust() -> None:
    reading = a_reader().read("brp lma masa iur perusahan, gmn klaimjkp di bulan ke-2?")

    assert len(reading.tokens) == len(reading.trust)
    assert all(0 < trust <= 1 for trust in reading.trust)
