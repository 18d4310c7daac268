"""All tables; importing this package is what makes the metadata whole.

Empty lists and objects are plain defaults, which are copied for each row. Of a default factory pydantic would read the
signature anew for each row: a tenth of a millisecond and 50 kB that only the garbage collector frees.
"""

from db.models.announcements import Announcement, AnnouncementState
from db.models.certificates import Certificate, MonthlyReportMade
from db.models.content import ContentItem, ContentKind, ContentRevision, Origin
from db.models.cop_sessions import (
    Answer,
    Attendance,
    CheckinAttempt,
    CopSession,
    Presence,
    Pulse,
    Rsvp,
    SessionMaterial,
    SessionReminder,
    SessionState,
)
from db.models.directory import DirectoryEntry, DirectoryImport, ListedRole
from db.models.files import OutgoingFile
from db.models.forms import FilledForm, FormState
from db.models.groups import Group
from db.models.inbox import IncomingUpdate, UpdateState
from db.models.mailings import (
    Action,
    Delivery,
    DeliveryState,
    Doubt,
    Mailing,
    MailingState,
    MailingTerm,
    PauseReason,
    Purpose,
)
from db.models.marks import Mark
from db.models.outbox import Lane, OutgoingRequest
from db.models.people import Person
from db.models.polls import (
    GroupPoll,
    GroupPollState,
    Poll,
    PollComment,
    PollCopy,
    PollGroupMean,
    PollParticipation,
    PollQuestion,
    PollState,
    PollTally,
    PollVote,
    QuestionKind,
)
from db.models.questions import Consent, Ending, Question, Rating, Reason, Verdict
from db.models.replicas import Lease, Replica
from db.models.roles import NATIONAL, AuditEvent, Invitation, Role, RoleGrant

__all__ = [
    "NATIONAL",
    "Action",
    "Announcement",
    "AnnouncementState",
    "Answer",
    "Attendance",
    "AuditEvent",
    "Certificate",
    "CheckinAttempt",
    "Consent",
    "ContentItem",
    "ContentKind",
    "ContentRevision",
    "CopSession",
    "Delivery",
    "DeliveryState",
    "DirectoryEntry",
    "DirectoryImport",
    "Doubt",
    "Ending",
    "FilledForm",
    "FormState",
    "Group",
    "GroupPoll",
    "GroupPollState",
    "IncomingUpdate",
    "Invitation",
    "Lane",
    "Lease",
    "ListedRole",
    "Mailing",
    "MailingState",
    "MailingTerm",
    "Mark",
    "MonthlyReportMade",
    "Origin",
    "OutgoingFile",
    "OutgoingRequest",
    "PauseReason",
    "Person",
    "Poll",
    "PollComment",
    "PollCopy",
    "PollGroupMean",
    "PollParticipation",
    "PollQuestion",
    "PollState",
    "PollTally",
    "PollVote",
    "Presence",
    "Pulse",
    "Purpose",
    "Question",
    "QuestionKind",
    "Rating",
    "Reason",
    "Replica",
    "Role",
    "RoleGrant",
    "Rsvp",
    "SessionMaterial",
    "SessionReminder",
    "SessionState",
    "UpdateState",
    "Verdict",
]
