"""Fetching updates: long polling, and what is known of a webhook."""

import asyncio
from typing import Any

from bot.simulator.api.registry import Call, RawJson, method
from bot.simulator.refusal import Refused

Json = dict[str, Any]
MAX_LIMIT = 100
MAX_TIMEOUT_SECONDS = 50


@method("getUpdates")
async def get_updates(call: Call) -> RawJson:
    """Updates from `offset` on; waits up to `timeout` seconds of the wall clock for the first one."""
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


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    if call.get("url"):
        raise Refused(400, "Bad Request: bad webhook: the simulator does not deliver to webhooks yet")
    return delete_webhook(call)


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    if call.get("drop_pending_updates"):
        call.bot.updates.clear()
        call.world.events.touch()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    queue = call.bot.updates
    info: Json = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": queue.pending(call.world.now()),
    }
    if queue.allowed is not None:
        info["allowed_updates"] = sorted(queue.allowed)
    return info
