"""Where a message may be cut in two."""

import pytest

from knowledge_base.parts import MAX_CUTS, cuts


@pytest.mark.parametrize(
    ("message", "halves"),
    [
        ("cara klaim jkp? kuota swasta berapa?", ("cara klaim jkp?", "kuota swasta berapa?")),
        ("1) lapor PHK ke mana 2) pesangon tetap dibayar?", ("lapor PHK ke mana", "pesangon tetap dibayar?")),
        ("1. cara klaim 2. kuota swasta", ("cara klaim", "kuota swasta")),
        ("a. cara klaim b. kuota swasta", ("cara klaim", "kuota swasta")),
        ("pengantar kerja itu apa. antarkerja itu apa", ("pengantar kerja itu apa.", "antarkerja itu apa")),
        ("iuran brp, satu lagi syaratnya apa", ("iuran brp", "syaratnya apa")),
        ("piye carane klaim, karo syarate opo", ("piye carane klaim", "syarate opo")),
    ],
)
def test_the_likeliest_cut_comes_first(message: str, halves: tuple[str, str]) -> None:
    assert next(cuts(message)) == halves


def test_a_regulations_number_is_no_numbered_question() -> None:
    assert list(cuts("pasal 1 ayat 2 PP 6/2025")) == []


def test_a_message_of_many_joints_is_cut_at_a_few_only() -> None:
    assert len(list(cuts(" dan ".join(["satu"] * 50)))) <= MAX_CUTS
