"""A place in the tokens of a text, which rules move on."""

from collections.abc import Container

from bot.services.moments.words import Kind, Token

_NOTHING = Token(Kind.MARK, "", "", is_glued=False)


class Cursor:
    """Rules look ahead and take; whoever tries a rule puts `position` back when the rule does not fit."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0

    @property
    def is_done(self) -> bool:
        return self.position >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        """The token so many places further, or one that is nothing."""
        place = self.position + ahead
        return self.tokens[place] if place < len(self.tokens) else _NOTHING

    def take(self) -> Token:
        token = self.peek()
        self.position += 1
        return token

    def sees(self, *texts: str) -> bool:
        """Whether exactly these words come next."""
        return all(self.peek(n).text == text for n, text in enumerate(texts))

    def skip(self, words: Container[str]) -> bool:
        """Take the next word if it is one of these."""
        if self.peek().is_in(words):
            self.position += 1
            return True
        return False

    def skip_all(self, *texts: str) -> bool:
        """Take all these words, or none."""
        if self.sees(*texts):
            self.position += len(texts)
            return True
        return False

    def skip_marks(self, marks: str) -> None:
        """Take any of these signs of punctuation."""
        while self.peek().kind is Kind.MARK and self.peek().text and self.peek().text in marks:
            self.position += 1

    def skip_dash(self) -> bool:
        if self.peek().kind is Kind.DASH:
            self.position += 1
            return True
        return False

    def number(self, low: int, high: int) -> int | None:
        """The whole number that comes next, taken, if it lies between the two."""
        token = self.peek()
        if token.kind is Kind.NUMBER and token.text.isdecimal() and low <= int(token.text) <= high:
            self.position += 1
            return int(token.text)
        return None

    def written_since(self, position: int) -> str:
        """What was taken since then, as it was written."""
        pieces = ""
        for token in self.tokens[position : self.position]:
            pieces += token.written if token.is_glued or not pieces else f" {token.written}"
        return pieces
