"""Pictures, captions, sheets and pages of polls of every size."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2
import pytest
from openpyxl import load_workbook
from PIL import Image

from bot.services.poll_reports import PollReport
from bot.services.poll_templates import QuestionKind
from bot.services.polls import PollState
from bot.simulator import markup
from bot.texts import texts
from bot.views import drawing, poll_page, poll_picture, poll_sheet, poll_tell
from bot.views.poll_words import one_line
from tests.views.poll_results import TITLE, WORDS, a_question, a_report

INDONESIAN = texts("id")
SIZES = (0, 1, 4, 5, 52, 1700)


def _opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def _ink_by_row(image: Image.Image) -> list[bool]:
    """Whether anything is drawn in each row of pixels."""
    grey = image.convert("L").point(lambda shade: 255 if shade < 200 else 0)
    return [any(grey.crop((0, row, grey.width, row + 1)).tobytes()) for row in range(grey.height)]


def _page_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        assert len(document) == 1
        page = document[0]
        assert [round(side) for side in page.get_size()] == [595, 842]  # A4 in points
        return " ".join(str(page.get_textpage().get_text_bounded()).split())
    finally:
        document.close()


def _cells(report: PollReport) -> dict[str, list[list[object]]]:
    book = load_workbook(io.BytesIO(poll_sheet.sheet(report, INDONESIAN)))
    return {
        sheet.title: [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def _all_text(report: PollReport) -> Iterator[str]:
    """Everything that is said of a report in words."""
    yield poll_picture.caption(report, INDONESIAN).text
    yield _page_text(poll_page.page(report, INDONESIAN))
    yield str(_cells(report))
    yield one_line(report.result, INDONESIAN)


@pytest.mark.parametrize("answered", SIZES)
def test_pictures_are_as_wide_as_a_phone_shows_them_and_filled_to_their_end(answered: int) -> None:
    pictures = [_opened(each) for each in poll_picture.pictures(a_report(answered), INDONESIAN)]

    for image in pictures:
        assert image.width == drawing.WIDTH
        assert image.width + image.height <= 10_000  # Bot API, sendPhoto
        assert image.height <= drawing.LONGEST + 2 * drawing.MARGIN
        inked = _ink_by_row(image)
        assert any(inked[: drawing.MARGIN + 60])
        assert any(inked[-drawing.MARGIN - 120 :])
        assert not any(inked[-drawing.MARGIN // 2 :])


@pytest.mark.parametrize("answered", SIZES)
def test_nothing_is_drawn_over_the_margins(answered: int) -> None:
    for content in poll_picture.pictures(a_report(answered, with_groups=True), INDONESIAN):
        image = _opened(content).convert("L")

        left = image.crop((0, 0, drawing.MARGIN - 8, image.height))
        right = image.crop((image.width - drawing.MARGIN + 8, 0, image.width, image.height))

        assert min(left.tobytes()) > 250
        assert min(right.tobytes()) > 250


def test_a_bar_is_as_long_as_its_share() -> None:
    rows = [drawing.Bar("satu", "1", 0.25), drawing.Bar("dua", "2", 0.5), drawing.Bar("nol", "0", 0.0)]
    (picture,) = drawing.pictures([[drawing.bars(rows)]], "")

    image = _opened(picture).convert("RGB")

    green = tuple(int(drawing.DONE[at : at + 2], 16) for at in (1, 3, 5))
    lengths = [
        sum(image.getpixel((x, y)) == green for x in range(image.width))
        for y in range(drawing.MARGIN + 8, image.height - drawing.MARGIN, drawing.THICK + 18)
    ]
    assert lengths[1] == pytest.approx(2 * lengths[0], abs=2)
    assert lengths[0] > 100
    assert lengths[2] == 0


def test_long_labels_are_wrapped_and_a_word_without_end_is_broken() -> None:
    lines = drawing.wrapped("pertanggungjawaban" * 20 + " selesai", drawing.TEXT)

    assert len(lines) > 3
    assert all(drawing.width_of(line, drawing.TEXT) <= drawing.INNER for line in lines)
    assert "".join(lines).replace(" ", "") == "pertanggungjawaban" * 20 + "selesai"


def test_a_part_that_does_not_fit_begins_the_next_picture() -> None:
    report = a_report(1700)

    pictures = poll_picture.pictures(report, INDONESIAN)

    assert len(pictures) > 1
    assert len(poll_picture.pictures(a_report(4), INDONESIAN)) == 1


@pytest.mark.parametrize("answered", SIZES)
def test_the_caption_says_rates_and_figures_in_words(answered: int) -> None:
    report = a_report(answered)

    caption = poll_picture.caption(report, INDONESIAN).text

    plain, _ = markup.parse(caption, "HTML", None)
    assert len(plain) <= 1024  # Bot API, sendPhoto
    assert TITLE in plain
    assert "24 November 2026" in plain
    if answered:
        assert (
            f"{INDONESIAN.number(answered)} dari {INDONESIAN.number(round(answered * 1.2))} yang ditanya"
            in plain
        )
        assert (
            f"{INDONESIAN.number(answered)} dari {INDONESIAN.number(round(answered * 1.1))} yang hadir"
            in plain
        )
    else:
        assert "Belum ada yang ditanya" in plain
    if answered == 52:
        assert "Rata-rata 4,2 dari 5; nilai 4–5: 79%; 52 jawaban" in plain
        assert "Rata-rata 8,1 dari 10; NPS: +31; 52 jawaban" in plain
        assert "Konseling dan penyuluhan jabatan 58%" in plain


@pytest.mark.parametrize("answered", [0, 1, 4])
def test_fewer_than_five_answers_are_said_in_words_and_shown_nowhere(answered: int) -> None:
    report = a_report(answered)

    for text in _all_text(report):
        assert "rata-rata" not in text.lower()
        assert "NPS" not in text
        assert "%" not in text.replace("(%)", "").replace("100%", "").replace("80%", "")  # of the rates alone
    assert "kurang dari 5" in poll_picture.caption(report, INDONESIAN).text.lower()
    assert _cells(report)["Pertanyaan 1"] == [
        ["Secara keseluruhan, bagaimana sesi ini?"],
        [],
        ["Jawaban", "Kurang dari 5: tidak ditampilkan"],
    ]


def test_a_poll_that_is_open_says_so_and_shows_no_comments() -> None:
    report = a_report(52, PollState.OPEN)

    caption = poll_picture.caption(report, INDONESIAN).text

    assert "Masih dibuka, angka sementara." in caption
    assert "Komentar" not in caption


def test_a_caption_that_grows_too_long_leads_to_the_card() -> None:
    questions = tuple(
        a_question(QuestionKind.RATING, 40, number, "Seberapa berguna bagian ini bagi pekerjaan Anda? " * 5)
        for number in range(1, 11)
    )
    report = a_report(52)
    long = replace(report, result=replace(report.result, questions=questions))

    caption = poll_picture.caption(long, INDONESIAN).text

    assert len(caption) <= 1024
    assert caption.endswith("Selengkapnya di kartu umpan balik.")
    assert "1. Seberapa berguna" in caption


def test_the_sheet_holds_the_numbers_by_question() -> None:
    cells = _cells(a_report(52))

    assert list(cells) == [
        "Ringkasan",
        *(f"Pertanyaan {number}" for number in range(1, 6)),
        "Komentar",
        "Kata",
        "Perkembangan",
    ]
    assert cells["Pertanyaan 1"] == [
        ["Secara keseluruhan, bagaimana sesi ini?", "Jumlah", "Persen (%)"],
        ["1 – Sangat kurang", 0, 0],
        ["2 – Kurang", 3, 5.8],
        ["3 – Cukup", 8, 15.4],
        ["4 – Baik", 15, 28.8],
        ["5 – Sangat baik", 26, 50],
        [],
        ["Jawaban", 52],
        ["Rata-rata", 4.23],
        ["Nilai 4–5 (%)", 78.8],
        [],
        ["Provinsi", "Jumlah", "Rata-rata"],
        ["Aceh", 47, 4.4],
        ["Sumatera Utara + Sumatera Barat", 5, 4],
    ]
    assert ["Tingkat jawaban dari yang hadir (%)", 91.2] in cells["Ringkasan"]
    assert ["NPS", 31] in cells["Pertanyaan 4"]
    assert cells["Perkembangan"][3][3] == "Kurang dari 5: tidak ditampilkan"


def test_comments_stand_on_a_sheet_of_their_own_in_the_order_in_which_they_came() -> None:
    report = a_report(52)

    cells = _cells(report)

    assert [row[0] for row in cells["Komentar"][1:]] == list(report.result.comments)
    assert {len(row) for row in cells["Komentar"]} == {1}
    assert ["narasumber", 6] in cells["Kata"]


def test_a_comment_that_looks_like_a_formula_stays_text() -> None:
    report = a_report(52)
    spiked = replace(report, result=replace(report.result, comments=('=HYPERLINK("http://x")',)))

    book = load_workbook(io.BytesIO(poll_sheet.sheet(spiked, INDONESIAN)))

    assert book["Komentar"]["A2"].data_type == "s"
    assert book["Komentar"]["A2"].value == '=HYPERLINK("http://x")'


def test_groups_have_a_sheet_and_a_picture_of_their_own() -> None:
    report = a_report(52, with_groups=True)

    cells = _cells(report)

    assert ["CoP Pengantar Kerja Jawa Barat", "Pemilih", 15] in cells["Grup"]
    heights = [
        sum(_opened(each).height for each in poll_picture.pictures(given, INDONESIAN))
        for given in (report, a_report(52))
    ]
    assert heights[0] > heights[1] + 300


def test_the_speakers_page_is_one_page_with_rates_the_main_question_and_comments() -> None:
    text = _page_text(poll_page.page(a_report(52), INDONESIAN))

    assert TITLE in text
    assert "91%: 52 dari 57 yang hadir menjawab" in text
    assert "4,2 Rata-rata dari 5 nilai 4–5: 79% 52 jawaban" in text
    assert "26 (50%)" in text
    assert "NPS: +31" in text
    assert "Waktu tanya jawab kurang lama, mohon ditambah" in text
    assert "Masih ada 4 komentar lain" in text


def test_the_speakers_page_stays_one_page_with_the_longest_questions_and_comments() -> None:
    long = (
        "Bagaimana menurut Anda penyampaian materi oleh narasumber pada sesi hari ini dibanding sesi lalu? "
        * 3
    )
    options = tuple(f"Pilihan {number}: {'panjang sekali ' * 6}"[:100] for number in range(12))
    questions = tuple(
        a_question(QuestionKind.SINGLE, 40, number, long[:300], options) for number in range(1, 11)
    )
    report = a_report(1700)
    crowded = replace(
        report,
        result=replace(report.result, questions=questions, comments=tuple("kata " * 800 for _ in range(400))),
    )

    text = _page_text(poll_page.page(crowded, INDONESIAN))

    assert "pertanyaan lain ada di lembar" in text
    assert "komentar lain" in text
    assert "Dibuat 26 November 2026 pukul 17.03 WIB" in text


def test_files_bear_no_moment_of_an_answer_and_none_of_their_making_but_the_day() -> None:
    cells = str(_cells(a_report(52)))

    assert "datetime" not in cells
    assert ":03" not in cells


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_people_are_told_is_one_line_of_result_and_what_changes(language: str) -> None:
    report = a_report(52)

    said = poll_tell.message(report.result, "Tanya jawab 30 menit <b>penuh</b>", texts(language)).text

    plain, _ = markup.parse(said, "HTML", None)
    assert "Tanya jawab 30 menit <b>penuh</b>" in plain
    assert one_line(report.result, texts(language)) in plain
    assert "\n" not in one_line(report.result, texts(language))


def test_the_longest_message_about_changes_fits() -> None:
    report = a_report(1700)
    said = poll_tell.message(replace(report.result, title="t" * 255), "kata " * 300, INDONESIAN).text

    assert len(said) < 4096 - 600  # the preview has words around it


def test_emoji_in_comments_are_kept_in_the_sheet_and_left_out_on_paper() -> None:
    report = a_report(52)

    assert any("👍" in each for each in report.result.comments)
    assert WORDS[1] in str(_cells(report)["Komentar"])
    assert "👍" not in _page_text(poll_page.page(report, INDONESIAN))
