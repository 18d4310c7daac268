"""The 38 provinces with their time zones.

Codes: the ministry of home affairs' codes of government areas. Zones: Keppres 41/1987 and the areas formed since,
each in the zone of the province that it was cut from.
"""

import enum
from dataclasses import dataclass

from bot.clock import Zone


class Island(enum.StrEnum):
    """How the list is cut so that it fits a keyboard."""

    SUMATERA = "sumatera"
    JAWA = "jawa"
    NUSA = "nusa"
    KALIMANTAN = "kalimantan"
    SULAWESI = "sulawesi"
    PAPUA = "papua"


@dataclass(frozen=True)
class Province:
    code: str
    name: str
    island: Island
    zone: Zone


def _group(island: Island, zone: Zone, *pairs: tuple[str, str]) -> list[Province]:
    return [Province(code, name, island, zone) for code, name in pairs]


PROVINCES = {
    province.code: province
    for province in (
        *_group(
            Island.SUMATERA,
            Zone.WIB,
            ("11", "Aceh"),
            ("12", "Sumatera Utara"),
            ("13", "Sumatera Barat"),
            ("14", "Riau"),
            ("15", "Jambi"),
            ("16", "Sumatera Selatan"),
            ("17", "Bengkulu"),
            ("18", "Lampung"),
            ("19", "Kepulauan Bangka Belitung"),
            ("21", "Kepulauan Riau"),
        ),
        *_group(
            Island.JAWA,
            Zone.WIB,
            ("31", "DKI Jakarta"),
            ("32", "Jawa Barat"),
            ("33", "Jawa Tengah"),
            ("34", "DI Yogyakarta"),
            ("35", "Jawa Timur"),
            ("36", "Banten"),
        ),
        *_group(
            Island.NUSA,
            Zone.WITA,
            ("51", "Bali"),
            ("52", "Nusa Tenggara Barat"),
            ("53", "Nusa Tenggara Timur"),
        ),
        *_group(Island.KALIMANTAN, Zone.WIB, ("61", "Kalimantan Barat"), ("62", "Kalimantan Tengah")),
        *_group(
            Island.KALIMANTAN,
            Zone.WITA,
            ("63", "Kalimantan Selatan"),
            ("64", "Kalimantan Timur"),
            ("65", "Kalimantan Utara"),
        ),
        *_group(
            Island.SULAWESI,
            Zone.WITA,
            ("71", "Sulawesi Utara"),
            ("72", "Sulawesi Tengah"),
            ("73", "Sulawesi Selatan"),
            ("74", "Sulawesi Tenggara"),
            ("75", "Gorontalo"),
            ("76", "Sulawesi Barat"),
        ),
        *_group(
            Island.PAPUA,
            Zone.WIT,
            ("81", "Maluku"),
            ("82", "Maluku Utara"),
            ("91", "Papua"),
            ("92", "Papua Barat"),
            ("93", "Papua Selatan"),
            ("94", "Papua Tengah"),
            ("95", "Papua Pegunungan"),
            ("96", "Papua Barat Daya"),
        ),
    )
}


def on_island(island: Island) -> list[Province]:
    """The provinces of one button of the first list."""
    return [province for province in PROVINCES.values() if province.island is island]


# As people write them; the names themselves are known anyway.
_SHORT = {
    "sumut": "12",
    "sumbar": "13",
    "sumsel": "16",
    "babel": "19",
    "bangka belitung": "19",
    "kepri": "21",
    "jakarta": "31",
    "dki": "31",
    "jabar": "32",
    "jateng": "33",
    "yogyakarta": "34",
    "jogja": "34",
    "diy": "34",
    "daerah istimewa yogyakarta": "34",
    "jatim": "35",
    "ntb": "52",
    "ntt": "53",
    "kalbar": "61",
    "kalteng": "62",
    "kalsel": "63",
    "kaltim": "64",
    "kaltara": "65",
    "sulut": "71",
    "sulteng": "72",
    "sulsel": "73",
    "sultra": "74",
    "sulbar": "76",
    "malut": "82",
}


def province_named(text: str) -> Province | None:
    """The province that somebody wrote by its name, its usual short form or its code."""
    words = text.casefold().replace(".", " ").split()
    if words and words[0] in {"provinsi", "prov", "propinsi"}:
        words = words[1:]
    name = " ".join(words)
    code = _SHORT.get(name, name)
    if code in PROVINCES:
        return PROVINCES[code]
    return next((each for each in PROVINCES.values() if each.name.casefold() == name), None)
