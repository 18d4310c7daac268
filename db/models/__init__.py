"""All tables; importing this package is what makes the metadata whole."""

from db.models.content import ContentItem, ContentKind, ContentRevision, Origin
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
from db.models.questions import Consent, Ending, Question, Rating, Reason, Verdict
from db.models.replicas import Lease, Replica

__all__ = [
    "Action",
    "Consent",
    "ContentItem",
    "ContentKind",
    "ContentRevision",
    "Delivery",
    "DeliveryState",
    "Doubt",
    "Ending",
    "IncomingUpdate",
    "Lane",
    "Lease",
    "Mailing",
    "MailingState",
    "MailingTerm",
    "Mark",
    "Origin",
    "OutgoingRequest",
    "PauseReason",
    "Person",
    "Purpose",
    "Question",
    "Rating",
    "Reason",
    "Replica",
    "UpdateState",
    "Verdict",
]
