"""Verbs that change how people stand to a bot and what members of a group may do."""

from typing import Any

from bot.simulator.chats import PERMISSIONS, Group, PrivateChat, Topic
from bot.simulator.controls.lookup import ControlError, Lookup

Json = dict[str, Any]


class Changing(Lookup):
    """Blocking, leaving, restricting, migrating."""

    # People

    def block_bot(self, user_id: int, *, bot_id: int | None = None) -> None:
        """The person stops the bot: it is told, and whatever it sends is refused from now on."""
        self._set_blocked(user_id, bot_id, is_blocked=True)

    def unblock_bot(self, user_id: int, *, bot_id: int | None = None) -> None:
        """The person lets the bot write again; people's apps send /start with it, which `send` does."""
        self._set_blocked(user_id, bot_id, is_blocked=False)

    def deactivate(self, user_id: int) -> None:
        """The person's account is deleted. No bot is told, and nobody can act as them any more."""
        self._world.deactivated_ids.add(self._person(user_id).id)
        self._world.events.publish("world")

    def hide_name(self, user_id: int, enabled: bool = True) -> None:
        """Whether the person's forwarded messages carry no more than their name."""
        hidden = self._world.hidden_ids
        (hidden.add if enabled else hidden.discard)(self._person(user_id).id)

    # Groups

    def set_permissions(self, chat_id: int, permissions: dict[str, bool]) -> None:
        """What members may do, by the fields of ChatPermissions; those not named stay as they are."""
        group = self._group(chat_id)
        group.denied = _denied(group.denied, permissions)
        self._world.events.publish("world")

    def restrict_member(self, chat_id: int, user_id: int, permissions: dict[str, bool]) -> None:
        """Take rights from one ordinary member, person or bot, or give them back."""
        group = self._group(chat_id)
        user = self._account(user_id)
        if group.is_basic:
            raise ControlError("Only a supergroup restricts members one by one.")
        if not group.has(user_id) or group.is_admin(user_id):
            raise ControlError(f"{user.name()} ({user_id}) is no ordinary member of {group.title!r}.")
        denied = _denied(group.restricted.get(user_id, frozenset()), permissions)
        before = group.member_view(user)
        if denied:
            group.restricted[user_id] = denied
        status = "restricted" if denied else "member"
        self._world.change_member(group, user, status, self._creator(group), before=before)

    def migrate_group(self, chat_id: int) -> Json:
        """A basic group becomes a supergroup, which this gives; the old id is refused from now on."""
        group = self._group(chat_id)
        if not group.is_basic:
            raise ControlError(f"{group.title!r} is a supergroup already.")
        return self._world.migrate(group, self._creator(group)).view()

    # Topics

    def close_topic(self, chat_id: int, message_thread_id: int) -> None:
        """Only administrators write in it from now on."""
        group, topic = self._topic(chat_id, message_thread_id)
        topic.is_closed = True
        self._world.post_service(group, self._creator(group), {"forum_topic_closed": {}}, thread_id=topic.id)

    def reopen_topic(self, chat_id: int, message_thread_id: int) -> None:
        group, topic = self._topic(chat_id, message_thread_id)
        topic.is_closed = False
        self._world.post_service(
            group, self._creator(group), {"forum_topic_reopened": {}}, thread_id=topic.id
        )

    def delete_topic(self, chat_id: int, message_thread_id: int) -> None:
        """The topic and its messages are gone; no bot is told."""
        group, topic = self._topic(chat_id, message_thread_id)
        topic.is_deleted = True
        for message in list(group.messages.values()):
            if message.thread_id == topic.id and not message.is_deleted:
                self._world.delete(message)
        self._world.events.publish("world")

    def _set_blocked(self, user_id: int, bot_id: int | None, *, is_blocked: bool) -> None:
        person, bot = self._person(user_id), self._bot(bot_id)
        chat: PrivateChat = self._world.private_chat(bot, person)
        if not chat.is_started:
            raise ControlError(f"{person.name()} ({user_id}) has never written to @{bot.username}.")
        if chat.is_blocked == is_blocked:
            raise ControlError(f"The bot is {'' if is_blocked else 'not '}blocked already.")
        self._world.set_blocked(chat, is_blocked)

    def _topic(self, chat_id: int, message_thread_id: int) -> tuple[Group, Topic]:
        group = self._group(chat_id)
        topic = group.topics.get(message_thread_id)
        if topic is None or topic.is_deleted:
            raise ControlError(f"There is no topic {message_thread_id} in {group.title!r}.")
        return group, topic


def _denied(before: frozenset[str], permissions: dict[str, bool]) -> frozenset[str]:
    unknown = permissions.keys() - set(PERMISSIONS)
    if unknown:
        raise ControlError(f"There is no permission {min(unknown)!r}; there are: {', '.join(PERMISSIONS)}.")
    if not all(isinstance(given, bool) for given in permissions.values()):
        raise ControlError("A permission is true or false.")
    given = {name for name, is_given in permissions.items() if is_given}
    return (before - given) | (permissions.keys() - given)
