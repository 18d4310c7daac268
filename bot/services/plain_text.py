"""Text that people typed, as it is kept in a field of one line."""

import unicodedata

# Control characters, which PostgreSQL cannot store; marks without width or that turn the direction of what follows,
# which would let a name read as another; halves of characters; private signs.
_LEFT_OUT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def one_line(text: str) -> str:
    """The text in one line, without surplus blanks and without signs that nobody sees."""
    return " ".join(
        "".join(c for c in word if unicodedata.category(c) not in _LEFT_OUT) for word in text.split()
    ).strip()
