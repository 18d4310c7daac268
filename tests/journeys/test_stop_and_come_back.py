"""Who wants nothing more, who blocked the bot, and how both come back."""

from typing import Any

from bot.services.people import is_reachable
from bot.simulator.refusal import forbidden
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer
from db.models import Person
from tests.organisers import told
from tests.scene import Scene, Someone


async def _person(someone: Someone) -> Person:
    program = someone.scene.program
    async with program.database.transaction() as tx:
        person = await program.services.people.find(tx, someone.user_id)
    assert person is not None
    return person


async def _changes(someone: Someone, before: str, after: str) -> None:
    """What Telegram tells the bot when somebody blocks it or lets it in again."""
    bot = {"id": someone.scene.bot_id, "is_bot": True, "first_name": "TanyaCoP"}
    user = {"id": someone.user_id, "is_bot": False, "first_name": "Sari"}
    change: dict[str, Any] = {"chat": {**user, "type": "private"}, "from": user, "date": 1}
    change["old_chat_member"] = _member(bot, before)
    change["new_chat_member"] = _member(bot, after)
    del change["chat"]["is_bot"]
    someone.scene.control.raw_update({"my_chat_member": change})
    await someone.scene.settled()


def _member(bot: dict[str, Any], status: str) -> dict[str, Any]:
    return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})


async def test_whoever_stops_is_sent_nothing_and_still_answered(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.says("/start")

    stopped = await sari.asks("/berhenti")
    answer = await sari.asks("apa itu jkp?")
    profile = await sari.asks("/profil")

    assert stopped["text"].startswith("Baik, saya berhenti mengirim.")
    assert "JKP" in answer["text"]
    assert "Anda sedang berhenti menerima kiriman." in profile["text"]
    assert not is_reachable(await _person(sari))


async def test_start_brings_everything_back(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.presses(await sari.asks("/start"), "Lewati")
    await sari.says("/stop")

    back, *_ = await sari.says("/start")

    assert back["text"].startswith("Selamat datang kembali.")
    assert is_reachable(await _person(sari))


async def test_whoever_blocks_the_bot_is_out_of_reach_until_they_let_it_in(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.says("/start")

    await _changes(sari, "member", "kicked")
    blocked = await _person(sari)
    await _changes(sari, "kicked", "member")
    unblocked = await _person(sari)

    assert blocked.blocked_at == scene.clock.now()
    assert not is_reachable(blocked)
    assert is_reachable(unblocked)


class _LetsNothingIn:
    """One person whose block Telegram tells only whoever sends to them."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id

    async def before(self, request: Request) -> None:
        if request.chat_id == self.user_id:
            raise forbidden("bot was blocked by the user")

    async def after(self, request: Request, answer: Answer) -> None:
        """What had an effect is as it is."""


async def test_an_answer_that_finds_the_bot_blocked_makes_that_known(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.says("/start")
    scene.simulator.hooks.append(_LetsNothingIn(sari.user_id))

    await sari.says("apa itu jkp?")
    await told(scene)

    assert (await _person(sari)).blocked_at == scene.clock.now()
    scene.forgive()


async def test_whoever_writes_has_let_the_bot_in(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.says("/start")
    await _changes(sari, "member", "kicked")

    await sari.says("apa itu jkp?")

    assert is_reachable(await _person(sari))


async def test_a_stranger_who_blocks_the_bot_is_not_made_known_by_it(scene: Scene) -> None:
    sari = scene.person("Sari")

    await _changes(sari, "member", "kicked")

    async with scene.program.database.transaction() as tx:
        assert await scene.program.services.people.find(tx, sari.user_id) is None
