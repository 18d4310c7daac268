"""Cards, suggestions and the honest "belum ada"."""

from typing import assert_never

from bot.buttons import Forward, GiveReason, NoneOfThese, Pick, Rate, ShowEntry, ShowTopic
from bot.services.content import Book
from bot.services.questions import (
    Asked,
    AskedPart,
    Card,
    Choices,
    Explanation,
    Friendly,
    NotFound,
    TopicNamed,
)
from bot.texts import Texts, escape
from bot.views import topics as topic_views
from bot.views.markup import html
from bot.views.reply import InlineCard, Keyboard, Press, Reply, cut
from db.models import Consent, Reason, Verdict
from knowledge_base.entry import Citation, Kind
from knowledge_base.markup import parse, plain
from knowledge_base.outcomes import OpenTopic, SmallTalk

ENTRY_PREFIX = "e-"  # what a deep link to an entry begins with, before the entry's id
MAX_QUOTED = 200  # characters of a question that a reply repeats
MAX_CHANGES = 12  # a long story has dozens of abbreviations; these are enough to see how it was read
MAX_DESCRIPTION = 120  # two lines below the title in the list of inline results


def deep_link(bot_username: str, entry_id: str) -> str:
    """The address that opens this entry in a private chat."""
    return f"https://t.me/{bot_username}?start={ENTRY_PREFIX}{entry_id}"


def part(asked: Asked, part: AskedPart, texts: Texts, book: Book, bot: str, *, is_group: bool) -> Reply:
    """What the asker of one part sees; notes about the whole message stand on its last part."""
    reply = shown(part, texts, book, bot)
    above, below = "", ""
    if len(asked.parts) > 1:
        above = (
            texts.html("questions.part", number=asked.parts.index(part) + 1, text=cut(part.text, MAX_QUOTED))
            + "\n\n"
        )
    if asked.was_masked and part is asked.parts[-1]:
        below = "\n\n" + texts.html("questions.masked_group" if is_group else "questions.masked_private")
    return Reply(above + reply.text + below, reply.keyboard)


def shown(part: AskedPart, texts: Texts, book: Book, bot: str) -> Reply:
    """What one question leads to, by kind."""
    match part.shown:
        case Card() as it:
            return card(it, texts, bot)
        case Choices() as it:
            return choices(part.question_id, it, texts)
        case NotFound():
            return not_found(part.question_id, texts)
        case TopicNamed(topic_id):
            return topic_views.opened(book, topic_id, texts)
        case Friendly(kind):
            return Reply(texts.html(f"small_talk.{kind}"))
        case _:
            assert_never(part.shown)


def card(card: Card, texts: Texts, bot: str) -> Reply:
    """One entry: question, answer, folded detail, legal basis, dates; buttons to rate it and to go on."""
    revision, entry_id = card.revision, card.entry.id
    keyboard: Keyboard = (
        (
            Press(texts.plain("questions.buttons.helpful"), Rate(entry_id, revision, Verdict.HELPFUL)),
            Press(
                texts.plain("questions.buttons.not_helpful"), Rate(entry_id, revision, Verdict.NOT_HELPFUL)
            ),
        ),
        *((Press(cut(entry.question), ShowEntry(entry.id)),) for entry in card.related),
    )
    return Reply(card_text(card, texts, bot), keyboard)


def card_text(card: Card, texts: Texts, bot: str) -> str:
    """The words of a card. The limits of `knowledge_base.entry` keep it under Telegram's 4,096."""
    version = card.version
    lines = [f"<b>{escape(card.entry.question)}</b>"]
    if card.entry.kind is Kind.PRACTICE:
        lines.append(texts.html("questions.practice"))
    if card.phrasing is not None and card.phrasing != card.entry.question:
        lines.append(texts.html("questions.matched", phrasing=card.phrasing))
    blocks = ["\n".join(lines), html(version.answer)]
    if version.detail:
        blocks.append(f"<blockquote expandable>{html(version.detail)}</blockquote>")
    blocks.append("\n".join(_footer(card, texts, bot)))
    return "\n\n".join(blocks)


def _footer(card: Card, texts: Texts, bot: str) -> list[str]:
    version = card.version
    lines: list[str] = []
    if card.is_overdue:
        lines.append(texts.html("questions.overdue", due=texts.date(version.review_again_on)))
    if version.legal_basis:
        lines.append(texts.html("questions.legal_basis", basis=legal_basis(version.legal_basis)))
    since, reviewed = texts.date(version.in_force_from), texts.date(version.reviewed_on)
    if version.in_force_until is None:
        lines.append(texts.html("questions.in_force", since=since, reviewed=reviewed))
    else:
        until = texts.date(version.in_force_until)
        lines.append(texts.html("questions.no_longer", since=since, until=until, reviewed=reviewed))
    if card.entry.kind is Kind.RULE:  # a practice says above already that no rule stands behind it
        lines.append(texts.html(f"questions.sourcing.{version.sourcing.value}"))
    if card.entry.reviewer:
        lines.append(texts.html("questions.reviewer", reviewer=card.entry.reviewer))
    link = escape(deep_link(bot, card.entry.id))
    lines.append(f'<a href="{link}">{texts.html("questions.link")}</a>')
    return lines


def legal_basis(citations: tuple[Citation, ...]) -> str:
    """The citations as one line, the articles of one regulation together."""
    articles: dict[str, list[str]] = {}
    for citation in citations:
        articles.setdefault(citation.regulation, []).append(citation.article)
    return "; ".join(f"{regulation} {', '.join(found)}" for regulation, found in articles.items())


def choices(question_id: int, choices: Choices, texts: Texts) -> Reply:
    """ "Maksud Anda…?" with at most three questions and the way out."""
    rows = [
        (Press(cut(entry.question), Pick(question_id, position)),)
        for position, entry in enumerate(choices.entries)
    ]
    none = (Press(texts.plain("questions.buttons.none_of_these"), NoneOfThese(question_id)),)
    numbered = "\n".join(f"{n}. {escape(entry.question)}" for n, entry in enumerate(choices.entries, start=1))
    return Reply(texts.html("questions.suggest") + "\n" + numbered, (*rows, none))


def not_found(question_id: int, texts: Texts) -> Reply:
    """The honest "belum ada", with the offer to pass the question on."""
    buttons = (
        ("questions.buttons.forward_named", Forward(question_id, Consent.NAMED)),
        ("questions.buttons.forward_unnamed", Forward(question_id, Consent.UNNAMED)),
        ("questions.buttons.do_not_forward", Forward(question_id, Consent.DECLINED)),
        ("questions.buttons.topics", ShowTopic("", 0)),
    )
    return Reply(
        texts.html("questions.unknown"), tuple((Press(texts.plain(key), action),) for key, action in buttons)
    )


def consented(consent: Consent, texts: Texts) -> Reply:
    """What stands in the place of the offer afterwards."""
    match consent:
        case Consent.NAMED:
            return Reply(texts.html("questions.forwarded_named"))
        case Consent.UNNAMED:
            return Reply(texts.html("questions.forwarded_unnamed"))
        case Consent.DECLINED:
            return Reply(texts.html("questions.not_forwarded"))
        case _:
            assert_never(consent)


def why(explanations: tuple[Explanation, ...], texts: Texts, book: Book) -> Reply:
    """What led to the last answer (A13): words as they were read, what matched, the runner-up, the thresholds."""
    if not explanations:
        return Reply(texts.html("why.nothing"))
    return Reply("\n\n".join(_why_one(each, texts, book) for each in explanations))


def _why_one(explanation: Explanation, texts: Texts, book: Book) -> str:
    part, thresholds = explanation.part, explanation.thresholds
    lines = [texts.html("why.question", text=cut(part.text, MAX_QUOTED))]
    lines += [
        texts.html(f"why.{change.kind.value}", written=change.written, read=change.read)
        for change in explanation.changes[:MAX_CHANGES]
    ]
    if isinstance(part.outcome, OpenTopic | SmallTalk):
        return "\n".join([*lines, texts.html("why.no_search")])
    if explanation.matched:
        lines.append(texts.html("why.matched", words=", ".join(explanation.matched)))
    if explanation.missed:
        lines.append(texts.html("why.missed", words=", ".join(explanation.missed)))
    for key, match in (
        ("why.best", part.ranking[0] if part.ranking else None),
        ("why.next", explanation.runner_up),
    ):
        if match is not None and match.entry_id in book.entries:
            question = book.entries[match.entry_id].entry.question
            lines.append(texts.html(key, question=question, percent=_percent(match.confidence)))
    limits = {"answer": _percent(thresholds.answer), "suggest": _percent(thresholds.suggest)}
    return "\n".join([*lines, texts.html("why.thresholds", **limits)])


def _percent(share: float) -> int:
    return round(100 * share)


def reasons(card: Card, revision: int, texts: Texts) -> Keyboard:
    """The buttons that take the place of the card's own after 👎."""
    return tuple(
        (
            Press(
                texts.plain(f"questions.reasons.{reason.value}"),
                GiveReason(card.entry.id, revision, reason),
            ),
        )
        for reason in Reason
    )


def inline_results(cards: list[Card], texts: Texts, bot: str) -> list[InlineCard]:
    """The list of inline mode: each card with a link to the bot instead of buttons that only work with it."""
    return [
        InlineCard(
            id=card.entry.id,
            title=card.entry.question,
            description=cut(plain(parse(card.version.answer)).replace("\n", " "), MAX_DESCRIPTION),
            reply=Reply(card_text(card, texts, bot)),
        )
        for card in cards
    ]
