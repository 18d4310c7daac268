"""The knowledge base as lists of buttons (A10)."""

from bot.buttons import ShowEntry, ShowTopic
from bot.services.content import Book
from bot.texts import Texts
from bot.views.reply import Keyboard, Press, Reply, cut
from knowledge_base.entry import Entry
from knowledge_base.registers import Topic

ENTRIES_A_PAGE = 8  # with the row of arrows this is what a small phone shows without scrolling


def opened(book: Book, topic_id: str, texts: Texts, page: int = 0) -> Reply:
    """The list behind a topic's id: the books for "", a book's topics, or a topic's entries at a page."""
    topic = book.topic(topic_id)
    if topic is None:
        rows = [_topic_row(each, texts) for each in book.books()]
        return Reply(texts.html("topics.books"), tuple(rows))
    if topic.is_book:
        rows = [_topic_row(each, texts) for each in book.topics_of(topic.id)]
        return Reply(texts.html("topics.book", title=title(topic, texts)), (*rows, (_back("", texts),)))
    return _entries(topic, book.in_topic(topic.id), texts, page)


def title(topic: Topic, texts: Texts) -> str:
    """The topic's name in the reader's language."""
    return topic.title_en if texts.language == "en" else topic.title


def _entries(topic: Topic, entries: list[Entry], texts: Texts, page: int) -> Reply:
    back = (_back(topic.book, texts),)
    if not entries:
        return Reply(texts.html("topics.empty"), (back,))
    pages = -(-len(entries) // ENTRIES_A_PAGE)
    page = min(page, pages - 1)  # the topic may have shrunk since the button was made
    shown = entries[page * ENTRIES_A_PAGE :][:ENTRIES_A_PAGE]
    keyboard: Keyboard = tuple((Press(cut(entry.question), ShowEntry(entry.id)),) for entry in shown)
    turns = []
    if page > 0:
        turns.append(Press(texts.plain("topics.buttons.previous"), ShowTopic(topic.id, page - 1)))
    if page + 1 < pages:
        turns.append(Press(texts.plain("topics.buttons.next"), ShowTopic(topic.id, page + 1)))
    head = texts.html("topics.entries", title=title(topic, texts))
    if pages > 1:
        head += " " + texts.html("topics.page", page=page + 1, pages=pages)
    return Reply(head, (*keyboard, *((tuple(turns),) if turns else ()), back))


def _topic_row(topic: Topic, texts: Texts) -> tuple[Press, ...]:
    return (Press(cut(title(topic, texts)), ShowTopic(topic.id, 0)),)


def _back(topic_id: str, texts: Texts) -> Press:
    return Press(texts.plain("topics.buttons.back"), ShowTopic(topic_id, 0))
