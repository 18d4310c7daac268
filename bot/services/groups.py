"""Groups: known since the bot was added, registered by an organiser, left when it was taken out.

Announcements go into groups that are registered, that the bot is in, and in which it may post (`Groups.open_to`).
"""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.form_steps import Choice, Data, Form, Step
from bot.services.people import Person
from bot.services.province_steps import province_choices, read_province
from bot.services.roles import Act, Allowed, Reach, Refusal, Roles
from db.models import Group
from db.queries import groups as queries

__all__ = ["GROUP", "Group", "Groups", "NoGroup", "begin_with"]

MAX_TITLE = 255


class NoGroup:
    """There is no such group (any more)."""


class Groups:
    """What organisers decided about groups, and what Telegram says of them."""

    def __init__(self, clock: Clock, audit: Audit, roles: Roles) -> None:
        self._clock = clock
        self._audit = audit
        self._roles = roles

    async def enter(
        self, tx: AsyncSession, chat_id: int, title: str, *, is_forum: bool, may_post: bool | None = None
    ) -> Group:
        """The bot is in this group; `may_post` says whether Telegram lets it write there, None that it did not say."""
        group = await queries.by_chat(tx, chat_id)
        if group is None:
            group = Group(chat_id=chat_id, title="", created_at=self._clock.now())
            tx.add(group)
        group.title = title[:MAX_TITLE]
        group.is_forum = is_forum
        group.may_post = group.may_post if may_post is None else may_post
        group.left_at = None
        await tx.flush()
        return group

    async def leave(self, tx: AsyncSession, chat_id: int) -> None:
        """The bot was taken out; the registration waits in case it is brought back."""
        group = await queries.by_chat(tx, chat_id)
        if group is not None and group.left_at is None:
            group.left_at = self._clock.now()

    async def migrate(self, tx: AsyncSession, chat_id: int, new_chat_id: int) -> None:
        """The group became a supergroup: what was decided about it holds for the new id."""
        group = await queries.by_chat(tx, chat_id)
        if group is None:
            return
        already = await queries.by_chat(tx, new_chat_id)
        if already is not None:
            await tx.delete(already)
            await tx.flush()
        group.chat_id = new_chat_id
        group.left_at = None

    async def find(self, tx: AsyncSession, group_id: int) -> Group | None:
        """The group with this id of ours."""
        return await tx.get(Group, group_id)

    async def within(self, tx: AsyncSession, person: Person | None) -> list[Group]:
        """Those that the person may decide about, and that the bot is in."""
        reach = await self._roles.reach(tx, person, Act.REGISTER_GROUP)
        return [group for group in await queries.present(tx) if self._is_within(group, reach)]

    async def open_to(self, tx: AsyncSession, provinces: frozenset[str] | None = None) -> list[Group]:
        """Registered groups that can be posted in: all, or those of these provinces."""
        return [
            group
            for group in await queries.present(tx)
            if group.registered_at is not None
            and group.may_post
            and (provinces is None or group.province_code in provinces)
        ]

    async def register(
        self, tx: AsyncSession, person: Person | None, group_id: int, province: str | None
    ) -> Group | Refusal | NoGroup:
        """Let announcements for this province, or the whole country (None), go into the group."""
        group = await self._decidable(tx, person, group_id)
        if not isinstance(group, Group):
            return group
        allowed = await self._roles.may(tx, person, Act.REGISTER_GROUP, province)
        if isinstance(allowed, Refusal):
            return allowed
        group.province_code = province
        group.registered_by_id = person.id if person is not None else None
        group.registered_at = self._clock.now()
        self._audit.record(tx, person, Deed.GROUP_REGISTERED, "group", group.id, province=province)
        return group

    async def post_in(
        self, tx: AsyncSession, person: Person | None, group_id: int, chat_id: int, thread_id: int | None
    ) -> Group | Refusal | NoGroup:
        """Post in this topic from now on; None is the general one. `chat_id` is where the topic is."""
        group = await self._decidable(tx, person, group_id)
        if isinstance(group, Group) and group.chat_id != chat_id:
            return NoGroup()
        if isinstance(group, Group):
            group.thread_id = thread_id
            self._audit.record(tx, person, Deed.GROUP_TOPIC_CHOSEN, "group", group.id, thread_id=thread_id)
        return group

    async def release(
        self, tx: AsyncSession, person: Person | None, group_id: int
    ) -> Group | Refusal | NoGroup:
        """Send nothing more to the group."""
        group = await self._decidable(tx, person, group_id)
        if isinstance(group, Group):
            group.registered_at = None
            self._audit.record(tx, person, Deed.GROUP_RELEASED, "group", group.id)
        return group

    async def _decidable(
        self, tx: AsyncSession, person: Person | None, group_id: int
    ) -> Group | Refusal | NoGroup:
        allowed = await self._roles.may_somewhere(tx, person, Act.REGISTER_GROUP)
        if isinstance(allowed, Refusal):
            return allowed
        group = await tx.get(Group, group_id)
        if group is None or group.left_at is not None:
            return NoGroup()
        if group.registered_at is not None:
            # Whoever takes a group over must be allowed for what it is registered for now.
            allowed = await self._roles.may(tx, person, Act.REGISTER_GROUP, group.province_code)
        return group if isinstance(allowed, Allowed) else allowed

    def _is_within(self, group: Group, reach: Reach) -> bool:
        return group.registered_at is None or reach.covers(group.province_code)


def begin_with(group: Group, reach: Reach) -> Data:
    """What the form is begun with: the group, and the provinces that the organiser may choose."""
    data: Data = {"group_id": group.id, "title": group.title}
    return data if reach.is_national else data | {"only": sorted(reach.provinces)}


def _may_choose_all(data: Data) -> bool:
    return not isinstance(data.get("only"), list)


def _is_of_a_province(data: Data) -> bool:
    return not _may_choose_all(data) or data.get("scope") == "province"


GROUP = Form(
    "group",
    (
        Step(
            "scope",
            choices=lambda data: [Choice("national"), Choice("province")],
            applies=_may_choose_all,
        ),
        Step("province", read=read_province, choices=province_choices, applies=_is_of_a_province),
    ),
)
