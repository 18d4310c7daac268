"""The command `tanyacop`: one short function per subcommand; the only place that reads settings."""

import asyncio
import gc
import json
import signal
import sys
from collections.abc import Coroutine
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bot.clock import SystemClock, local_date
from bot.log import configure_logging
from bot.services.privacy import mask
from bot.settings import Settings, SettingsFault, read_language, read_settings
from bot.texts import Texts, texts

# What only one command needs is imported by it. `run` has to fetch updates within a second of its start; the search,
# the checks and the simulator take longer than that to import, and so do Telegram's library and the database for
# those who only ask the book.
if TYPE_CHECKING:
    from bot.services.content import Book
    from db.backup import Report
    from knowledge_base.loader import Content
    from knowledge_base.outcomes import SearchEntry

USAGE_FAULT = 2  # the caller has to mend something; the shells' convention
SERVER_FAULT = 1
CONTESTED = 3  # another process has the bot's updates; whoever restarts this one should not do so at once


class Contested(Exception):
    """Another process fetches the bot's updates."""


def _language() -> Texts:
    """The catalogue for the command line; read apart, since it has to explain what is wrong with the settings."""
    return texts(read_language())


def _leave(code: int, key: str, **values: object) -> NoReturn:
    click.echo(_language().plain(key, **values), err=True)
    sys.exit(code)


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsFault as fault:
        _leave(USAGE_FAULT, f"settings.{fault.fault.value}", name=fault.name)


@click.group()
@click.version_option(package_name="tanyacop")
def main() -> None:
    """TanyaCoP: answers, announcements and feedback for Indonesia's employment counsellors."""


@main.command()
def run() -> None:
    """Run the bot with the settings of the environment or of .env."""
    settings = _settings()
    configure_logging(settings.log_level, settings.bot_token.get_secret_value())
    # Nearly everything that a start makes stays for ever; looking through it for garbage takes a tenth of the start.
    gc.disable()
    from sqlalchemy.exc import SQLAlchemyError
    from telegram.error import InvalidToken, NetworkError, TelegramError

    from bot.services.certificate_template import BadCertificateTemplate
    from db.database import DatabaseInUse

    try:
        _run(_serve(settings))
    except BadCertificateTemplate as fault:
        _leave(USAGE_FAULT, f"startup.certificate_{fault.flaw.value}", file=fault.file, where=fault.where)
    except InvalidToken:
        _leave(USAGE_FAULT, "startup.token_refused")
    except (NetworkError, TelegramError):
        _leave(SERVER_FAULT, "startup.unreachable")
    except DatabaseInUse as fault:
        _leave(SERVER_FAULT, "startup.database_in_use", file=fault)
    except Contested:
        _leave(CONTESTED, "startup.contest_lost")
    except (SQLAlchemyError, OSError):
        _leave(SERVER_FAULT, "startup.database_unreachable")


def _run(serving: Coroutine[Any, Any, None]) -> None:
    """By uvloop, which needs a tenth less of the processor for each update (docs/decisions/0020); Windows has none."""
    if sys.platform == "win32":
        asyncio.run(serving)
    else:
        import uvloop

        uvloop.run(serving)


async def _serve(settings: Settings) -> None:
    from bot.app import TanyaCop

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with TanyaCop(settings, receives=True) as program:
        gc.freeze()  # what is there now, later collections leave alone
        gc.set_threshold(20_000, 20, 20)  # every update is many small objects that are gone in a moment
        gc.enable()
        endings = [asyncio.create_task(event.wait()) for event in (stop, program.is_lost)]
        await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
        for ending in endings:
            ending.cancel()
    if program.is_lost.is_set():
        raise Contested


@main.command()
@click.option(
    "--port", default=8090, show_default=True, help="Port of the page on this computer; 0 picks a free one."
)
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@click.option("--terminal", "in_terminal", is_flag=True, help="Chat in the terminal instead of the browser.")
def demo(port: int, no_browser: bool, in_terminal: bool) -> None:
    """Try the bot without a token: a simulated Telegram and a chat page on this computer."""
    from bot import demo as demonstration

    configure_logging("WARNING")
    if in_terminal:
        asyncio.run(demonstration.in_terminal(_language()))
    else:
        asyncio.run(demonstration.in_browser(_language(), port, open_browser=not no_browser))


@main.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def back_up(file: Path) -> None:
    """Write everything that the database holds to FILE, while the bot runs."""
    from db import backup

    _report("backup_done", file, backup.back_up(_settings().database_url, file, SystemClock().now()))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Delete what the database holds now.")
def restore(file: Path, replace: bool) -> None:
    """Put the backup FILE into an empty database; stop the bot first."""
    from db import backup

    _report("restore_done", file, backup.restore(_settings().database_url, file, replace=replace))


def _report(key: str, file: Path, work: "Coroutine[Any, Any, Report]") -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from db.backup import BackupFault

    try:
        report = asyncio.run(work)
    except BackupFault as fault:
        _leave(USAGE_FAULT, f"cli.backup_{fault.fault.value}", file=file)
    except (SQLAlchemyError, OSError):
        _leave(SERVER_FAULT, "startup.database_unreachable")
    language = _language()
    click.echo(
        language.plain(f"cli.{key}", file=file, rows=language.number(report.total), tables=len(report.rows))
    )


@main.command()
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a question.")
@click.option("--top", default=5, show_default=True, help="How many results to list.")
@click.option(
    "--entries",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Search this book instead: JSON lines in the form of `kb export --jsonl`.",
)
def ask(text: tuple[str, ...], as_json: bool, top: int, entries: Path | None) -> None:
    """Ask the book. Without TEXT: one question a line from standard input."""
    from bot.services.content import Book
    from bot.views import terminal
    from knowledge_base.language import Vocabulary
    from knowledge_base.search import Engine

    book = _book() if entries is None else Book(engine=Engine(_read_entries(entries), Vocabulary.empty()))
    questions = [" ".join(text)] if text else (line.rstrip("\r\n") for line in sys.stdin)
    for question in questions:
        parts = book.engine.ask(mask(question).text, top=top)
        if as_json:
            click.echo(json.dumps(terminal.as_json(question, parts), ensure_ascii=False))
        else:
            click.echo(terminal.printed(parts, book, _today(), _language()))


@main.group()
def kb() -> None:
    """The knowledge base's files."""


@kb.command("check")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Another content folder than the built-in one."
)
def kb_check(folder: Path | None) -> None:
    """Look for mistakes in the content files; exit code 1 when there are errors."""
    from knowledge_base.check import check
    from knowledge_base.folder import content_folder
    from knowledge_base.loader import read_content
    from knowledge_base.problems import Severity

    language = _language()
    content = read_content(folder or content_folder())
    problems = [*content.problems, *check(content, _today())]
    for problem in problems:
        sentence = language.plain(f"kb_problems.{problem.code.value}", **problem.placeholders())
        kind = language.plain("cli.kb_error" if problem.severity is Severity.ERROR else "cli.kb_warning")
        click.echo(f"{problem.path}:{problem.line}: {kind}: {sentence}")
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    key = "cli.kb_faults" if problems else "cli.kb_fine"
    click.echo(
        language.plain(key, count=len(content.entries), errors=errors, warnings=len(problems) - errors)
    )
    sys.exit(1 if errors else 0)


@kb.command("table")
def kb_table() -> None:
    """Print docs/entries.md: each entry with its sources and how well it is sourced."""
    from bot.views import source_table

    click.echo(source_table.table(_content(), texts("en")), nl=False)


@kb.command("export")
@click.option("--jsonl", is_flag=True, required=True, help="One entry a line, in the version in force today.")
def kb_export(jsonl: bool) -> None:
    """Print the book for other programs."""
    from bot.views import terminal

    for entry in _content().entries.values():
        version = entry.version_on(_today())
        if version is not None:
            click.echo(json.dumps(terminal.exported(entry, version), ensure_ascii=False))


def _today() -> date:
    return local_date(SystemClock().now())


def _content() -> "Content":
    from knowledge_base.folder import content_folder
    from knowledge_base.loader import read_content

    return read_content(content_folder())


def _book() -> "Book":
    from bot.services.content import book_of

    return book_of(_content(), _today())


def _read_entries(path: Path) -> "list[SearchEntry]":
    from knowledge_base.outcomes import SearchEntry

    found: list[SearchEntry] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            found.append(
                SearchEntry(
                    id=str(raw["id"]),
                    question=str(raw["question"]),
                    variants=tuple(map(str, raw.get("variants") or ())),
                    keywords=tuple(map(str, raw.get("keywords") or ())),
                    answer=str(raw.get("answer") or ""),
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            _leave(USAGE_FAULT, "cli.entries_unreadable", line=number, file=path.name)
    return found
