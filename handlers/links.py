"""Where a deep link leads (`?start=…`): the table of prefixes, each with what stands behind it in the link."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.context import BotContext
from bot.views import announcement_progress as announcement_views
from bot.views import attendance as attendance_views
from bot.views import certificates as certificate_views
from bot.views import cop_sessions as session_views
from bot.views import directory as directory_views
from bot.views import groups as group_views
from bot.views import polls as poll_views
from bot.views import questions as question_views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import (
    announcement_desk,
    attendance,
    certificates,
    cop_sessions,
    directory,
    groups,
    polls,
    questions,
    roles,
)

LINKS: dict[str, Callable[[str, BotContext], Coroutine[Any, Any, None]]] = {
    question_views.ENTRY_PREFIX: questions.open_link,
    role_views.INVITATION_PREFIX: roles.open_invitation,
    directory_views.CLAIM_PREFIX: directory.open_link,
    group_views.GROUP_PREFIX: groups.open_link,
    attendance_views.CHECKIN_PREFIX: attendance.open_link,
    session_views.SESSION_PREFIX: cop_sessions.open_link,
    announcement_views.LINK_PREFIX: announcement_desk.open_link,
    poll_views.POLL_PREFIX: polls.open_link,
    certificate_views.VERIFY_PREFIX: certificates.open_link,
}


async def follow(payload: str, context: BotContext) -> None:
    """Do what the link is for; one that nobody knows says so."""
    for prefix, handler in LINKS.items():
        if payload.startswith(prefix):
            await handler(payload.removeprefix(prefix), context)
            return
    context.reply(Reply(context.texts.html("start.unknown_link")))
