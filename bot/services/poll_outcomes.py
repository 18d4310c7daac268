"""What becomes of what people do with polls, as types."""

import enum
from dataclasses import dataclass
from datetime import datetime

from db.models import CopSession, Poll, PollParticipation, PollQuestion


class PollFault(enum.Enum):
    """Why an organiser's wish for a poll is not done; each has its alert below `polls.alerts`."""

    GONE = "gone"  # there is no such poll or question any more
    CANCELLED = "cancelled"  # its session does not take place
    ALREADY_OPEN = "already_open"  # what people answer is not changed under them
    ALREADY_CLOSED = "already_closed"
    NOT_OPEN = "not_open"
    NOT_CLOSED = "not_closed"  # what is handed on is the final result
    ALREADY_TOLD = "already_told"  # those who answered, of what will change
    NO_CHOICES = "no_choices"  # the first question has to be one with choices
    TOO_MANY = "too_many"  # questions
    ONE_TEXT = "one_text"  # there is one open question at most


@dataclass(frozen=True)
class Managed:
    """A session of an organiser's with its poll."""

    session: CopSession
    poll: Poll

    @property
    def poll_id(self) -> int:
        assert self.poll.id is not None
        return self.poll.id


@dataclass(frozen=True)
class PutChoices:
    """Put this question as a poll of Telegram's; which one came of it is written down at the copy."""

    poll: Poll
    question: PollQuestion
    total: int
    poll_copy_id: int


@dataclass(frozen=True)
class PutWords:
    """Ask for one's own words."""

    poll: Poll
    question: PollQuestion
    total: int


@dataclass(frozen=True)
class Thanks:
    """Everything was put."""

    poll: Poll


Step = PutChoices | PutWords | Thanks


@dataclass(frozen=True)
class Voted:
    """It counts. `step` comes next; None when it changed or withdrew an earlier answer."""

    step: Step | None = None


@dataclass(frozen=True)
class Late:
    """The poll is closed: it does not count."""


@dataclass(frozen=True)
class NotAsked:
    """This person was not asked, or nobody was: it does not count."""


@dataclass(frozen=True)
class Unclear:
    """It may belong to several questions: it does not count, and the person can be asked anew."""


Vote = Voted | Late | NotAsked | Unclear


@dataclass(frozen=True)
class Waiting:
    """An open poll that somebody was asked in; `answered` of `total` questions."""

    poll: Poll
    session: CopSession
    participation: PollParticipation
    answered: int
    total: int

    @property
    def closes_at(self) -> datetime:
        assert self.poll.closes_at is not None
        return self.poll.closes_at
