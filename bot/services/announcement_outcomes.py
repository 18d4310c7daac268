"""How what is done with an announcement can end."""

import enum
from dataclasses import dataclass
from datetime import datetime

from bot.services.announcement_content import Content, Faulty
from bot.services.audiences import Reached
from bot.services.mailings import Mailing
from bot.services.people import Person
from db.models import Announcement


class WhyNot(enum.Enum):
    """Why a button does nothing (any more); each has its alert below `announcements.alerts`."""

    GONE = "gone"  # thrown away, or somebody else's
    OUTDATED = "outdated"  # its content or its time is another one by now
    WITHDRAWN = "withdrawn"  # it is a draft again
    AWAITS = "awaits"  # a second organiser has to look at it
    SCHEDULED = "scheduled"
    ON_ITS_WAY = "on_its_way"
    SENT = "sent"
    CANCELLED = "cancelled"
    FORGOTTEN = "forgotten"  # so old that nobody knows any more who got it
    NOT_YET = "not_yet"  # copies are in the air
    TOO_OLD = "too_old"  # nothing that was sent in the last 48 hours
    NOTHING = "nothing"  # there is nobody of that kind
    RECALLED = "recalled"


class Unconfirmed(enum.Enum):
    """Why it was not sent although the button is the right one; each has its alert below `announcements.alerts`."""

    NOBODY = "nobody"
    PAST = "past"
    NO_SECOND_ORGANISER = "no_second_organiser"
    OWN = "own"
    AUTHOR_LOST_ROLE = "author_lost_role"


@dataclass(frozen=True)
class Gathering:
    """A part of an album: others may follow."""


@dataclass(frozen=True)
class Gathered:
    """An album is whole, or is none (`fault`) and was dropped."""

    announcement: Announcement
    person: Person
    fault: Faulty | None


@dataclass(frozen=True)
class Redrafted:
    """It has another content now and has to be confirmed (anew, where it `was_confirmed`)."""

    announcement: Announcement
    was_confirmed: bool


@dataclass(frozen=True)
class AlreadyOut:
    """Its copies are on their way or there: an edit of the original changes them no more."""

    announcement: Announcement


@dataclass(frozen=True)
class Started:
    """Its mailing exists; nothing leaves before `mailing.due_at`."""

    announcement: Announcement
    mailing: Mailing


@dataclass(frozen=True)
class Scheduled:
    """It goes out at a moment."""

    announcement: Announcement
    at: datetime


@dataclass(frozen=True)
class Awaiting:
    """One of `approvers` has to look at it."""

    announcement: Announcement
    reached: Reached
    approvers: tuple[Person, ...]


@dataclass(frozen=True)
class HeldBack:
    """Its time came, and by now it is for more people than one organiser may write to alone. One of `approvers` has to
    look at it; without any it is a draft again."""

    announcement: Announcement
    reached: Reached
    approvers: tuple[Person, ...]


@dataclass(frozen=True)
class Undone:
    """Nothing has left; it is a draft again."""

    announcement: Announcement


@dataclass(frozen=True)
class Dropped:
    """The draft is gone."""


@dataclass(frozen=True)
class Correction:
    """A corrected content that waits to be confirmed."""

    announcement: Announcement
    content: Content
    version: int
