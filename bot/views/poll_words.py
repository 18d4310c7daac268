"""A poll's figures in words, as pictures, sheets, pages and captions share them."""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import Zone
from bot.services.poll_results import SMALLEST, PollResult, ProvinceResult, QuestionResult
from bot.services.poll_templates import QuestionKind
from bot.services.provinces import PROVINCES
from bot.texts import Texts

MOST_NAMES = 3  # provinces of a merged group that are named one by one


def percent(share: float) -> str:
    """A share (0 to 1) in whole hundredths: "86%"."""
    return f"{round(100 * share)}%"


def decimal(value: float, texts: Texts) -> str:
    """A number with one decimal, as the reader writes it."""
    return f"{value:.1f}".replace(".", texts.plain("calendar.decimal"))


def sentence(parts: Sequence[str], between: str = "; ") -> str:
    """Parts as one sentence, which begins with a capital."""
    joined = between.join(parts)
    return joined[:1].upper() + joined[1:]


def signed(number: int) -> str:
    """An NPS: it goes from -100 to 100."""
    return f"{number:+d}".replace("-", "−") if number else "0"


def day_of(moment: datetime, texts: Texts) -> str:
    """The day of a session, by the clock of the capital, in which sessions are announced."""
    return texts.date(moment.astimezone(Zone.WIB.info).date())


def most_of(found: QuestionResult) -> int:
    """The best that can be given."""
    return 5 if found.kind is QuestionKind.RATING else 10


def figures(found: QuestionResult, texts: Texts) -> list[str]:
    """Mean, share of 4 and 5, NPS, as far as the question has them, in words."""
    if found.mean is None:
        return []
    mean = texts.plain("polls.report.mean", mean=decimal(found.mean, texts), most=most_of(found))
    return [mean, *beside_mean(found, texts)]


def beside_mean(found: QuestionResult, texts: Texts) -> list[str]:
    """The same without the mean."""
    words: list[str] = []
    if found.good_share is not None:
        words.append(texts.plain("polls.report.good", share=percent(found.good_share)))
    if found.nps is not None:
        words.append(texts.plain("polls.report.nps", nps=signed(found.nps)))
    return words


def counted(found: QuestionResult, texts: Texts) -> str:
    """How many answered it; below five only that it is so, in words."""
    if found.is_hidden:
        return texts.plain("polls.report.hidden", count=SMALLEST)
    return texts.plain("polls.report.answers", count=texts.number(found.answered))


def rate_of_attended(result: PollResult, texts: Texts) -> str:
    """How many of those who were there answered."""
    if not result.attended:
        return texts.plain("polls.report.nobody_attended")
    return texts.plain(
        "polls.report.of_attended",
        answered=texts.number(result.attended_answered),
        attended=texts.number(result.attended),
    )


def rate_of_asked(result: PollResult, texts: Texts) -> str:
    """How many of those who were asked answered."""
    if not result.asked:
        return texts.plain("polls.report.nobody_asked")
    return texts.plain(
        "polls.report.of_asked", answered=texts.number(result.answered), asked=texts.number(result.asked)
    )


def province(found: ProvinceResult, texts: Texts, most: int = MOST_NAMES) -> str:
    """The name of the province, or of those that were merged; more than `most` are only counted."""
    names = [
        PROVINCES[code].name if code in PROVINCES else texts.plain("polls.report.buttons.no_province")
        for code in sorted(found.provinces, key=lambda code: not code)  # those without one last
    ]
    if len(names) > most:
        key = "merged_with_unknown" if "" in found.provinces else "merged"
        return texts.plain(f"polls.report.buttons.{key}", count=sum(map(bool, found.provinces)))
    return " + ".join(names)


def one_line(result: PollResult, texts: Texts) -> str:
    """The whole result in one line, for those who answered: the first question with a figure, and how many spoke."""
    shown = next((each for each in result.questions if not each.is_hidden and figures(each, texts)), None)
    parts = [] if shown is None else figures(shown, texts)
    return "; ".join([*parts, rate_of_asked(result, texts)])
