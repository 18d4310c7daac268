"""Polls: what was asked and who chose what."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulator.people import Bot

Json = dict[str, Any]


@dataclass(eq=False, kw_only=True)
class Poll:
    """One poll. Every message sent as a poll has its own; forwards of it share it."""

    id: str
    bot: Bot
    question: str
    options: list[str]
    persistent_ids: list[str]
    is_anonymous: bool
    kind: str
    allows_multiple_answers: bool
    allows_revoting: bool
    is_closed: bool = False
    hides_results: bool = False
    correct_option_ids: list[int] = field(default_factory=list)
    # Fields that are only shown: explanation, description, open_period, close_date …
    extras: Json = field(default_factory=dict)
    message_extras: Json = field(default_factory=dict)
    # Voter (account or chat id) -> the options chosen.
    votes: dict[int, list[int]] = field(default_factory=dict)
    _counts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._counts = [0] * len(self.options)

    def vote(self, voter_id: int, chosen: list[int]) -> None:
        """Replace the voter's choice; an empty one takes the vote back."""
        for option in self.votes.pop(voter_id, []):
            self._counts[option] -= 1
        if chosen:
            self.votes[voter_id] = chosen
            for option in chosen:
                self._counts[option] += 1

    def view(self) -> Json:
        """The Poll object as its bot sees it."""
        view: Json = {
            "id": self.id,
            "question": self.question,
            "options": [
                {"persistent_id": persistent_id, "text": text, "voter_count": count}
                for persistent_id, text, count in zip(
                    self.persistent_ids, self.options, self._counts, strict=True
                )
            ],
            "total_voter_count": len(self.votes),
            "is_closed": self.is_closed,
            "is_anonymous": self.is_anonymous,
            "type": self.kind,
            "allows_multiple_answers": self.allows_multiple_answers,
            "allows_revoting": self.allows_revoting,
            "members_only": False,
        }
        if self.correct_option_ids:
            view["correct_option_ids"] = self.correct_option_ids
        return view | self.extras

    def message_view(self) -> Json:
        """The Poll object inside a message, which alone carries the description."""
        return self.view() | self.message_extras
