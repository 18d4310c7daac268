"""Polls in groups: anonymous, so that only their totals come, which are frozen when the poll is stopped.

Totals come with every vote and once more when the poll is stopped. Whoever deletes it before leaves us with the last
ones that came. They stand beside the private result and are never added to it.
"""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.mailings import Delivery, DeliveryState, Mailings, MailingState
from bot.services.poll_opening import subject_of
from db.models import GroupPoll, GroupPollState
from db.queries import polls as queries

__all__ = ["GroupPolls"]

_NEVER = (DeliveryState.FAILED, DeliveryState.BLOCKED, DeliveryState.CANCELLED)


class GroupPolls:
    """Keeps totals."""

    def __init__(self, mailings: Mailings) -> None:
        self._mailings = mailings

    async def count(
        self, tx: AsyncSession, telegram_poll_id: str, totals: Sequence[int], voters: int, *, is_closed: bool
    ) -> None:
        """Take the totals that Telegram tells, unless they are frozen; what belongs to no poll of ours is left out."""
        found = await queries.group_poll_of(tx, telegram_poll_id)
        if found is None or found.state != GroupPollState.OPEN or len(totals) != len(found.totals):
            return
        found.totals, found.voters = list(totals), voters
        if is_closed:
            found.state = GroupPollState.FROZEN

    async def settle(self, tx: AsyncSession) -> None:
        """Give up waiting for the last totals of polls that could not be stopped: they were deleted, or never came."""
        for found, delivery, poll_id in await queries.open_group_polls(tx):
            if await self._is_lost(tx, found, delivery, poll_id):
                found.state = GroupPollState.LOST

    async def _is_lost(self, tx: AsyncSession, found: GroupPoll, delivery: Delivery, poll_id: int) -> bool:
        stops = await self._mailings.about(tx, subject_of(poll_id, "stop"))
        if not stops or stops[0].state != MailingState.DONE or stops[0].id is None:
            return False
        if delivery.message_ids is None:
            return True  # it never came into the group
        refused = await self._mailings.deliveries(tx, stops[0].id, _NEVER)
        return any(
            (each.chat_id, each.thread_id) == (delivery.chat_id, delivery.thread_id) for each in refused
        )
