"""Fetching updates by long polling."""

import asyncio

from bot.simulator.api.registry import Call, RawJson, method
from bot.simulator.refusal import Refused

MAX_LIMIT = 100
MAX_TIMEOUT_SECONDS = 50


@method("getUpdates")
async def get_updates(call: Call) -> RawJson:
    """Updates from `offset` on; waits up to `timeout` seconds of the wall clock for the first one."""
    if call.bot.webhook is not None:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    queue = call.bot.updates
    # A second poll of the same bot ends the first: the older one is told of the conflict.
    queue.poll_number += 1
    number = queue.poll_number
    queue.arrival.set()
    if call.get("allowed_updates") is not None:
        queue.allow(call.params["allowed_updates"])
    if offset := call.get("offset") or 0:
        queue.confirm(offset, call.world.now())
        call.world.events.touch()
    limit = min(max(call.get("limit") or MAX_LIMIT, 1), MAX_LIMIT)
    wait = min(max(call.get("timeout") or 0, 0), MAX_TIMEOUT_SECONDS)
    deadline = asyncio.get_running_loop().time() + wait
    while True:
        if queue.poll_number != number:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        if call.bot.webhook is not None:
            raise Refused(409, "Conflict: terminated by setWebhook request")
        queue.arrival.clear()
        found = queue.fetch(limit, call.world.now())
        remaining = deadline - asyncio.get_running_loop().time()
        if found or remaining <= 0:
            return RawJson("[" + ",".join(found) + "]")
        try:
            async with asyncio.timeout(remaining):
                await queue.arrival.wait()
        except TimeoutError:
            continue
