"""Making an announcement: /umumkan, the draft's card, confirming and approving it."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from telegram import Update

from bot.announcement_buttons import (
    ApproveAnnouncement,
    Asked,
    BeginAsking,
    ChooseEveryone,
    ChooseGroup,
    ChooseProvinceFor,
    ClearButtons,
    ConfirmAnnouncement,
    DraftPage,
    DropDraft,
    ExcludeReceived,
    OpenDraft,
    OpenIslandOf,
    RejectAnnouncement,
    SendAtOnce,
    SendTest,
    SetUrgent,
    WithdrawAnnouncement,
)
from bot.context import BotContext
from bot.services.announcement_content import LinkButton, calls
from bot.services.announcement_outcomes import (
    Awaiting,
    Dropped,
    Scheduled,
    Started,
    Unconfirmed,
    Undone,
    WhyNot,
)
from bot.services.announcements import Announcement, content
from bot.services.audiences import EVERYONE, PROVINCE, RECEIVED, Audience, Chosen, audience_of
from bot.services.form_steps import Data
from bot.services.people import Person, zone_of
from bot.services.provinces import PROVINCES
from bot.services.roles import Act, Refusal
from bot.views import announcement_progress as progress_views
from bot.views import announcements as views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import forms

OTHERS = 5  # earlier announcements whose recipients can be left out


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


async def show_draft(announcement: Announcement, context: BotContext, *, was_confirmed: bool = False) -> None:
    """The preview, made as every copy is, and below it the card."""
    preview(announcement, context)
    if was_confirmed:
        context.reply(Reply(context.texts.html("announcements.edited.withdrawn")))
    context.reply(await card_of(announcement, context))


def preview(announcement: Announcement, context: BotContext) -> None:
    """Send it to where the update came from."""
    below = context.texts.plain("announcements.buttons.below_album")
    context.show(calls(content(announcement), below))


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


async def open_draft(action: OpenDraft, context: BotContext) -> None:
    """A page of the card."""
    found = await _draft(action.announcement_id, context)
    if found is None:
        return
    announcement, person = found
    context.answer()
    services = context.services
    reached = await services.announcements.reached(context.tx, announcement)
    reach = await services.roles.reach(context.tx, person, Act.ANNOUNCE)
    match action.page:
        case DraftPage.CARD:
            context.edit(await card_of(announcement, context))
        case DraftPage.EXCLUDE:
            known = await services.announcement_control.under_way(context.tx, person)
            others = [each for each in known if each.mailing_id is not None][:OTHERS]
            context.edit(views.exclusions(announcement, others, reach, reached, context.texts))
        case DraftPage.GROUPS:
            offered = await services.announcements.audiences.offered_groups(context.tx, reach)
            context.edit(views.groups(announcement, offered, reached, context.texts))
        case _:
            assert_never(action.page)


async def open_island(action: OpenIslandOf, context: BotContext) -> None:
    """The provinces of some islands."""
    found = await _draft(action.announcement_id, context)
    if found is not None:
        context.answer()
        await _show_island(found[0], action, context)


async def _show_island(announcement: Announcement, action: OpenIslandOf, context: BotContext) -> None:
    reached = await context.services.announcements.reached(context.tx, announcement)
    reach = await context.services.roles.reach(context.tx, context.unit.person, Act.ANNOUNCE)
    is_exclusion = bool(action.is_exclusion)
    context.edit(
        views.island(announcement, action.island, reach, reached, context.texts, is_exclusion=is_exclusion)
    )


async def choose_everyone(action: ChooseEveryone, context: BotContext) -> None:
    """Everybody who can be reached."""
    announcement = await _choose(
        action.announcement_id, context, lambda old: old.with_choice(Chosen(EVERYONE), is_chosen=True)
    )
    if announcement is not None:
        context.edit(await card_of(announcement, context))


async def choose_province(action: ChooseProvinceFor, context: BotContext) -> None:
    """A province more or less, among those meant or those left out."""
    province = PROVINCES.get(action.province_code)
    if province is None:
        context.answer(context.texts.plain("questions.alerts.stale"), is_alert=True)
        return
    chosen, is_chosen = Chosen(PROVINCE, province.code), bool(action.is_chosen)

    def change(old: Audience) -> Audience:
        if action.is_exclusion:
            return old.with_exclusion(chosen, is_chosen=is_chosen)
        return old.with_choice(chosen, is_chosen=is_chosen)

    announcement = await _choose(action.announcement_id, context, change)
    if announcement is not None:
        shown = OpenIslandOf(action.announcement_id, province.island, action.is_exclusion)
        await _show_island(announcement, shown, context)


async def exclude_received(action: ExcludeReceived, context: BotContext) -> None:
    """Leave out who got another announcement."""
    chosen = Chosen(RECEIVED, str(action.other_id))
    announcement = await _choose(
        action.announcement_id,
        context,
        lambda old: old.with_exclusion(chosen, is_chosen=bool(action.is_chosen)),
    )
    if announcement is not None:
        await open_draft(OpenDraft(action.announcement_id, DraftPage.EXCLUDE), context)


async def choose_group(action: ChooseGroup, context: BotContext) -> None:
    """A copy for a group, or none."""
    announcement = await _choose(
        action.announcement_id,
        context,
        lambda old: old.with_group(action.group_id, is_chosen=bool(action.is_chosen)),
    )
    if announcement is not None:
        await open_draft(OpenDraft(action.announcement_id, DraftPage.GROUPS), context)


async def set_urgent(action: SetUrgent, context: BotContext) -> None:
    """Wait for quiet hours, or do not."""
    person = await context.asker()
    if person is not None:
        changed = await context.services.announcements.set_urgent(
            context.tx, person, action.announcement_id, is_urgent=bool(action.is_urgent)
        )
        await _changed(changed, context)


async def send_at_once(action: SendAtOnce, context: BotContext) -> None:
    """Forget the time."""
    person = await context.asker()
    if person is not None:
        changed = await context.services.announcements.schedule(
            context.tx, person, action.announcement_id, None
        )
        await _changed(changed, context)


async def clear_buttons(action: ClearButtons, context: BotContext) -> None:
    """Take the link buttons away, with a new preview."""
    person = await context.asker()
    if person is None:
        return
    changed = await context.services.announcements.add_button(
        context.tx, person, action.announcement_id, None
    )
    if isinstance(changed, Announcement):
        context.answer()
        await show_draft(changed, context)
    else:
        _say(changed, context)


async def ask(action: BeginAsking, context: BotContext) -> None:
    """Ask for a time, a button or a corrected text, in a message of its own."""
    person = await context.asker()
    if person is None:
        return
    services = context.services
    found = (
        await services.announcement_control.managed(context.tx, person, action.announcement_id)
        if action.asked is Asked.CORRECTION
        else await services.announcements.draft(context.tx, person, action.announcement_id)
    )
    if not isinstance(found, Announcement):
        _say(found, context)
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
        kept = await context.services.announcements.schedule(context.tx, person, _number(data), at)
        await _kept(kept, context)


async def keep_button(data: Data, context: BotContext) -> None:
    """Label and address of a button were given: the preview changes with it."""
    person = await context.asker()
    if person is not None:
        button = LinkButton(str(data["label"]), str(data["url"]))
        kept = await context.services.announcements.add_button(context.tx, person, _number(data), button)
        await _kept(kept, context, is_new=True)


async def _kept(kept: Announcement | WhyNot, context: BotContext, *, is_new: bool = False) -> None:
    if isinstance(kept, WhyNot):
        context.reply(views.why_not_text(kept, context.texts))
    elif is_new:
        await show_draft(kept, context)
    else:
        context.reply(await card_of(kept, context))


async def send_test(action: SendTest, context: BotContext) -> None:
    """Send it to whoever made it, as everybody gets it."""
    found = await _draft(action.announcement_id, context)
    if found is not None:
        context.answer(context.texts.plain("announcements.alerts.tested"))
        preview(found[0], context)


async def drop(action: DropDraft, context: BotContext) -> None:
    """Throw the draft away."""
    person = await context.asker()
    if person is None:
        return
    dropped = await context.services.announcements.drop(context.tx, person, action.announcement_id)
    if isinstance(dropped, Dropped):
        context.answer()
        context.edit(Reply(context.texts.html("announcements.dropped")))
    else:
        _say(dropped, context)


async def confirm(action: ConfirmAnnouncement, context: BotContext) -> None:
    """Send it, at its time; or ask a second organiser."""
    person = await context.asker()
    if person is None:
        return
    below = context.texts.plain("announcements.buttons.below_album")
    found = await context.services.announcements.confirm(
        context.tx, person, action.announcement_id, action.version, below
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
            _say(found, context)


async def _ask_approvers(found: Awaiting, author: Person, context: BotContext) -> None:
    for approver in found.approvers:
        texts = context.texts_for(approver)
        below = texts.plain("announcements.buttons.below_album")
        context.show(calls(content(found.announcement), below), to=approver.telegram_id)
        name = role_views.person_name(author, texts)
        context.notify(approver.telegram_id, views.to_approve(found, name, texts))


async def approve(action: ApproveAnnouncement, context: BotContext) -> None:
    """A second organiser lets it go out; its own organiser is told, in the message that waited."""
    person = await context.asker()
    if person is None:
        return
    below = context.texts.plain("announcements.buttons.below_album")
    found = await context.services.announcements.approve(
        context.tx, person, action.announcement_id, action.version, below
    )
    if not isinstance(found, Started | Scheduled):
        _say(found, context)
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
        _say(found, context)
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
        _say(found, context)


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


async def _choose(
    announcement_id: int, context: BotContext, change: Callable[[Audience], Audience]
) -> Announcement | None:
    found = await _draft(announcement_id, context)
    if found is None:
        return None
    announcement, person = found
    changed = await context.services.announcements.choose(
        context.tx, person, announcement_id, change(audience_of(announcement.audience))
    )
    if isinstance(changed, Announcement):
        context.answer()
        return changed
    _say(changed, context)
    return None


async def _changed(changed: Announcement | WhyNot, context: BotContext) -> None:
    if isinstance(changed, Announcement):
        context.answer()
        context.edit(await card_of(changed, context))
    else:
        _say(changed, context)


async def _draft(announcement_id: int, context: BotContext) -> tuple[Announcement, Person] | None:
    """The presser's own draft; otherwise the press is answered with the reason."""
    person = await context.asker()
    if person is None:
        return None
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.ANNOUNCE)
    found = await context.services.announcements.draft(context.tx, person, announcement_id)
    if isinstance(allowed, Refusal):
        _say(allowed, context)
    elif isinstance(found, Announcement):
        return found, person
    else:
        _say(found, context)
    return None


def _say(found: WhyNot | Unconfirmed | Refusal, context: BotContext) -> None:
    """Why the press did nothing."""
    if isinstance(found, Refusal):
        context.answer(role_views.refusal(found, context.texts), is_alert=True)
    else:
        context.answer(views.why_not(found, context.texts), is_alert=True)


def _number(data: Data) -> int:
    number = data.get("announcement_id")
    return number if isinstance(number, int) else 0
