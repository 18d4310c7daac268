"""A button from last year: what it was about is over or gone, it says so, and nothing happens."""

from datetime import timedelta

from sqlmodel import col, func, select

from bot.jobs import forget_old_mailings, forget_what_is_over
from db.models import Announcement, Attendance, CopSession, FilledForm, Mailing, Rsvp
from tests.organisers import drafts, grants, joined, sent_out
from tests.scene import Message, Scene, Someone
from tests.sessions import plans

TABLES = (Announcement, Attendance, CopSession, FilledForm, Mailing, Rsvp)


async def _a_year_later(scene: Scene) -> tuple[Someone, Someone, Message]:
    """An owner, Sari, and a message under which both find buttons of everything that was last year.

    Announcement 1 was sent, 2 was left as a draft; session 1 took place. The clock's own work was done meanwhile.
    """
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    await grants(scene, owner)
    card = await drafts(owner, "Rapat hari Senin.")
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)
    await drafts(owner, "Tidak pernah selesai.")
    await plans(owner)
    card, *_ = await sari.says("/start s_1")
    scene.clock.advance(timedelta(days=370))
    await forget_old_mailings(scene.program.database, scene.program.services)
    await forget_what_is_over(scene.program.database, scene.program.services)
    return owner, sari, card


async def _stored(scene: Scene) -> list[tuple[int, str]]:
    """How many rows there are of everything that a button could have changed, and how the announcements stand."""
    async with scene.program.database.transaction() as tx:
        numbers = [(await tx.exec(select(func.count()).select_from(table))).one() for table in TABLES]
        states = await tx.exec(select(Announcement.state).order_by(col(Announcement.id)))
        return [*((number, "") for number in numbers), *((0, state) for state in states.all())]


OF_ORGANISERS = {
    "undo": ("uw:1", "sudah selesai dikirim"),
    "confirm": ("uc:1:1", "sudah selesai dikirim"),
    "approve": ("ua:1:1", "sudah selesai dikirim"),
    "choose for whom": ("ue:1", "sudah selesai dikirim"),
    "pause": ("us:1:p", "sudah selesai dikirim"),
    "resume": ("us:1:r", "sudah selesai dikirim"),
    "stop": ("us:1:x", "sudah selesai dikirim"),
    "try again what failed": ("us:1:f", "data penerimanya sudah dihapus"),
    "resend what is uncertain": ("us:1:u", "data penerimanya sudah dihapus"),
    "ask to recall": ("us:1:a", "data penerimanya sudah dihapus"),
    "recall": ("us:1:d", "data penerimanya sudah dihapus"),
    "ask for a correction": ("ub:1:k", "data penerimanya sudah dihapus"),
    "correct": ("uk:1:1", "data penerimanya sudah dihapus"),
    "confirm a draft that is gone": ("uc:2:1", "sudah tidak ada"),
    "undo a draft that is gone": ("uw:2", "sudah tidak ada"),
    "read one that is gone": ("uv:2", "sudah tidak ada"),
    "participants for a draft that is gone": ("uz:2:0:0", "sudah tidak ada"),
    "move the session": ("sv:1", "sudah selesai"),
    "ask to cancel the session": ("sx:1:0", "sudah selesai"),
    "cancel the session": ("sx:1:1", "sudah selesai"),
    "manage a session that is gone": ("sd:77", "tidak ada"),
}


async def _said(someone: Someone, message: Message, buttons: dict[str, tuple[str, str]]) -> dict[str, str]:
    """What each button says in an alert."""
    found: dict[str, str] = {}
    for name, (data, _) in buttons.items():
        someone.scene.clock.advance(timedelta(minutes=1))  # nobody presses that many at once
        told = await someone.forges(message, data)
        found[name] = told["text"] if told["show_alert"] else ""
    return found


async def test_organisers_buttons_from_last_year_say_why_and_do_nothing(scene: Scene) -> None:
    owner, _, _ = await _a_year_later(scene)
    before, messages = await _stored(scene), owner.messages()

    said = await _said(owner, owner.reads(), OF_ORGANISERS)

    assert {name: said[name] for name, (_, why) in OF_ORGANISERS.items() if why not in said[name]} == {}
    assert await _stored(scene) == before
    assert owner.messages() == messages


OF_MEMBERS = {
    "answer the invitation": ("sa:1:yes", "jawaban tidak dicatat lagi"),
    "answer an invitation that is gone": ("sa:77:yes", "tidak ada"),
    "check in": ("si:1", "Presensi sudah ditutup"),
    "calendar of a session that is gone": ("sc:77", "tidak ada"),
    "something that no button does any more": ("zz:1:2", "sudah tidak berlaku"),
}


async def test_members_buttons_from_last_year_say_why_and_do_nothing(scene: Scene) -> None:
    _, sari, card = await _a_year_later(scene)
    before, messages = await _stored(scene), sari.messages()

    said = await _said(sari, card, OF_MEMBERS)

    assert {name: said[name] for name, (_, why) in OF_MEMBERS.items() if why not in said[name]} == {}
    assert await _stored(scene) == before
    assert sari.messages() == messages
