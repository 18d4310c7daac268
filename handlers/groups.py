"""Groups: brought in, taken out, turned into supergroups; registered by an organiser."""

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.context import BotContext
from bot.desk_buttons import PostHere, RegisterGroup, ReleaseGroup, ShowGroup
from bot.services import groups as rules
from bot.services.form_steps import Data
from bot.services.groups import Group, NoGroup
from bot.services.people import is_reachable
from bot.services.roles import Act, Refusal
from bot.views import groups as views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import forms

OUT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


async def membership(update: Update, context: BotContext) -> None:
    """my_chat_member: somebody blocked the bot or let it in again, or brought it into a group, or took it out."""
    change = update.my_chat_member
    if change is None:
        return
    if change.chat.type == ChatType.PRIVATE:
        person = context.unit.person
        if person is not None:
            is_blocked = change.new_chat_member.status == ChatMemberStatus.BANNED
            context.services.people.block(person, is_blocked=is_blocked)
    elif change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        await _in_group(change, context)


async def _in_group(change: ChatMemberUpdated, context: BotContext) -> None:
    chat, member = change.chat, change.new_chat_member
    if _is_out(member):
        await context.services.groups.leave(context.tx, chat.id)
        return
    group = await context.services.groups.enter(
        context.tx,
        chat.id,
        chat.title or "",
        is_forum=bool(chat.is_forum),
        may_post=getattr(member, "can_send_messages", True) is not False,
    )
    organiser = context.unit.person
    if not _is_out(change.old_chat_member) or organiser is None or not is_reachable(organiser):
        return
    allowed = await context.services.roles.may_somewhere(context.tx, organiser, Act.REGISTER_GROUP)
    if not isinstance(allowed, Refusal):
        context.notify(organiser.telegram_id, views.added(group, context.texts))


def _is_out(member: ChatMember) -> bool:
    return member.status in OUT or getattr(member, "is_member", True) is False


async def migrated(update: Update, context: BotContext) -> None:
    """The group has another id from now on; both ids hear of it, in whatever order."""
    message = context.message
    if message is None:
        return
    if message.migrate_to_chat_id is not None:
        await context.services.groups.migrate(context.tx, message.chat_id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id is not None:
        await context.services.groups.migrate(context.tx, message.migrate_from_chat_id, message.chat_id)


async def manage_here(context: BotContext) -> None:
    """/kelola in a group: how it stands, and where announcements go."""
    message = context.message
    allowed = await context.services.roles.may_somewhere(
        context.tx, await context.asker(), Act.REGISTER_GROUP
    )
    if message is None:
        return
    if isinstance(allowed, Refusal):
        context.reply(role_views.refusal_text(allowed, context.texts))
        return
    chat = message.chat
    group = await context.services.groups.enter(
        context.tx, chat.id, chat.title or "", is_forum=bool(chat.is_forum)
    )
    context.reply(views.in_group(group, context.texts, context.bot.username))


async def open_link(number: str, context: BotContext) -> None:
    """The deep link from a group: register it here, in private."""
    group_id = int(number) if number.isdecimal() and len(number) < 10 else 0
    await _begin(group_id, context)


async def begin_registration(action: RegisterGroup, context: BotContext) -> None:
    """Ask for which province announcements go into the group."""
    context.answer()
    await _begin(action.group_id, context)


async def _begin(group_id: int, context: BotContext) -> None:
    person = await context.asker()
    group = await context.services.groups.find(context.tx, group_id)
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.REGISTER_GROUP)
    if isinstance(allowed, Refusal):
        context.reply(role_views.refusal_text(allowed, context.texts))
    elif group is None or group.left_at is not None:
        context.reply(Reply(context.texts.html("groups.gone")))
    elif person is not None:
        reach = await context.services.roles.reach(context.tx, person, Act.REGISTER_GROUP)
        await forms.begin(person, "group", context, rules.begin_with(group, reach))


async def register(data: Data, context: BotContext) -> None:
    """The form is complete: the group is registered."""
    province, group_id = data.get("province"), data.get("group_id")
    group = await context.services.groups.register(
        context.tx,
        await context.asker(),
        group_id if isinstance(group_id, int) else 0,
        str(province) if province is not None else None,
    )
    if isinstance(group, Group):
        context.edit(views.registered(group, context.texts))
    else:
        context.edit(_refused(group, context))


async def show_group(action: ShowGroup, context: BotContext) -> None:
    """One group of the list."""
    context.answer()
    groups = await context.services.groups.within(context.tx, await context.asker())
    found = next((group for group in groups if group.id == action.group_id), None)
    if found is None:
        context.edit(Reply(context.texts.html("groups.gone")))
    else:
        context.edit(views.card(found, context.texts))


async def release(action: ReleaseGroup, context: BotContext) -> None:
    """Send nothing more to the group."""
    group = await context.services.groups.release(context.tx, await context.asker(), action.group_id)
    context.answer()
    context.edit(views.card(group, context.texts) if isinstance(group, Group) else _refused(group, context))


async def post_here(action: PostHere, context: BotContext) -> None:
    """Post in the topic of the message whose button was pressed."""
    message = context.message
    if message is None:
        context.answer(context.texts.plain("questions.alerts.stale"), is_alert=True)
        return
    thread_id = message.message_thread_id if message.is_topic_message else None
    group = await context.services.groups.post_in(
        context.tx, await context.asker(), action.group_id, message.chat_id, thread_id
    )
    if isinstance(group, Group):
        context.answer()
        context.edit(views.posts_here(group, context.texts))
    else:
        refused = role_views.refusal(group, context.texts) if isinstance(group, Refusal) else None
        context.answer(refused or context.texts.plain("questions.alerts.stale"), is_alert=True)


def _refused(found: Refusal | NoGroup, context: BotContext) -> Reply:
    if isinstance(found, Refusal):
        return role_views.refusal_text(found, context.texts)
    return Reply(context.texts.html("groups.gone"))
