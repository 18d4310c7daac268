"""What the buttons of /peran and of an invitation do."""

import enum
from dataclasses import dataclass

from bot.buttons import Action
from db.models import Role


class RoleSection(enum.StrEnum):
    """A part of the owner's desk."""

    OVERVIEW = "o"
    HOLDERS = "h"
    INVITATIONS = "i"
    TRAIL = "t"


@dataclass(frozen=True)
class OpenRoles(Action):
    """Go to a part of the owner's desk."""

    CODE = "ro"
    section: RoleSection


@dataclass(frozen=True)
class InviteToRole(Action):
    """Begin a new invitation."""

    CODE = "ri"


@dataclass(frozen=True)
class ShowHolder(Action):
    """Show what one person was granted."""

    CODE = "rh"
    person_id: int


@dataclass(frozen=True)
class RevokeRole(Action):
    """Take a role away; asks first."""

    CODE = "rv"
    person_id: int
    role: Role
    is_sure: int


@dataclass(frozen=True)
class CancelInvitation(Action):
    """Make an open invitation worthless."""

    CODE = "rc"
    invitation_id: int


@dataclass(frozen=True)
class AcceptInvitation(Action):
    """Accept; the secret itself is the proof that the link was seen."""

    CODE = "ra"
    secret: str


@dataclass(frozen=True)
class DeclineInvitation(Action):
    """Leave the invitation unused."""

    CODE = "rd"
