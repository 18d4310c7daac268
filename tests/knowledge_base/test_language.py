import pytest

from knowledge_base.language import (
    SmallTalkKind,
    Vocabulary,
    bare,
    indonesian,
    is_link_alone,
    is_number_alone,
    normalise,
    shouted_words,
    split_words,
)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Berapa lama masa iur?", ["berapa", "lama", "masa", "iur"]),
        ("syarat2 klaim", ["syarat", "klaim"]),
        ("dua2nya", ["duanya"]),
        ("teman-teman", ["teman"]),
        ("bulan ke-2", ["bulan", "ke", "2"]),
        ("sp3", ["sp", "3"]),
        ("PP 6/2025", ["pp", "6", "2025"]),
        ("Rp5.000.000", ["rp", "5000000"]),
        ("0,36%", ["0,36", "persen"]),
        ("pasal 5.", ["pasal", "5"]),
        ("bangettttt", ["banget"]),
        ("masih aktif 😂 ga", ["masih", "aktif", "ga"]),
        ("cek https://kemnaker.go.id/a?b=1 dong", ["cek", "dong"]),
        ("NIK saya [NIK] salah", ["nik", "saya", "salah"]),
        ("kla\u200bim jk\u00adp", ["klaim", "jkp"]),
        ("ｋｌａｉｍ ＪＫＰ", ["klaim", "jkp"]),
        ("\u202eklaim\u202c jkp", ["klaim", "jkp"]),
        ("", []),
        ("😂 … !!", []),
    ],
)
def test_a_text_is_split_into_words(written: str, words: list[str]) -> None:
    assert split_words(written) == words


def test_what_looks_the_same_is_the_same() -> None:
    assert normalise("Ｋlaim") == normalise("KLAIM") == normalise("kla\u2060im") == "klaim"


def test_lone_surrogates_and_unassigned_characters_do_no_harm() -> None:
    assert normalise("a\ud800b\U000e0fffc") == "abc"


@pytest.mark.parametrize(
    ("word", "shorter"), [("syaratnya", "syarat"), ("bolehkah", "boleh"), ("punya", "punya")]
)
def test_particles_are_taken_off_for_lookup(word: str, shorter: str) -> None:
    assert bare(word) == shorter


def test_capitals_mark_a_name_unless_everything_is_in_capitals() -> None:
    assert shouted_words("siapa yang berhak dapat KPD") == {"kpd"}
    assert shouted_words("SIAPA YANG BERHAK DAPAT KPD") == frozenset()


@pytest.mark.parametrize(
    ("text", "is_link", "is_number"),
    [
        ("https://kemnaker.go.id", True, False),
        ("t.me/tanyacop", True, False),
        ("https://kemnaker.go.id ini benar?", False, False),
        ("12345", False, True),
        ("[NIK]", False, True),
        ("[telepon] 08", False, True),
        ("pasal 5", False, False),
        ("", False, False),
    ],
)
def test_links_and_numbers_alone_are_told_from_questions(text: str, is_link: bool, is_number: bool) -> None:
    assert (is_link_alone(text), is_number_alone(text)) == (is_link, is_number)


def test_a_vocabulary_is_read_from_its_indonesian_keys() -> None:
    read = Vocabulary.from_dict(
        {
            "singkatan": {"bpjstk": "bpjs ketenagakerjaan"},
            "akronim": {"PHK": "pemutusan hubungan kerja"},
            "sinonim": [["resign", "mengundurkan diri"]],
            "sapaan": ["salam satu naker"],
            "terima kasih": ["nuhun pisan"],
            "basa-basi": ["kamu bisa apa saja"],
            "istilah dihindari": {"cacat": "disabilitas"},
        }
    )

    assert read == Vocabulary(
        abbreviations={"bpjstk": "bpjs ketenagakerjaan"},
        acronyms={"PHK": "pemutusan hubungan kerja"},
        synonyms=(("resign", "mengundurkan diri"),),
        small_talk={
            SmallTalkKind.GREETING: ("salam satu naker",),
            SmallTalkKind.THANKS: ("nuhun pisan",),
            SmallTalkKind.CHAT: ("kamu bisa apa saja",),
        },
    )


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"singkatan": ["a"]},
        {"sinonim": {"a": "b"}},
        {"sinonim": [["alone"], "no list", 3]},
        {"sapaan": None},
    ],
)
def test_a_vocabulary_of_the_wrong_shape_is_left_out(broken: dict[str, object]) -> None:
    read = Vocabulary.from_dict(broken)

    assert (read.abbreviations, read.acronyms, read.synonyms) == ({}, {}, ())


def test_no_ordinary_word_is_also_an_abbreviation() -> None:
    language = indonesian()

    assert not language.ordinary & {word for word in language.abbreviations if len(word) <= 3}


def test_abbreviations_do_not_chain() -> None:
    """What an abbreviation stands for is final, so that one look-up is enough."""
    general = indonesian().abbreviations
    chains = {
        short: full
        for short, full in general.items()
        for word in full.split()
        if general.get(word, word) != word
    }

    assert chains == {}
