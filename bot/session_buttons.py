"""What the buttons of sessions do, for members (/sesi) and on the organiser's desk."""

import enum
from dataclasses import dataclass

from bot.buttons import Action
from db.models import Answer


class SessionList(enum.StrEnum):
    """Which sessions a member looks at."""

    UPCOMING = "u"
    PAST = "p"


class ToWhom(enum.StrEnum):
    """For whom something about a session is announced first; the draft's card can change it."""

    EVERYBODY = "e"  # those whom the session is for
    PARTICIPANTS = "p"  # those who want to come; after its end those who were there


@dataclass(frozen=True)
class ListSessions(Action):
    """Go to a page of a list."""

    CODE = "sl"
    section: SessionList
    page: int = 0


@dataclass(frozen=True)
class ShowSession(Action):
    """Show one in the place of the list."""

    CODE = "ss"
    session_id: int


@dataclass(frozen=True)
class OpenSession(Action):
    """Show one in a message of its own, as under a reminder that stays as it is."""

    CODE = "so"
    session_id: int


@dataclass(frozen=True)
class AnswerSession(Action):
    """Say whether one comes."""

    CODE = "sa"
    session_id: int
    answer: Answer


@dataclass(frozen=True)
class SendCalendar(Action):
    """Send the calendar file."""

    CODE = "sc"
    session_id: int


@dataclass(frozen=True)
class CheckIn(Action):
    """Type the code from the slide."""

    CODE = "si"
    session_id: int


@dataclass(frozen=True)
class PlanSession(Action):
    """Begin to plan one."""

    CODE = "sp"


@dataclass(frozen=True)
class ListManaged(Action):
    """Go to a page of the organiser's list."""

    CODE = "sm"
    page: int


@dataclass(frozen=True)
class ManageSession(Action):
    """Show one on the desk."""

    CODE = "sd"
    session_id: int


@dataclass(frozen=True)
class CopySession(Action):
    """Plan another like this one."""

    CODE = "sy"
    session_id: int


@dataclass(frozen=True)
class RepeatSession(Action):
    """Plan more like this one, every week or month."""

    CODE = "sg"
    session_id: int


@dataclass(frozen=True)
class EditSession(Action):
    """Change a detail by its column; an empty name shows which there are."""

    CODE = "se"
    session_id: int
    field: str


@dataclass(frozen=True)
class MoveSession(Action):
    """Give it another time."""

    CODE = "sv"
    session_id: int


@dataclass(frozen=True)
class CancelSession(Action):
    """Cancel it; `is_sure` is 0 for the question before and 1 for the act."""

    CODE = "sx"
    session_id: int
    is_sure: int


@dataclass(frozen=True)
class ShareSession(Action):
    """Give its text for forwarding."""

    CODE = "sw"
    session_id: int


@dataclass(frozen=True)
class ManageMaterial(Action):
    """Show the material on the desk."""

    CODE = "sk"
    session_id: int


@dataclass(frozen=True)
class AddMaterial(Action):
    """Ask for a file or a link."""

    CODE = "sb"
    session_id: int


@dataclass(frozen=True)
class RemoveMaterial(Action):
    """Hand a file out no more."""

    CODE = "sr"
    session_id: int
    material_id: int


@dataclass(frozen=True)
class SendMaterial(Action):
    """Send a file to whoever asks."""

    CODE = "sf"
    session_id: int
    material_id: int


@dataclass(frozen=True)
class AnnounceSession(Action):
    """Begin an announcement about it."""

    CODE = "su"
    session_id: int
    to: ToWhom


@dataclass(frozen=True)
class ManageAttendance(Action):
    """Show the code and how many are there."""

    CODE = "at"
    session_id: int


@dataclass(frozen=True)
class RenewCode(Action):
    """Put another code on the slide."""

    CODE = "an"
    session_id: int


@dataclass(frozen=True)
class SendQr(Action):
    """Send the picture for the slide."""

    CODE = "aq"
    session_id: int


@dataclass(frozen=True)
class ListAttendance(Action):
    """Show a page of the list."""

    CODE = "al"
    session_id: int
    page: int


@dataclass(frozen=True)
class CorrectAttendance(Action):
    """Put somebody on the list (`is_present` 1), or take them off it (0), and stay on the page."""

    CODE = "ac"
    session_id: int
    person_id: int
    is_present: int
    page: int


@dataclass(frozen=True)
class AddAttendee(Action):
    """Ask for the name of somebody who was there."""

    CODE = "am"
    session_id: int


@dataclass(frozen=True)
class RemoveAttendee(Action):
    """Take somebody off the list who stands there by name, and stay on the page."""

    CODE = "ar"
    session_id: int
    attendance_id: int
    page: int


@dataclass(frozen=True)
class ExportAttendance(Action):
    """Send the list as a spreadsheet."""

    CODE = "ae"
    session_id: int


@dataclass(frozen=True)
class ImportAttendance(Action):
    """Begin to take in the sheet of the meeting service."""

    CODE = "ai"
    session_id: int


@dataclass(frozen=True)
class ExportParticipation(Action):
    """Send the list of who took part, with who gave feedback."""

    CODE = "ap"
    session_id: int


@dataclass(frozen=True)
class SendCertificate(Action):
    """Send one's own certificate."""

    CODE = "ct"
    session_id: int
