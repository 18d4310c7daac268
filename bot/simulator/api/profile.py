"""What a bot shows of itself: its menus, its name, its descriptions."""

from typing import Any

from bot.simulator.api.registry import Call, method
from bot.simulator.api.targets import reach
from bot.simulator.chats import Group
from bot.simulator.menus import Scope, check_language, scope_ids
from bot.simulator.refusal import bad_request

Json = dict[str, Any]
MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    return _set_commands(call, call.params["commands"])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    return _set_commands(call, [])


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    return call.bot.menus.get(_scope(call), _language(call))


@method("setMyName")
def set_my_name(call: Call) -> bool:
    return _set_text(call, call.bot.names, "name", MAX_NAME)


@method("getMyName")
def get_my_name(call: Call) -> Json:
    return {"name": _text_for(call, call.bot.names) or call.bot.user.first_name}


@method("setMyDescription")
def set_my_description(call: Call) -> bool:
    return _set_text(call, call.bot.descriptions, "description", MAX_DESCRIPTION)


@method("getMyDescription")
def get_my_description(call: Call) -> Json:
    return {"description": _text_for(call, call.bot.descriptions)}


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> bool:
    return _set_text(call, call.bot.short_descriptions, "short_description", MAX_SHORT_DESCRIPTION)


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> Json:
    return {"short_description": _text_for(call, call.bot.short_descriptions)}


def _set_commands(call: Call, commands: list[Json]) -> bool:
    if call.bot.menus.set(commands, _scope(call), _language(call)):
        call.world.events.publish("commands_changed", bot_id=call.bot.id)
    return True


def _scope(call: Call) -> Scope:
    kind, named_chat, user_id = scope_ids(call.get("scope"))
    if not named_chat:
        return kind, 0, 0
    chat = reach(call.world, call.bot, named_chat)
    if kind != "chat" and not isinstance(chat, Group):
        raise bad_request("the specified scope can't be used in private chats")
    return kind, chat.id, user_id


def _language(call: Call) -> str:
    return check_language(call.get("language_code") or "")


def _set_text(call: Call, texts: dict[str, str], name: str, most: int) -> bool:
    text = (call.get(name) or "").strip()
    if len(text) > most:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    texts[_language(call)] = text
    call.world.events.publish("world")
    return True


def _text_for(call: Call, texts: dict[str, str]) -> str:
    return texts.get(_language(call)) or texts.get("", "")
