"""People: getting to know them, and what they choose."""

import enum
from collections.abc import Collection

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, Zone
from bot.services.provinces import PROVINCES
from db.models import Person
from db.queries import people as queries

__all__ = ["CONSENT_VERSION", "People", "Person", "Preference", "is_reachable", "zone_of"]

# The version of the privacy notice that the welcome shows; a new text needs a new version and asks again.
CONSENT_VERSION = "2026-11-24.2"


class Preference(enum.StrEnum):
    """What a person can switch on and off; each value is the column."""

    ANNOUNCEMENTS = "wants_announcements"
    REMINDERS = "wants_reminders"
    POLLS = "wants_polls"
    LOW_DATA = "is_low_data"


class People:
    """Whoever talks to the bot."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def find(self, tx: AsyncSession, telegram_id: int) -> Person | None:
        """The person with this Telegram id, if known."""
        return await queries.by_telegram_id(tx, telegram_id)

    async def find_all(self, tx: AsyncSession, telegram_ids: Collection[int]) -> dict[int, Person]:
        """Those of these Telegram ids that are known."""
        people = await queries.by_telegram_ids(tx, telegram_ids)
        return {person.telegram_id: person for person in people}

    async def get(self, tx: AsyncSession, person_id: int | None) -> Person | None:
        """The person with this id of ours, if there is one (any more)."""
        return await tx.get(Person, person_id) if person_id is not None else None

    async def meet(self, tx: AsyncSession, telegram_id: int, *, in_private: bool) -> Person:
        """The person with this Telegram id, made known by this call if necessary; in private they have joined."""
        person = await queries.by_telegram_id(tx, telegram_id)
        if person is None:
            person = Person(telegram_id=telegram_id, created_at=self._clock.now())
            tx.add(person)
            await tx.flush()
        if in_private:
            person.joined_at = person.joined_at or self._clock.now()
            person.blocked_at = None  # whoever writes has unblocked the bot
        return person

    def stop(self, person: Person) -> None:
        """Send nothing more that the person did not ask for, until `come_back`."""
        person.stopped_at = self._clock.now()

    def come_back(self, person: Person) -> bool:
        """Go on with what `stop` ended; gives whether it had."""
        had_stopped = person.stopped_at is not None
        person.stopped_at = None
        return had_stopped

    def block(self, person: Person, *, is_blocked: bool) -> None:
        """Keep that the person blocked the bot, or let it in again."""
        person.blocked_at = self._clock.now() if is_blocked else None

    async def note_blocked(self, tx: AsyncSession, telegram_ids: Collection[int]) -> None:
        """Telegram says that these let nothing in: they are out of reach until they write again."""
        if telegram_ids:
            await queries.mark_blocked(tx, telegram_ids, self._clock.now())

    def agree(self, person: Person) -> None:
        """Keep that the person read the privacy notice, with its version and the time."""
        person.consent_version = CONSENT_VERSION
        person.consent_at = self._clock.now()

    def settle(self, person: Person, province_code: str) -> None:
        """Set the province; the time zone follows from it. Raises `KeyError` for a code that there is not."""
        province = PROVINCES[province_code]
        person.province_code = province.code
        person.time_zone = province.zone.value

    def choose_zone(self, person: Person, zone: Zone) -> None:
        """Set a zone other than the province's, for people who work elsewhere."""
        person.time_zone = zone.value

    def speak(self, person: Person, language: str) -> None:
        """Set the language of the interface."""
        person.language = language

    def toggle(self, person: Person, preference: Preference) -> None:
        """Turn one preference round."""
        setattr(person, preference.value, not getattr(person, preference.value))


def is_reachable(person: Person) -> bool:
    """Whether the bot may and can write to this person by itself."""
    return person.joined_at is not None and person.blocked_at is None and person.stopped_at is None


def zone_of(person: Person | None) -> Zone:
    """The zone in which this person reads times; WIB while unknown."""
    return Zone(person.time_zone) if person is not None and person.time_zone else Zone.WIB
