"""The book's small markup as Telegram's HTML."""

from functools import lru_cache

from bot.texts import escape
from knowledge_base.markup import BULLET, BulletList, Paragraph, Span, parse, separator


@lru_cache(maxsize=2048)  # the book's texts, over and over again
def html(markup: str) -> str:
    """The text with Telegram's tags, looking as `knowledge_base.markup.plain` reads."""
    shown = ""
    blocks = parse(markup)
    for number, block in enumerate(blocks):
        if number:
            shown += separator(blocks[number - 1], block)
        match block:
            case Paragraph(spans):
                shown += _spans(spans)
            case BulletList(items):
                shown += "\n".join(BULLET + _spans(item) for item in items)
    return shown


def _spans(spans: tuple[Span, ...]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    text = escape(span.text)
    if span.italic:
        text = f"<i>{text}</i>"
    return f"<b>{text}</b>" if span.bold else text
