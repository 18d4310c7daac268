"""The demo behind its page: who plays, who only receives, and whose clock it is."""

from datetime import timedelta

from bot.demo import stage
from bot.texts import texts

DAY = timedelta(days=1)


async def test_the_program_lives_by_the_clock_that_the_page_moves() -> None:
    async with stage(texts("id"), crowd=0) as running:
        services, control = running.program.services, running.server.simulator.control
        before, day = services.clock.now(), services.content.today

        control.move_clock(DAY.total_seconds())

        assert services.clock.now() - before >= DAY
        assert services.content.today - day == DAY


async def test_four_people_play_and_the_many_are_known_with_their_provinces() -> None:
    async with stage(texts("id"), crowd=40) as running:
        cast, services = running.cast, running.program.services
        async with running.program.database.transaction() as tx:
            known = [await services.people.find(tx, telegram_id) for telegram_id in cast.crowd]

        parts = [user["part"] for user in running.server.simulator.control.state()["users"]]
        assert parts == ["Anggota", "Penyelenggara", "Kurator", "Pemilik"]
        assert services.owner_ids == (cast.owner,)
        joined = [person for person in known if person is not None and person.joined_at and person.consent_at]
        assert len(joined) == 40
        assert len({person.province_code for person in joined}) == 38
