"""What happens when a handler fails: the log, the person and the owner hear of it, in this order.

An error that passes by itself (the database is locked or away) is only logged while the intake tries again.
"""

import logging
import secrets

from telegram import Update

from bot.context import BotContext, current_unit
from bot.views.reply import Reply

log = logging.getLogger(__name__)


async def report(update: object, context: BotContext) -> None:
    """Log the error with an id, give up the unit of work, apologise, and tell the owners. Never raises."""
    error = context.error
    update_id = update.update_id if isinstance(update, Update) else None
    unit = current_unit.get(None)
    if unit is not None and unit.gives_way_to(error):
        log.warning("handler is tried again update_id=%s kind=%s", update_id, type(error).__name__)
        return
    error_id = secrets.token_hex(4)
    log.error("handler failed error_id=%s update_id=%s", error_id, update_id, exc_info=error)
    if unit is None or not isinstance(update, Update):
        return
    unit.fail(error_id)
    context.incoming = update
    if update.callback_query is not None:
        context.answer(context.texts.plain("errors.apology_alert", error_id=error_id), is_alert=True)
    elif update.effective_message is not None:
        context.reply(Reply(context.texts.html("errors.apology", error_id=error_id)))
    kind = type(error).__name__
    notice = Reply(context.texts.html("errors.notice", error_id=error_id, kind=kind, update_id=update_id))
    for owner_id in context.services.owner_ids:
        context.notify(owner_id, notice)
