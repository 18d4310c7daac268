"""What the buttons of polls do, for those who are asked and on the organiser's desk."""

from dataclasses import dataclass

from bot.buttons import Action


@dataclass(frozen=True)
class SkipQuestion(Action):
    """Pass over a question."""

    CODE = "ps"
    question_id: int


@dataclass(frozen=True)
class AnswerPoll(Action):
    """Go on with a poll, or change what one answered."""

    CODE = "pw"
    poll_id: int


@dataclass(frozen=True)
class ManagePoll(Action):
    """Show the poll of a session on the desk."""

    CODE = "pm"
    session_id: int


@dataclass(frozen=True)
class SetUpPoll(Action):
    """Take the questions of a template; an empty name shows which there are."""

    CODE = "pt"
    session_id: int
    template: str


@dataclass(frozen=True)
class OpenPoll(Action):
    """Open it now; `is_sure` is 0 for the question before and 1 for the act."""

    CODE = "po"
    poll_id: int
    is_sure: int


@dataclass(frozen=True)
class PutOffPoll(Action):
    """Open it a little later."""

    CODE = "pf"
    poll_id: int


@dataclass(frozen=True)
class OpenPollByHand(Action):
    """Do not open it by the clock."""

    CODE = "ph"
    poll_id: int


@dataclass(frozen=True)
class EditPoll(Action):
    """Show its questions, to change them."""

    CODE = "pe"
    poll_id: int


@dataclass(frozen=True)
class AddPollQuestion(Action):
    """Write another question."""

    CODE = "pa"
    poll_id: int


@dataclass(frozen=True)
class EditPollQuestion(Action):
    """Change a question by its position."""

    CODE = "pq"
    poll_id: int
    position: int


@dataclass(frozen=True)
class RemovePollQuestion(Action):
    """Take a question out."""

    CODE = "px"
    poll_id: int
    position: int


@dataclass(frozen=True)
class ListPollGroups(Action):
    """Show the groups that can get an anonymous poll."""

    CODE = "pp"
    poll_id: int


@dataclass(frozen=True)
class ChoosePollGroup(Action):
    """Put it into a group as well (`is_chosen` 1), or not (0)."""

    CODE = "pc"
    poll_id: int
    group_id: int
    is_chosen: int


@dataclass(frozen=True)
class SendPollQr(Action):
    """Send the picture and the link for the last slide."""

    CODE = "pl"
    poll_id: int


@dataclass(frozen=True)
class ClosePoll(Action):
    """Close it now; `is_sure` is 0 for the question before and 1 for the act."""

    CODE = "pz"
    poll_id: int
    is_sure: int


@dataclass(frozen=True)
class DropPoll(Action):
    """Do without it; `is_sure` is 0 for the question before and 1 for the act."""

    CODE = "pd"
    poll_id: int
    is_sure: int


@dataclass(frozen=True)
class ReadComments(Action):
    """Show a page of what people wrote."""

    CODE = "pk"
    poll_id: int
    page: int


@dataclass(frozen=True)
class SendPollPicture(Action):
    """Send the result as pictures."""

    CODE = "pg"
    poll_id: int


@dataclass(frozen=True)
class SendPollSheet(Action):
    """Send the result as a spreadsheet."""

    CODE = "pj"
    poll_id: int


@dataclass(frozen=True)
class SendPollPage(Action):
    """Send the page for the speaker."""

    CODE = "pi"
    poll_id: int


@dataclass(frozen=True)
class WriteChanges(Action):
    """Begin to write what will change, or look at what was written."""

    CODE = "pb"
    poll_id: int


@dataclass(frozen=True)
class TellParticipants(Action):
    """Send it to those who answered."""

    CODE = "py"
    poll_id: int
