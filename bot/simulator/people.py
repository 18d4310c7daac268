"""Who takes part: people and bots, in the shape the Bot API shows them."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulator.menus import Menus
from bot.simulator.updates import UpdateQueue
from bot.simulator.webhook import Webhook

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class User:
    """A Telegram account, a person's or a bot's."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def view(self) -> Json:
        """The User object as others see it: a bot never carries a language."""
        view: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            view["last_name"] = self.last_name
        if self.username:
            view["username"] = self.username
        if self.language_code and not self.is_bot:
            view["language_code"] = self.language_code
        return view

    def name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


# In a supergroup an administrator who writes anonymously appears as this account of Telegram's own.
GROUP_ANONYMOUS_BOT = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


@dataclass(eq=False)
class Bot:
    """A bot: its account, its token and everything the server keeps for it."""

    user: User
    token: str
    updates: UpdateQueue
    webhook: Webhook | None = None
    can_read_all_group_messages: bool = False
    has_inline_feedback: bool = True
    menus: Menus = field(default_factory=Menus)
    # Language code -> text; "" is the one for everybody else.
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    # People the bot has heard of; to others a private message is "chat not found".
    known_user_ids: set[int] = field(default_factory=set)
    # A bot numbers the messages of all its private chats in one row, as every account does.
    last_private_message_id: int = 0

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def username(self) -> str:
        return self.user.username or ""

    def view(self) -> Json:
        """What getMe returns."""
        return self.user.view() | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.can_read_all_group_messages,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
        }
