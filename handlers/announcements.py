"""Making an announcement: /umumkan, the draft's card, confirming and approving it."""

from datetime import datetime

from telegram import Update

from bot.announcement_buttons import (
    ApproveAnnouncement,
    Asked,
    BeginAsking,
    ClearButtons,
    ConfirmAnnouncement,
    DropDraft,
    NewAnnouncement,
    RejectAnnouncement,
    SendAtOnce,
    SendTest,
    SetUrgent,
    WithdrawAnnouncement,
)
from bot.context import BotContext
from bot.services.announcement_content import LinkButton, calls
from bot.services.announcement_drafts import Announcement, content
from bot.services.announcement_outcomes import (
    Awaiting,
    Dropped,
    Scheduled,
    Started,
    Unconfirmed,
    Undone,
    WhyNot,
)
from bot.services.form_steps import Data
from bot.services.people import Person, zone_of
from bot.services.roles import Act, Refusal
from bot.views import announcement_progress as progress_views
from bot.views import announcements as views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import forms


async def announce(update: Update, context: BotContext) -> None:
    """/umumkan: ask for the message."""
    if context.is_group:
        context.reply(Reply(context.texts.html("announcements.only_private")))
        return
    person = await context.asker()
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.ANNOUNCE)
    if isinstance(allowed, Refusal):
        context.reply(role_views.refusal_text(allowed, context.texts))
    elif person is not None:
        await forms.begin(person, "announcement", context)


async def announce_anew(action: NewAnnouncement, context: BotContext) -> None:
    """The same from the organiser's list."""
    person = await context.asker()
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.ANNOUNCE)
    if isinstance(allowed, Refusal):
        context.answer(role_views.refusal(allowed, context.texts), is_alert=True)
    elif person is not None:
        context.answer()
        await forms.begin(person, "announcement", context)


async def show_draft(announcement: Announcement, context: BotContext, *, was_confirmed: bool = False) -> None:
    """The preview, made as every copy is, and below it the card."""
    preview(announcement, context)
    if was_confirmed:
        context.reply(Reply(context.texts.html("announcements.edited.withdrawn")))
    context.reply(await card_of(announcement, context))


def preview(announcement: Announcement, context: BotContext) -> None:
    """Send it to where the update came from."""
    below = context.texts.plain("announcements.buttons.below_album")
    instead = views.preview_refused(announcement, context.texts, is_own=True)
    context.show(calls(content(announcement), below), if_refused=instead)


async def card_of(announcement: Announcement, context: BotContext) -> Reply:
    """The draft's card as it stands."""
    services, person = context.services, context.unit.person
    reached = await services.announcements.reached(context.tx, announcement)
    reach = await services.roles.reach(context.tx, person, Act.ANNOUNCE)
    return views.card(
        announcement,
        reached,
        reach,
        context.texts,
        zone_of(person),
        services.announcements.limits.per_second,
        services.clock.now(),
    )


async def set_urgent(action: SetUrgent, context: BotContext) -> None:
    """Wait for quiet hours, or do not."""
    person = await context.asker()
    if person is not None:
        changed = await context.services.announcement_drafts.set_urgent(
            context.tx, person, action.announcement_id, is_urgent=bool(action.is_urgent)
        )
        await _changed(changed, context)


async def forget_time(action: SendAtOnce, context: BotContext) -> None:
    """Forget the time."""
    person = await context.asker()
    if person is not None:
        changed = await context.services.announcement_drafts.schedule(
            context.tx, person, action.announcement_id, None
        )
        await _changed(changed, context)


async def clear_buttons(action: ClearButtons, context: BotContext) -> None:
    """Take the link buttons away, with a new preview."""
    person = await context.asker()
    if person is None:
        return
    changed = await context.services.announcement_drafts.add_button(
        context.tx, person, action.announcement_id, None
    )
    if isinstance(changed, Announcement):
        context.answer()
        await show_draft(changed, context)
    else:
        say_why_not(changed, context)


async def ask(action: BeginAsking, context: BotContext) -> None:
    """Ask for a time, a button or a corrected text, in a message of its own."""
    person = await context.asker()
    if person is None:
        return
    services = context.services
    found = (
        await services.announcement_control.changeable(context.tx, person, action.announcement_id)
        if action.asked is Asked.CORRECTION
        else await services.announcement_drafts.draft(context.tx, person, action.announcement_id)
    )
    allowed = await services.roles.may_somewhere(context.tx, person, Act.ANNOUNCE)
    if isinstance(allowed, Refusal):
        say_why_not(allowed, context)
        return
    if not isinstance(found, Announcement):
        say_why_not(found, context)
        return
    context.answer()
    kinds = {
        Asked.TIME: "announcement_time",
        Asked.BUTTON: "announcement_button",
        Asked.CORRECTION: "correction",
    }
    await forms.begin_anew(person, kinds[action.asked], context, {"announcement_id": action.announcement_id})


async def keep_time(data: Data, context: BotContext) -> None:
    """The time was given."""
    person = await context.asker()
    if person is not None:
        at = datetime.fromisoformat(str(data["when"]))
        kept = await context.services.announcement_drafts.schedule(context.tx, person, _number(data), at)
        await _kept(kept, context)


async def keep_button(data: Data, context: BotContext) -> None:
    """Label and address of a button were given: the preview changes with it."""
    person = await context.asker()
    if person is not None:
        button = LinkButton(str(data["label"]), str(data["url"]))
        kept = await context.services.announcement_drafts.add_button(
            context.tx, person, _number(data), button
        )
        await _kept(kept, context, is_new=True)


async def _kept(kept: Announcement | WhyNot, context: BotContext, *, is_new: bool = False) -> None:
    if isinstance(kept, WhyNot):
        context.reply(views.why_not_text(kept, context.texts))
    elif is_new:
        await show_draft(kept, context)
    else:
        context.reply(await card_of(kept, context))


async def try_out(action: SendTest, context: BotContext) -> None:
    """Send it to whoever made it, as everybody gets it."""
    found = await own_draft(action.announcement_id, context)
    if found is not None:
        context.answer(context.texts.plain("announcements.alerts.tested"))
        preview(found[0], context)


async def drop(action: DropDraft, context: BotContext) -> None:
    """Throw the draft away."""
    person = await context.asker()
    if person is None:
        return
    dropped = await context.services.announcement_drafts.drop(context.tx, person, action.announcement_id)
    if isinstance(dropped, Dropped):
        context.answer()
        context.edit(Reply(context.texts.html("announcements.dropped")))
    else:
        say_why_not(dropped, context)


async def confirm(action: ConfirmAnnouncement, context: BotContext) -> None:
    """Send it, at its time; or ask a second organiser."""
    person = await context.asker()
    if person is None:
        return
    wording = views.wording(action.announcement_id, context.texts)
    found = await context.services.announcements.confirm(
        context.tx, person, action.announcement_id, action.version, wording
    )
    match found:
        case Awaiting():
            context.answer()
            _keep_card(found.announcement, context)
            context.edit(views.awaiting(found, context.texts))
            await _ask_approvers(found, person, context)
        case Started() | Scheduled():
            context.answer()
            _keep_card(found.announcement, context)
            context.edit(await _gone_on(found, context))
        case _:
            say_why_not(found, context)


async def _ask_approvers(found: Awaiting, author: Person, context: BotContext) -> None:
    for approver in found.approvers:
        texts = context.texts_for(approver)
        below = texts.plain("announcements.buttons.below_album")
        instead = views.preview_refused(found.announcement, texts, is_own=False)
        shown = calls(content(found.announcement), below)
        context.show(shown, to=approver.telegram_id, if_refused=instead)
        name = role_views.person_name(author, texts)
        context.notify(approver.telegram_id, views.to_approve(found, name, texts))


async def approve(action: ApproveAnnouncement, context: BotContext) -> None:
    """A second organiser lets it go out; its own organiser is told, in the message that waited."""
    person = await context.asker()
    if person is None:
        return
    wording = views.wording(action.announcement_id, context.texts)
    found = await context.services.announcements.approve(
        context.tx, person, action.announcement_id, action.version, wording
    )
    if not isinstance(found, Started | Scheduled):
        say_why_not(found, context)
        return
    context.answer()
    context.edit(Reply(context.texts.html("announcements.approved")))
    author = await context.services.people.get(context.tx, found.announcement.created_by)
    if author is not None:
        texts = context.texts_for(author)
        name = role_views.person_name(person, texts)
        context.notify(author.telegram_id, Reply(texts.html("announcements.approved_by", name=name)))
        reply = await _gone_on(found, context, author)
        context.say_to(author.telegram_id, reply, edit=found.announcement.card_message_id)


async def reject(action: RejectAnnouncement, context: BotContext) -> None:
    """A second organiser hands it back."""
    person = await context.asker()
    if person is None:
        return
    found = await context.services.announcements.reject(
        context.tx, person, action.announcement_id, action.version
    )
    if not isinstance(found, Announcement):
        say_why_not(found, context)
        return
    context.answer()
    context.edit(Reply(context.texts.html("announcements.rejected")))
    author = await context.services.people.get(context.tx, found.created_by)
    if author is not None:
        texts = context.texts_for(author)
        name = role_views.person_name(person, texts)
        context.notify(author.telegram_id, views.handed_back(found, name, texts))


async def withdraw(action: WithdrawAnnouncement, context: BotContext) -> None:
    """Nothing has left: it is a draft again."""
    person = await context.asker()
    if person is None:
        return
    found = await context.services.announcements.withdraw(context.tx, person, action.announcement_id)
    if isinstance(found, Undone):
        context.answer(context.texts.plain("announcements.alerts.undone"))
        context.edit(await card_of(found.announcement, context))
    else:
        say_why_not(found, context)


async def _gone_on(found: Started | Scheduled, context: BotContext, reader: Person | None = None) -> Reply:
    texts = context.texts if reader is None else context.texts_for(reader)
    if isinstance(found, Scheduled):
        return views.scheduled(found, texts)
    await context.tx.flush()
    standing = await context.services.announcement_control.standing(context.tx, found.announcement)
    assert standing is not None
    return progress_views.progress(standing, texts, context.services.clock.now())


def _keep_card(announcement: Announcement, context: BotContext) -> None:
    """From here on the message that was pressed shows how it stands."""
    message = context.message
    announcement.card_message_id = message.message_id if message is not None else None


async def _changed(changed: Announcement | WhyNot, context: BotContext) -> None:
    if isinstance(changed, Announcement):
        context.answer()
        context.edit(await card_of(changed, context))
    else:
        say_why_not(changed, context)


async def own_draft(announcement_id: int, context: BotContext) -> tuple[Announcement, Person] | None:
    """The presser's own draft; otherwise the press is answered with the reason."""
    person = await context.asker()
    if person is None:
        return None
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.ANNOUNCE)
    found = await context.services.announcement_drafts.draft(context.tx, person, announcement_id)
    if isinstance(allowed, Refusal):
        say_why_not(allowed, context)
    elif isinstance(found, Announcement):
        return found, person
    else:
        say_why_not(found, context)
    return None


def say_why_not(found: WhyNot | Unconfirmed | Refusal, context: BotContext) -> None:
    """Why the press did nothing."""
    if isinstance(found, Refusal):
        context.answer(role_views.refusal(found, context.texts), is_alert=True)
    else:
        context.answer(views.why_not(found, context.texts), is_alert=True)


def _number(data: Data) -> int:
    number = data.get("announcement_id")
    return number if isinstance(number, int) else 0
