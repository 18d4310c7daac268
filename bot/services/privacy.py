"""The personal data guard (A11): numbers and addresses are masked before anything is stored, logged or passed on."""

import re
import unicodedata
from dataclasses import dataclass

# Signs that take no room: they would split a number for the eye of a pattern but not for that of a person.
# Control characters go with them; PostgreSQL cannot store the first of them at all.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# "Rp1.250.000.000" and "1.250.000" are money or counts, not somebody's number.
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\.?\d)")
_RUPIAH = re.compile(r"\brp\.?\s*\d[\d.,]*", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b")
# Digits with at most two separators between each two; a number that identifies a person has at least nine.
_NUMBER = re.compile(r"(?<![\w])\+?\(?\d(?:[ .\-()/]{0,2}\d)+(?![\w])")
# Old participant numbers (KPJ) have a letter in third place: 12K34567890.
_OLD_KPJ = re.compile(r"\b\d{2}[A-Za-z]\d{8}\b")
# Short numbers count as personal only behind the word that makes them so.
_NAMED = re.compile(
    r"\b(nik|kk|kpj|nip|no\.?\s*hp|hp|wa|whatsapp|telp|telepon|rek|rekening|norek|npwp|ktp|paspor)"
    r"((?:\s+(?:saya|sy|no|nomor|nomer|bca|bri|bni|mandiri|adalah|yaitu))*\s*[.:=]?\s*)(\d[\d .\-]{4,}\d)",
    re.IGNORECASE,
)

MIN_PERSONAL_DIGITS = 9  # the shortest Indonesian mobile number without its prefix
EMAIL, NIK, PHONE, NUMBER = "[email]", "[NIK]", "[telepon]", "[nomor]"


@dataclass(frozen=True)
class Masked:
    """A text that is safe to keep, and whether something was taken out of it."""

    text: str
    was_masked: bool


def mask(text: str) -> Masked:
    """`text` with every NIK, KK, KPJ, NIP, phone and account number and e-mail address replaced by its kind.

    Digits of other scripts and full-width digits count as digits; signs without width are removed first.
    """
    visible = _INVISIBLE.sub("", text)
    digits = "".join(str(unicodedata.digit(c)) if not c.isascii() and c.isdigit() else c for c in visible)
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\0{len(kept) - 1}\0"

    result = _EMAIL.sub(EMAIL, digits)
    result = _NAMED.sub(lambda m: f"{m[1]}{m[2]}{_kind_of(m[3])}", result)
    for harmless in (_RUPIAH, _GROUPED, _DATE):
        result = harmless.sub(keep, result)
    result = _OLD_KPJ.sub(NUMBER, result)
    result = _NUMBER.sub(_replace_long, result)
    result = re.sub("\0(\\d+)\0", lambda m: kept[int(m[1])], result)
    return Masked(result, was_masked=result != digits)


def _replace_long(match: re.Match[str]) -> str:
    count = sum(c.isdigit() for c in match.group())
    return _kind_of(match.group()) if count >= MIN_PERSONAL_DIGITS else match.group()


def _kind_of(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    if len(digits) == 16:  # NIK and KK have the same form
        return NIK
    if digits.startswith(("08", "628")) and 9 <= len(digits) <= 14:
        return PHONE
    return NUMBER
