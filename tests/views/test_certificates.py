"""Certificates on paper: everything stays in its box, and the picture can be read from a print."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.services.certificate_template import CertificateTemplate, Signer, built_in
from bot.services.certificates import Certificate, Issued
from bot.services.cop_sessions import CopSession
from bot.texts import texts
from bot.views import certificate_pdf
from tests.papers import extent_of, page_count, picture_of, scanned, words_of

SERIAL = "COP-2026-CDFHJ-KMNPQ"
LINK = f"https://t.me/TanyaCoP_bot?start=v_{SERIAL}"
START = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
NAME = "Sari Dewi, S.Sos., M.Si."
LONG_NAME = (
    "Dr. Ir. Raden Mas Hadiningrat Suryokusumo Wirjoatmodjo Kusumaningrat bin Abdurrahman Al-Banjari, S.Psi., "
    "M.Psi., M.Kesos., Ph.D., CHRP., CPHRM., C"
)
LONG_TITLE = (
    "Penempatan kerja penyandang disabilitas di lingkungan pemerintah daerah dan swasta: hambatan, peluang, "
    "pembelajaran dari Unit Layanan Disabilitas, ULD"
)
FRAME_MM = 12.0  # the inner border


def issued(
    name: str = NAME,
    unit: str | None = "Disnakertrans Kabupaten Garut",
    title: str = "Klaim JKP",
    *,
    minutes: int = 120,
    province: str | None = None,
    is_open_ended: bool = False,
) -> Issued:
    session = CopSession(
        id=1,
        title=title,
        starts_at=START,
        ends_at=START + timedelta(minutes=minutes),
        is_open_ended=is_open_ended,
        province_code=province,
        created_at=START,
        scheduled_at=START,
    )
    certificate = Certificate(
        session_id=1, person_id=1, serial=SERIAL, full_name=name, unit=unit, issued_on=date(2026, 11, 27)
    )
    return Issued(certificate, session)


def drawn(found: Issued, template: CertificateTemplate | None = None) -> bytes:
    return certificate_pdf.certificate(found, LINK, template or built_in(), texts("id"))


@pytest.mark.parametrize(
    ("name", "unit", "title"),
    [
        ("Bo", None, "JKP"),
        (NAME, "Disnaker Garut", "Klaim JKP"),
        (LONG_NAME, LONG_TITLE, LONG_TITLE),
        ("W" * 150, "W" * 150, "W" * 150),
        ("W " * 75, "Q " * 75, "M " * 75),
    ],
    ids=["short", "usual", "long", "one word", "many words"],
)
def test_nothing_runs_over_its_box_or_is_cut_off(name: str, unit: str | None, title: str) -> None:
    assert max(map(len, (name, unit or "", title))) <= 150  # the columns hold no more

    content = drawn(issued(name, unit, title))

    ((left, top, right, bottom),) = extent_of(content)
    read = words_of(content).replace(" ", "")
    assert page_count(content) == 1
    assert (left >= FRAME_MM, top >= FRAME_MM) == (True, True)
    assert (right <= 297 - FRAME_MM, bottom <= 210 - FRAME_MM) == (True, True)
    for words in (name, unit or "", title):
        assert words.replace(" ", "") in read
    assert "…" not in read


def test_a_camera_reads_the_link_from_the_page() -> None:
    assert scanned(drawn(issued(LONG_NAME, LONG_TITLE, LONG_TITLE))) == [LINK]


def test_times_are_those_of_the_sessions_province_in_indonesian() -> None:
    in_papua = words_of(drawn(issued(minutes=150, province="94")))

    assert "Kamis, 26 November 2026, pukul 11.00–13.30 WIT" in in_papua
    assert "Lama: 2 jam 30 menit" in in_papua


@pytest.mark.parametrize(
    ("minutes", "is_open_ended", "said"),
    [(60, False, "1 jam"), (45, False, "45 menit"), (240, True, ""), (26 * 60, False, "")],
    ids=["an hour", "less", "until it is done", "until another day"],
)
def test_hours_are_told_only_where_they_are_known(minutes: int, is_open_ended: bool, said: str) -> None:
    found = issued(minutes=minutes, is_open_ended=is_open_ended)

    assert certificate_pdf.lasted(found.session, texts("id")) == said
    assert ("Lama:" in words_of(drawn(found))) is bool(said)


def test_braces_and_emoji_in_a_name_are_no_words_of_the_template() -> None:
    read = words_of(drawn(issued("Sari {serial} 🎉 Dewi")))

    assert "Sari {serial} Dewi" in read


def test_a_template_of_ones_own_is_followed(tmp_path: Path) -> None:
    Image.new("RGB", (297, 210), "#c0392b").save(tmp_path / "latar.png")
    template = built_in()
    page = template.page.model_copy(update={"background": "latar.png"})
    signed = template.model_copy(
        update={
            "page": page,
            "folder": tmp_path,
            "signer": Signer(name="Dra. Ratna, M.Si.", position="Koordinator"),
        }
    )

    content = drawn(issued(), signed)

    read = words_of(content)
    assert "Dra. Ratna, M.Si." in read
    assert "Koordinator" in read
    assert "Dra. Ratna" not in words_of(drawn(issued()))
    assert picture_of(content)[5, 5] < 150  # red behind everything, in grey
    assert scanned(content) == [LINK]
