"""The real command as a process of its own, against the simulator as its Bot API server."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.simulator.requests import Request
from bot.simulator.server import serve
from bot.simulator.simulator import Answer, Simulator

TOKEN = "4242:a-token-of-the-simulator-that-is-long-enough"
NIK = "3273011234567890"
ROOT = Path(__file__).parents[1]


@dataclass
class Running:
    """The process and the Telegram that it talks to."""

    simulator: Simulator
    process: asyncio.subprocess.Process
    sari: dict[str, Any]
    url: str

    async def answer_to(self, text: str) -> str:
        control, sari = self.simulator.control, self.sari["id"]
        control.send(sari, sari, text)
        asked = control.messages(sari)[-1]["message_id"]
        await self.simulator.wait_for(
            lambda: control.messages(sari)[-1]["message_id"] > asked, timeout=20, what="an answer"
        )
        return str(control.messages(sari)[-1]["text"])

    async def stop(self) -> tuple[int, str]:
        """SIGTERM; gives the exit code and everything that was logged."""
        self.process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(self.process.communicate(), timeout=10)
        assert self.process.returncode is not None
        return self.process.returncode, errors.decode()


@asynccontextmanager
async def real_process(folder: Path, **variables: str) -> AsyncIterator[Running]:
    simulator = Simulator()
    simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    sari = simulator.control.add_user("Sari")
    async with serve(simulator) as server:
        process = await start_process("run", folder, BOT_TOKEN=TOKEN, BOT_API_URL=server.url, **variables)
        running = Running(simulator, process, sari, server.url)
        try:
            yield running
        finally:
            if running.process.returncode is None:
                running.process.kill()
                await running.process.wait()


async def start_process(command: str, folder: Path, **variables: str) -> asyncio.subprocess.Process:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        command,
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)} | variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_counsellor_is_served_and_sigterm_stops_the_bot(tmp_path: Path) -> None:
    async with real_process(tmp_path) as running:
        answer = await running.answer_to("gmn cara klaim jkp?")
        code, _ = await running.stop()

    assert answer.startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")
    assert code == 0
    assert (tmp_path / "data" / "tanyacop.db").exists()


async def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    async with real_process(tmp_path, DATABASE_URL=postgres_url) as running:
        answer = await running.answer_to("gmn cara klaim jkp?")
        code, _ = await running.stop()

    assert answer.startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")
    assert code == 0


class Silence:
    """Accepts messages and never answers, as long as it lasts."""

    def __init__(self) -> None:
        self.is_over = asyncio.Event()
        self.begun = 0

    async def before(self, request: Request) -> None:
        if request.method == "sendMessage" and not self.is_over.is_set():
            self.begun += 1
            await self.is_over.wait()

    async def after(self, request: Request, answer: Answer) -> None:
        pass


async def test_sigterm_stops_the_bot_while_telegram_is_silent_and_the_next_start_answers(
    tmp_path: Path,
) -> None:
    silence = Silence()
    async with real_process(tmp_path) as running:
        control, sari = running.simulator.control, running.sari["id"]
        running.simulator.hooks.append(silence)
        control.send(sari, sari, "gmn cara klaim jkp?")
        await running.simulator.wait_for(lambda: silence.begun, timeout=20, what="an answer on its way")
        code, log = await running.stop()
        silence.is_over.set()
        asked = len(control.messages(sari))

        variables = {"BOT_TOKEN": TOKEN, "BOT_API_URL": running.url}
        running.process = await start_process("run", tmp_path, **variables)
        await running.simulator.wait_for(
            lambda: len(control.messages(sari)) > asked, timeout=20, what="the answer"
        )
        await running.stop()

    assert code == 0
    assert "ERROR" not in log
    assert control.messages(sari)[-1]["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")


async def test_at_debug_neither_token_nor_nik_nor_words_reach_the_log_or_the_files(tmp_path: Path) -> None:
    async with real_process(tmp_path, LOG_LEVEL="DEBUG") as running:
        await running.answer_to(f"gmn cara klaim jkp utk zulfikarnain NIK {NIK}?")
        _, log = await running.stop()

    assert "content served" in log
    for secret in (TOKEN, TOKEN.partition(":")[2], NIK, "zulfikarnain"):
        assert secret not in log
    files = {path.name: path for path in (tmp_path / "data").iterdir()}
    assert files.keys() == {"tanyacop.db", "tanyacop.db.lock"}
    assert files["tanyacop.db.lock"].read_bytes() == b""
    assert NIK.encode() not in files["tanyacop.db"].read_bytes()
    with sqlite3.connect(files["tanyacop.db"]) as connection:
        ((text,),) = connection.execute("SELECT text FROM questions").fetchall()
    assert text == "gmn cara klaim jkp utk zulfikarnain NIK [NIK]?"


@pytest.mark.parametrize(
    ("variables", "begins"),
    [
        pytest.param({}, "BOT_TOKEN belum diisi.", id="no token"),
        pytest.param({"BOT_TOKEN": "rahasia"}, "BOT_TOKEN bukan token bot.", id="a malformed token"),
        pytest.param(
            {"BOT_TOKEN": "1:a", "DATABASE_URL": "oracle://"}, "DATABASE_URL tidak dikenal.", id="a database"
        ),
        pytest.param(
            {"BOT_TOKEN": "1:a", "DEFAULT_LANGUAGE": "en", "OWNER_IDS": "me"},
            "OWNER_IDS must hold",
            id="owners",
        ),
    ],
)
async def test_a_wrong_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, variables: dict[str, str], begins: str
) -> None:
    process = await start_process("run", tmp_path, **variables)
    _, errors = await process.communicate()

    assert process.returncode == 2
    assert errors.decode().startswith(begins)
    assert errors.decode().count("\n") == 1
    assert "rahasia" not in errors.decode()


async def test_a_token_that_telegram_refuses_is_said_so(tmp_path: Path) -> None:
    async with serve(Simulator()) as server:
        process = await start_process("run", tmp_path, BOT_TOKEN="1:unknown", BOT_API_URL=server.url)
        _, errors = await process.communicate()

    assert process.returncode == 2
    assert errors.decode().splitlines()[-1].startswith("Telegram menolak BOT_TOKEN.")
    assert "Traceback" not in errors.decode()


async def test_a_server_that_cannot_be_reached_is_said_so(tmp_path: Path) -> None:
    process = await start_process("run", tmp_path, BOT_TOKEN="1:a", BOT_API_URL="http://127.0.0.1:1")
    _, errors = await process.communicate()

    assert process.returncode == 1
    assert errors.decode().splitlines()[-1].startswith("Server Bot API di BOT_API_URL")
    assert "Traceback" not in errors.decode()
