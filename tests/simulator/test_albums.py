"""Albums: of bots, of people, passed on, edited and deleted."""

import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from bot.simulator import Simulator
from bot.simulator.controls.lookup import ControlError
from tests.simulator.conftest import Api
from tests.simulator.test_files import png

Json = dict[str, Any]
PHOTO = {"type": "photo", "media": "attach://satu"}


async def send_album(api: Api, chat_id: int, media: list[Json], **params: str) -> Json:
    """The whole answer to sendMediaGroup with a picture as "satu" and a text file as "dua"."""
    form = FormData({"chat_id": str(chat_id), "media": json.dumps(media), **params}, quote_fields=False)
    form.add_field("satu", BytesIO(png(300, 200)), filename="satu.png")
    form.add_field("dua", BytesIO(b"isi dua"), filename="dua.txt")
    async with api.session.post(f"{api.url}/bot{api.token}/sendMediaGroup", data=form) as response:
        answer: Json = await response.json()
        return answer


async def documents(api: Api, chat_id: int, number: int = 3) -> list[Json]:
    """The messages of an album of the bot's, of so many documents, the first with a caption."""
    media: list[Json] = [{"type": "document", "media": "attach://dua"} for _ in range(number)]
    media[0] |= {"caption": "<b>Materi</b>", "parse_mode": "HTML"}
    answer = await send_album(api, chat_id, media)
    assert answer["ok"], answer
    sent: list[Json] = answer["result"]
    return sent


async def test_an_album_comes_as_several_messages_with_one_group_id(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await documents(api, siti)

    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message["message_id"] for message in sent] == [2, 3, 4]
    assert [message.get("caption") for message in sent] == ["Materi", None, None]
    assert sent[0]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 6}]
    assert simulator.control.messages(siti)[1:] == sent


async def test_photos_and_videos_stand_together_and_a_file_id_serves_as_well(
    api: Api, simulator: Simulator, siti: int
) -> None:
    video = simulator.control.send_media(siti, siti, "video")["video"]["file_id"]

    answer = await send_album(api, siti, [PHOTO | {"has_spoiler": True}, {"type": "video", "media": video}])

    first, second = answer["result"]
    assert first["photo"][-1]["width"] == 300
    assert first["has_media_spoiler"] is True
    assert second["video"]["file_id"] == video


@pytest.mark.parametrize(
    ("media", "description"),
    [
        pytest.param([], "there are no messages to send", id="none"),
        pytest.param([PHOTO], "too few messages to send as an album", id="one"),
        pytest.param([PHOTO] * 11, "too many messages to send as an album", id="eleven"),
        pytest.param(
            [PHOTO, {"type": "document", "media": "attach://dua"}],
            "document can't be mixed with other media types",
            id="mixed",
        ),
        pytest.param(
            [PHOTO, PHOTO | {"show_caption_above_media": True}],
            "parameter show_caption_above_media must be the same for all messages",
            id="above-and-below",
        ),
        pytest.param([PHOTO, PHOTO | {"caption": "x" * 1025}], "message caption is too long", id="caption"),
        pytest.param(
            [PHOTO, {"type": "photo", "media": "attach://dua"}], "IMAGE_PROCESS_FAILED", id="no-photo"
        ),
        pytest.param(
            [PHOTO, {"type": "photo", "media": "attach://tiga"}],
            "can't parse InputMedia: Media not found",
            id="not-uploaded",
        ),
    ],
)
async def test_what_is_no_album_is_refused_and_nothing_of_it_is_sent(
    api: Api, simulator: Simulator, siti: int, media: list[Json], description: str
) -> None:
    answer = await send_album(api, siti, media)

    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {description}")
    assert len(simulator.control.messages(siti)) == 1


async def test_an_album_takes_no_buttons(api: Api, siti: int) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    answer = await send_album(api, siti, [PHOTO, PHOTO], reply_markup=json.dumps(keyboard))
    part = (await documents(api, siti))[0]["message_id"]

    assert answer["description"] == 'Bad Request: unknown parameter "reply_markup"'
    assert await api.refusal(
        "editMessageReplyMarkup", chat_id=siti, message_id=part, reply_markup=keyboard
    ) == ("Bad Request: MEDIA_GROUPED_INVALID")


async def test_every_part_of_an_album_replies_to_the_same_message(
    api: Api, simulator: Simulator, siti: int
) -> None:
    question = simulator.control.send(siti, siti, "materi?")["message_id"]

    answer = await send_album(
        api, siti, [PHOTO, PHOTO], reply_parameters=json.dumps({"message_id": question})
    )

    assert [one["reply_to_message"]["message_id"] for one in answer["result"]] == [question, question]


async def test_the_parts_of_an_album_count_as_messages_each(
    api: Api, simulator: Simulator, siti: int
) -> None:
    simulator.control.set_rates(private_messages=3)
    await documents(api, siti, 3)

    answer = await send_album(api, siti, [PHOTO, PHOTO])

    assert answer["error_code"] == 429
    assert simulator.control.traffic()["accepted"] == 3


async def test_an_album_of_a_person_comes_as_one_update_a_part(
    api: Api, simulator: Simulator, siti: int
) -> None:
    parts = [{"kind": "photo", "caption": "Foto kegiatan"}, {"kind": "photo"}, {"kind": "video"}]

    sent = simulator.control.send_album(siti, siti, parts)

    updates = [update["message"] for update in await api.updates()]
    assert updates == sent
    assert {one["media_group_id"] for one in updates} == {sent[0]["media_group_id"]}
    assert [one.get("caption") for one in updates] == ["Foto kegiatan", None, None]


async def test_a_part_may_come_late_and_belongs_to_its_album_still(
    api: Api, simulator: Simulator, siti: int
) -> None:
    album = simulator.control.send_album(siti, siti, [{"kind": "photo"}] * 2)[0]["media_group_id"]
    await api.updates()

    simulator.control.send_media(siti, siti, "photo", media_group_id=album)

    assert [update["message"]["media_group_id"] for update in await api.updates()] == [album]


async def test_eleven_files_of_a_person_are_an_album_of_ten_and_a_message(
    simulator: Simulator, siti: int
) -> None:
    sent = simulator.control.send_album(siti, siti, [{"kind": "document"}] * 11)

    assert len({one["media_group_id"] for one in sent[:10]}) == 1
    assert "media_group_id" not in sent[10]


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        pytest.param([{"kind": "photo"}], "too few messages", id="one"),
        pytest.param([{"kind": "photo"}, {"kind": "document"}], "document can't be mixed", id="mixed"),
        pytest.param([{"kind": "photo"}, {"kind": "sticker"}], "Part 2: its kind is one of", id="kind"),
        pytest.param([{"kind": "photo"}, {"kind": "photo", "caption": 5}], "'caption' is of", id="type"),
        pytest.param([{"kind": "photo"}, {"sort": "photo"}], "Part 2: there is no 'sort'", id="field"),
    ],
)
async def test_what_people_cannot_send_together_is_said_in_a_sentence(
    simulator: Simulator, siti: int, parts: list[Json], sentence: str
) -> None:
    with pytest.raises(ControlError, match=sentence):
        simulator.control.run("send_album", {"user_id": siti, "chat_id": siti, "parts": parts})

    assert len(simulator.control.messages(siti)) == 1


@pytest.mark.parametrize("method", ["forwardMessages", "copyMessages"])
async def test_an_album_that_is_passed_on_stays_one(
    api: Api, simulator: Simulator, siti: int, group: int, method: str
) -> None:
    sent = await documents(api, siti)
    numbers = [one["message_id"] for one in sent]

    await api.call(method, chat_id=group, from_chat_id=siti, message_ids=numbers)
    await api.call(method, chat_id=group, from_chat_id=siti, message_ids=numbers[:1])

    *together, alone = [one for one in simulator.control.messages(group) if "document" in one]
    (album,) = {one["media_group_id"] for one in together}
    assert album != sent[0]["media_group_id"]
    assert together[0]["caption"] == "Materi"
    assert "media_group_id" not in alone


async def test_a_person_forwards_an_album_whole(
    api: Api, simulator: Simulator, siti: int, group: int
) -> None:
    sent = simulator.control.send_album(siti, group, [{"kind": "photo"}] * 2)

    forwarded = simulator.control.forward_several(siti, siti, group, [one["message_id"] for one in sent])

    updates = [update["message"] for update in await api.updates()]
    assert updates == forwarded
    assert len({one["media_group_id"] for one in forwarded}) == 1
    assert forwarded[0]["forward_origin"]["sender_user"]["id"] == siti


async def test_a_part_is_edited_within_what_its_album_may_hold(
    api: Api, simulator: Simulator, siti: int
) -> None:
    photo = simulator.control.send_media(siti, siti, "photo")["photo"][-1]["file_id"]
    document = simulator.control.send_media(siti, siti, "document")["document"]["file_id"]
    target = {"chat_id": siti, "message_id": (await documents(api, siti))[1]["message_id"]}

    captioned = await api.call("editMessageCaption", caption="RALAT", **target)
    replaced = await api.call(
        "editMessageMedia", media={"type": "document", "media": document, "caption": "Baru"}, **target
    )

    assert captioned["caption"] == "RALAT"
    assert (replaced["document"]["file_id"], replaced["caption"]) == (document, "Baru")
    assert replaced["media_group_id"] == captioned["media_group_id"]
    assert await api.refusal("editMessageMedia", media={"type": "photo", "media": photo}, **target) == (
        "Bad Request: can't change media type in the album"
    )
    assert await api.refusal("editMessageMedia", media={"type": "animation", "media": photo}, **target) == (
        "Bad Request: message content type can't be used in an album"
    )


async def test_an_album_is_deleted_with_one_request(api: Api, simulator: Simulator, siti: int) -> None:
    numbers = [one["message_id"] for one in await documents(api, siti)]

    await api.call("deleteMessages", chat_id=siti, message_ids=[*numbers, 999])

    assert [one["message_id"] for one in simulator.control.messages(siti) if one.get("deleted")] == numbers
