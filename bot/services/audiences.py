"""Audiences: for whom something is, as an organiser chooses it, and who that is at this moment.

An audience is data: who is included, who is left out, and which registered groups get a copy of their own. People who
are chosen twice are one. It never reaches beyond the role of whoever chose it: `needed` names what a role has to cover,
and a role's reach is put over every query. A new way to choose people is a kind: a row of `CONDITIONS` in
`db/queries/audiences.py`. Who answered or attended a session lives anywhere, so that such a choice says itself to which
provinces it is limited: those of the organiser who made it, at that moment.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Zone
from bot.services.announcement_content import IN_WORDS
from bot.services.groups import Group, Groups
from bot.services.hints import quiet_until
from bot.services.mailings import Recipient
from bot.services.people import zone_of
from bot.services.provinces import PROVINCES
from bot.services.roles import Reach
from db.models import CopSession
from db.queries import audiences as queries

EVERYONE, PROVINCE, RECEIVED = "everyone", "province", "received"
# Of a session, whose id is the key; the last one: asked in its poll, and has answered nothing yet.
SAID_YES, INTERESTED, ATTENDED, NO_FEEDBACK = "said_yes", "interested", "attended", "no_feedback"
OF_SESSIONS = (SAID_YES, INTERESTED, ATTENDED, NO_FEEDBACK)
PAGE = 1000  # people in memory at once while recipients are fixed


@dataclass(frozen=True)
class Chosen:
    """One choice: its kind, and which one of it (a province's code, the id of an announcement or session; empty for
    everyone). `within` are the provinces to which it is limited; none: the whole country."""

    kind: str
    key: str = ""
    within: tuple[str, ...] = ()

    def is_instead_of(self, other: "Chosen") -> bool:
        """Whether it takes the other's place in a list: the same one, or of the same session."""
        kinds = {self.kind, other.kind}
        return self.key == other.key and (len(kinds) == 1 or kinds <= set(OF_SESSIONS))


@dataclass(frozen=True)
class Audience:
    """For whom; `groups` are our ids of groups."""

    include: tuple[Chosen, ...] = ()
    exclude: tuple[Chosen, ...] = ()
    groups: tuple[int, ...] = ()

    def needed(self) -> list[str | None]:
        """The provinces that a role has to cover; None among them is the whole country."""
        codes: list[str] = []
        is_wider = False
        for each in self.include:
            limits = (each.key,) if each.kind == PROVINCE else each.within
            is_wider = is_wider or not limits
            codes += [code for code in limits if code not in codes]
        return [*([None] if is_wider else []), *codes]

    def with_choice(self, chosen: Chosen, *, is_chosen: bool) -> "Audience":
        """With this choice, or without it; single provinces and everyone take each other's place."""
        rest = tuple(each for each in self.include if not chosen.is_instead_of(each))
        if not is_chosen:
            return replace(self, include=rest)
        if chosen.kind == EVERYONE:
            return replace(self, include=(chosen,))
        return replace(self, include=(*(each for each in rest if each.kind != EVERYONE), chosen))

    def with_session(self, chosen: Chosen, begun_with: "Audience", *, is_chosen: bool) -> "Audience":
        """With some of those who had to do with a session, or without them.

        What an organiser begins with (everybody whom the role covers) gives way to the first such choice, as it would
        swallow it, and comes back when nothing else is chosen.
        """
        is_untouched = set(self.include) == set(begun_with.include)
        old = replace(self, include=()) if is_untouched else self
        new = old.with_choice(chosen, is_chosen=is_chosen)
        return new if new.include else replace(new, include=begun_with.include)

    def with_exclusion(self, chosen: Chosen, *, is_chosen: bool) -> "Audience":
        """With these left out, or not any more."""
        rest = tuple(each for each in self.exclude if not chosen.is_instead_of(each))
        return replace(self, exclude=(*rest, chosen) if is_chosen else rest)

    def with_group(self, group_id: int, *, is_chosen: bool) -> "Audience":
        """With a copy for this group, or without it."""
        rest = tuple(each for each in self.groups if each != group_id)
        return replace(self, groups=(*rest, group_id) if is_chosen else rest)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "include": [_stored(each) for each in self.include],
            "exclude": [_stored(each) for each in self.exclude],
            "groups": list(self.groups),
        }


@dataclass(frozen=True)
class Reached:
    """How many it is now: `people` in all, of whom `later` get it only after their quiet hours and `savers` save data;
    `groups` that can be posted in, and the titles of those chosen that cannot. `sessions` are the titles of those that
    choices speak of."""

    people: int
    later: int
    groups: int
    closed_groups: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()
    sessions: Mapping[int, str] = field(default_factory=dict)
    savers: int = 0

    @property
    def copies(self) -> int:
        return self.people + self.groups


def audience_of(stored: dict[str, Any]) -> Audience:
    """An audience out of JSON."""
    return Audience(
        tuple(_chosen(*each) for each in stored["include"]),
        tuple(_chosen(*each) for each in stored["exclude"]),
        tuple(stored["groups"]),
    )


def of_session(kind: str, session_id: int, reach: Reach) -> Chosen:
    """Those who had to do with a session and whom the role covers."""
    return Chosen(kind, str(session_id), () if reach.is_national else tuple(sorted(reach.provinces)))


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
        people = later = savers = 0
        zones: set[Zone] = set()
        for count in await queries.counts(tx, _wanted(audience, reach)):
            zone = Zone(count.time_zone) if count.time_zone else Zone.WIB
            zones.add(zone)
            people += count.number
            savers += count.savers
            if not is_urgent and quiet_until(at, zone) > at:
                later += count.number
        opened, closed = await self.groups(tx, audience, reach)
        return Reached(
            people,
            later,
            len(opened),
            tuple(group.title for group in closed),
            tuple(zone for zone in Zone if zone in zones),
            await queries.titles(tx, _sessions(audience)),
            savers,
        )

    async def number(self, tx: AsyncSession, chosen: Chosen, reach: Reach) -> int:
        """How many people this choice alone means that can be reached."""
        return sum(each.number for each in await queries.counts(tx, _wanted(Audience((chosen,)), reach)))

    async def about_session(
        self, tx: AsyncSession, session: CopSession, reach: Reach, *, is_over: bool, to_participants: bool
    ) -> Audience:
        """For whom something about a session is first: those it is for; or those who want to come, and when it is
        over those who were there, as far as anybody is on the list."""
        assert session.id is not None
        if not to_participants:
            code = session.province_code
            return usual(reach) if code is None else Audience((Chosen(PROVINCE, code),))
        attended = of_session(ATTENDED, session.id, reach)
        if is_over and await self.number(tx, attended, reach):
            return Audience((attended,))
        return Audience((of_session(INTERESTED, session.id, reach),))

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
                variant = IN_WORDS if person.is_low_data else None
                yield Recipient(
                    person.telegram_id, person_id=person.id, due_at=due(zone_of(person)), variant=variant
                )
        opened, _ = await self.groups(tx, audience, reach)
        for group in opened:
            province = PROVINCES.get(group.province_code or "")
            zone = province.zone if province is not None else Zone.WIB
            yield Recipient(group.chat_id, group.thread_id or 0, due_at=due(zone))


def _wanted(audience: Audience, reach: Reach) -> queries.Wanted:
    return queries.Wanted(
        _choices(audience.include),
        _choices(audience.exclude),
        None if reach.is_national else reach.provinces,
    )


def _choices(chosen: Sequence[Chosen]) -> list[queries.Chosen]:
    return [queries.Chosen(each.kind, each.key, each.within) for each in chosen]


def _sessions(audience: Audience) -> list[int]:
    return [int(each.key) for each in (*audience.include, *audience.exclude) if each.kind in OF_SESSIONS]


def _stored(chosen: Chosen) -> list[Any]:
    return [chosen.kind, chosen.key, *([list(chosen.within)] if chosen.within else [])]


def _chosen(kind: str, key: str, within: Sequence[str] = ()) -> Chosen:
    return Chosen(kind, key, tuple(within))
