"""Which messages a bot is shown: all in a private chat; in a group, by privacy mode, what is meant for it."""

from bot.simulator.chats import Group, Message
from bot.simulator.people import GROUP_ANONYMOUS_BOT, Bot


def reaches(message: Message, bot: Bot) -> bool:
    """Whether the bot gets an update about this message."""
    if not isinstance(message.chat, Group):
        return message.sender.id != bot.id
    if message.is_service:
        return True
    if message.via_bot is not None and message.via_bot.id == bot.id:
        return True
    # Bots do not see each other's messages; an anonymous administrator only looks like one.
    if message.sender.is_bot and message.sender.id != GROUP_ANONYMOUS_BOT.id:
        return False
    if bot.can_read_all_group_messages or message.chat.is_admin(bot.id):
        return True
    return _is_meant_for(message, bot)


def _is_meant_for(message: Message, bot: Bot) -> bool:
    """Commands for the bot or for any bot, mentions of it, and replies to its messages or to those meant for it."""
    replied = message.reply_to
    if (
        replied is not None
        and not _is_topic_start(replied)
        and (replied.sender.id == bot.id or bot.id in replied.meant_for)
    ):
        return True
    entities = message.content.get("entities") or message.content.get("caption_entities") or ()
    if not entities:
        return False
    units = message.text.encode("utf-16-le")
    name = bot.username.lower()
    for entity in entities:
        start = entity["offset"] * 2
        part = units[start : start + entity["length"] * 2].decode("utf-16-le", "replace").lower()
        match entity["type"]:
            case "bot_command":
                _, _, addressee = part.partition("@")
                if addressee in ("", name):
                    return True
            case "mention" if part == f"@{name}":
                return True
            case "text_mention" if entity["user"]["id"] == bot.id:
                return True
    return False


def _is_topic_start(message: Message) -> bool:
    return "forum_topic_created" in message.content
