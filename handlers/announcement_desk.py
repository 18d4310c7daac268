"""Announcements under way and afterwards: progress, stop and resume, correction, recall, report; and the archive."""

from typing import assert_never

from telegram import Update

from bot.announcement_buttons import (
    ConfirmCorrection,
    FetchFiles,
    ListAnnouncements,
    ReadAnnouncement,
    Step,
    TakeStep,
)
from bot.context import BotContext
from bot.desk_buttons import DeskSection, OpenDesk
from bot.services.announcement_content import calls
from bot.services.announcement_control import Recall, Standing
from bot.services.announcement_drafts import Announcement, content
from bot.services.announcement_outcomes import WhyNot
from bot.services.people import Person
from bot.services.roles import Act, Refusal
from bot.views import announcement_progress as views
from bot.views import announcement_report as report_views
from bot.views import announcements as draft_views
from bot.views import roles as role_views
from bot.views.reply import Press, Reply
from handlers.announcements import card_of


async def take_step(action: TakeStep, context: BotContext) -> None:
    """Do what the button says; each step asks again whether this person may."""
    person = await context.asker()
    if person is None:
        return
    control = context.services.announcement_control
    number = action.announcement_id
    match action.step:
        case Step.SHOW | Step.ASK_TO_STOP | Step.REPORT | Step.SHARE:
            await _look(action, person, context)
        case Step.PAUSE:
            _show(await control.pause(context.tx, person, number), context)
        case Step.RESUME:
            _show(await control.resume(context.tx, person, number), context)
        case Step.STOP:
            _show(await control.stop(context.tx, person, number), context)
        case Step.RETRY:
            _show(await control.retry(context.tx, person, number), context)
        case Step.RESEND:
            _show(await control.resend(context.tx, person, number), context)
        case Step.ASK_TO_RECALL:
            found = await control.propose_recall(context.tx, person, number)
            if isinstance(found, Recall):
                context.answer()
                context.reply(views.sure_to_recall(found, context.texts))
            else:
                _refuse(found, context)
        case Step.RECALL:
            _show(await control.recall(context.tx, person, number), context)
        case _:
            assert_never(action.step)


async def _look(action: TakeStep, person: Person, context: BotContext) -> None:
    found = await context.services.announcement_control.managed(context.tx, person, action.announcement_id)
    if found is WhyNot.WITHDRAWN:
        await _before_sending(action.announcement_id, person, context)
        return
    if not isinstance(found, Announcement):
        _refuse(found, context)
        return
    standing = await context.services.announcement_control.standing(context.tx, found)
    if standing is None:
        _refuse(WhyNot.FORGOTTEN, context)
        return
    match action.step:
        case Step.ASK_TO_STOP:
            context.answer()
            context.edit(views.sure_to_stop(standing, context.texts))
        case Step.REPORT:
            context.answer()
            await hand_out_report(standing, context)
        case Step.SHARE:
            context.answer()
            context.reply(views.to_share(found, context.texts, context.bot.username))
        case _:
            _show(standing, context)


async def _before_sending(announcement_id: int, person: Person, context: BotContext) -> None:
    """It has no mailing: a draft opens as such, everything else says how it stands."""
    draft = await context.services.announcement_drafts.draft(context.tx, person, announcement_id)
    if isinstance(draft, Announcement):
        context.answer()
        context.edit(await card_of(draft, context))
    else:
        _refuse(draft, context)


def _show(found: Standing | WhyNot | Refusal, context: BotContext) -> None:
    """How it stands now, in the message that was pressed, which goes on showing it."""
    if not isinstance(found, Standing):
        _refuse(found, context)
        return
    context.answer()
    message, person = context.message, context.unit.person
    if message is not None and person is not None and found.announcement.created_by == person.id:
        found.announcement.card_message_id = message.message_id
    context.edit(views.progress(found, context.texts, context.services.clock.now()))


async def correct(action: ConfirmCorrection, context: BotContext) -> None:
    """Give all copies the new text."""
    person = await context.asker()
    if person is not None:
        wording = draft_views.wording(action.announcement_id, context.texts)
        found = await context.services.announcement_control.correct(
            context.tx, person, action.announcement_id, action.version, wording
        )
        _show(found, context)


async def hand_out_report(standing: Standing, context: BotContext) -> None:
    """Picture, spreadsheet, and the same in words."""
    report = await context.services.announcement_reports.report(context.tx, standing)
    texts = context.texts
    context.hand_over(
        texts.plain("announcements.report.buttons.picture_name"),
        report_views.picture(report, texts),
        report_views.summary(report, texts),
        is_picture=True,
    )
    context.hand_over(
        texts.plain("announcements.report.buttons.sheet_name"),
        report_views.sheet(report, texts),
        Reply(texts.html("announcements.report.sheet")),
    )


async def list_all(action: ListAnnouncements, context: BotContext) -> None:
    """The organiser's list."""
    person = await context.asker()
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.ANNOUNCE)
    if isinstance(allowed, Refusal) or person is None:
        if isinstance(allowed, Refusal):
            _refuse(allowed, context)
        return
    context.answer()
    found = await context.services.announcement_control.under_way(context.tx, person)
    back = Press(context.texts.plain("desk.buttons.back"), OpenDesk(DeskSection.OVERVIEW))
    context.edit(views.under_way(found, back, context.texts))


async def news(update: Update, context: BotContext) -> None:
    """/pengumuman: the latest, to read again."""
    if context.is_group:
        context.reply(Reply(context.texts.html("announcements.archive.only_private")))
        return
    person = await context.asker()
    if person is not None:
        found = await context.services.announcement_control.archive(context.tx, person)
        context.reply(views.archive(found, context.texts))


async def read(action: ReadAnnouncement, context: BotContext) -> None:
    """One of the archive."""
    person = await context.asker()
    if person is None:
        return
    found = await context.services.announcement_control.readable(context.tx, person, action.announcement_id)
    if isinstance(found, Announcement):
        context.answer()
        _show_again(found, context)
    else:
        _refuse(found, context)


async def fetch(action: FetchFiles, context: BotContext) -> None:
    """Somebody who saves data asks for the files."""
    person = await context.asker()
    if person is None:
        return
    found = await context.services.announcement_control.to_fetch(context.tx, person, action.announcement_id)
    if isinstance(found, Announcement):
        context.answer()
        _show_again(found, context)
    else:
        _refuse(found, context)


async def open_link(code: str, context: BotContext) -> None:
    """A deep link to an announcement."""
    await context.asker()
    found = await context.services.announcement_control.by_link(context.tx, code)
    if isinstance(found, Announcement):
        _show_again(found, context)
    else:
        context.reply(draft_views.why_not_text(found, context.texts))


def _show_again(announcement: Announcement, context: BotContext) -> None:
    """What everybody got."""
    below = context.texts.plain("announcements.buttons.below_album")
    instead = Reply(context.texts.html("announcements.refused.reading"))
    context.show(calls(content(announcement), below), if_refused=instead)


def _refuse(found: WhyNot | Refusal, context: BotContext) -> None:
    if isinstance(found, Refusal):
        context.answer(role_views.refusal(found, context.texts), is_alert=True)
    else:
        context.answer(draft_views.why_not(found, context.texts), is_alert=True)
