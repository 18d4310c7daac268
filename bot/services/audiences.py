"""Audiences: for whom something is, as an organiser chooses it, and who that is at this moment.

An audience is data: who is included, who is left out, and which registered groups get a copy of their own. People who
are chosen twice are one. It never reaches beyond the role of whoever chose it: `needed` names what a role has to cover,
and a role's reach is put over every query. A new way to choose people is a kind: a row of `CONDITIONS` in
`db/queries/audiences.py`.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Zone
from bot.services.groups import Group, Groups
from bot.services.hints import quiet_until
from bot.services.mailings import Recipient
from bot.services.people import zone_of
from bot.services.provinces import PROVINCES
from bot.services.roles import Reach
from db.queries import audiences as queries

EVERYONE, PROVINCE, RECEIVED = "everyone", "province", "received"
PAGE = 1000  # people in memory at once while recipients are fixed


@dataclass(frozen=True)
class Chosen:
    """One choice: its kind, and which one of it (a province's code, an announcement's id; empty for everyone)."""

    kind: str
    key: str = ""


@dataclass(frozen=True)
class Audience:
    """For whom; `groups` are our ids of groups."""

    include: tuple[Chosen, ...] = ()
    exclude: tuple[Chosen, ...] = ()
    groups: tuple[int, ...] = ()

    def needed(self) -> list[str | None]:
        """The provinces that a role has to cover; None among them is the whole country."""
        codes = [each.key for each in self.include if each.kind == PROVINCE]
        is_wider = any(each.kind != PROVINCE for each in self.include)
        return [*([None] if is_wider else []), *codes]

    def with_choice(self, chosen: Chosen, *, is_chosen: bool) -> "Audience":
        """With this choice, or without it; single provinces and everyone take each other's place."""
        rest = tuple(each for each in self.include if each != chosen)
        if not is_chosen:
            return replace(self, include=rest)
        if chosen.kind == EVERYONE:
            return replace(self, include=(chosen,))
        return replace(self, include=(*(each for each in rest if each.kind != EVERYONE), chosen))

    def with_exclusion(self, chosen: Chosen, *, is_chosen: bool) -> "Audience":
        """With these left out, or not any more."""
        rest = tuple(each for each in self.exclude if each != chosen)
        return replace(self, exclude=(*rest, chosen) if is_chosen else rest)

    def with_group(self, group_id: int, *, is_chosen: bool) -> "Audience":
        """With a copy for this group, or without it."""
        rest = tuple(each for each in self.groups if each != group_id)
        return replace(self, groups=(*rest, group_id) if is_chosen else rest)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "include": [[each.kind, each.key] for each in self.include],
            "exclude": [[each.kind, each.key] for each in self.exclude],
            "groups": list(self.groups),
        }


@dataclass(frozen=True)
class Reached:
    """How many it is now: `people` in all, of whom `later` get it only after their quiet hours; `groups` that can be
    posted in, and the titles of those chosen that cannot."""

    people: int
    later: int
    groups: int
    closed_groups: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()

    @property
    def copies(self) -> int:
        return self.people + self.groups


def audience_of(stored: dict[str, Any]) -> Audience:
    """An audience out of JSON."""
    return Audience(
        tuple(Chosen(kind, key) for kind, key in stored["include"]),
        tuple(Chosen(kind, key) for kind, key in stored["exclude"]),
        tuple(stored["groups"]),
    )


def usual(reach: Reach) -> Audience:
    """What an organiser begins with: everybody whom the role covers."""
    if reach.is_national:
        return Audience((Chosen(EVERYONE),))
    return Audience(tuple(Chosen(PROVINCE, code) for code in sorted(reach.provinces)))


class Audiences:
    """Counts people and lists them."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    async def reached(
        self, tx: AsyncSession, audience: Audience, reach: Reach, at: datetime, *, is_urgent: bool
    ) -> Reached:
        """Who gets it if it is sent at `at`."""
        people = later = 0
        zones: set[Zone] = set()
        for count in await queries.counts(tx, _wanted(audience, reach)):
            zone = Zone(count.time_zone) if count.time_zone else Zone.WIB
            zones.add(zone)
            people += count.number
            if not is_urgent and quiet_until(at, zone) > at:
                later += count.number
        opened, closed = await self.groups(tx, audience, reach)
        return Reached(
            people,
            later,
            len(opened),
            tuple(group.title for group in closed),
            tuple(zone for zone in Zone if zone in zones),
        )

    async def groups(
        self, tx: AsyncSession, audience: Audience, reach: Reach
    ) -> tuple[list[Group], list[Group]]:
        """The chosen groups that can be posted in, and those that cannot (any more)."""
        can = {
            group.id: group for group in await self._groups.open_to(tx) if reach.covers(group.province_code)
        }
        opened = [can[group_id] for group_id in audience.groups if group_id in can]
        closed = [
            group
            for group_id in audience.groups
            if group_id not in can and (group := await self._groups.find(tx, group_id)) is not None
        ]
        return opened, closed

    async def offered_groups(self, tx: AsyncSession, reach: Reach) -> list[Group]:
        """Registered groups that the organiser may choose."""
        return [group for group in await self._groups.open_to(tx) if reach.covers(group.province_code)]

    async def recipients(
        self, tx: AsyncSession, audience: Audience, reach: Reach, at: datetime, *, is_urgent: bool
    ) -> AsyncIterator[Recipient]:
        """One recipient a person, and one a group, none before `at` (UTC) or in their quiet hours."""

        def due(zone: Zone) -> datetime:
            return at if is_urgent else quiet_until(at, zone)

        last = 0
        while people := await queries.page(tx, _wanted(audience, reach), last, PAGE):
            for person in people:
                assert person.id is not None
                last = person.id
                yield Recipient(person.telegram_id, person_id=person.id, due_at=due(zone_of(person)))
        opened, _ = await self.groups(tx, audience, reach)
        for group in opened:
            province = PROVINCES.get(group.province_code or "")
            zone = province.zone if province is not None else Zone.WIB
            yield Recipient(group.chat_id, group.thread_id or 0, due_at=due(zone))


def _wanted(audience: Audience, reach: Reach) -> queries.Wanted:
    return queries.Wanted(
        _pairs(audience.include),
        _pairs(audience.exclude),
        None if reach.is_national else reach.provinces,
    )


def _pairs(chosen: Sequence[Chosen]) -> list[tuple[str, str]]:
    return [(each.kind, each.key) for each in chosen]
