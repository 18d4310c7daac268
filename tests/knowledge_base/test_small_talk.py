import pytest

from knowledge_base.language import SmallTalkKind, Vocabulary
from knowledge_base.small_talk import SmallTalkDetector

KNOWN = {"jkp", "klaim", "tunggak", "phk", "umk"}
OWN = Vocabulary(small_talk={SmallTalkKind.GREETING: ("salam satu naker",)})


def kind(text: str) -> SmallTalkKind | None:
    return SmallTalkDetector(OWN, KNOWN.__contains__).kind(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("halo", SmallTalkKind.GREETING),
        ("Selamat pagi, Bapak/Ibu semua 🙏", SmallTalkKind.GREETING),
        ("p", SmallTalkKind.GREETING),
        ("salam satu naker!", SmallTalkKind.GREETING),
        ("assalamu'alaikum min", SmallTalkKind.GREETING),
        ("halo bot, apa kabar", SmallTalkKind.GREETING),
        ("min", SmallTalkKind.GREETING),
        ("terima kasih banyak kak", SmallTalkKind.THANKS),
        ("ok makasih infonya", SmallTalkKind.THANKS),
        ("sip", SmallTalkKind.AFFIRMATION),
        ("ok 👍", SmallTalkKind.AFFIRMATION),
        ("wkwkwk", SmallTalkKind.AFFIRMATION),
        ("hahaha iya", SmallTalkKind.AFFIRMATION),
        ("kamu siapa", SmallTalkKind.CHAT),
        ("", SmallTalkKind.NOISE),
        ("   ", SmallTalkKind.NOISE),
        ("😂😂", SmallTalkKind.NOISE),
        ("???", SmallTalkKind.NOISE),
        ("\u200b\u200d", SmallTalkKind.NOISE),
        ("asdf", SmallTalkKind.NOISE),
        ("lkjsdf mnbv", SmallTalkKind.NOISE),
        ("x", SmallTalkKind.NOISE),
        ("https://kemnaker.go.id", SmallTalkKind.LINK),
        ("[NIK]", SmallTalkKind.NUMBER),
        ("0812 3456", SmallTalkKind.NUMBER),
    ],
)
def test_messages_that_ask_nothing_are_recognised(text: str, expected: SmallTalkKind) -> None:
    assert kind(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "halo, gmn cara klaim jkp?",
        "terima kasih, lalu syarat klaim apa?",
        "ok berapa lama",
        "jkp",
        "phk",
        "umk",
        "selamat siang mau tanya jkp",
        "https://kemnaker.go.id ini resmi?",
        "pasal 5",
        "kak 12 bulan",
    ],
)
def test_a_real_question_is_never_swallowed(text: str) -> None:
    assert kind(text) is None


def test_thanks_outweigh_a_greeting() -> None:
    assert kind("halo kak, terima kasih ya") is SmallTalkKind.THANKS


def test_other_scripts_are_no_noise() -> None:
    assert kind("صباح الخير") is None
