import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.markup import (
    BulletList,
    Fault,
    Markup,
    Paragraph,
    Span,
    faults,
    parse,
    plain,
    shown_length,
    tidy,
)
from knowledge_base.problems import Code
from tests.knowledge_base.book import markups


def paragraph(*spans: Span) -> Markup:
    return (Paragraph(spans),)


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param("satu\ndua", paragraph(Span("satu dua")), id="a wrapped paragraph"),
        pytest.param(
            "satu\n\n\ndua", (Paragraph((Span("satu"),)), Paragraph((Span("dua"),))), id="paragraphs"
        ),
        pytest.param(
            "a **b** c", paragraph(Span("a "), Span("b", bold=True), Span(" c")), id="bold in a sentence"
        ),
        pytest.param("*a b*", paragraph(Span("a b", italic=True)), id="italic"),
        pytest.param("***a***", paragraph(Span("a", bold=True, italic=True)), id="both at once"),
        pytest.param(
            "*a **b***",
            paragraph(Span("a ", italic=True), Span("b", bold=True, italic=True)),
            id="bold in italic",
        ),
        pytest.param("**a\nb**", paragraph(Span("a b", bold=True)), id="bold over a line end"),
        pytest.param("**klaim**nya", paragraph(Span("klaim", bold=True), Span("nya")), id="bold stem"),
        pytest.param(r"\*a\* \\ \#1", paragraph(Span(r"*a* \ #1")), id="escapes"),
        pytest.param("3.000.000 * 6 = 3*6", paragraph(Span("3.000.000 * 6 = 3*6")), id="multiplication"),
        pytest.param("kata_kunci a-b", paragraph(Span("kata_kunci a-b")), id="plain signs"),
        pytest.param(
            "- a\n- **b**\n  c",
            (BulletList(((Span("a"),), (Span("b", bold=True), Span(" c")))),),
            id="a list with a continued item",
        ),
        pytest.param("- a\n\n- b", (BulletList(((Span("a"),), (Span("b"),))),), id="a list with gaps"),
        pytest.param("**a", paragraph(Span("**a")), id="an open marker stays as typed"),
        pytest.param("*a *b*", paragraph(Span("*a "), Span("b", italic=True)), id="the nearer opener counts"),
    ],
)
def test_markup_is_read(text: str, markup: Markup) -> None:
    assert parse(text) == markup


def test_a_list_stands_right_under_its_introduction() -> None:
    markup = parse("**Syarat** utama:\n- satu\n- dua\n\nLalu ke kantor.")

    assert plain(markup) == "Syarat utama:\n• satu\n• dua\n\nLalu ke kantor."


def test_length_is_counted_as_a_chat_shows_it() -> None:
    assert shown_length(parse("**ab** \\*")) == len("ab *")
    assert shown_length(parse("- a\n- b")) == len("• a\n• b")
    assert shown_length(parse("😀")) == 2


def test_tidy_takes_blanks_from_line_ends_and_around() -> None:
    assert tidy("\n\na  \n\n- b \n\n") == "a\n\n- b"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("a\n\nb **c", Fault(2, Code.MARKUP_OPEN, "**"), id="never closed"),
        pytest.param("a\nb c* d", Fault(1, Code.MARKUP_OPEN, "*"), id="never opened"),
        pytest.param("- a\n- *b", Fault(1, Code.MARKUP_OPEN, "*"), id="not closed in its item"),
        pytest.param("**a **b", Fault(0, Code.MARKUP_SPACED, "**"), id="blank before the closing marker"),
        pytest.param("** a **", Fault(0, Code.MARKUP_SPACED, "**"), id="blanks on both sides"),
        pytest.param("a ****b", Fault(0, Code.MARKUP_SPACED, "****"), id="four stars"),
        pytest.param("a\n# b", Fault(1, Code.MARKUP_UNKNOWN, "#"), id="heading"),
        pytest.param("> a", Fault(0, Code.MARKUP_UNKNOWN, ">"), id="quotation"),
        pytest.param("| a |", Fault(0, Code.MARKUP_UNKNOWN, "|"), id="table"),
        pytest.param("---", Fault(0, Code.MARKUP_UNKNOWN, "---"), id="rule"),
        pytest.param("- a\n  - b", Fault(1, Code.MARKUP_UNKNOWN, "-"), id="list in a list"),
        pytest.param("* a", Fault(0, Code.MARKUP_UNKNOWN, "*"), id="list with stars"),
        pytest.param("• a", Fault(0, Code.MARKUP_UNKNOWN, "•"), id="list with bullets"),
        pytest.param("-a", Fault(0, Code.MARKUP_UNKNOWN, "-"), id="list item without blank"),
        pytest.param("- a\n-", Fault(1, Code.MARKUP_UNKNOWN, "-"), id="list item without words"),
        pytest.param("1. a", Fault(0, Code.MARKUP_UNKNOWN, "1."), id="numbered list"),
        pytest.param(
            "lihat [ini](https://x.id)", Fault(0, Code.MARKUP_UNKNOWN, "[ini](https://x.id)"), id="link"
        ),
        pytest.param("`a`", Fault(0, Code.MARKUP_UNKNOWN, "`"), id="code"),
        pytest.param("~~a~~", Fault(0, Code.MARKUP_UNKNOWN, "~~"), id="struck out"),
        pytest.param("__a__", Fault(0, Code.MARKUP_UNKNOWN, "__"), id="bold with underscores"),
        pytest.param("a _b c_ d", Fault(0, Code.MARKUP_UNKNOWN, "_b c_"), id="italic with underscores"),
        pytest.param("<b>a</b>", Fault(0, Code.MARKUP_UNKNOWN, "<b>"), id="HTML"),
        pytest.param("- a\nlalu b", Fault(1, Code.MARKUP_AFTER_LIST, "lalu b"), id="line after a list"),
    ],
)
def test_what_is_no_markup_is_a_fault_on_its_line(text: str, fault: Fault) -> None:
    assert faults(text)[0] == fault


@pytest.mark.parametrize(
    "text",
    [
        "a_b_c di https://x.id/a_b_c",
        "Rp3.000.000 * 6",
        "-5 derajat",
        "a < b > c",
        r"\# a",
        r"\- a",
        r"1\. a",
        r"\*a",
        r"\_a b\_",
        "2025. Lalu",
        "[catatan] (lihat)",
        "- a\n\nlalu b",
        "- a\n  lanjutan",
        "100 > 50",
    ],
)
def test_plain_writing_has_no_fault(text: str) -> None:
    assert faults(text) == ()


@given(markups)
def test_sound_markup_has_no_fault_and_shows_no_marker(text: str) -> None:
    assert faults(text) == ()
    assert "**" not in plain(parse(text))


@given(st.text(st.sampled_from("*-\\ \nab1.#_`[]()<>|"), max_size=60))
def test_any_text_is_read_without_losing_a_letter(text: str) -> None:
    shown = plain(parse(text))

    assert [c for c in shown if c in "ab1"] == [c for c in text if c in "ab1"]
    assert all(fault.line <= text.count("\n") for fault in faults(text))
