"""What leaves the desk after a poll: pictures, a spreadsheet, a page for the speaker, a word to who answered."""

import asyncio

from bot import poll_notices
from bot.context import BotContext
from bot.poll_buttons import SendPollPage, SendPollPicture, SendPollSheet, TellParticipants, WriteChanges
from bot.services.form_steps import Data
from bot.services.poll_outcomes import Managed
from bot.services.poll_reports import POLL_CHANGES, PollReport, Told, poll_of
from bot.texts import escape
from bot.views import poll_page, poll_picture, poll_sheet
from bot.views import poll_tell as views
from bot.views.reply import Reply
from handlers import forms
from handlers.poll_desk import refuse, why


async def hand_out_picture(action: SendPollPicture, context: BotContext) -> None:
    """The result as it may be shown now."""
    found = await context.services.poll_reports.so_far(context.tx, await context.asker(), action.poll_id)
    if not isinstance(found, PollReport):
        refuse(found, context)
        return
    context.answer()
    drawn = await asyncio.to_thread(poll_picture.pictures, found, context.texts)
    name = context.texts.plain("polls.report.buttons.picture_name")
    for number, picture in enumerate(drawn, start=1):
        caption = poll_picture.caption(found, context.texts)
        if number > 1:
            caption = poll_picture.next_caption(number, len(drawn), found, context.texts)
        context.hand_over(name, picture, caption, is_picture=True)


async def hand_out_sheet(action: SendPollSheet, context: BotContext) -> None:
    """The final result, to be worked with."""
    found = await context.services.poll_reports.final(context.tx, await context.asker(), action.poll_id)
    if isinstance(found, PollReport):
        context.answer()
        caption = Reply(context.texts.html("polls.report.sheet", title=found.result.title))
        name = context.texts.plain("polls.report.buttons.sheet_name")
        made = await asyncio.to_thread(poll_sheet.sheet, found, context.texts)
        context.hand_over(name, made, caption)
    else:
        refuse(found, context)


async def hand_out_page(action: SendPollPage, context: BotContext) -> None:
    """The final result, to be printed."""
    found = await context.services.poll_reports.final(context.tx, await context.asker(), action.poll_id)
    if isinstance(found, PollReport):
        context.answer()
        caption = Reply(context.texts.html("polls.report.page", title=found.result.title))
        name = context.texts.plain("polls.report.buttons.page_name")
        made = await asyncio.to_thread(poll_page.page, found, context.texts)
        context.hand_over(name, made, caption)
    else:
        refuse(found, context)


async def write_changes(action: WriteChanges, context: BotContext) -> None:
    """Begin to write what will change."""
    person = await context.asker()
    managed = await context.services.poll_reports.to_tell(context.tx, person, action.poll_id)
    if not isinstance(managed, Managed):
        refuse(managed, context)
    elif person is not None:
        context.answer()
        await forms.begin_anew(person, POLL_CHANGES.kind, context, {"poll_id": managed.poll_id})


async def keep_changes(data: Data, context: BotContext) -> None:
    """It is written: show what people would read."""
    poll_id, changes = poll_of(data)
    reports = context.services.poll_reports
    managed = await reports.write_changes(context.tx, await context.asker(), poll_id, changes)
    if not isinstance(managed, Managed):
        context.edit(Reply(escape(why(managed, context))))
        return
    result = await context.services.poll_results.of(context.tx, managed)
    listeners = await reports.listeners(context.tx, managed)
    context.edit(views.preview(managed, result, len(listeners), context.texts))


async def tell(action: TellParticipants, context: BotContext) -> None:
    """Send it to those who answered, once."""
    told = await context.services.poll_reports.tell(context.tx, await context.asker(), action.poll_id)
    if isinstance(told, Told):
        await poll_notices.tell_changes(context.tx, context.services, told)
        context.answer()
        context.edit(views.sent(told.managed, len(told.people), context.texts))
    else:
        refuse(told, context)
