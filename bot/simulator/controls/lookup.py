"""Finding what a verb names; every failure is a sentence for the one who called it."""

from typing import Any

from bot.simulator.chats import Chat, Group, Message
from bot.simulator.faults import Faults
from bot.simulator.people import Bot, User
from bot.simulator.requests import RequestLog
from bot.simulator.world import World

Json = dict[str, Any]


class ControlError(ValueError):
    """A verb was called for something that is not there or cannot be done; the text says what."""


class Lookup:
    """What all groups of verbs share."""

    def __init__(self, world: World, requests: RequestLog, faults: Faults) -> None:
        self._world = world
        self._requests = requests
        self._faults = faults

    def _person(self, user_id: int) -> User:
        user = self._world.users.get(user_id)
        if user is None or user.is_bot:
            raise ControlError(f"There is no person with the id {user_id}.")
        if user_id in self._world.deactivated_ids:
            raise ControlError(f"The account of {user.name()} ({user_id}) was deleted.")
        return user

    def _account(self, user_id: int) -> User:
        user = self._world.users.get(user_id)
        if user is None:
            raise ControlError(f"There is no person or bot with the id {user_id}.")
        return user

    def _only_bot(self) -> Bot:
        match list(self._world.bots.values()):
            case [bot]:
                return bot
            case []:
                raise ControlError("There is no bot yet; add one with add_bot.")
            case several:
                names = ", ".join(f"{bot.id} (@{bot.username})" for bot in several)
                raise ControlError(f"There are several bots; name the one you mean by its id: {names}.")

    def _bot(self, bot_id: int | None) -> Bot:
        if bot_id is None:
            return self._only_bot()
        if bot_id not in self._world.bots:
            raise ControlError(f"There is no bot with the id {bot_id}.")
        return self._world.bots[bot_id]

    def _group(self, chat_id: int) -> Group:
        if chat_id not in self._world.groups:
            raise ControlError(f"There is no group with the id {chat_id}.")
        group = self._world.groups[chat_id]
        if group.migrated_to is not None:
            raise ControlError(f"{group.title!r} has become the supergroup {group.migrated_to.id}.")
        return group

    def _creator(self, group: Group) -> User:
        """Who does what is not said to be done by anybody else."""
        for account_id, status in group.statuses.items():
            if status == "creator":
                return self._world.users[account_id]
        return self._world.users[next(iter(group.statuses))]

    def _chat(self, user_id: int, chat_id: int) -> Chat:
        """The chat as this person names it: a group, a bot, or themselves for the chat with the only bot."""
        user = self._person(user_id)
        if chat_id < 0:
            group = self._group(chat_id)
            if not group.has(user_id):
                raise ControlError(f"{user.name()} ({user_id}) is not a member of {group.title!r}.")
            return group
        if chat_id in self._world.bots:
            return self._world.private_chat(self._world.bots[chat_id], user)
        if chat_id == user_id:
            return self._world.private_chat(self._only_bot(), user)
        raise ControlError(f"The chat {chat_id} is neither a group, nor a bot, nor the person's own id.")

    def _message(self, chat: Chat, message_id: int) -> Message:
        message = chat.messages.get(message_id)
        if message is None:
            raise ControlError(f"There is no message {message_id} in the chat {chat.id}.")
        if message.is_deleted:
            raise ControlError(f"The message {message_id} in the chat {chat.id} has been deleted.")
        return message
