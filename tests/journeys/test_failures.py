"""When a handler fails: nothing half-done stays, the person is apologised to, the owner is told."""

from typing import Any

import pytest

from tests.scene import Scene


async def test_a_failing_handler_is_rolled_back_apologised_for_and_reported(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, sari = scene.person("Pemilik"), scene.person("Sari")
    await owner.says("/start")

    async def fail_after_storing(tx: Any, text: str, **how: Any) -> None:
        await scene.program.services.people.meet(tx, 77, in_private=True)
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(scene.program.services.questions, "ask", fail_after_storing)
    apology = await sari.asks("gmn cara klaim jkp?")

    (record,) = scene.faults.records
    error_id = record.getMessage().partition("error_id=")[2].split()[0]
    assert apology["text"].startswith("Maaf, ada yang salah di pihak saya")
    assert error_id in apology["text"]
    assert owner.reads()["text"].startswith(f"Galat {error_id}\nRuntimeError")
    async with scene.program.database.transaction() as tx:
        assert await scene.program.services.people.find(tx, 77) is None
    scene.forgive()


async def test_a_failing_button_answers_the_press_with_an_apology(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sari = scene.person("Sari")
    card = await sari.asks("gmn cara klaim jkp?")

    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(scene.program.services.questions, "rate", fail)
    note = await sari.is_told(card, "Kurang membantu")

    assert note["text"].startswith("Maaf, ada yang salah di pihak saya")
    scene.forgive()
    scene.forgiven += 1  # the owner never pressed Start, so the notice could not reach them


async def test_the_next_message_is_answered_as_if_nothing_had_happened(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, sari = scene.person("Pemilik"), scene.person("Sari")
    await owner.says("/start")

    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(scene.program.services.questions, "ask", fail)
        await sari.says("gmn cara klaim jkp?")
    card = await sari.asks("gmn cara klaim jkp?")

    assert "Dasar hukum: " in card["text"]
    scene.forgive()


async def test_a_database_that_fails_is_apologised_for(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, sari = scene.person("Pemilik"), scene.person("Sari")
    await owner.says("/start")

    async def fail(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(scene.program.services.people, "find_all", fail)
    apology = await sari.asks("gmn cara klaim jkp?")

    assert apology["text"].startswith("Maaf, ada yang salah di pihak saya")
    scene.forgive()
