"""The words that comments have in common: how many comments use each, without the words that say nothing."""

from collections import Counter
from collections.abc import Iterable

from knowledge_base.language import indonesian, normalise, split_words, without_links_and_masks

LEAST = 2  # comments; what one person alone wrote is no common word
SHORTEST = 3  # letters


def most_used(comments: Iterable[str], limit: int = 20) -> list[tuple[str, int]]:
    """Words with the number of comments that use them, the commonest first; shortened words count as what they mean."""
    language = indonesian()
    passed_over = language.function_words | language.politeness | language.fillers
    used: Counter[str] = Counter()
    for comment in comments:
        words = {
            part
            for word in split_words(normalise(without_links_and_masks(comment)))
            for part in language.abbreviations.get(word, word).split()
        }
        used.update(word for word in words - passed_over if len(word) >= SHORTEST and not word[0].isdigit())
    common = [(word, number) for word, number in used.items() if number >= LEAST]
    return sorted(common, key=lambda each: (-each[1], each[0]))[:limit]
