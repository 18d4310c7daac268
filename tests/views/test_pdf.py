"""Pages and their letters."""

import gc
from datetime import UTC, datetime

import pypdfium2
import pytest
from fpdf.fonts import TTFFont

from bot.views import pdf
from bot.views.fonts import legible

MADE_AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def _read(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document).replace("\r", "")
    finally:
        document.close()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Terima kasih – “bagus” … ≥ 4", "Terima kasih – “bagus” … ≥ 4"),
        ("Mantap 👍🏽 sekali 🇮🇩", "Mantap sekali"),
        ("Renée Đặng → 𝓢𝓪𝓻𝓲", "Renée Dang -> Sari"),
        ("satu\n\tdua\x00  tiga", "satu\ndua tiga"),
        ("日本", "??"),
    ],
    ids=["latin", "emoji", "marks", "blanks", "another script"],
)
def test_what_people_wrote_is_put_in_signs_that_the_font_has(written: str, shown: str) -> None:
    assert legible(written) == shown


def test_a_page_can_be_read_back_and_bears_the_date_that_it_was_given() -> None:
    page = pdf.document("Judul", "id", MADE_AT)
    pdf.write(page, "Évaluasi – 4,5 dari 5", 20, is_bold=True, gap=3)
    pdf.rule(page)
    pdf.write(page, "panjang " * 60, 11)

    content = pdf.packed(page)

    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    assert document.get_metadata_dict()["CreationDate"].startswith("D:20261124030000")
    assert document.get_metadata_dict()["Title"] == "Judul"
    document.close()
    assert _read(content).startswith("Évaluasi – 4,5 dari 5\n")
    assert _read(content).count("panjang") == 60


def test_how_high_a_text_will_be_is_known_before_it_is_written() -> None:
    page = pdf.document("Judul", "id", MADE_AT)
    text = "kata yang cukup panjang " * 30
    before = page.get_y()
    expected = pdf.height_of(page, text, 11)

    pdf.write(page, text, 11)

    assert page.get_y() - before == pytest.approx(expected)
    assert pdf.room(page) == pytest.approx(297 - 18 - page.get_y(), abs=0.1)


def test_a_document_that_is_never_finished_leaves_no_file_open() -> None:
    page = pdf.document("Coba", "id", MADE_AT)
    pdf.lines_of(page, "Hanya mengukur", 12)
    files = [font.ttfont.reader.file for font in page.fonts.values() if isinstance(font, TTFFont)]
    del page
    gc.collect()

    assert [file.closed for file in files] == [True, True]
