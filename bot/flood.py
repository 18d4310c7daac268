"""Somebody sends more than can be answered at once: everything is answered in its turn, and they are told so once."""

from array import array
from collections import OrderedDict
from datetime import timedelta

from telegram import Update
from telegram.constants import ChatType

from bot.clock import Clock
from bot.outgoing import SendMessage
from bot.texts import texts
from bot.views.reply import Reply

MOST_A_MINUTE = 20
WINDOW_S = timedelta(minutes=1).total_seconds()


class Flood:
    """Counts what each person sends. Who was quiet for a minute is forgotten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # Seconds since 1970 of each person's last updates, in the order in which people were last heard of.
        self._sent: OrderedDict[int, array[float]] = OrderedDict()
        self._told: set[int] = set()

    def __len__(self) -> int:
        """How many people are remembered."""
        return len(self._sent)

    def begins(self, key: int) -> bool:
        """Count one of this person's updates; True for the one that is one too many, until they were quiet again."""
        now = self._clock.now().timestamp()
        self._forget_the_quiet(now)
        sent = self._sent.setdefault(key, array("d"))
        self._sent.move_to_end(key)
        sent.append(now)
        if len(sent) <= MOST_A_MINUTE:
            return False
        is_over = now - sent.pop(0) < WINDOW_S
        is_news = is_over and key not in self._told
        if is_over:
            self._told.add(key)
        else:
            self._told.discard(key)
        return is_news

    def _forget_the_quiet(self, now: float) -> None:
        while self._sent:
            key, sent = next(iter(self._sent.items()))
            if now - sent[-1] < WINDOW_S:
                return
            del self._sent[key]
            self._told.discard(key)


def flood_notice(update: Update, language: str) -> list[SendMessage]:
    """What is said to whoever sends too much; in groups nothing, since others read along."""
    chat = update.effective_chat
    if chat is None or chat.type != ChatType.PRIVATE:
        return []
    return [SendMessage(chat.id, Reply(texts(language).html("general.flood", most=MOST_A_MINUTE)))]
