"""What the rows of requests say of earlier tries."""

from bot.clock import ManualClock
from bot.services.outbox import Outbox
from db.database import Database


async def test_a_poll_that_a_dead_process_may_have_put_is_told_from_one_that_nobody_tried(
    database: Database, clock: ManualClock
) -> None:
    outbox = Outbox(clock)
    async with database.transaction() as tx:
        put = outbox.request(7, "sendPoll", {"question": "?"}, poll_copy_id=1)
        await outbox.write(tx, [put], None)  # as a process does that does not hold the lease

    terms = []
    for term in (2, 3):  # the holder of the second dies while it sends
        async with database.transaction() as tx:
            ((request,),) = await outbox.due(tx, 10)
            await outbox.take(tx, [request], term)
            terms.append(request.term)

    assert terms == [0, 2]
