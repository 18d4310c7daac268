"""Verbs for people by the thousand: bringing them in, and counting what they got."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

from bot.simulator.chats import PrivateChat
from bot.simulator.controls.lookup import ControlError
from bot.simulator.controls.writing import Writing

Json = dict[str, Any]
MOST_AT_ONCE = 1_000_000
NAMED = 20


class Crowding(Writing):
    """Crowds."""

    def add_members(
        self,
        count: int,
        first_name: str = "Anggota",
        language_code: str | None = "id",
        text: str | None = None,
        *,
        bot_id: int | None = None,
    ) -> list[int]:
        """So many people who have started the bot; their ids, which follow one another.

        The bot hears nothing of it, unless they write: with a `text` each of them sends that to it.
        """
        if not 1 <= count <= MOST_AT_ONCE:
            raise ControlError(f"There can come from 1 to {MOST_AT_ONCE} people at once.")
        bot = self._bot(bot_id)
        ids = self._world.add_crowd(count, first_name, language_code, bot)
        if text is not None:
            for user_id in ids:
                self.send(user_id, bot.id, text)
        return list(ids)

    def receipts(
        self,
        user_ids: list[int] | None = None,
        after: float = 0.0,
        text: str | None = None,
        *,
        bot_id: int | None = None,
    ) -> Json:
        """What people hold of a bot's messages, counted: of everyone who came in bulk, or of those named.

        Of messages that came at `after` or later, in seconds since 1970, and hold the `text`, deleted ones left out:
        {people, messages, edited, counts, none, several}. `counts` are rows of [messages, how many people have so
        many]; `none` and `several` name the first 20 people with no message and with more than one.
        """
        bot = self._bot(bot_id)
        ids: Iterable[int] = chain(*self._world.crowds) if user_ids is None else user_ids
        counts: Counter[int] = Counter()
        none: list[int] = []
        several: list[int] = []
        edited = 0
        for user_id in ids:
            chat = self._world.private_chats.get((bot.id, user_id))
            got, changed = _got(chat, bot.id, after, text) if chat is not None else (0, 0)
            counts[got] += 1
            edited += changed
            if got == 0:
                none.append(user_id)
            elif got > 1:
                several.append(user_id)
        return {
            "people": counts.total(),
            "messages": sum(number * people for number, people in counts.items()),
            "edited": edited,
            "counts": [[number, counts[number]] for number in sorted(counts)],
            "none": list(islice(none, NAMED)),
            "several": list(islice(several, NAMED)),
        }


def _got(chat: PrivateChat, bot_id: int, after: float, text: str | None) -> tuple[int, int]:
    """How many of the bot's messages there are in a chat, and how many of them were edited."""
    got = edited = 0
    for message in reversed(chat.messages.values()):
        if message.date < after:
            break
        if (
            message.sender.id != bot_id
            or message.is_deleted
            or (text is not None and text not in message.text)
        ):
            continue
        got += 1
        edited += message.edit_date is not None
    return got, edited
