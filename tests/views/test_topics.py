"""Lists of buttons, page by page."""

from dataclasses import replace
from datetime import date

from bot.buttons import ShowEntry, ShowTopic
from bot.services.content import Book, book_of
from bot.texts import texts
from bot.views import topics as views
from bot.views.reply import Press, Reply
from knowledge_base.loader import Content
from tests.knowledge_base.book import an_entry

DAY = date(2026, 11, 24)


def _book(content: Content, count: int) -> Book:
    """The book's topics with this many entries in one of them."""
    entries = {
        f"entri-{n:02}": replace(an_entry(id=f"entri-{n:02}", question=f"Soal {n:02}?"), topic_id="jkp-klaim")
        for n in range(count)
    }
    return book_of(replace(content, entries=entries), DAY)


def _actions(reply: Reply) -> list[object]:
    return [button.action for row in reply.keyboard for button in row if isinstance(button, Press)]


def test_a_short_list_has_no_pages(content: Content) -> None:
    reply = views.opened(_book(content, 3), "jkp-klaim", texts("id"))

    assert "Halaman" not in reply.text
    assert len([a for a in _actions(reply) if isinstance(a, ShowEntry)]) == 3


def test_a_long_list_is_turned_page_by_page(content: Content) -> None:
    book = _book(content, 20)

    pages = [views.opened(book, "jkp-klaim", texts("id"), page) for page in range(3)]

    assert [page.text.rpartition(" ")[0].rpartition(" ")[0].split()[-1] for page in pages] == ["1", "2", "3"]
    shown = [a.entry_id for page in pages for a in _actions(page) if isinstance(a, ShowEntry)]
    assert shown == [f"entri-{n:02}" for n in range(20)]
    assert ShowTopic("jkp-klaim", 1) in _actions(pages[0])
    assert ShowTopic("jkp-klaim", 1) in _actions(pages[2])


def test_a_page_that_is_gone_shows_the_last_one(content: Content) -> None:
    book = _book(content, 9)

    assert views.opened(book, "jkp-klaim", texts("id"), 99) == views.opened(book, "jkp-klaim", texts("id"), 1)


def test_a_topic_that_is_gone_shows_the_books(content: Content) -> None:
    book = _book(content, 3)

    assert views.opened(book, "tidak-ada", texts("id")) == views.opened(book, "", texts("id"))


def test_topics_without_entries_are_not_offered(content: Content) -> None:
    books = _actions(views.opened(_book(content, 3), "", texts("id")))

    assert books == [ShowTopic("jkp", 0)]


def test_titles_are_in_the_readers_language(content: Content) -> None:
    reply = views.opened(_book(content, 3), "jkp-klaim", texts("en"))

    assert reply.text.startswith("<b>How to claim</b>")
