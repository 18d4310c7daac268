"""What the buttons around announcements do.

Choices of an audience say what they choose, not what they turn round: two quick taps are one. What sends or approves
says which version was looked at.
"""

import enum
from dataclasses import dataclass

from bot.buttons import Action
from bot.services.audiences import ATTENDED, INTERESTED, NO_FEEDBACK, SAID_YES
from bot.services.provinces import Island


class DraftPage(enum.StrEnum):
    """A page of a draft's card."""

    CARD = "c"
    EXCLUDE = "x"
    GROUPS = "g"


class Participants(enum.StrEnum):
    """Which of those who had to do with a session; the kinds of an audience (`bot/services/audiences.py`)."""

    SAID_YES = SAID_YES
    INTERESTED = INTERESTED
    ATTENDED = ATTENDED
    NO_FEEDBACK = NO_FEEDBACK


class Asked(enum.StrEnum):
    """What is asked for in a form."""

    TIME = "t"
    BUTTON = "b"
    CORRECTION = "k"


class Step(enum.StrEnum):
    """What is done with an announcement that is under way or was sent."""

    SHOW = "s"
    PAUSE = "p"
    RESUME = "r"
    ASK_TO_STOP = "q"
    STOP = "x"
    RETRY = "f"
    RESEND = "u"
    ASK_TO_RECALL = "a"
    RECALL = "d"
    REPORT = "l"
    SHARE = "w"


@dataclass(frozen=True)
class OpenDraft(Action):
    """Go to a page of the card."""

    CODE = "uo"
    announcement_id: int
    page: DraftPage


@dataclass(frozen=True)
class OpenIslandOf(Action):
    """Show the provinces of a group of islands, to choose or (1) to leave out."""

    CODE = "ui"
    announcement_id: int
    island: Island
    is_exclusion: int


@dataclass(frozen=True)
class ChooseEveryone(Action):
    """Everybody who can be reached."""

    CODE = "ue"
    announcement_id: int


@dataclass(frozen=True)
class ChooseProvinceFor(Action):
    """A province is chosen (1) or not any more (0), among those meant or (1) those left out."""

    CODE = "up"
    announcement_id: int
    province_code: str
    is_exclusion: int
    is_chosen: int


@dataclass(frozen=True)
class ExcludeReceived(Action):
    """Those who got another announcement are left out (1) or not any more (0)."""

    CODE = "ur"
    announcement_id: int
    other_id: int
    is_chosen: int


@dataclass(frozen=True)
class ListSessionsFor(Action):
    """Show sessions whose participants can be chosen or (1) left out."""

    CODE = "uz"
    announcement_id: int
    is_exclusion: int
    page: int


@dataclass(frozen=True)
class OpenSessionFor(Action):
    """Show which participants of a session can be chosen or (1) left out."""

    CODE = "uf"
    announcement_id: int
    session_id: int
    is_exclusion: int


@dataclass(frozen=True)
class ChooseSessionFor(Action):
    """Participants of a session are chosen (1) or not any more (0), among those meant or (1) those left out."""

    CODE = "uj"
    announcement_id: int
    session_id: int
    who: Participants
    is_exclusion: int
    is_chosen: int


@dataclass(frozen=True)
class ChooseGroup(Action):
    """A group gets a copy of its own (1) or not (0)."""

    CODE = "ug"
    announcement_id: int
    group_id: int
    is_chosen: int


@dataclass(frozen=True)
class SetUrgent(Action):
    """Do not wait for quiet hours (1), or do (0)."""

    CODE = "uu"
    announcement_id: int
    is_urgent: int


@dataclass(frozen=True)
class BeginAsking(Action):
    """Ask for a time, a link button or a corrected text."""

    CODE = "ub"
    announcement_id: int
    asked: Asked


@dataclass(frozen=True)
class SendAtOnce(Action):
    """Forget the time that was chosen."""

    CODE = "un"
    announcement_id: int


@dataclass(frozen=True)
class ClearButtons(Action):
    """Take the link buttons away."""

    CODE = "ul"
    announcement_id: int


@dataclass(frozen=True)
class SendTest(Action):
    """Send it to oneself."""

    CODE = "ut"
    announcement_id: int


@dataclass(frozen=True)
class ConfirmAnnouncement(Action):
    """Send it to the number of people that stands on the button."""

    CODE = "uc"
    announcement_id: int
    version: int


@dataclass(frozen=True)
class ApproveAnnouncement(Action):
    """Let somebody else's announcement go out."""

    CODE = "ua"
    announcement_id: int
    version: int


@dataclass(frozen=True)
class RejectAnnouncement(Action):
    """Hand it back."""

    CODE = "ux"
    announcement_id: int
    version: int


@dataclass(frozen=True)
class WithdrawAnnouncement(Action):
    """Take back what was confirmed, while nothing has left."""

    CODE = "uw"
    announcement_id: int


@dataclass(frozen=True)
class DropDraft(Action):
    """Throw the draft away."""

    CODE = "ud"
    announcement_id: int


@dataclass(frozen=True)
class TakeStep(Action):
    """Do something with what is under way or was sent."""

    CODE = "us"
    announcement_id: int
    step: Step


@dataclass(frozen=True)
class ConfirmCorrection(Action):
    """Give all copies the new text."""

    CODE = "uk"
    announcement_id: int
    version: int


@dataclass(frozen=True)
class ReadAnnouncement(Action):
    """Read one of the archive again."""

    CODE = "uv"
    announcement_id: int


@dataclass(frozen=True)
class NewAnnouncement(Action):
    """Begin another one, as /umumkan does."""

    CODE = "uq"


@dataclass(frozen=True)
class FetchFiles(Action):
    """Send the files of an announcement to somebody who got its words only."""

    CODE = "uy"
    announcement_id: int


@dataclass(frozen=True)
class ListAnnouncements(Action):
    """Those under way, on the organiser's desk."""

    CODE = "um"
