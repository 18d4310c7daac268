from typing import Any

import pytest

from bot.simulator import Simulator
from tests.simulator.conftest import Api


def named(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"tentang {name}"} for name in names]


async def set_commands(api: Api, name: str, scope: dict[str, Any] | None = None, **language: str) -> None:
    await api.call("setMyCommands", commands=named(name), **({"scope": scope} if scope else {}), **language)


async def test_in_a_private_chat_the_narrowest_scope_and_the_own_language_win(
    api: Api, simulator: Simulator, siti: int
) -> None:
    scopes: list[dict[str, Any] | None] = [
        None,
        {"type": "all_private_chats"},
        {"type": "chat", "chat_id": siti},
    ]
    shown = []
    for number, scope in enumerate(scopes):
        await set_commands(api, f"umum{number}", scope)
        shown.append(simulator.control.commands(siti, siti)[0]["command"])
        await set_commands(api, f"bahasa{number}", scope, language_code="id")
        shown.append(simulator.control.commands(siti, siti)[0]["command"])

    assert shown == ["umum0", "bahasa0", "umum1", "bahasa1", "umum2", "bahasa2"]


async def test_in_a_group_administrators_and_single_members_have_menus_of_their_own(
    api: Api, simulator: Simulator, group: int, siti: int, budi: int
) -> None:
    menus: dict[str, dict[str, Any]] = {
        "grup": {"type": "all_group_chats"},
        "admin": {"type": "all_chat_administrators"},
        "kantor": {"type": "chat", "chat_id": group},
        "pengurus": {"type": "chat_administrators", "chat_id": group},
    }
    for name, scope in menus.items():
        await set_commands(api, name, scope)
    for_all = [simulator.control.commands(one, group)[0]["command"] for one in (siti, budi)]
    await set_commands(api, "budi", {"type": "chat_member", "chat_id": group, "user_id": budi})

    assert for_all == ["pengurus", "kantor"]
    assert simulator.control.commands(budi, group) == named("budi")
    assert simulator.control.commands(budi, budi) == []


async def test_a_language_without_a_list_falls_back_to_the_next_scope_only_after_the_common_list(
    api: Api, simulator: Simulator, siti: int
) -> None:
    await set_commands(api, "semua", {"type": "all_private_chats"})
    await set_commands(api, "indonesia", language_code="id")

    assert simulator.control.commands(siti, siti) == named("semua")


async def test_deleted_menus_give_way_to_wider_ones(api: Api, simulator: Simulator, siti: int) -> None:
    await set_commands(api, "umum")
    await set_commands(api, "pribadi", {"type": "all_private_chats"})
    await api.call("deleteMyCommands", scope={"type": "all_private_chats"})

    assert simulator.control.commands(siti, siti) == named("umum")
    assert await api.call("getMyCommands", scope={"type": "all_private_chats"}) == []
    assert await api.call("getMyCommands") == named("umum")


@pytest.mark.parametrize(
    ("params", "description"),
    [
        pytest.param({"commands": named("Tanya")}, "BOT_COMMAND_INVALID", id="upper-case"),
        pytest.param({"commands": named("x" * 33)}, "BOT_COMMAND_INVALID", id="long-name"),
        pytest.param(
            {"commands": [{"command": "x", "description": " "}]},
            "command description must be non-empty",
            id="no-description",
        ),
        pytest.param(
            {"commands": [{"command": "x", "description": "x" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
            id="long-description",
        ),
        pytest.param(
            {"commands": named(*[f"c{number}" for number in range(101)])}, "BOT_COMMANDS_TOO_MUCH", id="101"
        ),
        pytest.param(
            {"commands": named("x"), "language_code": "indonesia"},
            "invalid language code specified",
            id="language",
        ),
        pytest.param(
            {"commands": named("x"), "scope": {"type": "chat", "chat_id": 5}}, "chat not found", id="chat"
        ),
    ],
)
async def test_menus_are_checked(api: Api, params: dict[str, Any], description: str) -> None:
    assert await api.refusal("setMyCommands", **params) == f"Bad Request: {description}"


async def test_names_and_descriptions_depend_on_the_language(api: Api) -> None:
    await api.call("setMyName", name="TanyaCoP")
    await api.call("setMyName", name="AskCoP", language_code="en")
    await api.call("setMyDescription", description="Bertanya")
    await api.call("setMyShortDescription", short_description="Tanya")

    assert await api.call("getMyName", language_code="en") == {"name": "AskCoP"}
    assert await api.call("getMyName", language_code="id") == {"name": "TanyaCoP"}
    assert await api.call("getMyDescription", language_code="id") == {"description": "Bertanya"}
    assert await api.call("getMyShortDescription") == {"short_description": "Tanya"}
    assert await api.refusal("setMyName", name="x" * 65) == "Bad Request: bot name is too long"


async def test_a_change_of_menus_is_an_event_and_no_change_is_none(api: Api, simulator: Simulator) -> None:
    for _ in range(2):
        await set_commands(api, "umum")

    kinds = [event["kind"] for event in simulator.world.events.after(0)]
    assert kinds.count("commands_changed") == 1
