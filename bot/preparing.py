"""What a start has to do before people are answered, and need not do when nothing changed since the last one."""

import asyncio
import hashlib
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from telegram import Bot

from bot.services.all import Services
from bot.services.content import LoadReport
from db.database import Database, alone
from db.models import Mark
from handlers import routes

if TYPE_CHECKING:
    from knowledge_base.loader import Content

log = logging.getLogger(__name__)


async def show_menus(database: Database, bot: Bot, bot_id: int) -> None:
    """Tell Telegram the commands, unless it was told the same before. Never raises."""
    menus = routes.menus()
    told = [
        (scope.to_dict(), language, [command.to_dict() for command in commands])
        for scope, language, commands in menus
    ]
    name, digest = f"menus of {bot_id}", hashlib.sha256(json.dumps(told).encode()).hexdigest()
    try:
        async with database.transaction() as tx:
            mark = await tx.get(Mark, name)
        if mark is not None and mark.digest == digest:
            return
        for scope, language, commands in menus:
            await bot.set_my_commands(commands, scope=scope, language_code=language)
        async with database.transaction() as tx:
            await tx.merge(Mark(name=name, digest=digest))
    except Exception as error:
        # Counsellors can ask without a menu; the next start tries again.
        log.warning("menus not set kind=%s", type(error).__name__)


async def load_content(
    database: Database, services: Services, content: "Content | None", folder: Path
) -> None:
    """Take the book into the database, if there is anything new in its files, and serve what that then holds.

    `content` is the book; None: what the files in `folder` say.
    """
    report = await _load(database, services, content, folder)
    async with database.transaction() as tx:
        await services.content.refresh(tx)
    for slug in report.conflicts:
        log.warning("content conflict, the database wins slug=%s", slug)
    for slug in report.retired:
        log.warning("content retired, its file is gone slug=%s", slug)
    log.info(
        "content served entries=%d loaded=%d conflicts=%d",
        len(services.content.book.entries),
        len(report.loaded),
        len(report.conflicts),
    )


async def _load(
    database: Database, services: Services, content: "Content | None", folder: Path
) -> LoadReport:
    files = None
    if content is None:
        files = await asyncio.to_thread(services.content.fingerprint, folder)
        async with database.transaction() as tx:
            if await services.content.is_loaded(tx, files):
                return LoadReport()
        content = await asyncio.to_thread(_read, folder)
    for problem in content.problems:
        log.warning(
            "content left out file=%s line=%s code=%s", problem.path, problem.line, problem.code.value
        )
    async with database.transaction() as tx:
        await alone(tx, "load content")
        return await services.content.load(tx, content, files)


def _read(folder: Path) -> "Content":
    # With a YAML parser, for the rare start that finds new files.
    from knowledge_base.loader import read_content

    return read_content(folder)
