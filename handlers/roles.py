"""The owner's desk (/peran), and accepting an invitation."""

from typing import assert_never

from telegram import Update

from bot.context import BotContext
from bot.role_buttons import (
    AcceptInvitation,
    CancelInvitation,
    DeclineInvitation,
    InviteToRole,
    OpenRoles,
    RevokeRole,
    RoleSection,
    ShowHolder,
)
from bot.services.details import begin_with
from bot.services.form_steps import Data
from bot.services.people import Person, zone_of
from bot.services.roles import Act, Invitation, InvitationFault, Refusal, Role
from bot.views import roles as views
from bot.views.reply import Reply
from handlers import forms

TRAIL_LENGTH = 20


async def desk(update: Update, context: BotContext) -> None:
    """/peran: roles and invitations, for owners, in private."""
    if context.is_group:
        context.reply(Reply(context.texts.html("roles.only_private")))
        return
    allowed = await context.services.roles.may(context.tx, await context.asker(), Act.MANAGE_ROLES)
    if isinstance(allowed, Refusal):
        context.reply(views.refusal_text(allowed, context.texts))
    else:
        context.reply(await _overview(context))


async def open_roles(action: OpenRoles, context: BotContext) -> None:
    """Go to a part of the desk, in the same message."""
    owner = await _owner(context)
    if owner is None:
        return
    roles, texts, zone = context.services.roles, context.texts, zone_of(owner)
    match action.section:
        case RoleSection.OVERVIEW:
            context.edit(await _overview(context))
        case RoleSection.HOLDERS:
            context.edit(views.holders(await roles.holders(context.tx), texts))
        case RoleSection.INVITATIONS:
            context.edit(views.invitations(await roles.open_invitations(context.tx), texts, zone))
        case RoleSection.TRAIL:
            events = await context.services.audit.latest(context.tx, TRAIL_LENGTH)
            context.edit(views.trail(events, texts, zone))
        case _:
            assert_never(action.section)


async def begin_invitation(action: InviteToRole, context: BotContext) -> None:
    """Ask for role and provinces, one after the other."""
    owner = await _owner(context)
    if owner is not None:
        await forms.begin(owner, "invitation", context)


async def invite(data: Data, context: BotContext) -> None:
    """The form is complete: make the link."""
    owner = await context.asker()
    provinces = data.get("provinces") if data.get("scope") == "provinces" else None
    result = await context.services.roles.invite(
        context.tx, owner, Role(str(data["role"])), provinces if isinstance(provinces, list) else ()
    )
    if isinstance(result, Refusal):
        context.edit(views.refusal_text(result, context.texts))
    else:
        context.edit(views.invited(result, context.texts, context.bot.username, zone_of(owner)))


async def show_holder(action: ShowHolder, context: BotContext) -> None:
    """What one person was granted."""
    if await _owner(context) is None:
        return
    found = await context.services.roles.holder(context.tx, action.person_id)
    if found is None:
        context.edit(views.holders(await context.services.roles.holders(context.tx), context.texts))
    else:
        context.edit(views.holder(found, context.texts))


async def revoke(action: RevokeRole, context: BotContext) -> None:
    """Ask once, then take the role away and tell both."""
    owner = await _owner(context)
    if owner is None:
        return
    roles = context.services.roles
    found = await roles.holder(context.tx, action.person_id)
    if found is None or action.role not in found.reaches:
        context.answer(context.texts.plain("roles.alerts.gone"), is_alert=True)
        context.edit(views.holders(await roles.holders(context.tx), context.texts))
        return
    if not action.is_sure:
        context.edit(views.sure_to_revoke(found, action.role, context.texts))
        return
    lost = await roles.revoke(context.tx, owner, action.person_id, action.role)
    if lost is None or isinstance(lost, Refusal):
        return
    context.edit(views.revoked(lost, action.role, context.texts))
    context.notify(
        lost.person.telegram_id, views.revoked_from_you(lost, action.role, context.texts_for(lost.person))
    )
    context.renew_menu(lost.person)


async def cancel_invitation(action: CancelInvitation, context: BotContext) -> None:
    """Make a link worthless and show what is left."""
    owner = await _owner(context)
    if owner is None:
        return
    roles = context.services.roles
    result = await roles.cancel_invitation(context.tx, owner, action.invitation_id)
    key = "gone" if isinstance(result, InvitationFault | Refusal) else "invitation_cancelled"
    context.answer(context.texts.plain(f"roles.alerts.{key}"))
    invitations = await roles.open_invitations(context.tx)
    context.edit(views.invitations(invitations, context.texts, zone_of(owner)))


async def open_invitation(secret: str, context: BotContext) -> None:
    """The deep link: say what it offers, and ask."""
    person = await context.asker()
    if person is None:
        return
    found = await context.services.roles.look_at(context.tx, person, secret)
    if isinstance(found, InvitationFault):
        context.reply(views.invitation_fault(found, context.texts))
        return
    inviter = await context.services.people.get(context.tx, found.created_by_id)
    context.reply(views.invitation(found, secret, inviter, context.texts, zone_of(person)))


async def accept(action: AcceptInvitation, context: BotContext) -> None:
    """Use the invitation up; ask for the name where there is none, since the owner sees it in the list."""
    person = await context.asker()
    context.answer()
    if person is None:
        return
    found = await context.services.roles.accept(context.tx, person, action.secret)
    if isinstance(found, InvitationFault):
        context.edit(views.invitation_fault(found, context.texts))
        return
    context.edit(views.accepted(found, context.texts))
    context.renew_menu(person)
    await _tell_inviter(person, found, context)
    if person.full_name is None:
        await forms.begin(person, "profile", context, begin_with(person, "full_name"))


async def decline(action: DeclineInvitation, context: BotContext) -> None:
    """Leave it unused."""
    context.answer()
    context.edit(Reply(context.texts.html("roles.invitation.declined")))


async def _tell_inviter(person: Person, found: Invitation, context: BotContext) -> None:
    inviter = await context.services.people.get(context.tx, found.created_by_id)
    if inviter is not None:
        context.notify(inviter.telegram_id, views.accepted_by(person, found, context.texts_for(inviter)))


async def _overview(context: BotContext) -> Reply:
    roles = context.services.roles
    holders = await roles.holders(context.tx)
    invitations = await roles.open_invitations(context.tx)
    return views.desk(len(holders), len(invitations), context.texts)


async def _owner(context: BotContext) -> Person | None:
    """The owner who pressed, in their own private chat; anybody else is told why not."""
    person = await context.asker()
    allowed = await context.services.roles.may(context.tx, person, Act.MANAGE_ROLES)
    if isinstance(allowed, Refusal) or context.is_group:
        refused = views.refusal(allowed, context.texts) if isinstance(allowed, Refusal) else None
        context.answer(refused or context.texts.plain("questions.alerts.stale"), is_alert=True)
        return None
    context.answer()
    return person
