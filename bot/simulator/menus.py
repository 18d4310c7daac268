"""A bot's command menus: by scope and language, resolved for a reader as the Bot API documents it."""

import re
from typing import Any

from bot.simulator.refusal import bad_request

Json = dict[str, Any]
Scope = tuple[str, int, int]  # type, chat id or 0, user id or 0
DEFAULT: Scope = ("default", 0, 0)
MAX_COMMANDS = 100
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")


class Menus:
    """The command lists of one bot."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], list[Json]] = {}

    def set(self, commands: list[Json], scope: Scope, language: str) -> bool:
        """Replace one list; True where that changed something."""
        checked = [_command(command) for command in commands]
        if len(checked) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        before = self._lists.get((scope, language), [])
        if checked:
            self._lists[scope, language] = checked
        else:
            self._lists.pop((scope, language), None)
        return checked != before

    def get(self, scope: Scope, language: str) -> list[Json]:
        return self._lists.get((scope, language), [])

    def shown(
        self, chat_id: int, user_id: int, language: str, *, is_group: bool, is_admin: bool
    ) -> list[Json]:
        """What one reader sees in one chat: the narrowest scope with a list for the language, or for any."""
        scopes: list[Scope]
        if not is_group:
            scopes = [("chat", chat_id, 0), ("all_private_chats", 0, 0), DEFAULT]
        else:
            scopes = [("chat_member", chat_id, user_id)]
            if is_admin:
                scopes.append(("chat_administrators", chat_id, 0))
            scopes.append(("chat", chat_id, 0))
            if is_admin:
                scopes.append(("all_chat_administrators", 0, 0))
            scopes += [("all_group_chats", 0, 0), DEFAULT]
        for scope in scopes:
            for wanted in (language, "") if language else ("",):
                if commands := self._lists.get((scope, wanted)):
                    return commands
        return []


def check_language(code: str) -> str:
    """The code as given: two letters, or empty for "everybody else"."""
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def scope_ids(scope: Json | None) -> tuple[str, Any, int]:
    """Read a BotCommandScope: its type, the chat it names (id or @username) and the user."""
    if scope is None:
        return "default", 0, 0
    kind = scope.get("type")
    if kind in _PLAIN_SCOPES:
        return str(kind), 0, 0
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if "chat_id" not in scope:
        raise bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"")
    if kind == "chat_member" and "user_id" not in scope:
        raise bad_request("can't parse BotCommandScope: Can't find field \"user_id\"")
    return str(kind), scope["chat_id"], int(scope.get("user_id", 0)) if kind == "chat_member" else 0


def _command(command: Json) -> Json:
    name = str(command.get("command", ""))
    description = str(command.get("description", "")).strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}
