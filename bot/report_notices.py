"""The monthly report, as it goes out by itself: to owners and national organisers, in each one's language."""

import asyncio

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.outgoing import SendFile, SendMessage, ToPeople, call_of
from bot.services.all import Services
from bot.services.monthly_reports import MonthlyReport
from bot.services.people import Person
from bot.texts import LANGUAGES, texts
from bot.views import monthly_report_pdf
from bot.views import monthly_reports as views


async def send_monthly(tx: AsyncSession, services: Services) -> None:
    """Hand out the report that is due, if one is, and write down that it was."""
    month = await services.monthly_reports.due(tx)
    if month is None:
        return
    recipients = await services.monthly_reports.recipients(tx)
    report = await services.monthly_reports.of(tx, month)
    spoken = {_language(person) for person in recipients}
    files = {language: await _files(report, language) for language in sorted(spoken)}
    services.monthly_reports.made(tx, month, len(recipients))
    await tx.flush()  # whoever made it meanwhile is found out before anything is to be sent
    for person in recipients:
        await _hand_out(tx, services, person, report, files[_language(person)])


async def _files(report: MonthlyReport, language: str) -> tuple[bytes, bytes]:
    words = texts(language)
    return (
        await asyncio.to_thread(views.sheet, report, words),
        await asyncio.to_thread(monthly_report_pdf.report, report, words),
    )


async def _hand_out(
    tx: AsyncSession, services: Services, person: Person, report: MonthlyReport, files: tuple[bytes, bytes]
) -> None:
    words, to = texts(_language(person)), person.telegram_id
    outgoing: list[ToPeople] = []
    if person.is_low_data:
        outgoing.append(SendMessage(to, views.on_request(report, words)))
    else:
        replies = (views.sheet_caption(report, words), views.caption(report, words))
        for content, ending, reply in zip(files, ("xlsx", "pdf"), replies, strict=True):
            stored = services.files.keep(tx, to, content)
            outgoing.append(SendFile(SendMessage(to, reply), views.file_name(report, ending), stored))
    calls = [call_of(each) for each in outgoing]
    requests = [services.outbox.request(call.chat_id, call.method, call.parameters) for call in calls]
    await services.outbox.write(tx, requests, None)


def _language(person: Person) -> str:
    return person.language if person.language in LANGUAGES else LANGUAGES[0]
