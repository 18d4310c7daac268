"""How long people waited for answers while a mailing went out, from what Telegram accepted."""

from collections import Counter
from collections.abc import Mapping, Sequence

from benchmarks.reliability.figures import percentile
from benchmarks.reliability.stage import Said

PER_SECOND = 30  # messages that Telegram takes

ANSWERED = "people who asked and were answered"
HALF, NEARLY_ALL, LONGEST = "answers: half of them within", "answers: 95 % within", "answers: the last within"
REACHED, TWICE = "reached by the mailing", "reached twice"
LAST = "the last bulk message after"
SHARE = f"{LAST}: times accepted/{PER_SECOND}"


def figures_of(
    said: Sequence[Said], bulk_text: str, began_at: float, asked_at: Mapping[int, float]
) -> dict[str, float]:
    """By the names above. `asked_at` says when each person asked, who is answered by what is not the bulk's text.

    Times are seconds since 1970. What nobody can know, because there was no answer or no bulk, is left out.
    """
    bulk = [each for each in said if each.text == bulk_text]
    reached = Counter(each.chat_id for each in bulk)
    waited: dict[int, float] = {}
    for each in said:
        asked = asked_at.get(each.chat_id)
        if each.text != bulk_text and asked is not None and each.at >= asked:
            waited.setdefault(each.chat_id, each.at - asked)
    figures: dict[str, float] = {
        ANSWERED: len(waited),
        REACHED: len(reached),
        TWICE: sum(times > 1 for times in reached.values()),
    }
    if waited:
        seconds = list(waited.values())
        figures |= {
            HALF: percentile(seconds, 0.5),
            NEARLY_ALL: percentile(seconds, 0.95),
            LONGEST: max(seconds),
        }
    if bulk:
        last = bulk[-1].at
        accepted = sum(each.at <= last for each in said)
        figures |= {LAST: last - began_at, SHARE: (last - began_at) / (accepted / PER_SECOND)}
    return figures
