"""Roles: who may do what, for which provinces; invitations; revocation.

    invitation:  open ──► used        the grants are written with it; whoever comes second reads that it is used
                  │ └───► expired     after seven days
                  └─────► cancelled   by an owner

`Roles.may` is asked where an act is carried out, not only where its button is shown. Owners stand in the settings and
may do everything; organisers and curators act nationally or for the provinces of their grants.
"""

import enum
import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.form_steps import Choice, Data, Form, Step
from bot.services.people import Person
from bot.services.province_steps import province_choices, read_provinces
from db.models import NATIONAL, Invitation, Role, RoleGrant
from db.queries import people
from db.queries import roles as queries

__all__ = [
    "INVITATION",
    "NATIONAL",
    "Act",
    "Allowed",
    "Holder",
    "Invitation",
    "InvitationFault",
    "Invited",
    "Reach",
    "Refusal",
    "RefusalReason",
    "Role",
    "Roles",
    "Standing",
]

INVITATION_LASTS = timedelta(days=7)
SECRET_BYTES = 24  # 32 characters of the 64 that a deep link may carry


class Standing(enum.Enum):
    """What a person is here, beside a member; menus and help follow it."""

    OWNER = "owner"
    ORGANISER = "organiser"
    CURATOR = "curator"


class Act(enum.Enum):
    """What needs more than membership: the role that may do it."""

    MANAGE_ROLES = "manage_roles"
    SEE_HEALTH = "see_health"
    OPEN_DESK = "open_desk"
    IMPORT_DIRECTORY = "import_directory"
    REGISTER_GROUP = "register_group"
    PLAN_SESSION = "plan_session"
    ANNOUNCE = "announce"
    RUN_POLL = "run_poll"
    READ_REPORT = "read_report"
    ANSWER_QUESTION = "answer_question"
    CURATE = "curate"


_OWNER_ONLY = frozenset({Act.MANAGE_ROLES, Act.SEE_HEALTH})
_NATIONAL_ONLY = frozenset({Act.IMPORT_DIRECTORY})
_CURATING = frozenset({Act.ANSWER_QUESTION, Act.CURATE})


def role_for(act: Act) -> Role | None:
    """The role that an act asks for; None where only an owner will do."""
    if act in _OWNER_ONLY:
        return None
    return Role.CURATOR if act in _CURATING else Role.ORGANISER


class RefusalReason(enum.Enum):
    """Why an act is refused; each has its alert below `roles.alerts`."""

    OWNER_ONLY = "owner_only"
    NOT_ORGANISER = "not_organiser"
    NOT_CURATOR = "not_curator"
    NATIONAL_ONLY = "national_only"
    OTHER_PROVINCE = "other_province"


@dataclass(frozen=True)
class Allowed:
    """Go on."""


@dataclass(frozen=True)
class Refusal:
    """Not allowed: why, and for which provinces it would be (codes)."""

    reason: RefusalReason
    provinces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reach:
    """How far a role goes: everywhere, or these provinces."""

    is_national: bool
    provinces: frozenset[str] = frozenset()

    def covers(self, province: str | None) -> bool:
        """Whether a province lies within; None is the whole country."""
        return self.is_national or (province is not None and province in self.provinces)


NOWHERE = Reach(is_national=False)
EVERYWHERE = Reach(is_national=True)


@dataclass(frozen=True)
class Holder:
    """A person with what they were granted."""

    person: Person
    reaches: dict[Role, Reach]


@dataclass(frozen=True)
class Invited:
    """A fresh invitation; its secret exists only here and in the link."""

    invitation: Invitation
    secret: str


class InvitationFault(enum.Enum):
    """Why an invitation cannot be accepted; each has its sentence below `roles.invitation`."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    OWN = "own"  # meant for somebody else: opening it oneself would use it up
    ALREADY = "already"  # the person may do all of it; the link stays good for another


class Roles:
    """Grants and invitations."""

    def __init__(self, clock: Clock, audit: Audit, owner_ids: Collection[int]) -> None:
        self._clock = clock
        self._audit = audit
        self._owner_ids = frozenset(owner_ids)

    def is_owner(self, person: Person | None) -> bool:
        """Whether the settings name this person."""
        return person is not None and person.telegram_id in self._owner_ids

    async def standings(self, tx: AsyncSession, person: Person | None) -> frozenset[Standing]:
        """Everything that the person is; empty for a member."""
        if person is None:
            return frozenset()
        if self.is_owner(person):
            return frozenset(Standing)
        assert person.id is not None
        return frozenset(Standing(grant.role) for grant in await queries.grants_of(tx, person.id))

    async def reach(self, tx: AsyncSession, person: Person | None, act: Act) -> Reach:
        """For where the person may do this."""
        if self.is_owner(person):
            return EVERYWHERE
        role = role_for(act)
        if person is None or role is None:
            return NOWHERE
        assert person.id is not None
        return _reach(grant for grant in await queries.grants_of(tx, person.id) if grant.role == role)

    async def may(
        self, tx: AsyncSession, person: Person | None, act: Act, province: str | None = None
    ) -> Allowed | Refusal:
        """Whether the person may do this for a province, or for the whole country (None)."""
        reach = await self.reach(tx, person, act)
        if reach.covers(province):
            return Allowed()
        return self._refusal(act, reach)

    async def may_somewhere(self, tx: AsyncSession, person: Person | None, act: Act) -> Allowed | Refusal:
        """Whether there is any place for which the person may do this: the door to a desk."""
        reach = await self.reach(tx, person, act)
        if reach.is_national or (reach.provinces and act not in _NATIONAL_ONLY):
            return Allowed()
        return self._refusal(act, reach)

    def _refusal(self, act: Act, reach: Reach) -> Refusal:
        if act in _OWNER_ONLY:
            return Refusal(RefusalReason.OWNER_ONLY)
        if not reach.provinces:
            is_curating = act in _CURATING
            return Refusal(RefusalReason.NOT_CURATOR if is_curating else RefusalReason.NOT_ORGANISER)
        if act in _NATIONAL_ONLY:
            return Refusal(RefusalReason.NATIONAL_ONLY)
        return Refusal(RefusalReason.OTHER_PROVINCE, tuple(sorted(reach.provinces)))

    async def invite(
        self, tx: AsyncSession, owner: Person | None, role: Role, provinces: Collection[str]
    ) -> Invited | Refusal:
        """Make a link that grants the role once; no province means the whole country."""
        allowed = await self.may(tx, owner, Act.MANAGE_ROLES)
        if isinstance(allowed, Refusal):
            return allowed
        assert owner is not None
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now = self._clock.now()
        invitation = Invitation(
            secret_hash=_hash(secret),
            role=role,
            provinces=sorted(provinces),
            created_by_id=owner.id,
            created_at=now,
            expires_at=now + INVITATION_LASTS,
        )
        tx.add(invitation)
        await tx.flush()
        self._audit.record(
            tx, owner, Deed.INVITED, "invitation", invitation.id, role=role, provinces=sorted(provinces)
        )
        return Invited(invitation, secret)

    async def look_at(self, tx: AsyncSession, person: Person, secret: str) -> Invitation | InvitationFault:
        """The invitation behind a secret, if this person can accept it now."""
        invitation = await queries.invitation(tx, _hash(secret))
        if invitation is None:
            return InvitationFault.UNKNOWN
        if invitation.used_at is not None:
            return InvitationFault.USED
        if invitation.cancelled_at is not None:
            return InvitationFault.CANCELLED
        if self._clock.now() >= invitation.expires_at:
            return InvitationFault.EXPIRED
        if invitation.created_by_id == person.id:
            return InvitationFault.OWN
        assert person.id is not None
        grants = await queries.grants_of(tx, person.id)
        reach = _reach(grant for grant in grants if grant.role == invitation.role)
        if reach.is_national or (invitation.provinces and reach.provinces >= set(invitation.provinces)):
            return InvitationFault.ALREADY
        return invitation

    async def accept(self, tx: AsyncSession, person: Person, secret: str) -> Invitation | InvitationFault:
        """Use the invitation up and grant what it promises."""
        invitation = await self.look_at(tx, person, secret)
        if not isinstance(invitation, Invitation):
            return invitation
        invitation.used_by_id = person.id
        invitation.used_at = self._clock.now()
        granted_by = (
            await tx.get(Person, invitation.created_by_id) if invitation.created_by_id is not None else None
        )
        await self._grant(tx, person, Role(invitation.role), invitation.provinces, granted_by)
        return invitation

    async def grant(
        self, tx: AsyncSession, owner: Person | None, person: Person, role: Role, provinces: Collection[str]
    ) -> Allowed | Refusal:
        """Grant a role without an invitation, to somebody who is known (a row of the directory says so)."""
        allowed = await self.may(tx, owner, Act.MANAGE_ROLES)
        if isinstance(allowed, Allowed):
            await self._grant(tx, person, role, provinces, owner)
        return allowed

    async def _grant(
        self, tx: AsyncSession, person: Person, role: Role, provinces: Collection[str], by: Person | None
    ) -> None:
        assert person.id is not None
        held = {g.province_code for g in await queries.grants_of(tx, person.id) if g.role == role}
        for code in sorted(set(provinces) or {NATIONAL}):
            if code not in held:
                tx.add(
                    RoleGrant(
                        person_id=person.id,
                        role=role,
                        province_code=code,
                        granted_by_id=by.id if by is not None else None,
                        granted_at=self._clock.now(),
                    )
                )
        await tx.flush()
        self._audit.record(tx, by, Deed.GRANTED, "person", person.id, role=role, provinces=sorted(provinces))

    async def revoke(
        self, tx: AsyncSession, owner: Person | None, person_id: int, role: Role
    ) -> Holder | Refusal | None:
        """Take a role away, for all its provinces; gives who lost it, or None where nothing was left to take."""
        allowed = await self.may(tx, owner, Act.MANAGE_ROLES)
        if isinstance(allowed, Refusal):
            return allowed
        person = await tx.get(Person, person_id)
        if person is None:
            return None
        grants = [g for g in await queries.grants_of(tx, person_id) if g.role == role]
        if not grants:
            return None
        for grant in grants:
            await tx.delete(grant)
        await tx.flush()
        codes = sorted(g.province_code for g in grants if g.province_code != NATIONAL)
        self._audit.record(tx, owner, Deed.REVOKED, "person", person_id, role=role, provinces=codes)
        return Holder(person, {role: _reach(grants)})

    async def holders(self, tx: AsyncSession) -> list[Holder]:
        """Everybody with a grant, in the order in which they got their first."""
        found: dict[int, tuple[Person, list[RoleGrant]]] = {}
        for person, grant in await queries.holders(tx):
            found.setdefault(grant.person_id, (person, []))[1].append(grant)
        return [Holder(person, _reaches(grants)) for person, grants in found.values()]

    async def owners(self, tx: AsyncSession) -> list[Person]:
        """The owners whom the bot knows."""
        return await people.by_telegram_ids(tx, self._owner_ids)

    async def holder(self, tx: AsyncSession, person_id: int) -> Holder | None:
        """One of them."""
        person = await tx.get(Person, person_id)
        grants = await queries.grants_of(tx, person_id) if person is not None else []
        return Holder(person, _reaches(grants)) if person is not None and grants else None

    async def with_menus(self, tx: AsyncSession) -> list[Person]:
        """Everybody whose chat lists, or has to list, more than a member's."""
        return await queries.with_menus(tx, self._owner_ids)

    async def open_invitations(self, tx: AsyncSession) -> list[Invitation]:
        """Those that can still be accepted, the oldest first."""
        return await queries.open_invitations(tx, self._clock.now())

    async def cancel_invitation(
        self, tx: AsyncSession, owner: Person | None, invitation_id: int
    ) -> Invitation | InvitationFault | Refusal:
        """Make a link worthless."""
        allowed = await self.may(tx, owner, Act.MANAGE_ROLES)
        if isinstance(allowed, Refusal):
            return allowed
        invitation = await tx.get(Invitation, invitation_id)
        if invitation is None:
            return InvitationFault.UNKNOWN
        if invitation.used_at is not None:
            return InvitationFault.USED
        if invitation.cancelled_at is None:
            invitation.cancelled_at = self._clock.now()
            self._audit.record(tx, owner, Deed.INVITATION_CANCELLED, "invitation", invitation.id)
        return invitation


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _reach(grants: Iterable[RoleGrant]) -> Reach:
    codes = {grant.province_code for grant in grants}
    return Reach(NATIONAL in codes, frozenset(codes - {NATIONAL}))


def _reaches(grants: Collection[RoleGrant]) -> dict[Role, Reach]:
    return {
        role: _reach(grant for grant in grants if grant.role == role)
        for role in Role
        if any(grant.role == role for grant in grants)
    }


def _for_provinces(data: Data) -> bool:
    return data.get("scope") == "provinces"


INVITATION = Form(
    "invitation",
    (
        Step("role", choices=lambda data: [Choice(role.value) for role in Role]),
        Step("scope", choices=lambda data: [Choice("national"), Choice("provinces")]),
        Step(
            "provinces",
            read=read_provinces,
            choices=province_choices,
            is_multiple=True,
            applies=_for_provinces,
        ),
        Step("confirm", is_confirmation=True),
    ),
)
