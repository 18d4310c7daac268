"""What the buttons of the organiser's desk (/kelola), of groups and of the directory do."""

import enum
from dataclasses import dataclass

from bot.buttons import Action


class DeskSection(enum.StrEnum):
    """A part of the organiser's desk."""

    OVERVIEW = "o"
    GROUPS = "g"
    DIRECTORY = "d"
    SESSIONS = "s"
    REPORTS = "r"


@dataclass(frozen=True)
class OpenDesk(Action):
    """Go to a part of the desk."""

    CODE = "ko"
    section: DeskSection


@dataclass(frozen=True)
class ShowGroup(Action):
    """Show how one group stands."""

    CODE = "ks"
    group_id: int


@dataclass(frozen=True)
class RegisterGroup(Action):
    """Begin to register a group."""

    CODE = "kr"
    group_id: int


@dataclass(frozen=True)
class ReleaseGroup(Action):
    """Send nothing more to a group."""

    CODE = "kl"
    group_id: int


@dataclass(frozen=True)
class PostHere(Action):
    """Post in the topic in which this button stands."""

    CODE = "kp"
    group_id: int


@dataclass(frozen=True)
class SendTemplate(Action):
    """Send the empty sheet of the directory."""

    CODE = "kt"


@dataclass(frozen=True)
class SendUnjoined(Action):
    """Send the list of those who have not joined, with their links."""

    CODE = "ku"


@dataclass(frozen=True)
class ConfirmImport(Action):
    """Take the rows of a sheet that was read into the directory."""

    CODE = "ki"
    import_id: int


@dataclass(frozen=True)
class DropImport(Action):
    """Forget the sheet."""

    CODE = "kx"
    import_id: int


@dataclass(frozen=True)
class ClaimRow(Action):
    """This row of the directory is me; the code itself is the proof that the link was seen."""

    CODE = "kc"
    claim_code: str


@dataclass(frozen=True)
class DeclineRow(Action):
    """This row is somebody else."""

    CODE = "kd"


@dataclass(frozen=True)
class GrantListed(Action):
    """Grant the role that the directory lists for somebody who joined."""

    CODE = "kg"
    entry_id: int


@dataclass(frozen=True)
class SendMonthlyReport(Action):
    """Send the report on a month."""

    CODE = "km"
    year: int
    month: int
