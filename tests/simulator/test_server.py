"""The server's own end; what it answers is tested by subject."""

import asyncio
import gc
import socket
from contextlib import ExitStack

from bot.simulator.server import serve
from bot.simulator.simulator import Simulator


async def test_a_connection_that_comes_as_the_server_ends_is_closed() -> None:
    with ExitStack() as clients:
        async with serve(Simulator()) as server:
            host, _, port = server.url.removeprefix("http://").partition(":")
            connected = [
                clients.enter_context(socket.create_connection((host, int(port)), timeout=10))
                for _ in range(20)
            ]
            await asyncio.sleep(0)  # the loop sees them, and the server ends
        gc.collect()  # what was left open would say so here, which is an error in these tests

        assert [_said_to(client) for client in connected] == [b""] * 20


def _said_to(client: socket.socket) -> bytes:
    try:
        return client.recv(1)
    except ConnectionResetError:
        return b""
