"""aiohttp as python-telegram-bot's request object: against the simulator, and against servers that misbehave."""

import asyncio
import io
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError, TimedOut

from bot.request import CHUNK_BYTES, AiohttpRequest, NotConnected
from bot.simulator.server import Server, serve
from bot.simulator.simulator import Simulator

TOKEN = "4242:a-token-of-the-simulator"
Serving = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    simulator = Simulator(seed=1)
    simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    async with serve(simulator) as running:
        yield running


@asynccontextmanager
async def bot_at(url: str, token: str = TOKEN, **how: Any) -> AsyncIterator[Bot]:
    bot = Bot(
        token,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=AiohttpRequest(**how),
        get_updates_request=AiohttpRequest(),
    )
    # Not `async with bot`: that would ask for its name first.
    async with bot.request:
        yield bot


@asynccontextmanager
async def answering(serving: Serving) -> AsyncIterator[str]:
    """A server that does with a connection what the test wants."""

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serving(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    return await reader.readexactly(length)


def page(status: str, body: bytes, declared: int | None = None) -> Serving:
    async def serving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        length = len(body) if declared is None else declared
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n".encode() + body)
        await writer.drain()

    return serving


async def reset_after_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hang_up_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(CHUNK_BYTES):
        pass


async def deafness(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    await asyncio.Event().wait()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def all_words(error: BaseException) -> str:
    """Everything that an error and those behind it could say."""
    words = []
    seen: BaseException | None = error
    while seen is not None:
        words += [str(seen), repr(seen), repr(seen.args)]
        seen = seen.__cause__ or seen.__context__
    return " ".join(words)


async def test_parameters_uploads_and_downloads_reach_the_server_and_come_back(server: Server) -> None:
    control = server.simulator.control
    siti = control.add_user("Siti")["id"]
    control.send(siti, siti, "/start")
    content = bytes(range(256)) * 2048  # half a megabyte: sent in pieces

    async with bot_at(server.url) as bot:
        said = await bot.send_message(siti, "<b>Halo</b> & “apa kabar”? 100%", parse_mode=None)
        sent = await bot.send_document(siti, io.BytesIO(content), filename='su"rat 1é%.bin', caption="Ini")
        assert sent.document is not None
        file = await bot.get_file(sent.document.file_id)
        received = await file.download_as_bytearray()

    assert said.text == "<b>Halo</b> & “apa kabar”? 100%"
    assert sent.caption == "Ini"
    assert sent.document.file_name is not None
    assert sent.document.file_name.endswith("rat 1é%.bin")
    assert bytes(received) == content


async def test_a_long_body_without_files_arrives_whole(server: Server) -> None:
    control = server.simulator.control
    siti = control.add_user("Siti")["id"]
    control.send(siti, siti, "/start")

    async with bot_at(server.url) as bot:
        with pytest.raises(BadRequest, match="too long"):
            await bot.send_message(siti, "é" * CHUNK_BYTES)

    (request,) = control.requests(method="sendMessage")
    assert request["params"]["text"] == "é" * CHUNK_BYTES


async def test_getting_updates_waits_as_long_as_it_was_asked_to(server: Server) -> None:
    control = server.simulator.control
    siti = control.add_user("Siti")["id"]

    async with bot_at(server.url) as bot, AiohttpRequest(read_timeout=0.01) as request:
        asked = asyncio.create_task(
            request.post(f"{bot.base_url}/getUpdates", read_timeout=5.0, request_data=None)
        )
        await server.simulator.wait_for(lambda: control.requests(method="getUpdates"))
        control.send(siti, siti, "Halo")
        found = await asked

    assert isinstance(found, list)
    assert found == [] or Update.de_json(found[0], None).message is not None


async def test_a_wrong_token_is_told_from_a_wrong_request(server: Server) -> None:
    async with bot_at(server.url, "1:wrong") as bot:
        with pytest.raises(InvalidToken):
            await bot.get_me()
    async with bot_at(server.url) as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(5, "x")


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with bot_at(f"http://127.0.0.1:{free_port()}") as bot:
        with pytest.raises(NotConnected) as caught:
            await bot.send_message(1, "x")

    assert TOKEN not in all_words(caught.value)


async def test_a_name_that_nobody_has_means_that_nothing_was_sent() -> None:
    async with bot_at("http://tanyacop.invalid") as bot:
        with pytest.raises(NotConnected):
            await bot.send_message(1, "x")


async def test_without_a_free_connection_nothing_was_sent() -> None:
    how: dict[str, Any] = {
        "connection_pool_size": 1,
        "pool_timeout": 0.05,
        "connect_timeout": 0.05,
        "read_timeout": 0.5,
    }
    async with answering(silence) as url, bot_at(url, **how) as bot:
        outcomes = await asyncio.gather(
            bot.send_message(1, "x"), bot.send_message(2, "y"), return_exceptions=True
        )

    assert [type(each) for each in outcomes] == [TimedOut, NotConnected]


async def test_before_it_is_opened_and_after_it_is_closed_nothing_was_sent(server: Server) -> None:
    request = AiohttpRequest()
    with pytest.raises(NotConnected):
        await request.post(f"{server.url}/bot{TOKEN}/getMe")
    await request.initialize()
    await request.shutdown()
    await request.shutdown()
    with pytest.raises(NotConnected):
        await request.post(f"{server.url}/bot{TOKEN}/getMe")


@pytest.mark.parametrize(
    ("serving", "expected"),
    [
        (hang_up_at_once, NetworkError),
        (reset_after_reading, NetworkError),
        (page("502 Bad Gateway", b"<html>nginx</html>"), NetworkError),
        (page("500 Internal Server Error", b""), NetworkError),
        (page("200 OK", b"{", declared=100), NetworkError),
        (page("302 Found\r\nLocation: http://127.0.0.1:9/", b""), NetworkError),
        (page("200 OK", b"<html>"), TelegramError),
        (silence, TimedOut),
    ],
    ids=["hangs up", "reset", "502", "500", "breaks off", "redirects", "no JSON", "silence"],
)
async def test_whatever_may_have_arrived_is_never_called_unsent_and_never_tells_the_token(
    serving: Serving, expected: type[TelegramError]
) -> None:
    async with answering(serving) as url, bot_at(url, read_timeout=0.05) as bot:
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(1, "x")

    assert type(caught.value) is expected
    assert TOKEN not in all_words(caught.value)
    assert "a-token" not in all_words(caught.value)


async def test_a_server_that_takes_no_more_bytes_is_given_up_on() -> None:
    async with answering(deafness) as url, bot_at(url, media_write_timeout=0.3) as bot:
        with pytest.raises(TimedOut):
            await bot.send_document(1, io.BytesIO(b"x" * 20_000_000), filename="besar.bin")


async def test_a_timeout_can_be_set_for_one_request() -> None:
    async with answering(silence) as url, bot_at(url, read_timeout=None) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(1, "x", read_timeout=0.02)
