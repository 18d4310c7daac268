"""The directory: a sheet that is sent, the list of those who are missing, and personal links."""

from typing import assert_never

from telegram import Update

from bot.attachments import Fetched, TooBig, Unreachable
from bot.context import BotContext
from bot.desk_buttons import (
    ClaimRow,
    ConfirmImport,
    DeclineRow,
    DropImport,
    GrantListed,
    SendTemplate,
    SendUnjoined,
)
from bot.services import sheets
from bot.services.directory import ClaimFault, DirectoryEntry, Imported, ListedRole, NoImport
from bot.services.directory_sheet import read_rows
from bot.services.people import Person
from bot.services.roles import Act, Refusal, Role
from bot.views import directory as views
from bot.views import roles as role_views
from bot.views.reply import Reply


async def receive(update: Update, context: BotContext) -> None:
    """A sheet in private: read it and say what it would do; nothing changes before a yes."""
    person = await context.asker()
    allowed = await context.services.roles.may(context.tx, person, Act.IMPORT_DIRECTORY)
    if isinstance(allowed, Refusal):
        context.reply(role_views.refusal_text(allowed, context.texts))
        return
    match context.attachment:
        case Fetched(name, content):
            context.reply(await _proposed(name, content, person, context))
        case TooBig():
            context.reply(Reply(context.texts.html("directory.too_big")))
        case Unreachable() | None:
            context.reply(Reply(context.texts.html("directory.unreachable")))
        case _:
            assert_never(context.attachment)


async def _proposed(name: str, content: bytes, person: Person | None, context: BotContext) -> Reply:
    try:
        read = read_rows(sheets.read(name, content))
    except sheets.Unreadable:
        return Reply(context.texts.html("directory.unreadable"))
    if read.problems:
        return views.problems(read.problems, context.texts)
    found = await context.services.directory.propose(context.tx, person, read.rows)
    if isinstance(found, Refusal):
        return role_views.refusal_text(found, context.texts)
    return views.proposal(found, context.texts)


async def confirm(action: ConfirmImport, context: BotContext) -> None:
    """Take the sheet's rows in."""
    directory = context.services.directory
    result = await directory.confirm(context.tx, await context.asker(), action.import_id)
    match result:
        case Imported():
            context.answer()
            context.edit(views.imported(result, await directory.joined(context.tx), context.texts))
        case NoImport():
            context.answer(context.texts.plain("directory.alerts.no_import"), is_alert=True)
        case Refusal():
            context.answer(role_views.refusal(result, context.texts), is_alert=True)
        case _:
            assert_never(result)


async def drop(action: DropImport, context: BotContext) -> None:
    """Forget the sheet."""
    await context.services.directory.drop(context.tx, await context.asker(), action.import_id)
    context.answer()
    context.edit(Reply(context.texts.html("directory.dropped")))


async def hand_out_template(action: SendTemplate, context: BotContext) -> None:
    """The empty sheet."""
    person = await context.asker()
    allowed = await context.services.roles.may(context.tx, person, Act.IMPORT_DIRECTORY)
    if isinstance(allowed, Refusal):
        context.answer(role_views.refusal(allowed, context.texts), is_alert=True)
        return
    context.answer()
    content = sheets.write(views.template(context.texts))
    context.hand_over("direktori.xlsx", content, Reply(context.texts.html("directory.template")))


async def hand_out_unjoined(action: SendUnjoined, context: BotContext) -> None:
    """The list of those who are missing, with their links."""
    found = await context.services.directory.unjoined(context.tx, await context.asker())
    if isinstance(found, Refusal):
        context.answer(role_views.refusal(found, context.texts), is_alert=True)
        return
    context.answer()
    content = sheets.write(views.unjoined(found, context.texts, context.bot.username))
    joined = await context.services.directory.joined(context.tx)
    caption = Reply(
        context.texts.html("directory.unjoined", joined=views.joined_words(joined, context.texts))
    )
    context.hand_over("belum-bergabung.xlsx", content, caption)


async def open_link(code: str, context: BotContext) -> None:
    """A personal link: say whose row it is, and ask."""
    person = await context.asker()
    if person is None:
        return
    found = await context.services.directory.look_at(context.tx, person, code)
    if isinstance(found, ClaimFault):
        context.reply(views.claim_fault(found, context.texts))
    else:
        context.reply(views.claim(found, context.texts))


async def claim(action: ClaimRow, context: BotContext) -> None:
    """This row is me; owners hear of a role that the list names."""
    person = await context.asker()
    context.answer()
    if person is None:
        return
    found = await context.services.directory.claim(context.tx, person, action.claim_code)
    if isinstance(found, ClaimFault):
        context.edit(views.claim_fault(found, context.texts))
        return
    context.edit(views.claimed(found, context.texts))
    await _tell_owners(found, person, context)


async def _tell_owners(entry: DirectoryEntry, person: Person, context: BotContext) -> None:
    if entry.role == ListedRole.MEMBER:
        return
    for owner_id in context.services.owner_ids:
        owner = await context.services.people.find(context.tx, owner_id)
        if owner is not None:
            context.notify(owner_id, views.listed_role(entry, person, context.texts_for(owner)))


async def decline(action: DeclineRow, context: BotContext) -> None:
    """That row is somebody else."""
    context.answer()
    context.edit(Reply(context.texts.html("directory.claim.declined")))


async def grant_listed(action: GrantListed, context: BotContext) -> None:
    """An owner grants what the list names."""
    owner = await context.asker()
    found = await context.services.directory.listed(context.tx, action.entry_id)
    if found is None or found[0].role == ListedRole.MEMBER:
        context.answer(context.texts.plain("roles.alerts.gone"), is_alert=True)
        return
    entry, person = found
    provinces = [entry.province_code]
    result = await context.services.roles.grant(context.tx, owner, person, Role(entry.role), provinces)
    if isinstance(result, Refusal):
        context.answer(role_views.refusal(result, context.texts), is_alert=True)
        return
    context.answer()
    context.edit(role_views.granted(person, entry.role, provinces, context.texts))
    context.notify(
        person.telegram_id, role_views.granted_to_you(entry.role, provinces, context.texts_for(person))
    )
    context.renew_menu(person)
