"""``python -m benchmarks``: the search beside three baselines, on the same questions, in one run.

"titles only" asks the development questions of a book that has one question for each topic and nothing else, "our
book" of the book as it is. "blind" questions were written by people who had seen no phrasing; what was measured of
them first stands in the README beside this file. "left out" asks phrasings that were taken out of the book, also out of
short books without a vocabulary. The frozen weights come from questions of all these kinds but the blind ones; figures
with the asked entries unseen are those that ``python -m benchmarks.train`` prints. The baselines have nothing to learn.
"""

import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks import speed
from benchmarks.baselines import Ranker, bm25, character_tfidf, wratio
from benchmarks.books import (
    CONTENT,
    SETS,
    Question,
    foreign_books,
    our_book,
    out_of_scope,
    question_set,
    titles_only,
)
from benchmarks.cases import Trial, as_foreign, development, left_out, with_noise
from benchmarks.measure import Outcome, auroc, calibration_error, percent, right_at_precision
from bot.clock import SystemClock, local_date
from knowledge_base import findability
from knowledge_base.language import Vocabulary
from knowledge_base.loader import read_content
from knowledge_base.outcomes import Answer, Part, SearchEntry, SmallTalk, Suggest
from knowledge_base.search import Engine

Build = Callable[[Sequence[SearchEntry], Vocabulary], Ranker]


def ours(entries: Sequence[SearchEntry], vocabulary: Vocabulary) -> Ranker:
    engine = Engine(entries, vocabulary)
    return lambda text: tuple((match.entry_id, match.confidence) for match in engine.ask(text)[0].ranking)


ENGINES: dict[str, Build] = {
    "RapidFuzz WRatio": lambda entries, _: wratio(entries),
    "BM25, stems": lambda entries, _: bm25(entries),
    "TF-IDF, 2-5-grams": lambda entries, _: character_tfidf(entries),
    "this engine": ours,
}


def trials() -> dict[str, Trial]:
    book = our_book()
    asked = development()
    noisy = with_noise(asked)[len(asked) :]
    out = {
        "titles only, clean": Trial(titles_only(book), tuple(asked)),
        "titles only, disturbed": Trial(titles_only(book), tuple(noisy)),
        "our book, clean": Trial(book, tuple(asked)),
        "our book, disturbed": Trial(book, tuple(noisy)),
    }
    for name in SETS[1:]:
        blind = development(name)
        out[f"{name}, clean"] = Trial(book, tuple(blind))
        out[f"{name}, disturbed"] = Trial(book, tuple(with_noise(blind)[len(blind) :]))
    outside = tuple(out_of_scope(book))
    trial = left_out(book, 0)
    for name, style in (("clean", "rich-left-out:"), ("disturbed", "rich-left-out-noisy:")):
        some = tuple(question for question in trial.questions if question.style.startswith(style))
        out[f"left out, {name}"] = Trial(trial.book, some + outside)
    for one in (book, *foreign_books()):
        trial = as_foreign(one, 4, answers=True, share=0.8)
        for name, style in (("clean", "poor-left-out:"), ("disturbed", "poor-left-out-noisy:")):
            some = tuple(q for q in trial.questions if q.style.startswith((style, "poor-far")))
            out[f"{one.name}, short, {name}"] = Trial(trial.book, some)
    return out


def main() -> None:
    print(
        f"{'questions':28}{'engine':20}{'in+out':>9}{'first':>7}{'three':>7}{'AUROC':>7}"
        f"{'at 95 %':>9}{'answered':>10}{'right':>7}{'leaked':>8}{'ECE':>6}{'ms':>7}{'ratio':>7}"
    )
    for name, trial in trials().items():
        slowest = 0.0
        for engine, build in ENGINES.items():
            rank = build(trial.book.entries, trial.book.vocabulary)
            outcomes, spent = _ask(rank, trial.questions)
            slowest = slowest or spent
            print(_row(name, engine, outcomes, spent, spent / slowest))
    print("\nin+out: questions with and without an entry. at 95 %: share of the former answered right at the")
    print("threshold at which 95 % of direct answers are right. answered, right, leaked (out of scope but")
    print("answered) and ECE belong to the engine's own threshold. ratio: median time beside WRatio.\n")
    _messages()
    print()
    speed.main()


def _ask(rank: Ranker, questions: Sequence[Question]) -> tuple[list[Outcome], float]:
    outcomes, spent = [], []
    for question in questions:
        started = time.perf_counter()
        ranking = rank(question.text)
        spent.append(1000 * (time.perf_counter() - started))
        outcomes.append(Outcome(question.gold, ranking))
    return outcomes, statistics.median(spent)


def _row(name: str, engine: str, outcomes: Sequence[Outcome], spent: float, ratio: float) -> str:
    inside = [outcome for outcome in outcomes if outcome.gold]
    outside = [outcome for outcome in outcomes if not outcome.gold]
    own = "", "", "", ""
    if engine == "this engine":
        limit = Engine((), Vocabulary.empty()).thresholds.answer
        answered = [outcome for outcome in outcomes if outcome.top >= limit]
        leaked = sum(outcome.top >= limit for outcome in outside)
        own = (
            percent(len(answered) / len(outcomes)),
            percent(sum(outcome.is_first for outcome in answered) / max(len(answered), 1)),
            f"{leaked}/{len(outside)}",
            percent(calibration_error(outcomes)),
        )
    return (
        f"{name:28}{engine:20}{f'{len(inside)}+{len(outside)}':>9}"
        f"{percent(sum(o.is_first for o in inside) / len(inside)):>7}"
        f"{percent(sum(o.in_three for o in inside) / len(inside)):>7}"
        f"{percent(auroc([o.top for o in inside], [o.top for o in outside])):>7}"
        f"{percent(right_at_precision(outcomes)):>9}{own[0]:>10}{own[1]:>7}{own[2]:>8}{own[3]:>6}"
        f"{spent:7.2f}{ratio:7.2f}"
    )


def _messages() -> None:
    """What people see of whole messages: answers, choices, small talk, two questions in one."""
    book = our_book()
    engine = Engine(book.entries, book.vocabulary)
    for name in SETS:
        single, double = question_set(name)
        asked = [question for question in single if question.gold]
        answers = [
            part.outcome.match.entry_id in question.gold
            for question in asked
            for part in engine.ask(question.text)
            if isinstance(part.outcome, Answer)
        ]
        helped = sum(bool(set(question.gold) & _shown(engine.ask(question.text))) for question in asked)
        outside = [question for question in single if not question.gold and question.style != "smalltalk"]
        leaked = sum(_is_answered(engine.ask(question.text)) for question in outside)
        chat = [question for question in single if question.style == "smalltalk"]
        talked = sum(isinstance(engine.ask(question.text)[0].outcome, SmallTalk) for question in chat)
        both = sum(all(set(gold) & _shown(engine.ask(text)) for gold in golds) for text, golds in double)
        print(
            f"{name:8} right or suggested {helped}/{len(asked)}; direct answers right {sum(answers)}/{len(answers)}; "
            f"out of scope answered {leaked}/{len(outside)}; small talk answered "
            f"{sum(_is_answered(engine.ask(question.text)) for question in chat)}/{len(chat)}, recognised "
            f"{talked}/{len(chat)}; both of two questions shown {both}/{len(double)}"
        )
    content = read_content(CONTENT)
    counts = findability.left_out(content, local_date(SystemClock().now())).values()
    asked_of, first, three = (sum(count[place] for count in counts) for place in range(3))
    share = f"first {percent(first / asked_of)}, three {percent(three / asked_of)}"
    print(f"every phrasing left out once: {asked_of} asked, {share}")


def _is_answered(parts: Sequence[Part]) -> bool:
    return any(isinstance(part.outcome, Answer) for part in parts)


def _shown(parts: Sequence[Part]) -> set[str]:
    shown: set[str] = set()
    for part in parts:
        match part.outcome:
            case Answer(match):
                shown.add(match.entry_id)
            case Suggest(matches):
                shown.update(match.entry_id for match in matches)
            case _:
                pass
    return shown


if __name__ == "__main__":
    main()
