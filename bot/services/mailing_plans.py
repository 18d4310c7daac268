"""What is to be done, for whom, and how far it is: the words in which the rest of the program speaks of mailings."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.services.requests import Call
from db.models import Purpose


class Refusal(enum.Enum):
    """Why a mailing could not be paused, resumed, cancelled or brought back."""

    UNKNOWN = "unknown"  # there is none with this id
    ENDED = "ended"  # it is cancelled or done
    FORGOTTEN = "forgotten"  # it ended so long ago that what was each recipient's own is erased


@dataclass(frozen=True)
class Plan:
    """What is to be done in every chat. `calls` have no chat and are one delivery together; `variants` are other calls
    by name, for recipients that name one (another language, say).

    `due_at` (UTC, now by default): nothing leaves before. `subject` finds the mailing again ("announcement:12").
    `created_by` is a person's id.
    """

    purpose: Purpose
    calls: Sequence[Call]
    variants: Mapping[str, Sequence[Call]] = field(default_factory=dict)
    due_at: datetime | None = None
    subject: str | None = None
    created_by: int | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a copy: a chat, and in it a topic (0: none).

    `due_at` (UTC): not before that, as in somebody's quiet hours. `variant` names one of the mailing's contents,
    `parameters` are this recipient's own and go over those of the content's last call.
    """

    chat_id: int
    thread_id: int = 0
    person_id: int | None = None
    due_at: datetime | None = None
    variant: str | None = None
    parameters: dict[str, Any] | None = None


@dataclass(frozen=True)
class Counts:
    """How many deliveries of a mailing are in which state; `later` are pending and not due yet."""

    pending: int = 0
    later: int = 0
    sending: int = 0
    sent: int = 0
    blocked: int = 0
    failed: int = 0
    uncertain: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        """All recipients."""
        return self.still_to_go + self.sent + self.blocked + self.failed + self.uncertain + self.cancelled

    @property
    def still_to_go(self) -> int:
        """Those of which nothing is known yet."""
        return self.pending + self.later + self.sending


def stored(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """Calls as JSON."""
    return [{"method": call.method, "parameters": call.parameters} for call in calls]


def row(recipient: Recipient, due_at: datetime) -> dict[str, Any]:
    """The columns of a recipient's delivery, which is due at `due_at` unless it says otherwise."""
    return {
        "chat_id": recipient.chat_id,
        "thread_id": recipient.thread_id,
        "person_id": recipient.person_id,
        "due_at": recipient.due_at or due_at,
        "variant": recipient.variant,
        "parameters": recipient.parameters,
    }
