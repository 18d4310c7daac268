"""All tables; importing this package is what makes the metadata whole."""

from db.models.content import ContentItem, ContentKind, ContentRevision, Origin
from db.models.directory import DirectoryEntry, DirectoryImport, ListedRole
from db.models.files import OutgoingFile
from db.models.forms import FilledForm, FormState
from db.models.groups import Group
from db.models.inbox import IncomingUpdate, UpdateState
from db.models.outbox import Lane, OutgoingRequest
from db.models.people import Person
from db.models.questions import Consent, Ending, Question, Rating, Reason, Verdict
from db.models.roles import NATIONAL, AuditEvent, Invitation, Role, RoleGrant

__all__ = [
    "NATIONAL",
    "AuditEvent",
    "Consent",
    "ContentItem",
    "ContentKind",
    "ContentRevision",
    "DirectoryEntry",
    "DirectoryImport",
    "Ending",
    "FilledForm",
    "FormState",
    "Group",
    "IncomingUpdate",
    "Invitation",
    "Lane",
    "ListedRole",
    "Origin",
    "OutgoingFile",
    "OutgoingRequest",
    "Person",
    "Question",
    "Rating",
    "Reason",
    "Role",
    "RoleGrant",
    "UpdateState",
    "Verdict",
]
