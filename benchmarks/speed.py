"""Time and memory at 100, 1,000 and 10,000 entries beside RapidFuzz WRatio over the same phrasings, in one run."""

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial

from rapidfuzz import fuzz, process

from benchmarks.books import foreign_books, our_book
from benchmarks.disturb import disturb
from knowledge_base.language import Vocabulary, split_words
from knowledge_base.outcomes import SearchEntry
from knowledge_base.search import Engine

SIZES = (100, 1_000, 10_000)
PHRASINGS = 4
QUERIES = {100: 200, 1_000: 100, 10_000: 40}
# Made-up words join the real ones so that the vocabulary grows with the book, as it does in life.
_SYLLABLES = (
    "ba",
    "ci",
    "du",
    "ga",
    "ji",
    "ku",
    "la",
    "me",
    "ni",
    "po",
    "ra",
    "su",
    "ta",
    "wo",
    "ya",
    "ngan",
    "tar",
    "pel",
)


def synthetic_book(size: int, seed: int = 7) -> tuple[SearchEntry, ...]:
    rng = random.Random(seed)
    books = (our_book(), *foreign_books())
    words = sorted(
        {w for book in books for e in book.entries for text in e.phrasings for w in split_words(text)}
    )
    words += ["".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4))) for _ in range(size // 2)]
    common = [rng.choice(words) for _ in range(40)]
    openings = (
        "bagaimana cara",
        "apa syarat",
        "berapa lama",
        "apakah boleh",
        "kapan",
        "siapa yang",
        "di mana",
        "",
    )
    entries = []
    for number in range(size):
        subject = [rng.choice(words) for _ in range(5)]
        phrasings = []
        for _ in range(PHRASINGS):
            chosen = rng.sample(subject, 3) + rng.sample(common, 2) + [rng.choice(words)]
            rng.shuffle(chosen)
            phrasings.append(f"{rng.choice(openings)} {' '.join(chosen)}".strip())
        entries.append(
            SearchEntry(f"entry-{number}", phrasings[0], tuple(phrasings[1:]), (), " ".join(subject))
        )
    return tuple(entries)


def timed(call: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Milliseconds for each query."""
    out = []
    for query in queries:
        started = time.perf_counter()
        call(query)
        out.append(1000 * (time.perf_counter() - started))
    return out


def _wratio(phrasings: Sequence[str], text: str) -> object:
    return process.extract(text, phrasings, scorer=fuzz.WRatio, limit=5)


def main() -> None:
    print(
        f"{'entries':>8} {'WRatio ms':>10} {'ours ms':>8} {'p95':>6} {'ratio':>6} {'index s':>8}"
        f" {'= WRatio queries':>17} {'MB':>5}"
    )
    for size in SIZES:
        entries = synthetic_book(size)
        rng = random.Random(3)
        queries = [disturb(rng.choice(rng.choice(entries).phrasings), rng) for _ in range(QUERIES[size])]
        phrasings = [text for entry in entries for text in entry.phrasings]
        tracemalloc.start()
        kept = Engine(entries, Vocabulary.empty())
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        del kept
        started = time.perf_counter()
        engine = Engine(entries, Vocabulary.empty())
        built = time.perf_counter() - started
        slow = timed(partial(_wratio, phrasings), queries[:40])
        fast = timed(engine.ask, queries)
        ours, theirs = statistics.median(fast), statistics.median(slow)
        late = sorted(fast)[int(len(fast) * 0.95)]
        print(
            f"{size:8} {theirs:10.2f} {ours:8.2f} {late:6.2f} {ours / theirs:6.2f} {built:8.2f}"
            f" {built * 1000 / theirs:17.0f} {memory:5.0f}"
        )


if __name__ == "__main__":
    main()
