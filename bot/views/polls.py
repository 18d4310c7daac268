"""Polls as those read them who are asked."""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import Zone
from bot.poll_buttons import AnswerPoll, SkipQuestion
from bot.services.deep_links import deep_link
from bot.services.form_steps import Data
from bot.services.poll_outcomes import Waiting
from bot.services.poll_templates import QuestionKind
from bot.services.polls import Poll, PollQuestion
from bot.services.requests import Call
from bot.texts import Texts, escape
from bot.views.form_words import FormWords
from bot.views.reply import Keyboard, Press, Reply, cut

POLL_PREFIX = "p_"  # what a deep link to a poll begins with, before its code


def poll_link(poll: Poll, bot: str) -> str:
    """The address that opens the poll."""
    return deep_link(bot, POLL_PREFIX + poll.link_code)


def question(poll: Poll, asked: PollQuestion, total: int, title: str, texts: Texts) -> tuple[Call, Keyboard]:
    """A question as a poll of Telegram's in a private chat, and the button under it."""
    assert poll.closes_at is not None
    assert asked.id is not None
    key = "polls.first_about" if asked.position == 1 else "polls.about"
    about = texts.html(key, number=asked.position, total=total, title=title)
    call = Call(
        "sendPoll",
        {
            "question": asked.text,
            "options": [{"text": option} for option in asked.options],
            "is_anonymous": False,
            "allows_multiple_answers": asked.kind == QuestionKind.SEVERAL,
            "allows_revoting": True,
            "close_date": int(poll.closes_at.timestamp()),
            "protect_content": True,
            "description": about,
            "description_parse_mode": "HTML",
        },
    )
    return call, ((Press(texts.plain("polls.buttons.skip"), SkipQuestion(asked.id)),),)


def group_question(asked: PollQuestion, title: str, texts: Texts) -> Call:
    """The same question as one anonymous poll for a group."""
    return Call(
        "sendPoll",
        {
            "question": asked.text,
            "options": [{"text": option} for option in asked.options],
            "is_anonymous": True,
            "allows_multiple_answers": asked.kind == QuestionKind.SEVERAL,
            "description": texts.html("polls.group_about", title=title),
            "description_parse_mode": "HTML",
        },
    )


def thanks(texts: Texts, keyboard: Keyboard = ()) -> Reply:
    """Everything was put; `keyboard` leads on."""
    return Reply(texts.html("polls.thanks"), keyboard)


def reminder(poll: Poll, title: str, zone: Zone, texts: Texts) -> Reply:
    """To those who have not answered."""
    assert poll.id is not None
    assert poll.closes_at is not None
    text = texts.html("polls.reminder", title=title, until=texts.moment(poll.closes_at, zone))
    return Reply(text, ((Press(texts.plain("polls.buttons.answer"), AnswerPoll(poll.id)),),))


def waiting(found: Sequence[Waiting], now: datetime, zone: Zone, texts: Texts) -> Reply:
    """What is still open for somebody, with what they have answered of it."""
    if not found:
        return Reply(texts.html("polls.nothing_open"))
    blocks = [texts.html("polls.open")]
    rows: list[tuple[Press, ...]] = []
    for number, each in enumerate(found, 1):
        assert each.poll.id is not None
        blocks.append(
            f"{number}. <b>{escape(each.session.title)}</b>\n"
            + texts.html(
                "polls.progress",
                answered=each.answered,
                total=each.total,
                until=texts.moment(each.closes_at, zone),
            )
        )
        key = "change" if each.participation.waits_at > each.total else "go_on" if each.answered else "answer"
        label = texts.plain(f"polls.buttons.{key}")
        rows.append(
            (Press(cut(f"{number}. {label}" if len(found) > 1 else label), AnswerPoll(each.poll.id)),)
        )
    return Reply("\n\n".join(blocks), tuple(rows))


def late(texts: Texts) -> Reply:
    """It is closed."""
    return Reply(texts.html("polls.late"))


def _prompt(key: str, data: Data, texts: Texts) -> str | None:
    asked = escape(str(data.get("question", "")))
    return f"<b>{asked}</b>\n\n{texts.html('polls.words')}"


WORDS = FormWords(lambda data, texts: "", prompt=_prompt)
