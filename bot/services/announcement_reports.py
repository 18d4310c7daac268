"""What became of an announcement: by state, by province, and who did not get it and why."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.announcement_control import Standing
from bot.services.mailings import Counts, DeliveryState, Doubt, Mailings
from bot.services.provinces import PROVINCES
from db.queries import announcements as queries
from db.queries.announcements import Copy

__all__ = ["AnnouncementReports", "Copy", "OfPlace", "Report"]

MOST_LISTED = 4000  # rows of the list of those who did not get it; a sheet that an office can open
_NOT_REACHED = (
    DeliveryState.BLOCKED,
    DeliveryState.FAILED,
    DeliveryState.UNCERTAIN,
    DeliveryState.CANCELLED,
)


@dataclass
class OfPlace:
    """What became of the copies for one province; code None: people who named none."""

    code: str | None
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def sent(self) -> int:
        return self.counts.get(DeliveryState.SENT, 0)


@dataclass(frozen=True)
class Report:
    """Everything that is known; `failed_for` are Telegram's own words with their numbers."""

    standing: Standing
    made_at: datetime
    counts: Counts
    places: tuple[OfPlace, ...]
    groups: OfPlace
    failed_for: dict[str, int]
    uncertain_for: dict[Doubt, int]
    not_reached: tuple[Copy, ...]
    left_with_old: tuple[Copy, ...]


class AnnouncementReports:
    """Reads what became of announcements."""

    def __init__(self, clock: Clock, mailings: Mailings) -> None:
        self._clock = clock
        self._mailings = mailings

    async def report(self, tx: AsyncSession, standing: Standing) -> Report:
        """The report as of now."""
        mailing_id = standing.mailing.id
        assert mailing_id is not None
        places: dict[str | None, OfPlace] = {}
        groups = OfPlace(None)
        for row in await queries.by_province(tx, mailing_id):
            place = (
                groups if row.is_group else places.setdefault(row.province_code, OfPlace(row.province_code))
            )
            place.counts[row.state] += row.number
        uncertain = await self._mailings.reasons(tx, mailing_id, DeliveryState.UNCERTAIN)
        left: tuple[Copy, ...] = ()
        if standing.change is not None and standing.change.id is not None:
            left = tuple(await queries.copies(tx, standing.change.id, _NOT_REACHED, MOST_LISTED))
        return Report(
            standing=standing,
            made_at=self._clock.now(),
            counts=standing.counts,
            places=tuple(sorted(places.values(), key=lambda each: _order(each.code))),
            groups=groups,
            failed_for=await self._mailings.reasons(tx, mailing_id, DeliveryState.FAILED),
            uncertain_for={Doubt(reason): number for reason, number in uncertain.items() if reason},
            not_reached=tuple(await queries.copies(tx, mailing_id, _NOT_REACHED, MOST_LISTED)),
            left_with_old=left,
        )


def _order(code: str | None) -> tuple[bool, str]:
    return code is None or code not in PROVINCES, code or ""
