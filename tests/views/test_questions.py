"""Whatever the book holds, what is shown of it fits into Telegram."""

from datetime import date

import pytest

from bot.buttons import ACTIONS, Action, parse
from bot.services.content import book_of
from bot.services.questions import Card, Choices
from bot.simulator import keyboards, markup
from bot.texts import LANGUAGES, texts
from bot.views import questions as views
from bot.views.reply import Press, Reply, cut
from handlers.routes import PRESSES
from knowledge_base.entry import Citation, Kind
from knowledge_base.loader import Content

BOT = "a_name_of_thirty_two_characters_"  # the longest that Telegram allows
LONGEST_PHRASING = "p" * 200


def _cards(content: Content) -> list[Card]:
    return [
        Card(
            entry=entry,
            version=version,
            revision=2**31 - 1,
            related=tuple(content.entries[other] for other in entry.related[:3]),
            is_overdue=True,
            phrasing=LONGEST_PHRASING,
        )
        for entry in content.entries.values()
        for version in entry.versions
    ]


def _check(reply: Reply) -> None:
    text, _ = markup.parse(reply.text, "HTML", None)
    assert markup.utf16_length(text) <= 4096
    for row in reply.keyboard:
        for button in row:
            assert isinstance(button, Press)
            assert len(button.action.pack().encode()) <= 64
            assert 1 <= len(button.label) <= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_of_every_version_fits_a_message_and_its_buttons_fit_theirs(
    content: Content, language: str
) -> None:
    for card in _cards(content):
        _check(views.card(card, texts(language), BOT))


def test_suggestions_show_whole_questions_and_button_labels_cut_at_a_word(content: Content) -> None:
    longest = sorted(content.entries.values(), key=lambda entry: len(entry.question))[-3:]

    reply = views.choices(1, Choices(tuple(longest)), texts("id"))

    _check(reply)
    for entry in longest:
        assert entry.question in reply.text


def test_a_practice_is_shown_apart_from_rules(content: Content) -> None:
    for card in _cards(content):
        is_marked = "bukan bunyi peraturan." in views.card_text(card, texts("id"), BOT).split("\n\n")[0]
        assert is_marked == (card.entry.kind is Kind.PRACTICE)


def test_text_is_cut_at_a_word() -> None:
    assert cut("Berapa lama iuran supaya bisa klaim?", 20) == "Berapa lama iuran…"
    assert cut("pendek", 20) == "pendek"


def test_the_articles_of_one_regulation_stand_together() -> None:
    citations = (
        Citation("UU 8/2016", "Pasal 1 angka 1"),
        Citation("PP 60/2020", "Pasal 1 angka 8"),
        Citation("UU 8/2016", "Pasal 4 ayat (2)"),
    )

    line = views.legal_basis(citations)

    assert line == "UU 8/2016 Pasal 1 angka 1, Pasal 4 ayat (2); PP 60/2020 Pasal 1 angka 8"


def test_every_button_of_the_book_is_parsed_back(content: Content) -> None:
    day = date(2026, 11, 24)
    book = book_of(content, day)
    seen = 0
    for card in _cards(content):
        for row in views.card(card, texts("id"), BOT).keyboard:
            for button in row:
                assert isinstance(button, Press)
                assert parse(button.action.pack()) == button.action
                seen += 1

    assert seen > len(book.entries)


def test_every_action_has_a_code_of_its_own_and_a_row_in_the_table() -> None:
    assert len(ACTIONS) == len(Action.__subclasses__())
    assert set(PRESSES) == set(ACTIONS.values())


def test_a_keyboard_is_one_that_telegram_accepts(content: Content) -> None:
    card = _cards(content)[0]
    rows = [
        [{"text": b.label, "callback_data": b.action.pack()} for b in row if isinstance(b, Press)]
        for row in views.card(card, texts("id"), BOT).keyboard
    ]

    assert keyboards.check({"inline_keyboard": rows}, chat_type="private", bot_username=BOT)
