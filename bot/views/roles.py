"""The owner's desk, invitations, and why something is not allowed."""

from collections.abc import Collection, Sequence
from urllib.parse import quote

from bot.clock import Zone
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
from bot.services.audit import AuditEvent
from bot.services.people import Person
from bot.services.provinces import PROVINCES
from bot.services.roles import Holder, Invitation, InvitationFault, Invited, Reach, Refusal, Role
from bot.texts import Texts, escape
from bot.views.reply import Link, Press, Reply, cut

INVITATION_PREFIX = "inv_"  # what a deep link to an invitation begins with, before its secret


def refusal(refused: Refusal, texts: Texts) -> str:
    """Why an act is not allowed and who may do it, as an alert or a plain sentence."""
    return texts.plain(f"roles.alerts.{refused.reason.value}", provinces=provinces(refused.provinces, texts))


def refusal_text(refused: Refusal, texts: Texts) -> Reply:
    """The same as a message."""
    return Reply(escape(refusal(refused, texts)))


def provinces(codes: Collection[str], texts: Texts) -> str:
    """The provinces by name; all of them when none is named."""
    names = [PROVINCES[code].name for code in codes if code in PROVINCES]
    return ", ".join(names) or texts.plain("roles.buttons.national")


def role_name(role: str, reach: Reach | Collection[str], texts: Texts) -> str:
    """A role with where it counts: "penyelenggara (Jawa Barat)"."""
    codes = sorted(reach.provinces) if isinstance(reach, Reach) else reach
    return texts.plain(
        "roles.buttons.role_of", role=texts.plain(f"roles.buttons.{role}"), where=provinces(codes, texts)
    )


def person_name(person: Person | None, texts: Texts) -> str:
    """The full name; for those who have not given one, the number by which Telegram knows them."""
    if person is None:
        return texts.plain("roles.buttons.nobody")
    return person.full_name or texts.plain("roles.buttons.nameless", telegram_id=person.telegram_id)


def desk(holders: int, invitations: int, texts: Texts) -> Reply:
    """The owner's desk."""
    buttons = (
        (Press(texts.plain("roles.buttons.invite"), InviteToRole()),),
        (
            Press(texts.plain("roles.buttons.holders", count=holders), OpenRoles(RoleSection.HOLDERS)),
            Press(
                texts.plain("roles.buttons.invitations", count=invitations),
                OpenRoles(RoleSection.INVITATIONS),
            ),
        ),
        (Press(texts.plain("roles.buttons.trail"), OpenRoles(RoleSection.TRAIL)),),
    )
    return Reply(texts.html("roles.desk"), buttons)


def holders(found: Sequence[Holder], texts: Texts) -> Reply:
    """Everybody with a role."""
    lines = [f"• {escape(person_name(each.person, texts))}: {escape(_roles(each, texts))}" for each in found]
    text = texts.html("roles.holders") if found else texts.html("roles.no_holders")
    buttons = [
        (Press(cut(person_name(each.person, texts)), ShowHolder(each.person.id)),)
        for each in found
        if each.person.id is not None
    ]
    return Reply("\n".join([text, *lines]), (*buttons, _back(texts)))


def holder(found: Holder, texts: Texts) -> Reply:
    """One of them, and what can be taken away."""
    text = texts.html("roles.holder", name=person_name(found.person, texts), roles=_roles(found, texts))
    assert found.person.id is not None
    buttons = tuple(
        (
            Press(
                texts.plain("roles.buttons.revoke", role=_role(role, texts)),
                RevokeRole(found.person.id, role, 0),
            ),
        )
        for role in found.reaches
    )
    return Reply(text, (*buttons, _back(texts, RoleSection.HOLDERS)))


def sure_to_revoke(found: Holder, role: Role, texts: Texts) -> Reply:
    """Ask before a role is taken away."""
    assert found.person.id is not None
    text = texts.html(
        "roles.sure", name=person_name(found.person, texts), role=role_name(role, found.reaches[role], texts)
    )
    yes = Press(texts.plain("roles.buttons.revoke_now"), RevokeRole(found.person.id, role, 1))
    return Reply(text, ((yes,), (Press(texts.plain("roles.buttons.back"), ShowHolder(found.person.id)),)))


def revoked(found: Holder, role: Role, texts: Texts) -> Reply:
    """What the owner reads afterwards."""
    name = person_name(found.person, texts)
    text = texts.html("roles.revoked", name=name, role=role_name(role, found.reaches[role], texts))
    return Reply(text, (_back(texts, RoleSection.HOLDERS),))


def revoked_from_you(found: Holder, role: Role, texts: Texts) -> Reply:
    """What the person reads."""
    return Reply(texts.html("roles.revoked_from_you", role=role_name(role, found.reaches[role], texts)))


def granted(person: Person, role: str, codes: Collection[str], texts: Texts) -> Reply:
    """What the owner reads who granted a role without an invitation."""
    return Reply(
        texts.html("roles.granted", name=person_name(person, texts), role=role_name(role, codes, texts))
    )


def granted_to_you(role: str, codes: Collection[str], texts: Texts) -> Reply:
    """What the person reads."""
    return Reply(texts.html("roles.invitation.accepted", role=role_name(role, codes, texts)))


def invited(found: Invited, texts: Texts, bot: str, zone: Zone) -> Reply:
    """The link, to be passed on to one person."""
    link = f"https://t.me/{bot}?start={INVITATION_PREFIX}{found.secret}"
    role = role_name(found.invitation.role, found.invitation.provinces, texts)
    until = texts.moment(found.invitation.expires_at, zone)
    words = quote(texts.plain("roles.buttons.share_text", role=role))
    share = f"https://t.me/share/url?url={quote(link, safe='')}&text={words}"
    return Reply(
        texts.html("roles.invited", role=role, link=link, until=until),
        ((Link(texts.plain("roles.buttons.share"), share),), _back(texts)),
    )


def invitations(found: Sequence[Invitation], texts: Texts, zone: Zone) -> Reply:
    """Those that are open; the links themselves are known to nobody but whoever has them."""
    if not found:
        return Reply(texts.html("roles.no_invitations"), (_back(texts),))
    lines = [
        texts.html(
            "roles.open_invitation",
            number=number,
            role=role_name(each.role, each.provinces, texts),
            until=texts.moment(each.expires_at, zone),
        )
        for number, each in enumerate(found, start=1)
    ]
    buttons = [
        (Press(texts.plain("roles.buttons.cancel_invitation", number=number), CancelInvitation(each.id)),)
        for number, each in enumerate(found, start=1)
        if each.id is not None
    ]
    return Reply("\n".join([texts.html("roles.open_invitations"), *lines]), (*buttons, _back(texts)))


def trail(events: Sequence[tuple[AuditEvent, Person | None]], texts: Texts, zone: Zone) -> Reply:
    """The end of the audit trail."""
    lines = [
        texts.html(
            "roles.trail_line",
            at=texts.moment(event.at, zone),
            who=person_name(person, texts),
            what=texts.plain(f"audit.{event.act}"),
            details=_details(event, texts),
        )
        for event, person in events
    ]
    text = texts.html("roles.trail") if lines else texts.html("roles.no_trail")
    return Reply("\n".join([text, *lines]), (_back(texts),))


def invitation(found: Invitation, secret: str, inviter: Person | None, texts: Texts, zone: Zone) -> Reply:
    """What the invited person reads and decides."""
    text = texts.html(
        "roles.invitation.offer",
        role=role_name(found.role, found.provinces, texts),
        duties=texts.plain(f"roles.buttons.duties_{found.role}"),
        inviter=person_name(inviter, texts),
        until=texts.moment(found.expires_at, zone),
    )
    buttons = (
        (Press(texts.plain("roles.buttons.accept"), AcceptInvitation(secret)),),
        (Press(texts.plain("roles.buttons.decline"), DeclineInvitation()),),
    )
    return Reply(text, buttons)


def invitation_fault(fault: InvitationFault, texts: Texts) -> Reply:
    """Why a link leads nowhere, and what to do."""
    return Reply(texts.html(f"roles.invitation.{fault.value}"))


def accepted(found: Invitation, texts: Texts) -> Reply:
    """What the person can do from now on."""
    return Reply(texts.html("roles.invitation.accepted", role=role_name(found.role, found.provinces, texts)))


def accepted_by(person: Person, found: Invitation, texts: Texts) -> Reply:
    """What the owner who invited reads."""
    return Reply(
        texts.html(
            "roles.accepted_by",
            name=person_name(person, texts),
            role=role_name(found.role, found.provinces, texts),
        )
    )


def _roles(found: Holder, texts: Texts) -> str:
    return "; ".join(role_name(role, reach, texts) for role, reach in found.reaches.items())


def _role(role: str, texts: Texts) -> str:
    return texts.plain(f"roles.buttons.{role}")


def _details(event: AuditEvent, texts: Texts) -> str:
    role = event.details.get("role")
    if role is None:
        return ""
    return " (" + role_name(str(role), list(event.details.get("provinces") or ()), texts) + ")"


def _back(texts: Texts, section: RoleSection = RoleSection.OVERVIEW) -> tuple[Press]:
    return (Press(texts.plain("roles.buttons.back"), OpenRoles(section)),)
