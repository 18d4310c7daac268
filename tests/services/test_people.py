"""Provinces, zones and what people choose."""

from collections import Counter

from bot.clock import Zone
from bot.services.people import zone_of
from bot.services.provinces import PROVINCES, Island, on_island


def test_there_are_38_provinces_with_their_zones() -> None:
    zones = Counter(province.zone for province in PROVINCES.values())

    assert zones == {Zone.WIB: 18, Zone.WITA: 12, Zone.WIT: 8}
    assert len({province.name for province in PROVINCES.values()}) == 38


def test_every_province_stands_behind_one_island_button() -> None:
    listed = [province.code for island in Island for province in on_island(island)]

    assert sorted(listed) == sorted(PROVINCES)
    assert max(Counter(province.island for province in PROVINCES.values()).values()) <= 10


def test_whoever_has_told_nothing_reads_times_in_jakartas_zone() -> None:
    assert zone_of(None) is Zone.WIB
