"""The directory: the ministry's list of counsellors, imported from a sheet, claimed by each through a personal link.

    sheet ──► read ──► proposed ──► confirmed     rows are added and changed; none is deleted by a sheet
                          └───────► dropped       or forgotten after a day

A row of the list grants nothing. What it says about a role is told to the owners when its person joins.
"""

import enum
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.directory_sheet import Row
from bot.services.people import People, Person
from bot.services.roles import Act, Refusal, Roles
from db.models import DirectoryEntry, DirectoryImport, ListedRole
from db.queries import directory as queries

__all__ = [
    "ClaimFault",
    "Directory",
    "DirectoryEntry",
    "Imported",
    "Joined",
    "ListedRole",
    "NoImport",
    "Proposal",
]

CODE_BYTES = 12  # 16 characters
_CODE = re.compile(r"[A-Za-z0-9_-]{16}")
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Proposal:
    """What a sheet would do: how many rows are new, changed, as they were; and how many are not in the sheet."""

    import_id: int
    new: int
    changed: int
    unchanged: int
    not_in_sheet: int


@dataclass(frozen=True)
class Imported:
    """What it did, and how long the list is now."""

    new: int
    changed: int
    total: int


class NoImport:
    """The sheet was confirmed or dropped already, or is more than a day old."""


@dataclass(frozen=True)
class Joined:
    """How much of the list can be reached: those who stopped or blocked the bot have joined and cannot."""

    total: int
    reachable: int
    unreachable: int

    @property
    def missing(self) -> int:
        return self.total - self.reachable - self.unreachable


class ClaimFault(enum.Enum):
    """Why a row cannot be claimed; each has its sentence below `directory.claim`."""

    UNKNOWN = "unknown"
    TAKEN = "taken"
    YOURS = "yours"
    OTHER_ROW = "other_row"  # the person is another row already


class Directory:
    """The list."""

    def __init__(self, clock: Clock, audit: Audit, roles: Roles, people: People) -> None:
        self._clock = clock
        self._audit = audit
        self._roles = roles
        self._people = people

    async def propose(
        self, tx: AsyncSession, person: Person | None, rows: Sequence[Row]
    ) -> Proposal | Refusal:
        """Keep the rows of a sheet until they are confirmed, and say what they would do."""
        allowed = await self._roles.may(tx, person, Act.IMPORT_DIRECTORY)
        if isinstance(allowed, Refusal):
            return allowed
        assert person is not None
        assert person.id is not None
        entries = await queries.everybody(tx)
        matches = _match(rows, entries)
        kept = DirectoryImport(
            person_id=person.id, rows=[asdict(row) for row in rows], created_at=self._clock.now()
        )
        tx.add(kept)
        await tx.flush()
        assert kept.id is not None
        found = [(row, entry) for row, entry in matches if entry is not None]
        changed = sum(_differs(row, entry) for row, entry in found)
        return Proposal(
            kept.id, len(rows) - len(found), changed, len(found) - changed, len(entries) - len(found)
        )

    async def confirm(
        self, tx: AsyncSession, person: Person | None, import_id: int
    ) -> Imported | Refusal | NoImport:
        """Take the rows in; what they would do is found out anew, since the list may have changed."""
        kept = await self._open_import(tx, person, import_id)
        if not isinstance(kept, DirectoryImport):
            return kept
        rows = [_row_of(raw) for raw in kept.rows]
        entries = await queries.everybody(tx)
        now = self._clock.now()
        new = changed = 0
        for row, entry in _match(rows, entries):
            if entry is None:
                new += 1
                code = secrets.token_urlsafe(CODE_BYTES)
                tx.add(
                    DirectoryEntry(
                        name=row.name,
                        unit=row.unit,
                        province_code=row.province_code,
                        role=row.role,
                        claim_code=code,
                        created_at=now,
                        updated_at=now,
                    )
                )
            elif _differs(row, entry):
                changed += 1
                entry.name, entry.unit, entry.role, entry.updated_at = row.name, row.unit, row.role, now
        self._end(kept)
        self._audit.record(
            tx, person, Deed.DIRECTORY_IMPORTED, "directory", kept.id, new=new, changed=changed
        )
        return Imported(new, changed, len(entries) + new)

    async def drop(self, tx: AsyncSession, person: Person | None, import_id: int) -> None:
        """Forget the sheet."""
        kept = await self._open_import(tx, person, import_id)
        if isinstance(kept, DirectoryImport):
            self._end(kept)

    async def _open_import(
        self, tx: AsyncSession, person: Person | None, import_id: int
    ) -> DirectoryImport | Refusal | NoImport:
        allowed = await self._roles.may(tx, person, Act.IMPORT_DIRECTORY)
        if isinstance(allowed, Refusal):
            return allowed
        kept = await queries.locked_import(tx, import_id)
        if kept is None or person is None or kept.person_id != person.id or kept.ended_at is not None:
            return NoImport()
        return kept

    def _end(self, kept: DirectoryImport) -> None:
        kept.rows = []
        kept.ended_at = self._clock.now()

    async def forget(self, tx: AsyncSession) -> None:
        """Delete sheets of the day before."""
        await queries.forget_imports(tx, self._clock.now() - KEPT_FOR)

    async def joined(self, tx: AsyncSession) -> Joined:
        """How much of the list can be reached."""
        return Joined(*await queries.counts(tx))

    async def unjoined(self, tx: AsyncSession, person: Person | None) -> list[DirectoryEntry] | Refusal:
        """Those whom nobody claimed yet, by province and name; taking the list out is written down."""
        allowed = await self._roles.may(tx, person, Act.IMPORT_DIRECTORY)
        if isinstance(allowed, Refusal):
            return allowed
        found = await queries.unclaimed(tx)
        self._audit.record(tx, person, Deed.DIRECTORY_EXPORTED, "directory", None, count=len(found))
        return found

    async def look_at(self, tx: AsyncSession, person: Person, code: str) -> DirectoryEntry | ClaimFault:
        """The row behind a personal link, if this person can claim it."""
        # What is no code of ours may hold signs that a database refuses.
        entry = await queries.by_code(tx, code) if _CODE.fullmatch(code) else None
        if entry is None:
            return ClaimFault.UNKNOWN
        if entry.person_id is not None:
            return ClaimFault.YOURS if entry.person_id == person.id else ClaimFault.TAKEN
        assert person.id is not None
        if await queries.of_person(tx, person.id) is not None:
            return ClaimFault.OTHER_ROW
        return entry

    async def claim(self, tx: AsyncSession, person: Person, code: str) -> DirectoryEntry | ClaimFault:
        """This row is this person: what the profile does not say yet is taken from it."""
        entry = await self.look_at(tx, person, code)
        if not isinstance(entry, DirectoryEntry):
            return entry
        entry.person_id = person.id
        entry.claimed_at = self._clock.now()
        person.full_name = person.full_name or entry.name
        person.unit = person.unit or entry.unit or None
        if person.province_code is None:
            self._people.settle(person, entry.province_code)
        self._audit.record(tx, person, Deed.DIRECTORY_CLAIMED, "directory_entry", entry.id)
        return entry

    async def listed(self, tx: AsyncSession, entry_id: int) -> tuple[DirectoryEntry, Person] | None:
        """A row and the person who claimed it."""
        entry = await tx.get(DirectoryEntry, entry_id)
        person = await self._people.get(tx, entry.person_id) if entry is not None else None
        return (entry, person) if entry is not None and person is not None else None


def _match(rows: Sequence[Row], entries: Sequence[DirectoryEntry]) -> list[tuple[Row, DirectoryEntry | None]]:
    """Each row with the entry that it is: the same name, unit and province; or, where only one on either side has the
    name in that province, the same person with another unit."""
    exact = {_key(entry): entry for entry in entries}
    taken = {exact[row.key].id for row in rows if row.key in exact}
    others: dict[tuple[str, str], list[DirectoryEntry]] = {}
    for entry in entries:
        if entry.id not in taken:
            others.setdefault((entry.name.casefold(), entry.province_code), []).append(entry)
    new: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.key not in exact:
            namesake = (row.name.casefold(), row.province_code)
            new[namesake] = new.get(namesake, 0) + 1
    found: list[tuple[Row, DirectoryEntry | None]] = []
    for row in rows:
        namesake = (row.name.casefold(), row.province_code)
        match = exact.get(row.key)
        if match is None and new.get(namesake) == 1 and len(others.get(namesake, ())) == 1:
            match = others[namesake][0]
        found.append((row, match))
    return found


def _key(entry: DirectoryEntry) -> tuple[str, str, str]:
    return entry.name.casefold(), entry.unit.casefold(), entry.province_code


def _differs(row: Row, entry: DirectoryEntry) -> bool:
    return (row.name, row.unit, row.role) != (entry.name, entry.unit, entry.role)


def _row_of(raw: dict[str, str]) -> Row:
    return Row(raw["name"], raw["unit"], raw["province_code"], ListedRole(raw["role"]))
