"""Polls on the organiser's desk: set up, changed, opened, looked at, closed."""

from collections.abc import Awaitable
from typing import assert_never

from bot import poll_notices
from bot.context import BotContext
from bot.poll_buttons import (
    AddPollQuestion,
    ChoosePollGroup,
    ClosePoll,
    DropPoll,
    EditPoll,
    EditPollQuestion,
    ListPollGroups,
    ManagePoll,
    OpenPoll,
    OpenPollByHand,
    PutOffPoll,
    ReadComments,
    RemovePollQuestion,
    SendPollQr,
    SetUpPoll,
)
from bot.services import poll_forms
from bot.services.cop_sessions import NoSession
from bot.services.form_steps import Data
from bot.services.people import zone_of
from bot.services.poll_forms import POLL_QUESTION
from bot.services.poll_opening import Opened
from bot.services.poll_outcomes import Managed, PollFault
from bot.services.polls import PollState
from bot.services.qr import qr_png
from bot.services.roles import Refusal
from bot.texts import escape
from bot.views import poll_desk as views
from bot.views import polls as member_views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import forms

Found = Managed | Refusal | NoSession | PollFault


async def manage(action: ManagePoll, context: BotContext) -> None:
    """The poll of a session, as it stands."""
    found = await context.services.polls.of_session(context.tx, await context.asker(), action.session_id)
    if not isinstance(found, tuple):
        refuse(found, context)
        return
    session, poll = found
    context.answer()
    if poll is None:
        context.edit(views.choose_template(session, context.texts))
    else:
        context.edit(await _card(Managed(session, poll), context))


async def set_up(action: SetUpPoll, context: BotContext) -> None:
    """Take a template's questions; without a name choose among them."""
    person, polls = await context.asker(), context.services.polls
    if action.template:
        await _show(polls.set_up(context.tx, person, action.session_id, action.template), context)
        return
    found = await polls.of_session(context.tx, person, action.session_id)
    if isinstance(found, tuple):
        context.answer()
        context.edit(views.choose_template(found[0], context.texts))
    else:
        refuse(found, context)


async def open_now(action: OpenPoll, context: BotContext) -> None:
    """Ask first; then open it."""
    person = await context.asker()
    managed = await _unless_refused(
        context.services.polls.changeable(context.tx, person, action.poll_id), context
    )
    if managed is None:
        return
    if not action.is_sure:
        context.answer()
        context.edit(views.sure_to_open(managed, context.texts))
        return
    opened = await context.services.poll_opening.open(context.tx, managed, person)
    if isinstance(opened, Opened):
        await poll_notices.open_poll(context.tx, context.services, opened)
        context.answer()
        context.edit(await _card(opened.managed, context))
    else:
        refuse(opened, context)


async def put_off(action: PutOffPoll, context: BotContext) -> None:
    """Open it a little later."""
    person = await context.asker()
    await _show(context.services.polls.put_off(context.tx, person, action.poll_id), context)


async def by_hand(action: OpenPollByHand, context: BotContext) -> None:
    """Not by the clock."""
    person = await context.asker()
    await _show(context.services.polls.by_hand(context.tx, person, action.poll_id), context)


async def edit(action: EditPoll, context: BotContext) -> None:
    """Its questions."""
    person = await context.asker()
    await _edit(context.services.polls.changeable(context.tx, person, action.poll_id), context)


async def remove_question(action: RemovePollQuestion, context: BotContext) -> None:
    """One question less."""
    person = await context.asker()
    found = context.services.polls.remove(context.tx, person, action.poll_id, action.position)
    await _edit(found, context)


async def add_question(action: AddPollQuestion, context: BotContext) -> None:
    """Begin to write another question."""
    person = await context.asker()
    managed = await _unless_refused(
        context.services.polls.changeable(context.tx, person, action.poll_id), context
    )
    if managed is not None and person is not None:
        context.answer()
        await forms.begin_anew(person, POLL_QUESTION.kind, context, poll_forms.to_add(managed.poll_id))


async def change_question(action: EditPollQuestion, context: BotContext) -> None:
    """Begin to write a question anew."""
    person = await context.asker()
    managed = await _unless_refused(
        context.services.polls.changeable(context.tx, person, action.poll_id), context
    )
    if managed is None or person is None:
        return
    questions = await context.services.polls.questions(context.tx, managed.poll_id)
    chosen = [each for each in questions if each.position == action.position]
    if chosen:
        context.answer()
        given = poll_forms.to_change(managed.poll_id, chosen[0])
        await forms.begin_anew(person, POLL_QUESTION.kind, context, given)
    else:
        refuse(PollFault.GONE, context)


async def keep_question(data: Data, context: BotContext) -> None:
    """The question is written."""
    poll_id, position = poll_forms.place_of(data)
    found = await context.services.polls.put(
        context.tx, await context.asker(), poll_id, position, poll_forms.asked_of(data)
    )
    if isinstance(found, Managed):
        questions = await context.services.polls.questions(context.tx, found.poll_id)
        context.edit(views.editing(found, questions, context.texts))
    else:
        context.edit(Reply(escape(why(found, context))))


async def list_groups(action: ListPollGroups, context: BotContext) -> None:
    """Which groups get a poll as well."""
    person = await context.asker()
    await _groups(context.services.polls.changeable(context.tx, person, action.poll_id), context)


async def choose_group(action: ChoosePollGroup, context: BotContext) -> None:
    """This one, or not."""
    found = context.services.polls.choose_group(
        context.tx,
        await context.asker(),
        action.poll_id,
        action.group_id,
        is_chosen=bool(action.is_chosen),
    )
    await _groups(found, context)


async def hand_out_qr(action: SendPollQr, context: BotContext) -> None:
    """The picture for the last slide."""
    person = await context.asker()
    managed = await _unless_refused(
        context.services.polls.managed(context.tx, person, action.poll_id), context
    )
    if managed is not None:
        context.answer()
        picture = qr_png(member_views.poll_link(managed.poll, context.bot.username))
        context.hand_over(
            "umpan-balik.png", picture, views.qr_caption(managed, context.bot.username, context.texts)
        )


async def close(action: ClosePoll, context: BotContext) -> None:
    """Ask first; then close it for good."""
    person = await context.asker()
    managed = await _unless_refused(
        context.services.polls.managed(context.tx, person, action.poll_id), context
    )
    if managed is None:
        return
    if not action.is_sure:
        context.answer()
        context.edit(views.sure_to_close(managed, context.texts))
        return
    closed = await poll_notices.close(context.tx, context.services, managed, person)
    if isinstance(closed, Managed):
        context.answer()
        context.edit(await _card(closed, context))
    else:
        refuse(closed, context)


async def drop(action: DropPoll, context: BotContext) -> None:
    """Ask first; then do without it."""
    person, polls = await context.asker(), context.services.polls
    if action.is_sure:
        managed = await _unless_refused(polls.drop(context.tx, person, action.poll_id), context)
        if managed is not None:
            context.answer()
            context.edit(views.choose_template(managed.session, context.texts))
        return
    managed = await _unless_refused(polls.changeable(context.tx, person, action.poll_id), context)
    if managed is not None:
        context.answer()
        context.edit(views.sure_to_drop(managed, context.texts))


async def read_comments(action: ReadComments, context: BotContext) -> None:
    """What people wrote, once it is closed."""
    person = await context.asker()
    managed = await _unless_refused(
        context.services.polls.managed(context.tx, person, action.poll_id), context
    )
    if managed is None:
        return
    result = await context.services.poll_results.of(context.tx, managed)
    context.answer()
    context.edit(views.comments(managed, result.comments, action.page, context.texts))


async def _edit(finding: Awaitable[Found], context: BotContext) -> None:
    managed = await _unless_refused(finding, context)
    if managed is not None:
        context.answer()
        questions = await context.services.polls.questions(context.tx, managed.poll_id)
        context.edit(views.editing(managed, questions, context.texts))


async def _groups(finding: Awaitable[Found], context: BotContext) -> None:
    managed = await _unless_refused(finding, context)
    if managed is not None:
        context.answer()
        offered = await context.services.polls.offered_groups(context.tx, context.unit.person)
        context.edit(views.groups(managed, offered, context.texts))


async def _show(finding: Awaitable[Found], context: BotContext) -> None:
    managed = await _unless_refused(finding, context)
    if managed is not None:
        context.answer()
        context.edit(await _card(managed, context))


async def _unless_refused(finding: Awaitable[Found], context: BotContext) -> Managed | None:
    """The poll; otherwise the press is answered with why not."""
    found = await finding
    if isinstance(found, Managed):
        return found
    refuse(found, context)
    return None


async def _card(managed: Managed, context: BotContext) -> Reply:
    zone = zone_of(context.unit.person)
    if managed.poll.state == PollState.PLANNED:
        questions = await context.services.polls.questions(context.tx, managed.poll_id)
        return views.planned(managed, questions, zone, context.texts)
    result = await context.services.poll_results.of(context.tx, managed)
    return views.results(managed, result, zone, context.texts)


def refuse(refused: Refusal | NoSession | PollFault, context: BotContext) -> None:
    """Answer the press with why it is not done."""
    context.answer(why(refused, context), is_alert=True)


def why(refused: Refusal | NoSession | PollFault, context: BotContext) -> str:
    """Why it is not done, as an alert."""
    match refused:
        case Refusal():
            return role_views.refusal(refused, context.texts)
        case NoSession():
            return context.texts.plain("sessions.alerts.unknown")
        case PollFault():
            return views.fault(refused, context.texts)
        case _:
            assert_never(refused)
