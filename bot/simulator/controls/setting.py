"""Verbs that furnish the world: bots, people, groups, topics, members."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from bot.simulator.chats import Group
from bot.simulator.controls.lookup import ControlError, Lookup
from bot.simulator.people import User

Json = dict[str, Any]
MOST_AHEAD_SECONDS = 366 * 24 * 60 * 60
_TOKEN = re.compile(r"\d+:\S+")


class Setting(Lookup):
    """Who and what there is."""

    def state(self) -> Json:
        """Bots, people and groups as they are now; those of a crowd are only counted."""
        world = self._world
        people = [user for user in world.users.values() if not user.is_bot and not world.is_in_crowd(user.id)]
        return {
            "bots": [bot.user.view() for bot in world.bots.values()],
            "users": [self._person_state(user) for user in people],
            "crowd": sum(map(len, world.crowds)),
            "chats": [_group_state(group) for group in world.groups.values() if group.migrated_to is None],
            "now": world.now(),
        }

    def add_bot(
        self,
        token: str,
        username: str,
        first_name: str,
        *,
        can_read_all_group_messages: bool = False,
        has_inline_feedback: bool = True,
    ) -> Json:
        """A bot with this token (digits:letters); its id is the token's number."""
        if not _TOKEN.fullmatch(token):
            raise ControlError("A token has the form digits:letters.")
        if token in self._world.bots_by_token or int(token.partition(":")[0]) in self._world.users:
            raise ControlError("There is an account with the number of this token already.")
        bot = self._world.add_bot(token, username.removeprefix("@"), first_name)
        bot.can_read_all_group_messages = can_read_all_group_messages
        bot.has_inline_feedback = has_inline_feedback
        return bot.user.view()

    def add_user(
        self,
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        part: str | None = None,
        time_zone: str | None = None,
    ) -> Json:
        """A person, who has not written to any bot yet.

        No bot is told of the two last: the `part` is what the page calls this person in a play ("Penyelenggara"), the
        `time_zone` where their phone is (an IANA name), in which the page shows them times.
        """
        if time_zone is not None and time_zone not in available_timezones():
            raise ControlError(f"There is no time zone {time_zone!r}.")
        user = self._world.add_user(first_name, last_name, username, language_code)
        cast = {"part": part, "time_zone": time_zone}
        self._world.casts[user.id] = {name: value for name, value in cast.items() if value}
        return user.view()

    def move_clock(self, seconds: float) -> float:
        """Let so many seconds pass at once; returns the time that it is then, in seconds since 1970."""
        if not 0 < seconds <= MOST_AHEAD_SECONDS:
            raise ControlError("The clock moves forward only, by at most 366 days at once.")
        self._world.move_clock(timedelta(seconds=seconds))
        return self._world.now()

    def move_clock_to(self, at: float) -> float:
        """As `move_clock`, to this moment in seconds since 1970, exactly, though the clock runs meanwhile."""
        return self.move_clock(at - self._world.now())

    def add_group(
        self,
        title: str,
        member_ids: list[int],
        is_forum: bool = False,
        admin_ids: list[int] | None = None,
        is_basic: bool = False,
    ) -> Json:
        """A supergroup or a basic group of people; its creator is the first administrator, or else the first member."""
        admins = [self._person(user_id) for user_id in admin_ids or []]
        members = [self._person(user_id) for user_id in member_ids]
        everyone = {user.id: user for user in [*admins, *members]}
        if not everyone:
            raise ControlError("A group needs at least one person.")
        if is_basic and is_forum:
            raise ControlError("A basic group has no topics.")
        group = self._world.add_group(title, is_forum=is_forum, is_basic=is_basic)
        for user_id in everyone:
            group.statuses[user_id] = "administrator" if user_id in (admin_ids or []) else "member"
        group.statuses[next(iter(everyone))] = "creator"
        return group.view()

    def add_topic(self, chat_id: int, name: str) -> Json:
        group = self._group(chat_id)
        if not group.is_forum:
            raise ControlError(f"{group.title!r} has no topics; add it with is_forum.")
        return self._world.open_topic(group, name, self._creator(group)).view()

    def add_member(self, chat_id: int, user_id: int, is_admin: bool = False) -> None:
        """Bring a person or a bot into a group, or give a member the other status."""
        group = self._group(chat_id)
        user = self._account(user_id)
        is_new = not group.has(user_id)
        self._world.change_member(
            group, user, "administrator" if is_admin else "member", self._creator(group)
        )
        if is_new:
            self._world.post_service(group, self._creator(group), {"new_chat_members": [user.view()]})

    def remove_member(self, chat_id: int, user_id: int) -> None:
        """Take a person or a bot out of a group; a bot cannot write there any more."""
        group = self._group(chat_id)
        user = self._account(user_id)
        if not group.has(user_id):
            raise ControlError(f"{user.name()} ({user_id}) is not a member of {group.title!r}.")
        self._world.change_member(group, user, "kicked" if user.is_bot else "left", self._creator(group))
        self._world.post_service(
            group, self._creator(group) if user.is_bot else user, {"left_chat_member": user.view()}
        )

    def _person_state(self, user: User) -> Json:
        world = self._world
        state = user.view() | world.casts.get(user.id, {})
        if user.id in world.deactivated_ids:
            state["is_deactivated"] = True
        stopped = [bot.id for bot in world.bots.values() if world.has_blocked(user, bot)]
        return state | ({"blocked_bot_ids": stopped} if stopped else {})


def _group_state(group: Group) -> Json:
    return {
        "id": group.id,
        "type": group.type,
        "title": group.title,
        "is_forum": group.is_forum,
        "topics": [topic.view() for topic in group.topics.values() if not topic.is_deleted],
        "member_ids": group.member_ids(),
    }
