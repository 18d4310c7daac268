"""The simulated world: accounts, chats, messages and what happens to them. No HTTP, no waiting."""

import heapq
import random
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.simulator.chats import Chat, Group, Message, PrivateChat, Topic
from bot.simulator.events import EventLog
from bot.simulator.files import Files
from bot.simulator.people import GROUP_ANONYMOUS_BOT, Bot, User
from bot.simulator.polls import Poll
from bot.simulator.privacy import reaches
from bot.simulator.queries import CallbackQuery, InlineQuery
from bot.simulator.rates import Limiter
from bot.simulator.traffic import Traffic
from bot.simulator.updates import UpdateQueue
from bot.simulator.webhook import DeliveryLog, Waits
from bot.simulator.wire import to_json

Json = dict[str, Any]
Clock = Callable[[], datetime]
KEPT_CONTENTS = 64
FIRST_USER_ID = 1_000_001
FIRST_GROUP_ID = -1_001_000_000_001
FIRST_BASIC_GROUP_ID = -4_000_001


def system_clock() -> datetime:
    return datetime.now(UTC)


class World:
    """Everything that Telegram's servers would know."""

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._ahead = timedelta()
        self.rng = rng
        self.events = EventLog()
        self.files = Files(rng)
        self.users: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.bots_by_token: dict[str, Bot] = {}
        self.groups: dict[int, Group] = {}
        self.private_chats: dict[tuple[int, int], PrivateChat] = {}
        # Accounts that were deleted, and people whose forwarded messages show their name only.
        self.deactivated_ids: set[int] = set()
        self.hidden_ids: set[int] = set()
        # People who came in bulk, whom no list names one by one; and those of whom something is to be shown.
        self.crowds: list[range] = []
        self.casts: dict[int, Json] = {}
        self.polls: dict[str, Poll] = {}
        self.poll_messages: dict[str, list[Message]] = {}
        self.callback_queries: dict[str, CallbackQuery] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.inline_messages: dict[str, Message] = {}
        self.traffic = Traffic()
        self.limiter = Limiter(self.traffic)
        self.webhook_waits = Waits()
        self.deliveries = DeliveryLog()
        # Told when a bot's webhook has changed; whoever serves the world delivers.
        self.on_webhook: Callable[[Bot], None] | None = None
        self._closing: list[tuple[float, str]] = []
        self._recent: dict[str, Json] = {}

    # Time

    def moment(self) -> datetime:
        """The present by the simulator's clock: the one that it was given, and as much ahead as it was moved."""
        return self._clock() + self._ahead

    def now(self) -> float:
        """The same in seconds since 1970."""
        return self.moment().timestamp()

    def move_clock(self, ahead: timedelta) -> None:
        """Let so much time pass at once; whoever shares the clock finds things due."""
        self._ahead += ahead
        self.settle()
        self.events.publish("clock", now=self.now())

    def date(self) -> int:
        """The same as the Bot API writes it."""
        return int(self.now())

    def settle(self) -> None:
        """Do what has become due by the clock: polls that close by themselves."""
        while self._closing and self._closing[0][0] <= self.now():
            poll = self.polls[heapq.heappop(self._closing)[1]]
            if not poll.is_closed:
                self.close_poll(poll)

    # Who there is

    def add_bot(self, token: str, username: str, first_name: str) -> Bot:
        user = User(int(token.partition(":")[0]), first_name, username=username, is_bot=True)
        # Real ids start anywhere; leaving room below the 32-bit limit keeps every client content.
        bot = Bot(user, token, UpdateQueue(self.rng.randrange(100_000_000, 900_000_000)))
        self.bots[user.id] = self.bots_by_token[token] = bot
        self.users[user.id] = user
        self.events.publish("world")
        return bot

    def next_user_id(self) -> int:
        return FIRST_USER_ID + len(self.users) - len(self.bots)

    def add_crowd(self, number: int, first_name: str, language: str | None, bot: Bot) -> range:
        """Many people at once who have started the bot, without its being told."""
        first = self.next_user_id()
        crowd = range(first, first + number)
        for place, user_id in enumerate(crowd, 1):
            user = self.users[user_id] = User(user_id, first_name, str(place), None, language)
            self.private_chat(bot, user).is_started = True
        bot.known_user_ids.update(crowd)
        self.crowds.append(crowd)
        self.events.publish("world")
        return crowd

    def is_in_crowd(self, user_id: int) -> bool:
        return any(user_id in crowd for crowd in self.crowds)

    def add_user(
        self, first_name: str, last_name: str | None, username: str | None, language: str | None
    ) -> User:
        user_id = self.next_user_id()
        user = User(user_id, first_name, last_name, username, language)
        self.users[user_id] = user
        self.events.publish("world")
        return user

    def add_group(self, title: str, *, is_forum: bool = False, is_basic: bool = False) -> Group:
        group_id = (FIRST_BASIC_GROUP_ID if is_basic else FIRST_GROUP_ID) - len(self.groups)
        group = Group(
            id=group_id,
            instance=self._chat_instance(),
            title=title,
            is_forum=is_forum,
            is_basic=is_basic,
        )
        self.groups[group_id] = group
        self.events.publish("world")
        return group

    def private_chat(self, bot: Bot, user: User) -> PrivateChat:
        """The chat of a person with a bot; empty, and closed to the bot, until the person writes."""
        key = (bot.id, user.id)
        if key not in self.private_chats:
            chat = PrivateChat(id=user.id, instance=self._chat_instance(), user=user, bot=bot)
            self.private_chats[key] = chat
        return self.private_chats[key]

    def has_blocked(self, user: User, bot: Bot) -> bool:
        chat = self.private_chats.get((bot.id, user.id))
        return chat is not None and chat.is_blocked

    # Updates: the one place where they are queued

    def queue(self, bot: Bot, kind: str, content: Json, *, is_forced: bool = False) -> int | None:
        """Give a bot an update, frozen as it is now; returns its id, None where the bot does not want this kind."""
        if not is_forced and not bot.updates.wants(kind):
            return None
        update_id = bot.updates.add(kind, content, self.now())
        self.events.touch()
        return update_id

    # Messages

    def post(self, message: Message) -> Message:
        """Put a message into its chat and tell everyone who may see it."""
        chat = message.chat
        message.content = self._shared(message.content)
        if message.reply_markup is not None:
            message.reply_markup = self._shared(message.reply_markup)
        chat.messages[message.id] = message
        if isinstance(chat, PrivateChat) and message.sender is chat.user:
            chat.is_started = True
            chat.bot.known_user_ids.add(chat.user.id)
        if message.poll is not None:
            self.poll_messages.setdefault(message.poll.id, []).append(message)
        self._publish("message", message)
        self._tell_bots("message", message)
        return message

    def edited(self, message: Message, *, by_person: bool = False) -> None:
        """Tell that a message has changed; only what people edit comes to bots."""
        self._publish("edited", message)
        if by_person:
            self._tell_bots("edited_message", message)

    def delete(self, message: Message) -> None:
        """Bots are never told of deletions."""
        message.is_deleted = True
        if message.id in message.chat.pinned_ids:
            message.chat.pinned_ids.remove(message.id)
        self._publish("deleted", message)

    def post_service(
        self,
        chat: Chat,
        sender: User,
        content: Json,
        *,
        thread_id: int | None = None,
        reply_to: Message | None = None,
        sender_chat: Group | None = None,
    ) -> Message:
        """A service message: who came, what was pinned …"""
        return self.post(
            Message(
                chat=chat,
                id=chat.next_message_id(),
                date=self.date(),
                sender=sender,
                content=content,
                thread_id=thread_id,
                reply_to=reply_to,
                sender_chat=sender_chat,
                is_service=True,
            )
        )

    def open_topic(self, group: Group, name: str, creator: User) -> Topic:
        topic_id = group.last_message_id + 1
        topic = group.topics[topic_id] = Topic(topic_id, name)
        content = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        self.post_service(group, creator, content, thread_id=topic_id)
        self.events.publish("world")
        return topic

    def new_inline_message_id(self, message: Message) -> str:
        identifier = urlsafe_b64encode(self.rng.randbytes(24)).decode()
        self.inline_messages[identifier] = message
        return identifier

    # Polls

    def add_poll(self, poll: Poll, closes_at: float | None) -> None:
        self.polls[poll.id] = poll
        if closes_at is not None:
            heapq.heappush(self._closing, (closes_at, poll.id))

    def close_poll(self, poll: Poll) -> None:
        poll.is_closed = True
        self.poll_changed(poll)

    def poll_changed(self, poll: Poll) -> None:
        self.queue(poll.bot, "poll", {"poll": poll.view()})
        self.events.publish("poll", poll=poll.view())
        for message in self.poll_messages.get(poll.id, []):
            self._publish("edited", message)

    # Members

    def change_member(
        self, group: Group, user: User, status: str, actor: User, *, before: Json | None = None
    ) -> None:
        """Give an account another status in a group and tell the bots that are told.

        `before` is how the member looked, where it has changed already.
        """
        before = before or group.member_view(user)
        group.statuses[user.id] = status
        if status != "restricted":
            group.restricted.pop(user.id, None)
        bot = self.bots.get(user.id)
        if bot is not None:
            if group.has(user.id):
                group.bot_members[user.id] = bot
                bot.known_user_ids.update(group.member_ids())
            else:
                group.bot_members.pop(user.id, None)
        elif group.has(user.id):
            for member in group.bot_members.values():
                member.known_user_ids.add(user.id)
        change = {
            "chat": group.view(),
            "from": actor.view(),
            "date": self.date(),
            "old_chat_member": before,
            "new_chat_member": group.member_view(user),
        }
        if bot is not None:
            self.queue(bot, "my_chat_member", {"my_chat_member": change})
        for member in group.bots():
            if member is not bot and group.is_admin(member.id):
                self.queue(member, "chat_member", {"chat_member": change})
        self.events.publish("world")

    def set_blocked(self, chat: PrivateChat, is_blocked: bool) -> None:
        """A person stops a bot, or lets it write again; it is told like any change of a member."""
        chat.is_blocked = is_blocked
        account = {"user": chat.bot.user.view()}
        member, banned = account | {"status": "member"}, account | {"status": "kicked", "until_date": 0}
        change = {
            "chat": chat.view(),
            "from": chat.user.view(),
            "date": self.date(),
            "old_chat_member": member if is_blocked else banned,
            "new_chat_member": banned if is_blocked else member,
        }
        self.queue(chat.bot, "my_chat_member", {"my_chat_member": change})
        self.events.publish("world")

    def migrate(self, group: Group, actor: User) -> Group:
        """Make a supergroup of a basic group: a new chat with the same members, and a word in each of the two.

        Its bots are told that they are members of the new chat, and not that they have left the old one.
        """
        supergroup = self.add_group(group.title)
        supergroup.denied = group.denied
        for account_id in group.member_ids():
            if account_id not in group.bot_members:
                supergroup.statuses[account_id] = group.status(account_id)
        for bot in group.bots():
            self.change_member(supergroup, bot.user, group.status(bot.id), actor)
        self.post_service(group, actor, {"migrate_to_chat_id": supergroup.id})
        came = {"migrate_from_chat_id": group.id}
        self.post_service(supergroup, GROUP_ANONYMOUS_BOT, came, sender_chat=supergroup)
        group.migrated_to = supergroup
        self.events.publish("world")
        return supergroup

    def new_id(self) -> str:
        """An identifier as Telegram makes them for queries and polls: a long decimal number."""
        return str(self.rng.randrange(10**17, 9 * 10**18))

    def _shared(self, thing: Json) -> Json:
        """The same object for what was sent lately and looks the same: a mailing says one thing to everybody."""
        key = to_json(thing)
        kept = self._recent.pop(key, thing)
        self._recent[key] = kept
        if len(self._recent) > KEPT_CONTENTS:
            del self._recent[next(iter(self._recent))]
        return kept

    def _publish(self, kind: str, message: Message) -> None:
        chat = message.chat
        # With several bots a person's id alone does not say which private chat is meant.
        whose = {"bot_id": chat.bot.id} if isinstance(chat, PrivateChat) else {}
        self.events.publish(kind, chat_id=chat.id, message=message.inspected(), **whose)

    def _tell_bots(self, kind: str, message: Message) -> None:
        content: Json | None = None
        for bot in message.chat.bots():
            if reaches(message, bot):
                if not message.is_service:
                    message.meant_for |= {bot.id}
                content = content or {kind: message.view()}
                self.queue(bot, kind, content)

    def _chat_instance(self) -> str:
        return str(self.rng.randrange(-(2**63), 2**63))
