"""A bot that is backed up while it runs, and goes on from the backup on the other kind of database."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import ManualClock
from bot.jobs import forget_old_updates
from db.backup import back_up, restore
from knowledge_base.loader import Content
from tests.scene import scene_of


async def test_what_people_told_the_bot_is_there_after_the_move(
    request: pytest.FixtureRequest,
    database_url: str,
    clock: ManualClock,
    small_content: Content,
    tmp_path: Path,
) -> None:
    other_url = request.getfixturevalue("postgres_url" if database_url.startswith("sqlite") else "sqlite_url")
    async with scene_of(database_url, clock, content=small_content) as scene:
        _, sari = scene.person("Owner"), scene.person("Sari")
        (details,) = await sari.presses(await sari.asks("/profil"), "Data diri")
        await sari.presses(details, "Isi semua")
        await sari.says("Sari Dewi, S.Sos.")
        await back_up(database_url, tmp_path / "backup.zip", clock.now())
    await restore(other_url, tmp_path / "backup.zip")
    clock.advance(timedelta(days=8))
    async with scene_of(other_url, clock, content=small_content) as scene:
        # The second Telegram counts its updates like the first; those of last week are forgotten by now.
        await forget_old_updates(scene.program.database, scene.program.services)
        _, sari = scene.person("Owner"), scene.person("Sari")

        _, offer = await sari.says("gmn cara klaim jkp?")
        (step,) = await sari.presses(offer, "Lanjutkan")
        (first,) = await sari.presses(step, "Kembali")

        assert "Saat ini: Sari Dewi, S.Sos." in first["text"]
        scene.check_no_faults()
