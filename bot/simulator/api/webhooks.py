"""Having updates brought instead of fetching them."""

from typing import Any

from bot.simulator.api.registry import Call, method
from bot.simulator.refusal import Refused
from bot.simulator.webhook import checked

Json = dict[str, Any]
_UNSUPPORTED = ("certificate", "ip_address")


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Deliver updates to `url` from now on; an empty one means not to any more."""
    for name in _UNSUPPORTED:
        if call.get(name):
            raise Refused(501, f"Not Implemented: the simulator does not support {name} of webhooks yet")
    if not call.params["url"]:
        return delete_webhook(call)
    bot = call.bot
    webhook = checked(call.params["url"], call.get("secret_token") or "", call.get("max_connections"))
    if call.get("allowed_updates") is not None:
        bot.updates.allow(call.params["allowed_updates"])
    _drop_pending(call)
    if not webhook.goes_as(bot.webhook):
        bot.webhook = webhook
        _changed(call)
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    _drop_pending(call)
    if call.bot.webhook is not None:
        call.bot.webhook = None
        _changed(call)
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    queue, webhook = call.bot.updates, call.bot.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": queue.pending(call.world.now()),
    }
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error is not None:
            info |= {
                "last_error_date": int(webhook.last_error_at or 0),
                "last_error_message": webhook.last_error,
            }
    if queue.allowed is not None:
        info["allowed_updates"] = sorted(queue.allowed)
    return info


def _drop_pending(call: Call) -> None:
    if call.get("drop_pending_updates"):
        call.bot.updates.clear()
        call.world.events.touch()


def _changed(call: Call) -> None:
    # A poll that waits is ended by it.
    call.bot.updates.arrival.set()
    if call.world.on_webhook is not None:
        call.world.on_webhook(call.bot)
    call.world.events.touch()
