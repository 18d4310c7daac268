"""Somebody sends more than can be answered at once: everything is answered in its turn, and they are told so once."""

from collections import deque
from datetime import datetime, timedelta

from telegram import Update
from telegram.constants import ChatType

from bot.clock import Clock
from bot.sender import SendMessage
from bot.texts import texts
from bot.views.reply import Reply

MOST_A_MINUTE = 20
WINDOW = timedelta(minutes=1)
REMEMBERED = 10_000  # people; who was quiet for a minute is forgotten first


class Flood:
    """Counts what each person sends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sent: dict[int, deque[datetime]] = {}
        self._told: dict[int, datetime] = {}

    def begins(self, key: int) -> bool:
        """Count one of this person's updates; True for the one that is one too many, until they were quiet again."""
        now = self._clock.now()
        sent = self._sent.setdefault(key, deque(maxlen=MOST_A_MINUTE + 1))
        sent.append(now)
        is_over = len(sent) > MOST_A_MINUTE and now - sent[0] < WINDOW
        told = self._told.get(key)
        if not is_over:
            if told is not None:
                del self._told[key]
        else:
            self._told[key] = now
        if len(self._sent) > REMEMBERED:
            self._forget(now)
        return is_over and told is None

    def _forget(self, now: datetime) -> None:
        for key in [key for key, sent in self._sent.items() if now - sent[-1] >= WINDOW]:
            del self._sent[key]
            self._told.pop(key, None)


def flood_notice(update: Update, language: str) -> list[SendMessage]:
    """What is said to whoever sends too much; in groups nothing, since others read along."""
    chat = update.effective_chat
    if chat is None or chat.type != ChatType.PRIVATE:
        return []
    return [SendMessage(chat.id, Reply(texts(language).html("general.flood", most=MOST_A_MINUTE)))]
