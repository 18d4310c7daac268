"""The monthly report, for those who ask for it."""

import asyncio
from typing import assert_never

from bot.context import BotContext
from bot.desk_buttons import SendMonthlyReport
from bot.services.monthly_reports import MonthlyReport, NoMonth, YearMonth
from bot.services.roles import Refusal
from bot.views import monthly_report_pdf
from bot.views import monthly_reports as views
from bot.views import roles as role_views


async def choose(context: BotContext) -> None:
    """Which month."""
    months = await context.services.monthly_reports.months(context.tx, await context.asker())
    if isinstance(months, Refusal):
        context.answer(role_views.refusal(months, context.texts), is_alert=True)
    else:
        context.answer()
        context.edit(views.choosing(months, context.texts))


async def send(action: SendMonthlyReport, context: BotContext) -> None:
    """The spreadsheet and the pages."""
    person, month = await context.asker(), YearMonth(action.year, action.month)
    found = await context.services.monthly_reports.asked_for(context.tx, person, month)
    match found:
        case MonthlyReport():
            context.answer()
            # A fifth of a second together, in which others are to be answered.
            sheet = await asyncio.to_thread(views.sheet, found, context.texts)
            pages = await asyncio.to_thread(monthly_report_pdf.report, found, context.texts)
            context.hand_over(
                views.file_name(found, "xlsx"), sheet, views.sheet_caption(found, context.texts)
            )
            context.hand_over(views.file_name(found, "pdf"), pages, views.caption(found, context.texts))
        case Refusal():
            context.answer(role_views.refusal(found, context.texts), is_alert=True)
        case NoMonth():
            context.answer(context.texts.plain("monthly_reports.alerts.no_month"), is_alert=True)
        case _:
            assert_never(found)
