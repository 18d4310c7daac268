"""Chats, their topics and members, and the messages in them, in the shape the Bot API shows them.

Assumed where nothing is documented: a basic group numbers its messages by itself, as a supergroup does (on the real
server the numbers are those of each account); the object of a basic group carries no `all_members_are_administrators`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.people import Bot, User
from bot.simulator.polls import Poll

Json = dict[str, Any]
GENERAL_TOPIC_ID = 1
_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(eq=False)
class Topic:
    """A forum topic; its id is that of the service message which opened it."""

    id: int
    name: str
    is_closed: bool = False
    is_deleted: bool = False

    def view(self) -> Json:
        return {"message_thread_id": self.id, "name": self.name}


@dataclass(eq=False, slots=True, kw_only=True)
class Chat(ABC):
    """Where messages are. Ids of messages rise by one within a chat, but see PrivateChat."""

    id: int
    # What callback queries call the chat; people's apps know it too.
    instance: str = "0"
    messages: dict[int, "Message"] = field(default_factory=dict)
    pinned_ids: list[int] = field(default_factory=list)

    @property
    @abstractmethod
    def type(self) -> str:
        """As the Bot API names it."""

    @abstractmethod
    def view(self) -> Json:
        """The Chat object as bots see it."""

    @abstractmethod
    def next_message_id(self) -> int:
        """The id of the message that comes next."""

    @abstractmethod
    def bots(self) -> list[Bot]:
        """The bots that are in the chat now."""


@dataclass(eq=False, slots=True, kw_only=True)
class PrivateChat(Chat):
    """A person and a bot. The bot numbers the messages, over all its private chats together."""

    user: User
    bot: Bot
    # A bot may write only after the person did, and only until the person stops it.
    is_started: bool = False
    is_blocked: bool = False

    @property
    def type(self) -> str:
        return "private"

    def view(self) -> Json:
        view = self.user.view()
        del view["is_bot"]
        view.pop("language_code", None)
        return view | {"type": "private"}

    def next_message_id(self) -> int:
        self.bot.last_private_message_id += 1
        return self.bot.last_private_message_id

    def bots(self) -> list[Bot]:
        return [self.bot]


@dataclass(eq=False, slots=True, kw_only=True)
class Group(Chat):
    """A supergroup, a forum where it has topics; or a basic group, until it becomes a supergroup."""

    title: str
    is_forum: bool = False
    is_basic: bool = False
    migrated_to: "Group | None" = None
    # Account id -> status: creator, administrator, member, restricted, left, kicked; who never was in it is absent.
    statuses: dict[int, str] = field(default_factory=dict)
    # What members may not do (fields of ChatPermissions): all of them, and each restricted one beyond that.
    denied: frozenset[str] = frozenset()
    restricted: dict[int, frozenset[str]] = field(default_factory=dict)
    bot_members: dict[int, Bot] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    last_message_id: int = 0

    @property
    def type(self) -> str:
        return "group" if self.is_basic else "supergroup"

    def view(self) -> Json:
        view: Json = {"id": self.id, "title": self.title, "type": self.type}
        if self.is_forum:
            view["is_forum"] = True
        return view

    def next_message_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id

    def bots(self) -> list[Bot]:
        return list(self.bot_members.values())

    def status(self, account_id: int) -> str:
        return self.statuses.get(account_id, "left")

    def has(self, account_id: int) -> bool:
        return self.status(account_id) in ("creator", "administrator", "member", "restricted")

    def is_admin(self, account_id: int) -> bool:
        return self.status(account_id) in ("creator", "administrator")

    def may(self, account_id: int, permission: str) -> bool:
        """Whether an account may do what this field of ChatPermissions says."""
        if self.is_admin(account_id):
            return True
        return permission not in self.denied and permission not in self.restricted.get(account_id, ())

    def permissions(self, account_id: int | None = None) -> Json:
        """A ChatPermissions object: of everyone, or of one member."""
        taken = self.denied | self.restricted.get(account_id or 0, frozenset())
        return {name: name not in taken for name in PERMISSIONS}

    def member_ids(self) -> list[int]:
        return [account_id for account_id in self.statuses if self.has(account_id)]

    def member_view(self, user: User, status: str | None = None) -> Json:
        """A ChatMember object, for the present status or the one given."""
        status = status or self.status(user.id)
        view: Json = {"user": user.view(), "status": status}
        match status:
            case "creator":
                view["is_anonymous"] = False
            case "administrator":
                view |= {"can_be_edited": False, "is_anonymous": False}
                view |= dict.fromkeys(_ADMIN_RIGHTS, True)
            case "restricted":
                view |= {"is_member": True, "until_date": 0} | self.permissions(user.id)
            case "kicked":
                view["until_date"] = 0
        return view


@dataclass(eq=False, slots=True, kw_only=True)
class Message:
    """One message. `content` holds its own fields (text, entities, photo, poll …) in the API's shape."""

    chat: Chat
    id: int
    date: int
    sender: User
    content: Json
    poll: Poll | None = None
    sender_chat: Group | None = None
    via_bot: User | None = None
    thread_id: int | None = None
    reply_to: "Message | None" = None
    quote: Json | None = None
    forward_origin: Json | None = None
    # Shared by the parts of an album.
    media_group_id: str | None = None
    inline_message_id: str | None = None
    # Any kind of keyboard; only an inline one is part of the message that others see.
    reply_markup: Json | None = None
    edit_date: int | None = None
    is_protected: bool = False
    is_service: bool = False
    is_deleted: bool = False
    # Bots that this message was meant for (privacy mode): they also get the replies to it.
    meant_for: frozenset[int] = frozenset()
    reactions: dict[int, list[Json]] | None = None

    @property
    def text(self) -> str:
        """The text, or the caption of what is no text."""
        text: str = self.content.get("text") or self.content.get("caption") or ""
        return text

    @property
    def inline_keyboard(self) -> Json | None:
        return self.reply_markup if self.reply_markup and "inline_keyboard" in self.reply_markup else None

    def view(self, *, with_reply: bool = True) -> Json:
        """The Message object; the message it replies to is in it once, without its own."""
        view: Json = {
            "message_id": self.id,
            "from": self.sender.view(),
            "chat": self.chat.view(),
            "date": self.date,
        }
        if self.sender_chat is not None:
            view["sender_chat"] = self.sender_chat.view()
        if self.thread_id is not None:
            view |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.forward_origin is not None:
            view["forward_origin"] = self.forward_origin
        if with_reply and self.reply_to is not None and not self.reply_to.is_deleted:
            view["reply_to_message"] = self.reply_to.view(with_reply=False)
            if self.quote is not None:
                view["quote"] = self.quote
        if self.via_bot is not None:
            view["via_bot"] = self.via_bot.view()
        if self.edit_date is not None:
            view["edit_date"] = self.edit_date
        if self.is_protected:
            view["has_protected_content"] = True
        if self.media_group_id is not None:
            view["media_group_id"] = self.media_group_id
        view |= self.content
        if self.poll is not None:
            view["poll"] = self.poll.message_view()
        if self.inline_keyboard is not None:
            view["reply_markup"] = self.inline_keyboard
        return view

    def inspected(self) -> Json:
        """For the control interface: the Message object and what only people's apps know of it."""
        view = self.view()
        if self.reply_markup is not None:
            view["reply_markup"] = self.reply_markup
        if self.is_deleted:
            view["deleted"] = True
        if self.reactions:
            view["reactions"] = [one for chosen in self.reactions.values() for one in chosen]
        return view
