"""What a request points at: chats, topics, messages to reply to, to edit or to copy, and keyboards.

Assumed where nothing is documented: someone who blocked the bot or whose account was deleted is refused to everything
that would show something new (messages, edits, chat actions); deleting and asking about the chat still work. The old
id of a group that became a supergroup is refused to every method.
"""

from typing import Any

from bot.simulator import keyboards, markup
from bot.simulator.api.registry import Call
from bot.simulator.chats import Chat, Group, Message, PrivateChat
from bot.simulator.people import Bot
from bot.simulator.refusal import Refused, bad_request, forbidden
from bot.simulator.world import World

Json = dict[str, Any]
MAX_TEXT = 4096
MAX_CAPTION = 1024


def find_chat(call: Call, name: str = "chat_id", *, is_member: bool = True) -> Chat:
    """The chat that a parameter names; refused where the bot cannot reach it."""
    if call.get("business_connection_id"):
        raise bad_request("business connection not found")
    return reach(call.world, call.bot, call.params[name], is_member=is_member)


def reach(world: World, bot: Bot, named: int | str, *, is_member: bool = True) -> Chat:
    """The chat of that id; `is_member` asks for a group that the bot is in now."""
    chat_id = _chat_id(named)
    if chat_id > 0:
        chat = world.private_chats.get((bot.id, chat_id))
        if chat is not None and chat.is_started:
            return chat
        if chat_id in world.bots:
            raise forbidden("bot can't send messages to bots")
        if chat_id in bot.known_user_ids:
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    group = world.groups.get(chat_id)
    if group is None or bot.id not in group.statuses:
        raise bad_request("chat not found")
    if group.migrated_to is not None:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": group.migrated_to.id},
        )
    if group.status(bot.id) == "kicked":
        raise forbidden(f"bot was kicked from the {group.type} chat")
    if is_member and not group.has(bot.id):
        raise forbidden(f"bot is not a member of the {group.type} chat")
    return group


def check_heard(world: World, chat: Chat) -> None:
    """Refused where the person behind a private chat gets nothing any more."""
    if not isinstance(chat, PrivateChat):
        return
    if chat.user.id in world.deactivated_ids:
        raise forbidden("user is deactivated")
    if chat.is_blocked:
        raise forbidden("bot was blocked by the user")


def find_group(call: Call) -> Group:
    chat = find_chat(call)
    if not isinstance(chat, Group):
        raise bad_request("method is available only for supergroups")
    return chat


def thread_for(call: Call, chat: Chat) -> int | None:
    """The topic to write into; None is the General topic of a forum, or no topic at all."""
    named: int | None = call.get("message_thread_id")
    if not named:
        return None
    topic = chat.topics.get(named) if isinstance(chat, Group) else None
    if topic is None or topic.is_deleted:
        raise bad_request("message thread not found")
    assert isinstance(chat, Group)
    if topic.is_closed and not chat.is_admin(call.bot.id):
        raise bad_request("TOPIC_CLOSED")
    return named


def reply_for(call: Call, chat: Chat, thread_id: int | None) -> tuple[Message | None, Json | None]:
    """The message to reply to and the quoted part of it."""
    wanted: Json | None = call.get("reply_parameters")
    # What replies to nothing in a topic counts as a reply to the topic's first message.
    topic_start = chat.messages.get(thread_id) if thread_id else None
    if not wanted:
        return topic_start, None
    if "chat_id" in wanted and _chat_id(wanted["chat_id"]) != chat.id:
        raise Refused(501, "Not Implemented: the simulator does not support replies to another chat yet")
    message = chat.messages.get(int(wanted["message_id"]))
    if message is None or message.is_deleted:
        if wanted.get("allow_sending_without_reply"):
            return topic_start, None
        raise bad_request("message to be replied not found")
    return message, _quote(wanted, message)


def _quote(wanted: Json, message: Message) -> Json | None:
    if not wanted.get("quote"):
        return None
    text, entities = markup.parse(
        wanted["quote"], wanted.get("quote_parse_mode"), wanted.get("quote_entities")
    )
    found = message.text.find(text)
    if found < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    quote: Json = {"text": text, "position": markup.utf16_length(message.text[:found]), "is_manual": True}
    return quote | ({"entities": entities} if entities else {})


def own_message(call: Call, purpose: str = "edit") -> Message:
    """The message to edit, by chat and number or by inline id; one that this bot may edit."""
    inline_id = call.get("inline_message_id")
    if inline_id:
        message = call.world.inline_messages.get(inline_id)
        if (
            message is None
            or message.is_deleted
            or message.via_bot is None
            or message.via_bot.id != call.bot.id
        ):
            raise bad_request("MESSAGE_ID_INVALID")
        return message
    if call.get("chat_id") is None or not call.get("message_id"):
        raise bad_request("message identifier is not specified")
    chat = find_chat(call)
    message = chat.messages.get(call.params["message_id"])
    if message is None or message.is_deleted:
        raise bad_request(f"message to {purpose} not found")
    has_foreign_keyboard = message.reply_markup is not None and message.inline_keyboard is None
    if (
        message.sender.id != call.bot.id
        or message.forward_origin
        or message.is_service
        or has_foreign_keyboard
    ):
        raise bad_request("message can't be edited")
    return message


def keyboard_for(call: Call, chat: Chat | None) -> Json | None:
    """The checked reply_markup; None where there is none, or an inline keyboard without buttons."""
    wanted: Json | None = call.get("reply_markup")
    if not wanted:
        return None
    checked = keyboards.check(
        wanted, chat_type=chat.type if chat is not None else "private", bot_username=call.bot.username
    )
    return None if checked in ({}, {"inline_keyboard": []}) else checked


def inline_keyboard_for(call: Call, chat: Chat | None) -> Json | None:
    """As `keyboard_for`, where only an inline keyboard will do."""
    checked = keyboard_for(call, chat)
    if checked is not None and "inline_keyboard" not in checked:
        raise bad_request("inline keyboard expected")
    return checked


def text_content(call: Call) -> Json:
    """The text of a message with its entities, as its fields."""
    return formatted_text(
        call.get("text") or "", call.get("parse_mode"), call.get("entities")
    ) | link_preview(call.get("link_preview_options"))


def formatted_text(text: str, parse_mode: str | None, given: list[Json] | None) -> Json:
    parsed, entities = markup.parse(text, parse_mode, given)
    if markup.utf16_length(parsed) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": parsed} | ({"entities": entities} if entities else {})


def link_preview(options: Json | None) -> Json:
    return {"link_preview_options": options} if options else {}


def formatted_caption(caption: str | None, parse_mode: str | None, given: list[Json] | None) -> Json:
    """The caption of a message with its entities, as its fields; nothing where it is empty."""
    if not (caption or "").strip():
        return {}
    parsed, entities = markup.parse(caption or "", parse_mode, given)
    if markup.utf16_length(parsed) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return {"caption": parsed} | ({"caption_entities": entities} if entities else {})


def _chat_id(named: int | str) -> int:
    if isinstance(named, int):
        return named
    text = named.strip()
    if not text:
        raise bad_request("chat_id is empty")
    try:
        return int(text)
    except ValueError:
        # Nothing in the simulated world has a public name but people and bots, whom no name reaches.
        raise bad_request("chat not found") from None
