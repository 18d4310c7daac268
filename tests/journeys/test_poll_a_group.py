"""Groups get one anonymous poll, whose totals are frozen when it is stopped and stand beside the private result."""

from sqlmodel import select

from bot.services.poll_results import GroupResult
from db.models import IncomingUpdate
from tests.organisers import joined
from tests.polls import asked, checks_in, closes, desk, passes, plans_poll, result, session_of, ticks
from tests.scene import Message, Scene, Someone, labels

GOOD, VERY_GOOD = 3, 4


async def registered(scene: Scene, owner: Someone, *members: Someone) -> int:
    """A group that the owner has registered for the whole country; gives its id."""
    group = scene.control.add_group("CoP Nasional", [owner.user_id, *(each.user_id for each in members)])
    scene.control.add_member(group["id"], scene.bot_id)
    await scene.settled()
    (scope,) = await owner.presses(owner.reads(), "Daftarkan grup ini")
    await owner.presses(scope, "Seluruh Indonesia")
    return int(group["id"])


async def opened(scene: Scene, owner: Someone, *people: Someone) -> None:
    session_id = await session_of(scene)
    card = await plans_poll(owner)
    (groups,) = await owner.presses(card, "Grup")
    (chosen,) = await owner.presses(groups, "Kirim ke CoP Nasional")
    assert "CoP Nasional: dikirim" in chosen["text"]
    for each in people:
        await checks_in(scene, each, session_id)
    await passes(scene, minutes=60)


def poll_in(scene: Scene, chat_id: int) -> Message:
    found: list[Message] = [m for m in scene.control.messages(chat_id) if "poll" in m]
    return found[-1]


def vote(scene: Scene, someone: Someone, chat_id: int, option: int) -> None:
    scene.control.vote(someone.user_id, chat_id, poll_in(scene, chat_id)["message_id"], [option])


async def in_group(scene: Scene) -> GroupResult:
    (found,) = (await result(scene)).groups
    return found


async def test_a_group_poll_is_anonymous_and_frozen_at_the_closing(scene: Scene) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    group = await registered(scene, owner, sari, budi)
    await opened(scene, owner, sari)
    await sari.votes(asked(sari), GOOD)

    vote(scene, sari, group, VERY_GOOD)
    vote(scene, budi, group, GOOD)
    await scene.settled()
    so_far = await in_group(scene)
    await closes(scene)
    final = await in_group(scene)
    card = await desk(owner)

    assert poll_in(scene, group)["poll"]["is_anonymous"] is True
    assert poll_in(scene, group)["poll"]["is_closed"] is True
    assert (so_far.voters, so_far.is_final) == (2, False)
    assert (final.voters, final.is_final, final.was_deleted) == (2, True, False)
    assert [option.number for option in final.options] == [0, 0, 0, 1, 1]
    assert (await result(scene)).answered == 1  # never added to what was said in private
    assert "Grup: CoP Nasional" in card["text"]
    assert "Anonim, dihitung terpisah. Pemilih: 2" in card["text"]


async def test_a_group_poll_that_an_admin_deleted_keeps_the_last_totals_and_says_so(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    group = await registered(scene, owner, sari)
    await opened(scene, owner, sari)
    vote(scene, sari, group, VERY_GOOD)
    await scene.settled()

    scene.control.delete(owner.user_id, group, poll_in(scene, group)["message_id"])
    await closes(scene)
    await ticks(scene)
    final = await in_group(scene)

    assert [request["method"] for request in scene.refused()] == ["stopPoll"]
    scene.forgive()
    assert (final.voters, final.is_final, final.was_deleted) == (1, False, True)
    assert "Dihapus di grup sebelum ditutup" in (await desk(owner))["text"]


async def test_a_vote_in_the_name_of_a_chat_counts_in_no_private_poll(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    group = await registered(scene, owner, sari)
    await opened(scene, owner, sari)
    poll_id = asked(sari)["poll"]["id"]
    voter = {"id": group, "type": "supergroup", "title": "CoP Nasional"}
    answer = {"poll_id": poll_id, "voter_chat": voter, "option_ids": [1], "option_persistent_ids": ["1"]}

    scene.control.raw_update({"poll_answer": answer})
    await scene.settled()

    assert (await result(scene)).answered == 0


async def test_what_tells_the_totals_of_a_private_poll_is_never_stored(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    group = await registered(scene, owner, sari)
    await opened(scene, owner, sari)

    await sari.votes(asked(sari), GOOD)
    vote(scene, sari, group, VERY_GOOD)
    await scene.settled()

    async with scene.program.database.transaction() as tx:
        kinds = list((await tx.exec(select(IncomingUpdate.kind))).all())
    assert kinds.count("poll_answer") == 1
    assert kinds.count("poll") == 1  # the group's


async def test_groups_that_are_not_registered_are_not_offered(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await session_of(scene)

    (groups,) = await owner.presses(await plans_poll(owner), "Grup")

    assert "Belum ada grup terdaftar" in groups["text"]
    assert labels(groups) == ["Kembali"]
