"""What people read who said that they would come: reminders, and that something changed."""

from datetime import timedelta

from bot.services.cop_sessions import CopSession, Moved
from bot.services.outages import Outage
from bot.services.reminders import Due
from bot.session_buttons import ListSessions, OpenSession, SessionList
from bot.texts import Texts
from bot.views import clocks, cop_sessions
from bot.views.reply import Press, Reply


def moved(found: Moved, texts: Texts) -> Reply:
    """Another time; it stands above the new calendar file. Short enough for a caption."""
    session = found.session
    text = texts.html("sessions.notices.moved", title=session.title)
    text += "\n\n" + texts.html("sessions.notices.now") + "\n" + cop_sessions.when(session, texts)
    text += "\n\n" + texts.html("sessions.notices.before") + "\n<s>"
    text += clocks.own_clock(found.earlier, None, texts) + "</s>"
    text += "\n\n" + texts.html("sessions.notices.new_file")
    return Reply(text, _open(session, texts))


def cancelled(session: CopSession, texts: Texts) -> Reply:
    """It does not take place; it stands above the file that takes it out of calendars."""
    text = texts.html("sessions.notices.cancelled", title=session.title)
    text += "\n\n" + cop_sessions.when(session, texts)
    text += "\n\n" + texts.html("sessions.notices.cancel_file")
    return Reply(text, _open(session, texts))


def reminder(due: Due, texts: Texts, *, has_link: bool, is_today: bool = False) -> Reply:
    """What is about to begin, with the way in for those who have a seat; that of the day before may come on the day."""
    text = texts.html("sessions.notices.today" if is_today else f"sessions.notices.{due.kind.value}")
    if due.is_late:
        text += "\n" + texts.html("sessions.notices.late")
    text += "\n\n" + cop_sessions.facts(due.session, texts, with_link=has_link)
    return Reply(text, _open(due.session, texts))


def outage(found: Outage, texts: Texts) -> Reply:
    """Which minutes were lost, and what to do about it."""
    last = max(found.ended, found.began + timedelta(minutes=1))
    text = texts.html("sessions.notices.outage") + "\n" + clocks.own_clock(found.began, last, texts)
    text += "\n\n" + texts.html("sessions.notices.press_again")
    button = Press(texts.plain("sessions.buttons.list"), ListSessions(SessionList.UPCOMING))
    return Reply(text, ((button,),))


def _open(session: CopSession, texts: Texts) -> tuple[tuple[Press, ...], ...]:
    assert session.id is not None
    return ((Press(texts.plain("sessions.buttons.open"), OpenSession(session.id)),),)
