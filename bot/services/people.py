"""People: getting to know them, and what they choose."""

import enum
from collections.abc import Collection

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, Zone
from bot.services.provinces import PROVINCES
from db.models import Person
from db.queries import people as queries

__all__ = ["CONSENT_VERSION", "People", "Person", "Preference", "zone_of"]

# The version of the privacy notice that the welcome shows; a new text needs a new version and asks again.
CONSENT_VERSION = "2026-11-24"


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

    async def meet(self, tx: AsyncSession, telegram_id: int, *, in_private: bool) -> Person:
        """The person with this Telegram id, made known by this call if necessary; in private they have joined."""
        person = await queries.by_telegram_id(tx, telegram_id)
        if person is None:
            person = Person(telegram_id=telegram_id, created_at=self._clock.now())
            tx.add(person)
            await tx.flush()
        if in_private and person.joined_at is None:
            person.joined_at = self._clock.now()
        return person

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


def zone_of(person: Person | None) -> Zone:
    """The zone in which this person reads times; WIB while unknown."""
    return Zone(person.time_zone) if person is not None and person.time_zone else Zone.WIB
