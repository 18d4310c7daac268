"""Certificates: handed out to those who may, verified by whoever scans one; the organiser's list of participation."""

import asyncio
from typing import assert_never

from bot.context import BotContext
from bot.services import details
from bot.services.certificates import CERTIFICATE, CertificateFault, Issued, NoName, Unproven
from bot.services.form_steps import Data
from bot.services.participation import ParticipationList
from bot.services.people import Person
from bot.services.roles import Refusal
from bot.services.session_form import session_id_of
from bot.session_buttons import ExportParticipation, SendCertificate
from bot.texts import LANGUAGES, escape, texts
from bot.views import certificate_pdf, participation
from bot.views import certificates as views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import forms

Found = Issued | NoName | Unproven | CertificateFault


async def hand_out(action: SendCertificate, context: BotContext) -> None:
    """One's own certificate; whoever has given no name yet is asked for it now."""
    person = await context.asker()
    if person is None:
        context.answer()
        return
    found = await context.services.certificates.issue(context.tx, person, action.session_id)
    if isinstance(found, CertificateFault):
        context.answer(views.fault(found, context.texts), is_alert=True)
    else:
        context.answer()
        await _show(found, person, action.session_id, context)


async def keep_name(data: Data, context: BotContext) -> None:
    """The name is known: it goes into the profile and onto the certificate."""
    person = await context.asker()
    if person is not None:
        details.keep(person, data)
        session_id = session_id_of(data)
        found = await context.services.certificates.issue(context.tx, person, session_id)
        if isinstance(found, CertificateFault):
            context.reply(Reply(escape(views.fault(found, context.texts))))
        else:
            await _show(found, person, session_id, context)


async def open_link(serial: str, context: BotContext) -> None:
    """The link on a certificate, for whoever has it."""
    await context.asker()
    found = await context.services.certificates.verify(context.tx, serial)
    context.reply(views.verified(found, context.texts))


async def export_participation(action: ExportParticipation, context: BotContext) -> None:
    """The list of who took part, for the angka-kredit file."""
    person = await context.asker()
    found = await context.services.participations.hand_out(context.tx, person, action.session_id)
    if isinstance(found, ParticipationList):
        context.answer()
        content = participation.sheet(found, context.texts)
        caption = Reply(context.texts.html("participation.exported", title=found.session.title))
        context.hand_over(participation.file_name(found), content, caption)
    elif isinstance(found, Refusal):
        context.answer(role_views.refusal(found, context.texts), is_alert=True)
    else:
        context.answer(context.texts.plain("sessions.alerts.unknown"), is_alert=True)


async def _show(
    found: Issued | NoName | Unproven, person: Person, session_id: int, context: BotContext
) -> None:
    match found:
        case Issued():
            link = views.verifying_link(found.certificate.serial, context.bot.username)
            template = context.services.certificate_template
            # A tenth of a second, in which others are to be answered.
            content = await asyncio.to_thread(
                certificate_pdf.certificate, found, link, template, texts(LANGUAGES[0])
            )
            context.hand_over(views.file_name(found), content, views.caption(found, context.texts))
        case NoName(fields):
            given = details.begin_with(person, *fields) | {"session_id": session_id}
            await forms.begin_anew(person, CERTIFICATE.kind, context, given)
        case Unproven():
            context.reply(views.unproven(found, context.texts, context.bot.username))
        case _:
            assert_never(found)
