"""What organisers are asked around an announcement: the message itself, its time, a link button, a corrected text."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.services import moments
from bot.services.form_steps import Choice, Data, Form, Problem, Step, Value, Written, text_of_at_most
from bot.services.plain_text import one_line

SOONEST = timedelta(minutes=1)
LATEST = timedelta(days=366)
MAX_LABEL = 40  # longer ones are cut by phones
MAX_URL = 500
_ADDRESS = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@.]{2,}([/?#]\S*)?", re.IGNORECASE)


def read_when(written: Written) -> Value | Problem:
    """One moment to come, as ISO 8601 in UTC; what is doubtful is asked back with readings to choose from."""
    found = moments.read(written.text, written.now, written.zone)
    match found:
        case moments.Understood(start, end) if end is None and not found.is_open_ended:
            if not written.now + SOONEST <= start <= written.now + LATEST:
                return Problem("announcements.when.out_of_range")
            return start.isoformat()
        case moments.Understood():
            return Problem("announcements.when.period")
        case moments.Ask(options=options) if options:
            readings = [option.text for option in options if option.start is not None and option.end is None]
            if readings:
                return Problem("announcements.when.which", {"readings": " / ".join(readings)})
            return Problem("announcements.when.unclear")
        case moments.Past():
            return Problem("announcements.when.past")
        case _:
            return Problem("announcements.when.unclear")


def read_address(written: Written) -> Value | Problem:
    """A web address; one without its beginning gets https."""
    address = one_line(written.text)
    if "://" not in address:
        address = f"https://{address}"
    if len(address) > MAX_URL or not _ADDRESS.fullmatch(address):
        return Problem("announcements.button.no_address")
    return address


# The message itself may be anything: handlers/announcing.py takes it.
SESSION_TEXT = "session_text"


def _contents(data: Data) -> Sequence[Choice]:
    """An announcement about a session may say just what is known of it."""
    return [Choice(SESSION_TEXT)] if "session_id" in data else []


ANNOUNCEMENT = Form("announcement", (Step("content", choices=_contents),))
CORRECTION = Form("correction", (Step("text"),))
ANNOUNCEMENT_TIME = Form("announcement_time", (Step("when", read=read_when),))
ANNOUNCEMENT_BUTTON = Form(
    "announcement_button",
    (Step("label", read=text_of_at_most(MAX_LABEL)), Step("url", read=read_address)),
)
ANNOUNCEMENT_FORMS = (ANNOUNCEMENT, CORRECTION, ANNOUNCEMENT_TIME, ANNOUNCEMENT_BUTTON)
