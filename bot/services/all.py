"""All services together, as handlers reach them."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.content import ContentService
from bot.services.inbox import Inbox
from bot.services.mailings import Mailings
from bot.services.outbox import Outbox
from bot.services.people import People
from bot.services.questions import Questions
from bot.services.replicas import Replicas


@dataclass(frozen=True)
class Services:
    """One of each; made once, when the program is wired."""

    clock: Clock
    people: People
    content: ContentService
    questions: Questions
    inbox: Inbox
    outbox: Outbox
    replicas: Replicas
    mailings: Mailings
    owner_ids: tuple[int, ...] = ()

    @classmethod
    def over(cls, clock: Clock, owner_ids: tuple[int, ...] = ()) -> "Services":
        """The services of one process, all on the same clock."""
        content = ContentService(clock)
        questions = Questions(content, clock)
        return cls(
            clock,
            People(clock),
            content,
            questions,
            Inbox(clock),
            Outbox(clock),
            Replicas(),
            Mailings(clock),
            owner_ids,
        )
