"""The four signs on the slide by which people show that they are there."""

import secrets

# No vowels, so that no words come out; none of the signs that are mistaken for another on a wall: 0 O, 1 I L, 2 Z,
# 5 S, 8 B, G 6, U V. 160,000 codes.
ALPHABET = "CDFHJKMNPQRTWXY34679"
LENGTH = 4


def new_code() -> str:
    """A code that nobody can foretell from earlier ones."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_same_code(typed: str, code: str) -> bool:
    """Whether `typed` is `code`, however it was typed: small letters, blanks and dashes do not matter."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return secrets.compare_digest(plain.encode(), code.encode())
