"""All tables; importing this package is what makes the metadata whole."""

from db.models.content import ContentItem, ContentKind, ContentRevision, Origin
from db.models.inbox import IncomingUpdate, UpdateState
from db.models.marks import Mark
from db.models.outbox import Lane, OutgoingRequest
from db.models.people import Person
from db.models.questions import Consent, Ending, Question, Rating, Reason, Verdict

__all__ = [
    "Consent",
    "ContentItem",
    "ContentKind",
    "ContentRevision",
    "Ending",
    "IncomingUpdate",
    "Lane",
    "Mark",
    "Origin",
    "OutgoingRequest",
    "Person",
    "Question",
    "Rating",
    "Reason",
    "UpdateState",
    "Verdict",
]
