"""Verbs that look, and the one that slips an update in."""

import base64
from typing import Any

from bot.simulator.chats import Chat, Group
from bot.simulator.controls.lookup import ControlError, Lookup
from bot.simulator.people import User

Json = dict[str, Any]


class Watching(Lookup):
    """What is to be seen."""

    def messages(self, chat_id: int, after: int = 0, viewer_id: int | None = None) -> list[Json]:
        """The messages of a chat whose number is above `after`, oldest first, deleted ones marked.

        `chat_id` is a group, a person (their chat with the only bot), or a bot with the person as `viewer_id`.
        """
        chat = self._seen_chat(chat_id, viewer_id)
        return [message.inspected() for number, message in chat.messages.items() if number > after]

    def commands(self, user_id: int, chat_id: int, *, bot_id: int | None = None) -> list[Json]:
        """The command menu that this person sees in this chat."""
        user = self._person(user_id)
        chat = self._chat(user_id, chat_id)
        bots = chat.bots() if bot_id is None else [self._bot(bot_id)]
        shown: list[Json] = []
        for bot in bots:
            shown += bot.menus.shown(
                chat.id,
                user_id,
                (user.language_code or "").partition("-")[0],
                is_group=isinstance(chat, Group),
                is_admin=isinstance(chat, Group) and chat.is_admin(user_id),
            )
        return shown

    def requests(self, method: str | None = None, after: int = 0) -> list[Json]:
        """The calls of the Bot API with a number above `after`, oldest first."""
        return [request.view() for request in self._requests.after(after, method)]

    def file(self, file_id: str) -> Json:
        stored = self._world.files.by_id(file_id)
        if stored is None:
            raise ControlError(f"There is no file with the id {file_id!r}.")
        return {
            "file_name": stored.name,
            "mime_type": stored.mime_type,
            "base64": base64.b64encode(stored.content).decode(),
        }

    def pending(self, *, bot_id: int | None = None) -> int:
        """How many updates the bot has not confirmed yet (of all bots together, without `bot_id`)."""
        bots = self._world.bots.values() if bot_id is None else [self._bot(bot_id)]
        return sum(bot.updates.pending(self._world.now()) for bot in bots)

    def raw_update(self, update: Json, *, bot_id: int | None = None) -> int:
        """Queue an update as it stands, whatever it is; returns the update_id it got."""
        kinds = [name for name in update if name != "update_id"]
        kind = kinds[0] if kinds else ""
        content = {name: update[name] for name in kinds}
        update_id = self._world.queue(self._bot(bot_id), kind, content, is_forced=True)
        assert update_id is not None
        return update_id

    def _seen_chat(self, chat_id: int, viewer_id: int | None) -> Chat:
        if chat_id in self._world.groups:
            return self._world.groups[chat_id]  # an old id too: what was written there stays
        if chat_id < 0:
            raise ControlError(f"There is no group with the id {chat_id}.")
        if chat_id in self._world.bots:
            if viewer_id is None:
                raise ControlError("Say with viewer_id whose chat with the bot is meant.")
            return self._world.private_chat(self._world.bots[chat_id], self._reader(viewer_id))
        return self._world.private_chat(self._only_bot(), self._reader(chat_id))

    def _reader(self, user_id: int) -> User:
        """A person whose chat may be looked into, whatever has become of the account."""
        user = self._account(user_id)
        if user.is_bot:
            raise ControlError(f"There is no person with the id {user_id}.")
        return user
