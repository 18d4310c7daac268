import json
import os
import subprocess
import sys

import pytest

from knowledge_base.language import SmallTalkKind, Vocabulary
from knowledge_base.outcomes import Answer, Match, OpenTopic, Part, SearchEntry, SmallTalk, Suggest, Unknown
from knowledge_base.reader import ChangeKind
from knowledge_base.registers import Topic
from knowledge_base.search import Engine

BOOK = (
    SearchEntry(
        "masa-iur",
        "Berapa lama masa iur supaya bisa klaim JKP?",
        ("brp bulan bayar iuran biar dpt jkp", "minimal setor berapa kali sebelum PHK"),
        ("masa iur", "12 bulan"),
        "Paling sedikit 12 bulan dalam 24 bulan.",
    ),
    SearchEntry(
        "dokumen",
        "Apa saja dokumen yang disiapkan untuk klaim Jaminan Kehilangan Pekerjaan (JKP)?",
        ("berkas klaim jkp apa aja", "bawa surat apa waktu mengajukan"),
        ("berkas", "KTP"),
        "Surat PHK, KTP, buku rekening.",
    ),
    SearchEntry(
        "resign",
        "Saya mengundurkan diri, apa bisa dapat JKP?",
        ("resign dapet jkp ga", "dipaksa keluar dari kantor"),
        (),
        "Tidak, kecuali dipaksa.",
    ),
    SearchEntry(
        "kuota",
        "Berapa kuota pekerja disabilitas di perusahaan swasta?",
        ("perusahaan wajib terima difabel berapa persen", "kuota 1 persen itu dihitung dari mana"),
        ("kuota", "satu persen"),
        "Paling sedikit satu persen.",
    ),
    SearchEntry(
        "rekening",
        "Uang JKP masuk ke rekening mana?",
        ("rekening istri boleh ga", "cair ke bank apa", "transfer uang tunai ke siapa"),
        ("rekening", "bank"),
        "Rekening atas nama sendiri.",
    ),
)
TOPICS = (
    Topic("jkp", "JKP", "JKP", "jkp", ("jkp", "jaminan kehilangan pekerjaan")),
    Topic("dis", "Disabilitas", "Disability", "dis", ("disabilitas",)),
)
VOCABULARY = Vocabulary(synonyms=(("resign", "mengundurkan diri"),))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(BOOK, VOCABULARY, TOPICS)


def only(parts: tuple[Part, ...]) -> Part:
    (part,) = parts
    return part


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("Berapa lama masa iur supaya bisa klaim JKP?", "masa-iur"),
        ("brp lma msa iur spy bs klaimjkp", "masa-iur"),
        ("dokumen klaim apa saja", "dokumen"),
        ("berkas apa saja untuk mengajukan jaminan kehilangan pekerjaan", "dokumen"),
        ("mengundurkan diri dpt jkp tdk", "resign"),
        ("kuota disabilitas swasta brp", "kuota"),
        ("uangnya masuk rekening mana", "rekening"),
        ("halo min, mau tanya dong, uang jkp masuk ke rekening mana ya? makasih", "rekening"),
    ],
)
def test_a_question_finds_its_entry(engine: Engine, text: str, entry_id: str) -> None:
    part = only(engine.ask(text))

    assert part.ranking[0].entry_id == entry_id
    assert isinstance(part.outcome, Answer | Suggest)


def test_a_phrasing_of_the_book_is_answered_outright(engine: Engine) -> None:
    asked = [(entry.id, text) for entry in BOOK for text in entry.phrasings]

    answered = [(entry_id, only(engine.ask(text)).outcome) for entry_id, text in asked]

    assert all(
        isinstance(outcome, Answer) and outcome.match.entry_id == entry_id for entry_id, outcome in answered
    )


def test_the_matched_phrasing_is_shown_as_it_is_written(engine: Engine) -> None:
    part = only(engine.ask("rekening istri blh tdk"))

    assert part.ranking[0].phrasing == "rekening istri boleh ga"


@pytest.mark.parametrize(
    "text",
    [
        "resep nasi goreng",
        "prakiraan cuaca medan",
        "siapa penemu telepon",
        "صباح الخير",
        "明日の天気は",
        "cara instal windows 11",
    ],
)
def test_what_the_book_does_not_know_is_unknown(engine: Engine, text: str) -> None:
    assert only(engine.ask(text)).outcome == Unknown()


@pytest.mark.parametrize(
    "text", ["jkp", "JKP?", "info jkp dong kak", "tentang jaminan kehilangan pekerjaan", "  jkp 🙏"]
)
def test_a_topics_name_alone_opens_the_topic(engine: Engine, text: str) -> None:
    assert only(engine.ask(text)).outcome == OpenTopic("jkp")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("halo", SmallTalkKind.GREETING),
        ("makasih kak", SmallTalkKind.THANKS),
        ("ok", SmallTalkKind.AFFIRMATION),
        ("", SmallTalkKind.NOISE),
        ("😂🙏", SmallTalkKind.NOISE),
        ("asdf", SmallTalkKind.NOISE),
        ("\u200b\u200f", SmallTalkKind.NOISE),
        ("\u200ba\u200b", SmallTalkKind.NOISE),
        ("https://kemnaker.go.id", SmallTalkKind.LINK),
        ("3201", SmallTalkKind.NUMBER),
        ("[NIK]", SmallTalkKind.NUMBER),
    ],
)
def test_small_talk_is_no_question(engine: Engine, text: str, kind: SmallTalkKind) -> None:
    assert only(engine.ask(text)).outcome == SmallTalk(kind)


def test_a_word_of_the_book_is_never_taken_for_noise() -> None:
    engine = Engine((SearchEntry("a", "Apa itu BPVP?"),), Vocabulary.empty())

    assert not isinstance(only(engine.ask("bpvp")).outcome, SmallTalk)


def test_invisible_characters_change_nothing(engine: Engine) -> None:
    hidden = "\u200bkuota\u200d disa\u00adbilitas\u2060 di \u202aperusahaan\u202c swasta"

    assert (
        only(engine.ask(hidden)).ranking == only(engine.ask("kuota disabilitas di perusahaan swasta")).ranking
    )


def test_two_questions_in_one_message_are_two_parts(engine: Engine) -> None:
    parts = engine.ask("berapa lama masa iur supaya bisa klaim? terus uang jkp masuk ke rekening mana?")

    assert [part.ranking[0].entry_id for part in parts] == ["masa-iur", "rekening"]
    assert [part.text for part in parts] == [
        "berapa lama masa iur supaya bisa klaim?",
        "terus uang jkp masuk ke rekening mana?",
    ]


def test_one_question_with_a_comma_stays_whole(engine: Engine) -> None:
    assert len(engine.ask("Saya mengundurkan diri, apa bisa dapat JKP?")) == 1


def test_a_long_story_is_found_by_its_question(engine: Engine) -> None:
    story = (
        "Selamat siang. Perkenalkan saya Budi dari Sidoarjo, bekerja di bagian gudang selama sembilan tahun. "
        "Minggu lalu ada rapat dengan atasan dan suasananya kurang enak. Anak saya masih kecil dua orang. "
        "Uang JKP masuk ke rekening mana? Mohon pencerahannya."
    )

    part = only(engine.ask(story))

    assert part.ranking[0].entry_id == "rekening"
    assert isinstance(part.outcome, Answer | Suggest)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 4096,
        "klaim jkp " * 409,
        "? " * 2048,
        "berapa, " * 512,
        "x1y2" * 1024,
        "😂" * 4096,
        "כן " * 1365,
        "\x00\n\t" * 1000,
    ],
    ids=["one word", "repeated", "marks", "commas", "mixed", "emoji", "right to left", "control"],
)
def test_4096_characters_of_anything_get_an_outcome(engine: Engine, text: str) -> None:
    parts = engine.ask(text)

    assert 1 <= len(parts) <= 2
    assert all(0 <= match.confidence <= 1 for part in parts for match in part.ranking)


def test_the_ranking_has_the_best_n_whatever_the_outcome(engine: Engine) -> None:
    part = only(engine.ask("resep nasi goreng kuota rekening ujian", top=2))

    assert not isinstance(part.outcome, Answer)
    assert {match.entry_id for match in part.ranking} == {"kuota", "rekening"}
    assert part.ranking[0].confidence >= part.ranking[1].confidence


def test_what_shares_no_word_with_the_question_is_not_ranked(engine: Engine) -> None:
    assert [match.entry_id for match in only(engine.ask("kuota")).ranking] == ["kuota"]
    assert only(engine.ask("resep bolu")).ranking == ()


def test_suggestions_are_the_best_of_the_ranking_and_at_most_three(engine: Engine) -> None:
    suggested = [
        (part.outcome.matches, part.ranking)
        for text in (
            "dapat berapa",
            "klaim bagaimana",
            "surat bank",
            "uang klaim perusahaan",
            "pekerja wajib",
        )
        for part in engine.ask(text)
        if isinstance(part.outcome, Suggest)
    ]

    assert suggested
    assert all(
        1 <= len(matches) <= 3 and matches == ranking[: len(matches)] for matches, ranking in suggested
    )


def test_confidences_of_one_question_sum_to_at_most_one(engine: Engine) -> None:
    assert sum(match.confidence for match in only(engine.ask("klaim jkp")).ranking) <= 1


def test_a_book_without_entries_knows_nothing() -> None:
    engine = Engine((), Vocabulary.empty(), TOPICS)

    assert only(engine.ask("cara klaim jkp")) == Part("cara klaim jkp", Unknown(), ())
    assert only(engine.ask("jkp")).outcome == OpenTopic("jkp")
    assert only(engine.ask("halo")).outcome == SmallTalk(SmallTalkKind.GREETING)


def test_a_book_of_one_entry_answers_and_abstains() -> None:
    engine = Engine(BOOK[:1], Vocabulary.empty())

    assert isinstance(only(engine.ask("berapa lama masa iur supaya bisa klaim jkp")).outcome, Answer)
    assert only(engine.ask("resep nasi goreng")).outcome == Unknown()


def test_an_entry_without_words_does_no_harm() -> None:
    engine = Engine((SearchEntry("empty", "?"), SearchEntry("blank", ""), *BOOK), VOCABULARY)

    assert only(engine.ask("kuota disabilitas swasta brp")).ranking[0].entry_id == "kuota"


def test_what_was_asked_before_changes_nothing(engine: Engine) -> None:
    before = engine.ask("brp kuota difabel di perusahan")
    for text in ("perusahan", "kuotaa", "resep", "jkp klaim", "difabel brp"):
        engine.ask(text)

    assert engine.ask("brp kuota difabel di perusahan") == before


_PROBE = """
import json, sys
from tests.knowledge_base.test_search import BOOK, TOPICS, VOCABULARY
from knowledge_base.search import Engine
engine = Engine(BOOK, VOCABULARY, TOPICS)
texts = json.load(sys.stdin)
print(json.dumps([repr(engine.explain(text)) for text in texts]))
"""


def test_every_process_gives_the_same_result() -> None:
    texts = [
        "brp lma msa iur",
        "klaimjkp dokumn ap aja",
        "kuota difabel prusahaan, rekening istri boleh?",
        "resep nasi goreng",
        "dpt surat bank",
    ]

    def ask(seed: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        results: list[str] = json.loads(done.stdout)
        return results

    assert ask("1") == ask("2") == ask("random")


def test_a_result_can_be_explained(engine: Engine) -> None:
    (explained,) = engine.explain("brp kuota difabel di perusahan swasta")

    assert [(change.kind, change.written, change.read) for change in explained.changes] == [
        (ChangeKind.ABBREVIATION, "brp", "berapa"),
        (ChangeKind.SPELLING, "perusahan", "perusahaan"),
    ]
    assert explained.part == only(engine.ask("brp kuota difabel di perusahan swasta"))
    assert {"berapa", "kuota", "perusahaan", "swasta"} <= set(explained.matched)
    assert explained.runner_up is None
    assert explained.thresholds == engine.thresholds


def test_the_runner_up_is_the_second_that_shares_something(engine: Engine) -> None:
    (explained,) = engine.explain("dokumen klaim jkp")

    assert explained.runner_up == explained.part.ranking[1]


def test_what_the_best_entry_lacks_is_told(engine: Engine) -> None:
    (explained,) = engine.explain("kuota disabilitas di swasta jepang")

    assert explained.missed == ("jepang",)


def test_small_talk_explains_itself(engine: Engine) -> None:
    (explained,) = engine.explain("halo")

    assert (explained.part.outcome, explained.matched, explained.runner_up) == (
        SmallTalk(SmallTalkKind.GREETING),
        (),
        None,
    )


def test_what_is_likest_to_a_subject_outside_of_the_book_is_unknown() -> None:
    aside = Vocabulary(
        outside=(("berapa saldo jht", "cara cek saldo jht", "saldo hari tua bisa diambil berapa persen"),)
    )
    question = "saldo jht bisa diambil berapa persen"
    book = (
        *BOOK,
        SearchEntry("jht", "Apa beda JKP dan JHT?", ("jht dan jkp beda ya", "jht bisa diambil bareng jkp")),
    )

    alone, beside = Engine(book, Vocabulary.empty()), Engine(book, aside)

    assert only(alone.ask(question)).ranking[0].entry_id == "jht"
    assert only(beside.ask(question)).outcome == Unknown()
    assert only(beside.ask("jht dan jkp beda ya")).outcome == Answer(
        only(beside.ask("jht dan jkp beda ya")).ranking[0]
    )
    assert all(match.entry_id for match in only(beside.ask(question)).ranking)


def test_the_other_half_of_one_question_is_no_second_one(engine: Engine) -> None:
    assert len(engine.ask("uang jkp masuk ke rekening mana? atau harus bawa dokumen apa saja?")) == 1


def test_domain_words_of_one_book_do_not_reach_another() -> None:
    own = Engine(BOOK, Vocabulary(abbreviations={"kf": "kuota difabel"}))
    other = Engine(BOOK, Vocabulary.empty())

    assert own.ask("kf berapa")[0].ranking[0].entry_id == "kuota"
    assert other.ask("kf berapa") != own.ask("kf berapa")


def test_a_match_is_a_plain_value() -> None:
    assert Match("a", 0.5, "b") == Match("a", 0.5, "b")


def test_a_shared_question_word_alone_makes_no_candidate(engine: Engine) -> None:
    assert only(engine.ask("siapa penemu telepon")).ranking == ()
    assert only(engine.ask("berapa")).ranking
