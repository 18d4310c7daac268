"""Polls for those who are asked: votes, words, /umpanbalik."""

import logging
from typing import assert_never

from telegram import Update

from bot import poll_notices
from bot.context import BotContext
from bot.poll_buttons import AnswerPoll, SkipQuestion
from bot.services.form_steps import Data
from bot.services.forms import Asking
from bot.services.people import Person, zone_of
from bot.services.poll_outcomes import (
    Late,
    NotAsked,
    PutChoices,
    PutWords,
    Step,
    Thanks,
    Unclear,
    Vote,
    Voted,
)
from bot.services.poll_voting import COMMENT
from bot.views import forms as form_views
from bot.views import polls as views
from bot.views.certificates import to_certificate
from bot.views.reply import Reply

log = logging.getLogger(__name__)


async def voted(update: Update, context: BotContext) -> None:
    """A vote in a private chat, changed or withdrawn. Whoever votes as a chat was never asked."""
    answer = update.poll_answer
    person = context.unit.person
    if answer is None or answer.user is None or person is None:
        return
    vote = await context.services.poll_voting.vote(context.tx, person, answer.poll_id, answer.option_ids)
    match vote:
        case Voted(step):
            await _go_on(step, person, context)
        case Late():
            context.notify(person.telegram_id, views.late(context.texts))
        case Unclear():
            context.notify(person.telegram_id, Reply(context.texts.html("polls.unclear")))
        case NotAsked():
            log.info("vote not counted: its voter was not asked")
        case _:
            assert_never(vote)


async def totals(update: Update, context: BotContext) -> None:
    """The totals of a poll in a group."""
    poll = update.poll
    if poll is not None and poll.is_anonymous:
        await context.services.group_polls.count(
            context.tx,
            poll.id,
            [option.voter_count for option in poll.options],
            poll.total_voter_count,
            is_closed=poll.is_closed,
        )


async def skip(action: SkipQuestion, context: BotContext) -> None:
    """The next question without an answer to this one."""
    person = await context.asker()
    vote = await context.services.poll_voting.skip(context.tx, person, action.question_id)
    if isinstance(vote, Voted):
        context.answer("" if vote.step is not None else context.texts.plain("polls.alerts.skipped_before"))
        if vote.step is not None:
            context.edit_keyboard(())
    await _pressed(vote, person, context)


async def go_on(action: AnswerPoll, context: BotContext) -> None:
    """Go on with a poll, or change what one answered."""
    person = await context.asker()
    vote = await context.services.poll_voting.resume(context.tx, person, action.poll_id)
    if isinstance(vote, Voted):
        context.answer()
    await _pressed(vote, person, context)


async def _pressed(vote: Vote, person: Person | None, context: BotContext) -> None:
    if isinstance(vote, Voted):
        if person is not None:
            await _go_on(vote.step, person, context)
    else:
        context.answer(_why(vote, context), is_alert=True)


async def open_link(code: str, context: BotContext) -> None:
    """The link on the last slide: whoever has it is asked."""
    person = await context.asker()
    if person is None:
        return
    vote = await context.services.poll_voting.join(context.tx, person, code)
    match vote:
        case Voted(step):
            await _go_on(step, person, context)
        case Late():
            context.reply(views.late(context.texts))
        case NotAsked() | Unclear():
            context.reply(Reply(context.texts.html("polls.not_open_yet")))
        case _:
            assert_never(vote)


async def waiting(update: Update, context: BotContext) -> None:
    """/umpanbalik: what is still open."""
    person = await context.asker()
    if context.is_group:
        context.reply(Reply(context.texts.html("polls.only_private")))
    elif person is not None:
        found = await context.services.poll_voting.waiting(context.tx, person)
        now = context.services.clock.now()
        context.reply(views.waiting(found, now, zone_of(person), context.texts))


async def keep_words(data: Data, context: BotContext) -> None:
    """The open question was answered, or passed over."""
    person, words, question_id = await context.asker(), data.get("words"), data.get("question_id")
    vote = await context.services.poll_voting.say(
        context.tx,
        person,
        question_id if isinstance(question_id, int) else 0,
        words if isinstance(words, str) else None,
    )
    if isinstance(vote, Voted):
        context.edit(await _thanks(vote.step, person, context))
    else:
        context.edit(Reply(context.texts.html("polls.late")))


async def _go_on(step: Step | None, person: Person, context: BotContext) -> None:
    match step:
        case PutChoices(poll=poll):
            title = await context.services.poll_voting.title_of(context.tx, poll)
            call = poll_notices.put_call(step, title, context.texts)
            context.show([call], to=person.telegram_id, poll_copy_id=step.poll_copy_id)
        case PutWords():
            await _ask_for_words(step, person, context)
        case Thanks():
            context.notify(person.telegram_id, await _thanks(step, person, context))
        case None:
            pass
        case _:
            assert_never(step)


async def _thanks(step: Step | None, person: Person | None, context: BotContext) -> Reply:
    """Thanks; whoever was there finds their certificate below."""
    session_id = step.poll.session_id if step is not None else 0
    if person is None or not await context.services.attendances.is_present(context.tx, person, session_id):
        return views.thanks(context.texts)
    return views.thanks(context.texts, ((to_certificate(session_id, context.texts),),))


async def _ask_for_words(step: PutWords, person: Person, context: BotContext) -> None:
    forms = context.services.forms
    earlier = await forms.waiting_for(context.tx, person, COMMENT.kind)
    if earlier is not None:
        await forms.cancel(context.tx, person, earlier)
        await context.tx.flush()  # only one of a kind may be open
    given: Data = {"question_id": step.question.id, "question": step.question.text}
    opened = await forms.begin(context.tx, person, COMMENT.kind, given)
    if isinstance(opened, Asking):
        context.notify(person.telegram_id, form_views.step(opened, context.texts))


def _why(vote: Late | NotAsked | Unclear, context: BotContext) -> str:
    key = "late" if isinstance(vote, Late) else "not_asked"
    return context.texts.plain(f"polls.alerts.{key}")
