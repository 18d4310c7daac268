"""``python -m benchmarks.reliability.client URL NUMBER CHAT…``: sends so many messages, one connection for each chat.

Prints how many a second the server took. Bare sockets, because any library would be measured with it.
"""

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit


async def _send(host: str, port: int, path: str, chat: str, number: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    body = json.dumps({"chat_id": int(chat), "text": "Halo"}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(number):
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        assert b" 200 " in answer, answer
    writer.close()


async def _all(url: str, number: int, chats: list[str]) -> float:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    began = time.perf_counter()
    each = number // len(chats)
    await asyncio.gather(*(_send(parts.hostname, parts.port, parts.path, chat, each) for chat in chats))
    return each * len(chats) / (time.perf_counter() - began)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_all(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))))
