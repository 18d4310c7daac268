"""What is stored about a person: given out as a file, and erased so that counts stay and names do not.

`HOLDINGS` is the registry: every column of every table that leads to a person, with what the person reads of its rows
and what becomes of them. A test fails for a table with a person in it that stands in neither this list nor
`NOT_PERSONAL`.
"""

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, Zone
from bot.services.audit import Audit, Deed
from bot.services.people import Person, zone_of
from db.models import (
    Announcement,
    Attendance,
    AuditEvent,
    Certificate,
    CheckinAttempt,
    CopSession,
    Delivery,
    DirectoryEntry,
    DirectoryImport,
    FilledForm,
    Group,
    IncomingUpdate,
    Invitation,
    Mailing,
    OutgoingFile,
    OutgoingRequest,
    Poll,
    PollParticipation,
    Question,
    Rating,
    RoleGrant,
    Rsvp,
)
from db.queries import personal_data as queries

__all__ = ["HOLDINGS", "NOT_PERSONAL", "Erasure", "Holding", "PersonalData"]


class Erasure(enum.Enum):
    """What becomes of a row when its person wants to be erased."""

    DELETE = "delete"
    DETACH = "detach"  # the row stays as a count; the column that leads to the person becomes empty
    ANONYMISE = "anonymise"  # a question: what was asked and where goes, how it ended stays
    FREE = "free"  # a copy of a mailing: it counts for its mailing, and nobody can tell whose it was
    WITHDRAW = "withdraw"  # a certificate: its number stays known as withdrawn, the name on it goes
    BLANK = "blank"  # an update that was set aside: its payload goes


@dataclass(frozen=True)
class Holding:
    """A column that leads to a person: by our id of them, or by Telegram's where `is_telegram_id`.

    `section` is the key of the rows' title in the file, below `my_data.sections`; None: the rows are not given out,
    since they are about others, or say nothing that other rows do not. `kept_back` are columns that stay inside.
    With `is_name` the column holds a full name that somebody wrote: a namesake's as well, so that it is not given out.
    """

    table: type[SQLModel]
    column: str
    erasure: Erasure
    section: str | None = None
    is_telegram_id: bool = False
    is_name: bool = False
    kept_back: frozenset[str] = frozenset()


HOLDINGS = (
    Holding(Question, "person_id", Erasure.ANONYMISE, "questions"),
    Holding(Question, "chat_id", Erasure.ANONYMISE, is_telegram_id=True),
    Holding(Rating, "person_id", Erasure.DETACH, "ratings"),
    Holding(FilledForm, "person_id", Erasure.DELETE, "forms"),
    Holding(RoleGrant, "person_id", Erasure.DELETE, "roles"),
    Holding(RoleGrant, "granted_by_id", Erasure.DETACH),
    Holding(Invitation, "created_by_id", Erasure.DETACH),
    Holding(Invitation, "used_by_id", Erasure.DETACH, "invitations", kept_back=frozenset({"secret_hash"})),
    Holding(AuditEvent, "actor_id", Erasure.DETACH, "deeds"),
    Holding(DirectoryEntry, "person_id", Erasure.DELETE, "directory", kept_back=frozenset({"claim_code"})),
    Holding(DirectoryImport, "person_id", Erasure.DELETE),
    Holding(Group, "registered_by_id", Erasure.DETACH, "groups"),
    Holding(
        CopSession,
        "created_by_id",
        Erasure.DETACH,
        "planned",
        kept_back=frozenset({"checkin_code", "old_codes"}),
    ),
    Holding(Rsvp, "person_id", Erasure.DELETE, "rsvps"),
    Holding(Attendance, "person_id", Erasure.DETACH, "attendances"),
    Holding(Certificate, "person_id", Erasure.WITHDRAW, "certificates"),
    Holding(Attendance, "name", Erasure.DETACH, is_name=True),
    Holding(CheckinAttempt, "person_id", Erasure.DELETE),
    Holding(Poll, "created_by_id", Erasure.DETACH, "polls", kept_back=frozenset({"link_code", "shown"})),
    # Whether somebody answered is given out; what, only Telegram knows once the poll is closed. The sheet stays inside.
    Holding(PollParticipation, "person_id", Erasure.DETACH, "participations", kept_back=frozenset({"sheet"})),
    Holding(Announcement, "created_by", Erasure.DETACH, "announcements", kept_back=frozenset({"link_code"})),
    Holding(Announcement, "approved_by", Erasure.DETACH),
    Holding(Delivery, "person_id", Erasure.FREE, "deliveries"),
    Holding(Delivery, "chat_id", Erasure.FREE, is_telegram_id=True),
    Holding(Mailing, "created_by", Erasure.DETACH, "mailings"),
    Holding(OutgoingRequest, "chat_id", Erasure.DELETE, "messages", is_telegram_id=True),
    Holding(OutgoingFile, "chat_id", Erasure.DELETE, is_telegram_id=True),
    Holding(IncomingUpdate, "payload", Erasure.BLANK, is_telegram_id=True),
    # Last, since all others lead here.
    Holding(Person, "id", Erasure.DELETE, "profile"),
)

# Columns that look as if they led to a person, and why they do not.
NOT_PERSONAL: Mapping[tuple[str, str], str] = {
    ("groups", "chat_id"): "the group's own id",
    ("people", "telegram_id"): "erased with the person's row",
}


class PersonalData:
    """Gives out and erases."""

    def __init__(self, clock: Clock, audit: Audit) -> None:
        self._clock = clock
        self._audit = audit

    async def export(self, tx: AsyncSession, person: Person, titles: Mapping[str, str]) -> bytes:
        """Everything that is stored about the person, as JSON that people can read; `titles` by section.

        Times stand in the person's zone. Sections without rows are there as well, so that it can be seen.
        """
        zone = zone_of(person)
        sections: dict[str, list[dict[str, Any]]] = {}
        for holding in sorted(HOLDINGS, key=lambda each: each.table is not Person):
            if holding.section is not None:
                key = _key(holding, person)
                rows = [] if key is None else await queries.rows(tx, holding.table, holding.column, key)
                sections[titles[holding.section]] = [_shown(row, holding, zone) for row in rows]
        self._audit.record(tx, person, Deed.DATA_EXPORTED, "person", person.id)
        made = {titles["made_at"]: self._clock.now().astimezone(zone.info).isoformat(timespec="seconds")}
        return json.dumps(made | sections, ensure_ascii=False, indent=2).encode()

    async def erase(self, tx: AsyncSession, person: Person) -> None:
        """Erase the person. Nothing that is left leads to them; questions, verdicts and deeds still count."""
        assert person.id is not None
        await tx.flush()
        for holding in HOLDINGS:
            key = _key(holding, person)
            if key is None:
                continue
            match holding.erasure:
                case Erasure.DELETE if holding.table is Person:
                    await tx.delete(person)
                    await tx.flush()
                case Erasure.DELETE:
                    await queries.delete_rows(tx, holding.table, holding.column, key)
                case Erasure.DETACH:
                    await queries.detach(tx, holding.table, holding.column, key)
                case Erasure.ANONYMISE:
                    await queries.anonymise_questions(tx, holding.column, key)
                case Erasure.FREE:
                    await queries.free_deliveries(tx, holding.column, key)
                case Erasure.WITHDRAW:
                    await queries.withdraw_certificates(tx, holding.column, key)
                case Erasure.BLANK:
                    await self._blank(tx, person.telegram_id)
        self._audit.record(tx, None, Deed.DATA_ERASED, "person", None)

    async def _blank(self, tx: AsyncSession, telegram_id: int) -> None:
        # What waits to be handled is not touched: it came before the person said so, or after.
        for update in await queries.set_aside(tx):
            if update.payload is not None and _mentions(json.loads(update.payload), telegram_id):
                update.payload = None


def _key(holding: Holding, person: Person) -> int | str | None:
    """What the column holds when it leads to this person; None: nothing can."""
    assert person.id is not None
    if holding.is_name:
        return person.full_name
    return person.telegram_id if holding.is_telegram_id else person.id


def _shown(row: SQLModel, holding: Holding, zone: Zone) -> dict[str, Any]:
    return {
        name: value.astimezone(zone.info).isoformat(timespec="seconds")
        if isinstance(value, datetime)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in row.model_dump(exclude=set(holding.kept_back)).items()
    }


def _mentions(value: Any, telegram_id: int) -> bool:
    """Whether an update comes from this person, or names them: an id anywhere in it."""
    if isinstance(value, dict):
        return value.get("id") == telegram_id or any(_mentions(each, telegram_id) for each in value.values())
    return isinstance(value, list) and any(_mentions(each, telegram_id) for each in value)
