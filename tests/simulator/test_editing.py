from typing import Any

from bot.simulator import Simulator
from tests.simulator.conftest import Api, HandClock

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
KEYBOARD = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}


async def sent(api: Api, chat_id: int, **params: Any) -> dict[str, Any]:
    message: dict[str, Any] = await api.call("sendMessage", chat_id=chat_id, text="Halo", **params)
    return {"chat_id": chat_id, "message_id": message["message_id"]}


async def test_an_edit_replaces_text_and_keyboard(api: Api, clock: HandClock, siti: int) -> None:
    target = await sent(api, siti, reply_markup=KEYBOARD)
    clock.advance(60)

    edited = await api.call("editMessageText", text="<i>Baru</i>", parse_mode="HTML", **target)

    assert edited["text"] == "Baru"
    assert edited["entities"] == [{"type": "italic", "offset": 0, "length": 4}]
    assert edited["edit_date"] == edited["date"] + 60
    assert "reply_markup" not in edited


async def test_a_message_that_would_stay_the_same_is_refused(api: Api, siti: int) -> None:
    target = await sent(api, siti, reply_markup=KEYBOARD)

    assert await api.refusal("editMessageText", text="Halo", reply_markup=KEYBOARD, **target) == NOT_MODIFIED
    assert await api.refusal("editMessageReplyMarkup", reply_markup=KEYBOARD, **target) == NOT_MODIFIED
    assert (await api.call("editMessageText", text="Halo", **target))["text"] == "Halo"


async def test_changing_the_keyboard_alone_leaves_no_edited_mark(api: Api, siti: int) -> None:
    target = await sent(api, siti)

    edited = await api.call("editMessageReplyMarkup", reply_markup=KEYBOARD, **target)

    assert edited["reply_markup"] == KEYBOARD
    assert "edit_date" not in edited


async def test_only_own_messages_with_inline_or_no_keyboards_can_be_edited(
    api: Api, simulator: Simulator, siti: int
) -> None:
    foreign = simulator.control.send(siti, siti, "halo")["message_id"]
    with_keys = await sent(api, siti, reply_markup={"keyboard": [[{"text": "Satu"}]]})

    for target in ({"chat_id": siti, "message_id": foreign}, with_keys):
        assert await api.refusal("editMessageText", text="x", **target) == (
            "Bad Request: message can't be edited"
        )


async def test_a_message_that_is_not_there_cannot_be_edited(api: Api, siti: int) -> None:
    gone = await sent(api, siti)
    await api.call("deleteMessage", **gone)

    assert await api.refusal("editMessageText", text="x", chat_id=siti, message_id=99) == (
        "Bad Request: message to edit not found"
    )
    assert await api.refusal("editMessageText", text="x", **gone) == "Bad Request: message to edit not found"
    assert await api.refusal("editMessageText", text="x", inline_message_id="none") == (
        "Bad Request: MESSAGE_ID_INVALID"
    )
    assert await api.refusal("editMessageText", text="x") == (
        "Bad Request: message identifier is not specified"
    )


async def test_text_and_caption_are_not_confused(api: Api, siti: int) -> None:
    text = await sent(api, siti)
    answer = await api.upload("sendDocument", "document", "a.txt", b"isi", chat_id=str(siti), caption="lama")
    media = {"chat_id": siti, "message_id": answer["result"]["message_id"]}

    assert await api.refusal("editMessageCaption", caption="x", **text) == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert await api.refusal("editMessageText", text="x", **media) == (
        "Bad Request: there is no text in the message to edit"
    )
    assert (await api.call("editMessageCaption", caption="baru", **media))["caption"] == "baru"
    assert await api.refusal("editMessageCaption", caption="x" * 1025, **media) == (
        "Bad Request: message caption is too long"
    )
    assert "caption" not in await api.call("editMessageCaption", **media)


async def test_media_can_be_exchanged_for_other_media(api: Api, simulator: Simulator, siti: int) -> None:
    photo = simulator.control.send_media(siti, siti, "photo")["photo"][-1]["file_id"]
    answer = await api.upload("sendDocument", "document", "a.txt", b"isi", chat_id=str(siti))
    target = {"chat_id": siti, "message_id": answer["result"]["message_id"]}

    edited = await api.call(
        "editMessageMedia", media={"type": "photo", "media": photo, "caption": "gambar"}, **target
    )

    assert edited["photo"][-1]["file_id"] == photo
    assert edited["caption"] == "gambar"
    assert "document" not in edited


async def test_deleted_messages_stay_in_the_transcript_marked(
    api: Api, simulator: Simulator, siti: int
) -> None:
    own = await sent(api, siti)
    theirs = simulator.control.send(siti, siti, "halo")["message_id"]

    await api.call("deleteMessages", chat_id=siti, message_ids=[own["message_id"], theirs, 99])

    assert [message.get("deleted") for message in simulator.control.messages(siti)] == [None, True, True]
    assert await api.refusal("deleteMessage", **own) == "Bad Request: message to delete not found"


async def test_after_48_hours_a_message_cannot_be_deleted(api: Api, clock: HandClock, siti: int) -> None:
    target = await sent(api, siti)
    clock.advance(48 * 60 * 60)

    assert await api.refusal("deleteMessage", **target) == (
        "Bad Request: message can't be deleted for everyone"
    )


async def test_in_a_group_a_bot_deletes_what_others_wrote_only_as_an_administrator(
    api: Api, simulator: Simulator, group: int, siti: int
) -> None:
    message = simulator.control.send(siti, group, "halo")
    target = {"chat_id": group, "message_id": message["message_id"]}

    refusal = await api.refusal("deleteMessage", **target)
    simulator.control.add_member(group, 4242, is_admin=True)

    assert refusal == "Bad Request: message can't be deleted for everyone"
    assert await api.call("deleteMessage", **target) is True


async def test_deletion_comes_to_no_bot(api: Api, simulator: Simulator, siti: int) -> None:
    message = simulator.control.send(siti, siti, "halo")
    await api.updates()

    simulator.control.delete(siti, siti, message["message_id"])

    assert await api.updates() == []
