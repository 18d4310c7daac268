"""The words of dates and hours, and how a text is cut into them."""

import enum
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from typing import TypeVar

from bot.clock import Zone
from bot.services.moments.outcomes import PartOfDay

T = TypeVar("T")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _table(*rows: tuple[str, T]) -> dict[str, T]:
    return {word: value for words, value in rows for word in words.split()}


MONTHS = _table(
    ("januari january jan", 1),
    ("februari february pebruari februar feb febr peb", 2),
    ("maret march mar mrt", 3),
    ("april apr", 4),
    ("mei may", 5),
    ("juni june jun", 6),
    ("juli july jul", 7),
    ("agustus august agt agu ags agst agus aug agts", 8),
    ("september sept sep", 9),
    ("oktober october okt oct", 10),
    ("november nopember nov nop", 11),
    ("desember december des dec", 12),
)
# "min" is left out: it also means minutes and the admin of a group.
WEEKDAYS = _table(
    ("senin senen sen snn monday mon", 0),
    ("selasa slasa sel sls tuesday tue tues", 1),
    ("rabu rebo rab rbu wednesday wed", 2),
    ("kamis kemis kam kms thursday thu thurs thur", 3),
    ("jumat jum'at jumaat jum jmt jm'at friday fri", 4),
    ("sabtu saptu sab sbt saturday sat", 5),
    ("ahad sunday sun", 6),
)
SUNDAY_OR_WEEK = {"minggu", "mgg", "mggu", "mingg"}
WEEK = {"pekan", "week"}
PARTS = _table(
    ("subuh", PartOfDay.DAWN),
    ("pagi pg pgi morning", PartOfDay.MORNING),
    ("siang", PartOfDay.MIDDAY),
    ("sore", PartOfDay.AFTERNOON),
    ("petang", PartOfDay.DUSK),
    ("malam mlm malem", PartOfDay.NIGHT),
    ("afternoon", PartOfDay.ENGLISH_AFTERNOON),
    ("evening", PartOfDay.ENGLISH_EVENING),
    ("night", PartOfDay.ENGLISH_NIGHT),
    ("am a.m a.m.", PartOfDay.AM),
    ("pm p.m p.m.", PartOfDay.PM),
)
ZONES = {"wib": Zone.WIB, "wita": Zone.WITA, "wit": Zone.WIT}
ZONE_NAMES = {
    "barat": Zone.WIB,
    "tengah": Zone.WITA,
    "timur": Zone.WIT,
    "jakarta": Zone.WIB,
    "makassar": Zone.WITA,
    "jayapura": Zone.WIT,
}
OFFSETS = {
    "wib": 420,
    "wita": 480,
    "wit": 540,
}  # minutes east of Greenwich; no zone of Indonesia changes its clocks
TODAY = {"today"}
TOMORROW = {"besok", "bsk", "besuk", "bsok", "esok", "tomorrow", "tmrw"}
AFTER_TOMORROW = {"lusa"}
LATER = {"nanti", "nnti", "ntar"}
NEXT = {"depan", "dpn", "mendatang"}
THIS = {"ini"}
LAST = {"lalu", "kemarin", "lampau"}
PAST = {"kemarin", "kmrn", "kemaren", "tadi", "yesterday"}
HOUR_WORDS = {"jam", "jm", "pukul", "pkl", "pk", "at"}
DATE_WORDS = {"tanggal", "tgl", "tggl", "tg"}
UNTIL = {
    "sd",
    "s.d",
    "s.d.",
    "s/d",
    "sampai",
    "smp",
    "sampe",
    "hingga",
    "until",
    "till",
    "to",
    "through",
    "~",
}
OPEN_END = {"selesai", "slesai", "rampung", "finish", "end"}
LENGTH_WORDS = {"selama", "durasi", "lamanya", "durasinya", "for", "duration"}
MINUTES = {"menit": 1, "mnt": 1, "min": 1, "minute": 1, "minutes": 1, "mins": 1}
HOURS = {"jam": 60, "jm": 60, "hour": 60, "hours": 60, "hr": 60, "hrs": 60}
SINGLE = {"sejam": 60, "semenit": 1}
DAYS = {"hari", "hr", "day", "days"}
APPROXIMATELY = {"sekitar", "kira", "kurleb", "±", "around", "about", "approximately", "circa"}
VAGUE = {"akhir", "awal", "pertengahan"}
# Words that say nothing about when: left out without a question.
FILLERS = _words(
    "pada hari di dari mulai dimulai waktu hari/tanggal on from starting start the of o'clock oclock ya "
    "yaa yah pak bu bapak ibu kak mas mbak mba dong deh aja saja tolong mohon please teng tepat adalah "
    "jadwal jadwalnya"
)
# A text with one of these is never offered without it: it would mean something else.
TURNING = _words(
    "bukan jangan tidak tdk gak ga nggak tanpa kecuali selain batal atau or not except sebelum before "
    "sesudah setelah after habis setiap tiap every antara between lewat paling utc gmt sgt jst h "
    "ke pertama kedua ketiga keempat terakhir semalam sejak ganti"
)
_NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        _words("nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas")
    )
}


class Kind(enum.Enum):
    """What a piece of text looks like."""

    WORD = enum.auto()
    NUMBER = enum.auto()
    CLOCK = enum.auto()
    """9.00, 09:00"""
    DATE = enum.auto()
    """25/9/25, 25-09-2025, 2025-09-25, 25/9"""
    DASH = enum.auto()
    MARK = enum.auto()
    """Punctuation that says nothing."""


@dataclass(frozen=True)
class Token:
    kind: Kind
    text: str
    """Lower case, digits and dots in their plain form."""
    written: str
    is_glued: bool
    """Nothing stands between it and the token before."""

    def is_in(self, words: Container[str]) -> bool:
        return self.kind is Kind.WORD and self.text in words


_PLAIN = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹘﹣", "-")
    | dict.fromkeys("’‘ʼ`´′ʻ", "'")
    | dict.fromkeys("∶꞉ː", ":")
    | dict.fromkeys("。․·•", ".")
    | dict.fromkeys("〜∼～", "~")
)
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])\s*([:])\s*(?=[0-9])")
_TOKEN = re.compile(
    r"""
    (?P<DATE>(?<![\d.:])[0-9]{4}([-/.])[0-9]{1,2}\2[0-9]{1,2}(?![0-9])(?![.:/][0-9])
        |[0-9]{1,2}([-/.])[0-9]{1,2}\3(?:[0-9]{4}|[0-9]{2})(?![0-9])(?![.:/][0-9])
        |[0-9]{1,2}/[0-9]{1,2}(?![0-9])(?![.:/][0-9]))
    |(?P<CLOCK>[0-9]{1,2}[.:][0-9]{2}(?::00)?(?![0-9])(?![.:,][0-9]|/[0-9]{1,2}(?![0-9.:])))
    |(?P<NUMBER>[0-9]+(?:[.,][0-9]+(?![0-9.:]))?)
    |(?P<WORD>s\s?/\s?d\b|s\.\s?d\b\.?|[ap]\.m\b\.?|hari\s?/\s?tanggal|o'clock|(?:utc|gmt)\s?\+\s?[0-9]{1,2}
        |[^\W\d_]+(?:'[^\W\d_]+)*'?|[±~+&%@\#<>^$])
    |(?P<DASH>-+)
    |(?P<MARK>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SILENT = set(",;()[]{}?!.:'\"/|=*_…“”«»\\")


def _plain(text: str) -> str:
    """Full-width signs, odd dots and dashes, digits of other scripts in their plain form; marks without width gone."""
    signs = []
    for sign in unicodedata.normalize("NFKC", text.translate(_PLAIN)).translate(_PLAIN):
        value = unicodedata.decimal(sign, None)
        if value is not None:
            signs.append(str(value))
        elif unicodedata.category(sign) not in {"Cf", "Mn", "Me", "Cs", "Co"}:
            signs.append(sign)
    return _BETWEEN_DIGITS.sub(r"\1", "".join(signs))


def cut(text: str) -> list[Token]:
    """The words, numbers and signs of `text`; number words are numbers."""
    plain, tokens, end = _plain(text), list[Token](), 0
    for found in _TOKEN.finditer(plain):
        kind, piece = Kind[found.lastgroup or "MARK"], found[0].lower()
        glued, end = found.start() == end, found.end()
        if kind is Kind.MARK:
            if piece not in _SILENT and not unicodedata.category(piece).startswith(("S", "Z")):
                kind = Kind.WORD
        elif kind is Kind.WORD:
            piece = re.sub(r"\s", "", piece).rstrip("'")
        tokens.append(Token(kind, piece, found[0], glued))
    return _with_numbers(tokens)


def _with_numbers(tokens: list[Token]) -> list[Token]:
    """ "dua puluh lima" -> 25, "dua belas" -> 12."""
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        value = _NUMBER_WORDS.get(token.text) if token.kind is Kind.WORD else None
        if value is None:
            result.append(token)
            position += 1
            continue
        start = position
        position += 1
        following = [each.text for each in tokens[position : position + 2]] + ["", ""]
        if 2 <= value <= 9 and following[0] == "belas":
            value, position = value + 10, position + 1
        elif 2 <= value <= 9 and following[0] == "puluh":
            value, position = value * 10, position + 1
            unit = _NUMBER_WORDS.get(following[1], 0)
            if 1 <= unit <= 9:
                value, position = value + unit, position + 1
        written = " ".join(each.written for each in tokens[start:position])
        result.append(Token(Kind.NUMBER, str(value), written, is_glued=False))
    return result
