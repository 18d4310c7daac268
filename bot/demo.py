"""The demo: simulator and bot in one process, a chat page in the browser or a chat in the terminal.

The bot is the program itself, over real HTTP; only Telegram is played. What happens here stays in a temporary folder
and is gone afterwards. The simulator's clock is the program's too: moved on the page, it makes things due.
"""

import asyncio
import contextlib
import itertools
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from pydantic import SecretStr

from bot.app import TanyaCop
from bot.clock import Zone
from bot.services.cop_sessions import Details
from bot.services.people import Person
from bot.services.provinces import PROVINCES
from bot.services.roles import Role
from bot.settings import Settings
from bot.simulator.server import Server, serve
from bot.simulator.simulator import Simulator
from bot.simulator.terminal import chat
from bot.texts import Texts

TOKEN = "4242:demo"  # noqa: S105  # opens the simulator on this computer and nothing else
USERNAME = "TanyaCoP_bot"


# As many as the community has.
CROWD = 1700
UNTIL_THE_SESSION = timedelta(minutes=10)


class StageClock:
    """The simulator's clock, which runs in real time and can be moved forward from the page."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def now(self) -> datetime:
        return self._simulator.world.moment().astimezone(UTC)


@dataclass(frozen=True)
class Cast:
    """The Telegram ids of those who act, and of the many who only receive."""

    member: int
    organiser: int
    curator: int
    owner: int
    crowd: tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """A running demo."""

    server: Server
    program: TanyaCop
    bot_id: int
    cast: Cast


@asynccontextmanager
async def stage(
    language: Texts, port: int = 0, crowd: int = CROWD, *, to_one_a_second: int = 1
) -> AsyncIterator[Stage]:
    """People, groups and a bot that answers them, until the block is left.

    `to_one_a_second`: how many messages one person gets a second; more than Telegram's 1 only where tests hurry.
    """
    simulator = Simulator()
    control = simulator.control
    bot = control.add_bot(TOKEN, USERNAME, "TanyaCoP")
    cast = _people(simulator, language, crowd)
    _groups(simulator, language, cast, bot["id"])
    # The real server's; a switch on the page lifts them.
    control.set_rates(private_messages=3 * to_one_a_second)
    with tempfile.TemporaryDirectory(prefix="tanyacop-demo-") as folder:
        async with serve(simulator, port=port) as server:
            settings = Settings(
                bot_token=SecretStr(TOKEN),
                bot_api_url=server.url,
                database_url=f"sqlite+aiosqlite:///{Path(folder) / 'demo.db'}",
                owner_ids=(cast.owner,),
                private_messages_per_second=to_one_a_second,
                # One organiser may announce to the whole crowd: who plays alone has nobody to approve it.
                announce_alone_up_to=2 * CROWD,
            )
            async with TanyaCop(settings, clock=StageClock(simulator)) as program:
                await _introduce(program, cast, language)
                for each in (cast.organiser, cast.curator, cast.owner):
                    control.send(
                        each, each, "/start"
                    )  # Telegram lets a bot write only to those who wrote to it
                await program.poll()
                yield Stage(server, program, bot["id"], cast)


def _people(simulator: Simulator, language: Texts, crowd: int) -> Cast:
    def person(name: str, part: str, zone: Zone) -> int:
        shown = language.plain(f"demo.parts.{part}")
        added = simulator.control.add_user(
            name, username=f"{name.lower()}_pk", language_code="id", part=shown, time_zone=zone.value
        )
        return int(added["id"])

    member = person("Sari", "member", Zone.WIB)
    organiser = person("Rina", "organiser", Zone.WIB)
    curator = person("Budi", "curator", Zone.WITA)
    owner = person("Yohana", "owner", Zone.WIT)
    many = simulator.control.add_members(crowd) if crowd else []
    return Cast(member, organiser, curator, owner, tuple(many))


def _groups(simulator: Simulator, language: Texts, cast: Cast, bot_id: int) -> None:
    control = simulator.control
    everyone = [cast.member, cast.organiser, cast.curator, cast.owner]
    group = control.add_group(language.plain("demo.group"), everyone, admin_ids=[cast.organiser])
    forum = control.add_group(
        language.plain("demo.forum"), everyone, is_forum=True, admin_ids=[cast.organiser]
    )
    control.add_topic(forum["id"], "JKP")
    for chat_id in (group["id"], forum["id"]):
        control.add_member(chat_id, bot_id)


async def _introduce(program: TanyaCop, cast: Cast, language: Texts) -> None:
    """Let the bot know all but the member as people who went through its welcome; give roles, and plan a session."""
    people, roles = program.services.people, program.services.roles
    now = program.services.clock.now()
    provinces = itertools.cycle(PROVINCES)
    ids = (cast.organiser, cast.curator, cast.owner, *cast.crowd)
    known = [Person(telegram_id=telegram_id, created_at=now, joined_at=now) for telegram_id in ids]
    for person in known:
        people.agree(person)
        people.settle(person, next(provinces))
    async with program.database.transaction() as tx:
        tx.add_all(known)
        await tx.flush()
        organiser, curator, owner, *_ = known
        await roles.grant(tx, owner, organiser, Role.ORGANISER, ())
        await roles.grant(tx, owner, curator, Role.CURATOR, ())
        session = Details(
            title=language.plain("demo.session_title"),
            starts_at=now + UNTIL_THE_SESSION,
            ends_at=now + UNTIL_THE_SESSION + timedelta(hours=1),
            place="https://meet.example.org/cop",
        )
        await program.services.cop_sessions.plan(tx, organiser, session)


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
    async with stage(language, crowd=0) as running:
        control = running.server.simulator.control
        await chat(
            control,
            running.cast.member,
            running.bot_id,
            read_line=lambda: asyncio.to_thread(sys.stdin.readline),
            write=click.echo,
        )
