"""Certificates: who may have one, its serial number, and whether one that is shown is genuine.

Whoever was at a session may have one, and has to have answered its poll if there was one:

    no poll, or one that was not opened within three days    being there is enough
    planned, or the session is not over                      not yet
    open                                                     answer it first
    closed                                                   only who answered; whoever was not asked needs not have

A certificate is a row with a serial number, ten random signs of twenty (43 bits), which stays the same however often it
is asked for; the name on it follows the profile, so that a slip of the pen can be mended. Whether it holds is found out
when somebody looks: its person is on the attendance list, and its session was not cancelled. Feedback that is withdrawn
later changes nothing, or a scan would tell who withdrew it (docs/decisions/0022-certificates.md).
"""

import enum
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, Zone, local_date
from bot.services.checkin_codes import ALPHABET
from bot.services.cop_sessions import CopSession, SessionState
from bot.services.details import missing, step
from bot.services.form_steps import Form, text_of_at_most
from bot.services.people import Person
from bot.services.provinces import PROVINCES
from db.models import Certificate, Poll, PollState
from db.queries import attendance, polls
from db.queries import certificates as queries

__all__ = [
    "CERTIFICATE",
    "Certificate",
    "CertificateFault",
    "Certificates",
    "Genuine",
    "Issued",
    "NoName",
    "Unknown",
    "Unproven",
    "Withdrawn",
    "WithdrawnFor",
    "session_zone",
]

WAITS_FOR_POLL = timedelta(days=3)  # after the session; then a poll that nobody opened is no reason to wait
SIGNS = 10
SERIAL = re.compile(rf"COP-\d{{4}}-[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}")

CERTIFICATE = Form(
    "certificate",
    (step("full_name", text_of_at_most(150), is_optional=False), step("unit", text_of_at_most(150))),
)


class CertificateFault(enum.Enum):
    """Why there is no certificate; each has its alert below `certificates.alerts`."""

    UNKNOWN = "unknown"  # no such session
    CANCELLED = "cancelled"
    NOT_OVER = "not_over"
    ABSENT = "absent"  # not on the attendance list
    POLL_TO_COME = "poll_to_come"
    POLL_CLOSED = "poll_closed"  # they were asked and did not answer


@dataclass(frozen=True)
class Unproven:
    """They were there; the poll is open and they have not answered it, or were not even asked."""

    poll: Poll
    is_asked: bool


@dataclass(frozen=True)
class NoName:
    """They may have one; what has to be asked first."""

    fields: tuple[str, ...]


@dataclass(frozen=True)
class Issued:
    """The certificate, and what it is about."""

    certificate: Certificate
    session: CopSession


class WithdrawnFor(enum.Enum):
    """Why a certificate that was given out holds no more; each has its sentence below `certificates.withdrawn`."""

    ABSENT = "absent"  # the attendance list was corrected
    ERASED = "erased"  # its person had their data erased
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Genuine:
    """The number is of this certificate, and it holds."""

    certificate: Certificate
    session: CopSession


@dataclass(frozen=True)
class Withdrawn:
    """There was such a certificate."""

    serial: str
    why: WithdrawnFor


@dataclass(frozen=True)
class Unknown:
    """No certificate ever had this number."""


class Certificates:
    """Gives them out and verifies them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def fault(
        self, tx: AsyncSession, person: Person, session_id: int
    ) -> CertificateFault | Unproven | None:
        """Why this person cannot have a certificate of this session now; None when they can."""
        session = await tx.get(CopSession, session_id)
        if session is None or person.id is None:
            return CertificateFault.UNKNOWN
        if session.state == SessionState.CANCELLED:
            return CertificateFault.CANCELLED
        if await attendance.of_person(tx, session_id, person.id) is None:
            return CertificateFault.ABSENT
        if session.ends_at > self._clock.now():
            return CertificateFault.NOT_OVER
        return await self._poll_fault(tx, person.id, session)

    async def _poll_fault(
        self, tx: AsyncSession, person_id: int, session: CopSession
    ) -> CertificateFault | Unproven | None:
        assert session.id is not None
        poll = await polls.of_session(tx, session.id)
        if poll is None or poll.id is None:
            return None
        if poll.state == PollState.PLANNED:
            waits = self._clock.now() < session.ends_at + WAITS_FOR_POLL
            return CertificateFault.POLL_TO_COME if waits else None
        asked = await polls.participation(tx, poll.id, person_id)
        if asked is not None and asked.has_answered:
            return None
        if poll.state == PollState.OPEN:
            return Unproven(poll, asked is not None)
        return None if asked is None else CertificateFault.POLL_CLOSED

    async def issue(
        self, tx: AsyncSession, person: Person, session_id: int
    ) -> Issued | NoName | Unproven | CertificateFault:
        """The certificate of this person, the same whenever they ask, with the name that is in their profile now."""
        fault = await self.fault(tx, person, session_id)
        if fault is not None:
            return fault
        if missing(person, "full_name"):
            return NoName(missing(person, "full_name", "unit"))
        session = await tx.get(CopSession, session_id)
        assert session is not None
        assert person.id is not None
        certificate = await queries.of_person(tx, session_id, person.id)
        if certificate is None:
            day = local_date(self._clock.now(), session_zone(session))
            certificate = Certificate(
                session_id=session_id, person_id=person.id, serial=_serial(session), issued_on=day
            )
            tx.add(certificate)
        certificate.full_name, certificate.unit = person.full_name, person.unit
        await tx.flush()
        return Issued(certificate, session)

    async def verify(self, tx: AsyncSession, serial: str) -> Genuine | Withdrawn | Unknown:
        """Whether a certificate with this number was given out and holds; small letters do not matter."""
        number = serial.strip().upper()
        found = await queries.with_serial(tx, number) if SERIAL.fullmatch(number) else None
        if found is None:
            return Unknown()
        certificate, session = found
        if certificate.person_id is None or certificate.full_name is None:
            return Withdrawn(number, WithdrawnFor.ERASED)
        if session.state == SessionState.CANCELLED:
            return Withdrawn(number, WithdrawnFor.CANCELLED)
        if await attendance.of_person(tx, certificate.session_id, certificate.person_id) is None:
            return Withdrawn(number, WithdrawnFor.ABSENT)
        return Genuine(certificate, session)


def session_zone(session: CopSession) -> Zone:
    """By whose clock a session's day is named: its province's, Jakarta's for one of the whole country."""
    return PROVINCES[session.province_code].zone if session.province_code else Zone.WIB


def _serial(session: CopSession) -> str:
    year = session.starts_at.astimezone(session_zone(session).info).year
    signs = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    return f"COP-{year}-{signs[:5]}-{signs[5:]}"
