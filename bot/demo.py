"""The demo: simulator and bot in one process, a chat page in the browser or a chat in the terminal.

The bot is the program itself, over real HTTP; only Telegram is played. What happens here stays in a temporary folder
and is gone afterwards.
"""

import asyncio
import contextlib
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from pydantic import SecretStr

from bot.app import TanyaCop
from bot.settings import Settings
from bot.simulator.server import Server, serve
from bot.simulator.simulator import Simulator
from bot.simulator.terminal import chat
from bot.texts import Texts

TOKEN = "4242:demo"  # noqa: S105  # opens the simulator on this computer and nothing else
USERNAME = "TanyaCoP_bot"


@dataclass(frozen=True)
class Stage:
    """A running demo."""

    server: Server
    bot_id: int
    member_id: int


@asynccontextmanager
async def stage(language: Texts, port: int = 0) -> AsyncIterator[Stage]:
    """People, groups and a bot that answers them, until the block is left."""
    simulator = Simulator()
    control = simulator.control
    bot = control.add_bot(TOKEN, USERNAME, "TanyaCoP")
    member = control.add_user("Sari", username="sari_pk", language_code="id")
    colleague = control.add_user("Budi", username="budi_pk", language_code="id")
    partner = control.add_user("Keiko", username="keiko_jica", language_code="en")
    everyone = [member["id"], colleague["id"], partner["id"]]
    group = control.add_group(language.plain("demo.group"), everyone, admin_ids=[member["id"]])
    forum = control.add_group(language.plain("demo.forum"), everyone, is_forum=True, admin_ids=[member["id"]])
    control.add_topic(forum["id"], "JKP")
    for chat_id in (group["id"], forum["id"]):
        control.add_member(chat_id, bot["id"])
    with tempfile.TemporaryDirectory(prefix="tanyacop-demo-") as folder:
        async with serve(simulator, port=port) as server:
            settings = Settings(
                bot_token=SecretStr(TOKEN),
                bot_api_url=server.url,
                database_url=f"sqlite+aiosqlite:///{Path(folder) / 'demo.db'}",
            )
            async with TanyaCop(settings, receives=True):
                yield Stage(server, bot["id"], member["id"])


async def in_browser(language: Texts, port: int, *, open_browser: bool) -> None:
    """Serve the chat page until Ctrl+C; another port than `port` where that one is taken."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        try:
            running = await stack.enter_async_context(stage(language, port))
        except OSError:
            running = await stack.enter_async_context(stage(language))
        click.echo(language.plain("demo.ready", url=running.server.url))
        if open_browser:
            # A text browser would hold the terminal, and with it the bot, until it is left.
            threading.Thread(target=webbrowser.open, args=(running.server.url,), daemon=True).start()
        await stop.wait()


async def in_terminal(language: Texts) -> None:
    """Chat with the bot here until /quit or the end of input."""
    async with stage(language) as running:
        control = running.server.simulator.control
        await chat(
            control,
            running.member_id,
            running.bot_id,
            read_line=lambda: asyncio.to_thread(sys.stdin.readline),
            write=click.echo,
        )
