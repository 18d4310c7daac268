"""A series before it counts: every date, with what speaks against it."""

from bot.clock import Zone
from bot.services import hints
from bot.services.form_steps import Data
from bot.services.series import starts_of
from bot.texts import Texts, escape
from bot.views import clocks
from bot.views import hints as hint_views
from bot.views.form_words import FormWords


def _summary(data: Data, texts: Texts) -> str:
    zone = Zone[str(data["zone"])]
    lines = [f"<b>{escape(str(data['title']))}</b>"]
    warned: list[str] = []
    for start in starts_of(data):
        lines.append(f"• {escape(clocks.one_clock(start, None, zone, texts))}")
        warned += hint_views.lines(hints.hints(start, None), texts)
    blocks = ["\n".join(lines)]
    if warned:
        blocks.append("\n".join([texts.html("hints.title"), *dict.fromkeys(warned)]))
    return "\n\n".join(blocks)


WORDS = FormWords(_summary)
