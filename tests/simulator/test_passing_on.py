"""What people forward to a bot, change and take back, and what a copy of it says; and the files in it."""

import base64
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.simulator import Server, Simulator
from bot.simulator.controls.lookup import ControlError
from tests.simulator.conftest import Api, HandClock
from tests.simulator.test_files import download

TWO_DAYS = 48 * 60 * 60


async def forwarded(api: Api) -> dict[str, Any]:
    """What the last update says of where its message comes from."""
    origin: dict[str, Any] = (await api.updates())[-1]["message"]["forward_origin"]
    return origin


async def test_a_forward_names_its_author_or_the_bare_name_of_who_hides_it(
    api: Api, simulator: Simulator, group: int, siti: int, budi: int
) -> None:
    control = simulator.control
    said = control.send(budi, group, "undangan rapat")
    control.forward(siti, siti, group, said["message_id"])
    open_origin = await forwarded(api)
    control.hide_name(budi)

    control.forward(siti, siti, group, said["message_id"])

    assert (open_origin["type"], open_origin["sender_user"]["id"]) == ("user", budi)
    assert await forwarded(api) == {
        "type": "hidden_user",
        "date": said["date"],
        "sender_user_name": "Budi",
    }


async def test_a_forward_of_an_anonymous_administrator_names_the_group(
    api: Api, simulator: Simulator, group: int, siti: int
) -> None:
    said = simulator.control.send(siti, group, "dari admin", as_anonymous_admin=True)

    simulator.control.forward(siti, siti, group, said["message_id"])

    origin = await forwarded(api)
    assert (origin["type"], origin["sender_chat"]["id"]) == ("chat", group)


async def test_something_from_a_channel_can_be_forwarded_though_the_world_has_none(
    api: Api, simulator: Simulator, siti: int
) -> None:
    channel = {"id": -1009, "type": "channel", "title": "Kemnaker"}
    origin = {"type": "channel", "date": 1, "chat": channel, "message_id": 7}

    simulator.control.send(siti, siti, "Pengumuman", forward_origin=origin)

    assert await forwarded(api) == origin
    with pytest.raises(ControlError, match="needs 'message_id'"):
        simulator.control.send(
            siti, siti, "x", forward_origin={"type": "channel", "date": 1, "chat": channel}
        )
    with pytest.raises(ControlError, match="has a type"):
        simulator.control.send(siti, siti, "x", forward_origin={"type": "moon"})


async def test_a_copy_says_what_the_original_says_at_that_moment(
    api: Api, simulator: Simulator, group: int, siti: int
) -> None:
    control = simulator.control
    original = control.send(siti, siti, "Kamis pukul 09.00")["message_id"]
    first = await api.call("copyMessage", chat_id=group, from_chat_id=siti, message_id=original)
    control.edit(siti, siti, original, "Jumat pukul 09.00")

    second = await api.call("copyMessage", chat_id=group, from_chat_id=siti, message_id=original)

    said = {one["message_id"]: one.get("text") for one in control.messages(group)}
    assert said[first["message_id"]] == "Kamis pukul 09.00"
    assert said[second["message_id"]] == "Jumat pukul 09.00"
    control.delete(siti, siti, original)
    assert await api.refusal("copyMessage", chat_id=group, from_chat_id=siti, message_id=original) == (
        "Bad Request: message to copy not found"
    )


async def test_a_person_puts_another_file_in_place_of_the_first(
    api: Api, simulator: Simulator, siti: int
) -> None:
    control = simulator.control
    first = control.send_media(siti, siti, "document", caption="Undangan", file_name="lama.pdf")
    await api.updates()

    control.edit_media(siti, siti, first["message_id"], "document", "Undangan baru", file_name="baru.pdf")

    [update] = await api.updates()
    edited = update["edited_message"]
    assert (edited["message_id"], edited["caption"]) == (first["message_id"], "Undangan baru")
    assert edited["document"]["file_name"] == "baru.pdf"
    with pytest.raises(ControlError, match="no file in this message"):
        control.edit_media(siti, siti, control.send(siti, siti, "teks")["message_id"], "photo")


async def test_a_part_of_a_persons_album_stays_what_its_album_is(simulator: Simulator, siti: int) -> None:
    part = simulator.control.send_album(siti, siti, [{"kind": "document"}] * 2)[0]

    with pytest.raises(ControlError, match="can't change media type in the album"):
        simulator.control.run(
            "edit_media",
            {"user_id": siti, "chat_id": siti, "message_id": part["message_id"], "kind": "photo"},
        )


@pytest.mark.parametrize(
    ("name", "mime_type"),
    [
        ("peserta.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("undangan.PDF", "application/pdf"),
        ("sesi.ics", "text/calendar"),
    ],
)
async def test_a_file_of_the_office_comes_with_its_type_and_is_downloaded(
    api: Api,
    simulator: Simulator,
    server: Server,
    session: ClientSession,
    siti: int,
    name: str,
    mime_type: str,
) -> None:
    content = b"isi " + name.encode()
    simulator.control.send_media(
        siti, siti, "document", file_base64=base64.b64encode(content).decode(), file_name=name
    )
    [update] = await api.updates()

    document = update["message"]["document"]
    path = (await api.call("getFile", file_id=document["file_id"]))["file_path"]

    assert (document["file_name"], document["mime_type"]) == (name, mime_type)
    assert await download(server, session, path) == content


async def test_a_bot_takes_back_what_is_younger_than_48_hours_by_the_simulated_clock(
    api: Api, clock: HandClock, siti: int
) -> None:
    first = await api.call("sendMessage", chat_id=siti, text="satu")
    clock.advance(1)
    second = await api.call("sendMessage", chat_id=siti, text="dua")
    clock.advance(TWO_DAYS - 1)

    assert await api.refusal("deleteMessage", chat_id=siti, message_id=first["message_id"]) == (
        "Bad Request: message can't be deleted for everyone"
    )
    assert await api.call("deleteMessage", chat_id=siti, message_id=second["message_id"])


async def test_a_moment_in_a_message_keeps_its_instant_its_format_and_the_words_for_old_apps(
    api: Api, siti: int
) -> None:
    words = "09.00 WIB / 10.00 WITA / 11.00 WIT"
    sent = await api.call(
        "sendMessage",
        chat_id=siti,
        text=f'Mulai <tg-time unix="1758765600" format="wDt">{words}</tg-time>.',
        parse_mode="HTML",
    )

    assert sent["text"] == f"Mulai {words}."
    assert sent["entities"] == [
        {
            "type": "date_time",
            "offset": 6,
            "length": len(words),
            "unix_time": 1758765600,
            "date_time_format": "wDt",
        }
    ]
