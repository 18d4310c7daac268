"""How a mailing is started while our bot runs: through the services, as its own handlers do, in another process."""

from collections.abc import Sequence

from bot.clock import SystemClock
from bot.services.mailings import Mailings, Plan, Purpose, Recipient
from bot.services.requests import Call
from db.database import Database


async def start_mailing(database_url: str, chat_ids: Sequence[int], text: str) -> None:
    """Commit a mailing of this text to these chats; the process that serves the database finds it by itself."""
    database = Database(database_url)
    plan = Plan(Purpose.ANNOUNCEMENT, [Call("sendMessage", {"text": text})])
    async with database.transaction() as tx:
        await Mailings(SystemClock()).start(tx, plan, (Recipient(chat_id) for chat_id in chat_ids))
    await database.close()
