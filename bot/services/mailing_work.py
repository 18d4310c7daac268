"""What the one who sends is given of mailings and gives back: claimed deliveries, and how each attempt ended.

The rules for it are here as functions without a database; `bot/services/mailings.py` applies them to the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.services.requests import Blocked, Call, Lane, Moved, Outcome, Rejected, Sent, Uncertain, Wait
from db.models import Action, DeliveryState, Doubt, Mailing, MailingState, PauseReason
from db.models.mailings import RECENT, lane_of
from db.queries.deliveries import Ended, Marked, Share
from db.queries.mailings import DueMailing

# Two fifths of what went out of late was refused: the content is wrong, not the recipients. Whoever blocked the bot
# does not count, nor does what is uncertain.
MOST_ERRORS = 20  # within the last RECENT outcomes
SMALL_ONES = 8  # mailings of a lane that are served beside the oldest one
REASON_LENGTH = 200
MOVED_TWICE = "the group has another delivery"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is marked as sending, with the calls that make it, to be called in this order."""

    id: int
    mailing_id: int
    action: Action
    attempt: int
    term: int
    lane: Lane
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt ended: the outcome of the last call that was tried, and what the calls before it brought."""

    claimed: Claimed
    outcome: Outcome
    earlier: tuple[Sent, ...] = ()


@dataclass(frozen=True)
class Progress:
    """What came of recording: mailings that ended or stopped by themselves, chats that are blocked, groups that moved
    (old id, new id)."""

    ended: tuple[Mailing, ...] = ()
    stopped: tuple[Mailing, ...] = ()
    blocked: tuple[int, ...] = ()
    moved: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ended or self.stopped or self.blocked or self.moved)


def shares(due: Sequence[DueMailing], limit: int) -> list[Share]:
    """How many places each mailing gets, foremost first: reminders before everything else; in a lane half of the places
    are the oldest mailing's, the other half those of the smallest others. What one does not use the next may."""
    found: list[Share] = []
    for lane in (Lane.REMINDER, Lane.BULK):
        of_lane = [mailing for mailing in due if lane_of(mailing.purpose) is lane]
        if not of_lane:
            continue
        oldest, *others = of_lane
        others = sorted(others, key=lambda mailing: mailing.recipients)[: min(SMALL_ONES, limit // 2)]
        found += [Share(each.id, limit // 2 // len(others)) for each in others]
        found.append(Share(oldest.id, limit))
    return found


def claimed(mailing: Mailing, row: Marked, term: int) -> Claimed:
    """The delivery with its calls; without any if it is about messages that there are not."""
    content = mailing.variants.get(row.variant or "", mailing.content)
    action = Action(mailing.action)
    calls = [Call(each["method"], dict(each["parameters"])) for each in content]
    if calls and row.parameters:
        calls[-1].parameters.update(row.parameters)
    aimed = tuple(Call(call.method, _aimed(call.parameters, action, row)) for call in calls)
    if action is not Action.SEND and not all(_has_target(call.parameters) for call in aimed):
        aimed = ()
    return Claimed(row.id, row.mailing_id, action, row.attempts, term, mailing.lane, aimed)


def _aimed(parameters: dict[str, Any], action: Action, row: Marked) -> dict[str, Any]:
    aimed = parameters | {"chat_id": row.chat_id}
    targets = row.target_ids or []
    match action:
        case Action.SEND:
            return aimed | {"message_thread_id": row.thread_id} if row.thread_id else aimed
        case Action.EDIT:
            position = int(parameters.get("message_id", 0))
            is_there = -len(targets) <= position < len(targets)
            return aimed | {"message_id": targets[position] if is_there else None}
        case Action.DELETE:
            return aimed | {"message_ids": targets}
        case _:
            assert_never(action)


def _has_target(parameters: dict[str, Any]) -> bool:
    return bool(parameters.get("message_id") or parameters.get("message_ids"))


def fate(result: Result) -> Ended | Wait | Moved:
    """What an attempt means for its delivery."""
    outcome, delivery_id = result.outcome, result.claimed.id
    if result.earlier and not isinstance(outcome, Sent):
        if result.claimed.action is not Action.SEND and isinstance(outcome, Wait | Moved):
            return outcome  # an edit that is repeated changes nothing
        brought = [id_ for sent in result.earlier for id_ in sent.message_ids]
        return Ended(delivery_id, DeliveryState.UNCERTAIN, brought, reason=Doubt.IN_PART)
    match outcome:
        case Sent():
            parts = (*result.earlier, outcome)
            message_ids = [id_ for sent in parts for id_ in sent.message_ids]
            poll_id = next((sent.poll_id for sent in parts if sent.poll_id is not None), None)
            return Ended(delivery_id, DeliveryState.SENT, message_ids, poll_id)
        case Blocked():
            return Ended(delivery_id, DeliveryState.BLOCKED)
        case Rejected(reason):
            return Ended(delivery_id, DeliveryState.FAILED, reason=reason[:REASON_LENGTH])
        case Uncertain():
            return Ended(delivery_id, DeliveryState.UNCERTAIN, reason=Doubt.NO_ANSWER)
        case Wait() | Moved():
            return outcome
        case _:
            assert_never(outcome)


def goes_wrong(mailing: Mailing, outcome: Outcome) -> bool:
    """Count this outcome; whether the mailing stops by itself because of it."""
    if not isinstance(outcome, Sent | Rejected):
        return False
    mailing.recent = (mailing.recent + ("." if isinstance(outcome, Sent) else "x"))[-RECENT:]
    if mailing.state != MailingState.RUNNING or mailing.recent.count("x") < MOST_ERRORS:
        return False
    mailing.state, mailing.pause_reason = MailingState.PAUSED, PauseReason.TOO_MANY_ERRORS
    return True
