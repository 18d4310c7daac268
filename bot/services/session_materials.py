"""Files of sessions: slides and PDFs that an organiser sends and everybody for whom the session is can ask for.

A file is kept as Telegram's id of it, which this bot can send again; nothing is downloaded. Words and links stand in
the session itself (`material`). Whoever changes either must manage the session at that moment.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.cop_sessions import CopSession, CopSessions, NoSession
from bot.services.form_steps import Form, Step
from bot.services.people import Person
from bot.services.requests import Call
from bot.services.roles import Refusal
from bot.services.session_form import read_material
from db.models import SessionMaterial
from db.queries import session_materials as queries

__all__ = [
    "MATERIAL",
    "MOST_FILES",
    "Added",
    "FileFault",
    "MaterialFile",
    "SessionMaterial",
    "SessionMaterials",
]

MOST_FILES = 10  # buttons under one message
LONGEST_NAME = 150
METHODS = {"document": "sendDocument", "photo": "sendPhoto", "video": "sendVideo", "audio": "sendAudio"}

# A file may come as well: handlers/session_materials.py takes it.
MATERIAL = Form("material", (Step("words", read=read_material),))


class FileFault(enum.Enum):
    """Why a file was not kept; each has its sentence below `materials.faults`."""

    ALBUM = "album"  # several at once
    KIND = "kind"  # a sticker or a voice message
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class MaterialFile:
    """A file as it was sent: `kind` is its parameter in the Bot API."""

    kind: str
    file_id: str
    name: str


@dataclass(frozen=True)
class Added:
    """It is kept; `files` are all of the session."""

    session: CopSession
    files: tuple[SessionMaterial, ...]


class SessionMaterials:
    """All of them."""

    def __init__(self, clock: Clock, audit: Audit, sessions: CopSessions) -> None:
        self._clock = clock
        self._audit = audit
        self._sessions = sessions

    async def add(
        self, tx: AsyncSession, person: Person | None, session_id: int, file: MaterialFile
    ) -> Added | FileFault | Refusal | NoSession:
        """Keep a file for whoever asks for it; the same one again is kept once."""
        session = await self._sessions.managed(tx, person, session_id)
        if not isinstance(session, CopSession):
            return session
        files = await queries.of_session(tx, session_id)
        if file.kind not in METHODS:
            return FileFault.KIND
        if file.file_id in {each.file_id for each in files}:
            return Added(session, tuple(files))
        if len(files) >= MOST_FILES:
            return FileFault.TOO_MANY
        row = SessionMaterial(
            session_id=session_id,
            kind=file.kind,
            file_id=file.file_id,
            name=file.name[:LONGEST_NAME],
            added_at=self._clock.now(),
        )
        tx.add(row)
        await tx.flush()
        self._audit.record(tx, person, Deed.MATERIAL_ADDED, "session", session_id, file=row.id)
        return Added(session, (*files, row))

    async def remove(
        self, tx: AsyncSession, person: Person | None, session_id: int, material_id: int
    ) -> Added | Refusal | NoSession:
        """Hand it out no more; who has it keeps it. Gives what is left."""
        session = await self._sessions.managed(tx, person, session_id)
        if not isinstance(session, CopSession):
            return session
        files = await queries.of_session(tx, session_id)
        for each in files:
            if each.id == material_id:
                await tx.delete(each)
                self._audit.record(tx, person, Deed.MATERIAL_REMOVED, "session", session_id, file=each.id)
        return Added(session, tuple(each for each in files if each.id != material_id))

    async def of_session(self, tx: AsyncSession, session_id: int) -> list[SessionMaterial]:
        """The files of a session, in the order in which they came."""
        return await queries.of_session(tx, session_id)

    async def with_files(self, tx: AsyncSession, sessions: Sequence[CopSession]) -> set[int]:
        """The ids of those sessions that have files."""
        return await queries.with_files(tx, [each.id for each in sessions if each.id is not None])

    async def find(
        self, tx: AsyncSession, person: Person | None, session_id: int, material_id: int
    ) -> SessionMaterial | NoSession:
        """A file, if the person may see its session."""
        session = await self._sessions.find(tx, person, session_id)
        if isinstance(session, NoSession):
            return session
        files = await queries.of_session(tx, session_id)
        return next((each for each in files if each.id == material_id), NoSession())


def call_of(file: SessionMaterial) -> Call:
    """What sends it, without a chat."""
    return Call(METHODS[file.kind], {file.kind: file.file_id})
