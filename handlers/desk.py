"""The organiser's desk: /kelola."""

from typing import assert_never

from telegram import Update

from bot.context import BotContext
from bot.desk_buttons import DeskSection, OpenDesk
from bot.services.people import Person
from bot.services.roles import Act, Allowed, Refusal
from bot.views import desk as views
from bot.views import directory as directory_views
from bot.views import groups as group_views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import groups, monthly_reports, session_desk


async def manage(update: Update, context: BotContext) -> None:
    """/kelola: the desk in private; in a group, how that group stands."""
    if context.is_group:
        await groups.manage_here(context)
        return
    person = await context.asker()
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.OPEN_DESK)
    if isinstance(allowed, Refusal):
        context.reply(role_views.refusal_text(allowed, context.texts))
    else:
        context.reply(await _overview(person, context))


async def open_desk(action: OpenDesk, context: BotContext) -> None:
    """Go to a part of the desk, in the same message."""
    person = await context.asker()
    act = Act.IMPORT_DIRECTORY if action.section is DeskSection.DIRECTORY else Act.OPEN_DESK
    allowed = await context.services.roles.may_somewhere(context.tx, person, act)
    if isinstance(allowed, Refusal):
        context.answer(role_views.refusal(allowed, context.texts), is_alert=True)
        return
    context.answer()
    match action.section:
        case DeskSection.OVERVIEW:
            context.edit(await _overview(person, context))
        case DeskSection.SESSIONS:
            context.edit(await session_desk.overview(person, context))
        case DeskSection.GROUPS:
            found = await context.services.groups.within(context.tx, person)
            context.edit(group_views.listing(found, context.texts))
        case DeskSection.REPORTS:
            await monthly_reports.choose(context)
        case DeskSection.DIRECTORY:
            joined = await context.services.directory.joined(context.tx)
            context.edit(directory_views.overview(joined, context.texts))
        case _:
            assert_never(action.section)


async def _overview(person: Person | None, context: BotContext) -> Reply:
    may_import = await context.services.roles.may(context.tx, person, Act.IMPORT_DIRECTORY)
    may_read = await context.services.roles.may(context.tx, person, Act.READ_REPORT)
    return views.desk(
        context.texts,
        has_directory=isinstance(may_import, Allowed),
        has_reports=isinstance(may_read, Allowed),
    )
