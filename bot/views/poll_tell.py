"""What people said and what will change: looked at by the organiser, then told to those who answered."""

from bot.poll_buttons import ManagePoll, TellParticipants, WriteChanges
from bot.services.poll_outcomes import Managed
from bot.services.poll_results import PollResult
from bot.texts import Texts
from bot.views.poll_words import day_of, one_line
from bot.views.reply import Press, Reply, cut


def message(result: PollResult, changes: str, texts: Texts) -> Reply:
    """To those who answered."""
    return Reply(
        texts.html(
            "polls.tell.message",
            title=cut(result.title, 200),
            day=day_of(result.session_starts_at, texts),
            result=one_line(result, texts),
            changes=changes,
        )
    )


def preview(managed: Managed, result: PollResult, listeners: int, texts: Texts) -> Reply:
    """The message as people will read it, how many those are, and what can be done with it."""
    poll_id = managed.poll_id
    blocks = [texts.html("polls.tell.preview"), message(result, managed.poll.changes or "", texts).text]
    rewrite = Press(texts.plain("polls.tell.buttons.rewrite"), WriteChanges(poll_id))
    back = Press(texts.plain("desk.buttons.back"), ManagePoll(managed.poll.session_id))
    if not listeners:
        return Reply("\n\n".join([*blocks, texts.html("polls.tell.nobody")]), ((rewrite,), (back,)))
    blocks.append(texts.html("polls.tell.ready", count=texts.number(listeners)))
    send = Press(texts.plain("polls.tell.buttons.send"), TellParticipants(poll_id))
    return Reply("\n\n".join(blocks), ((send,), (rewrite,), (back,)))


def sent(managed: Managed, people: int, texts: Texts) -> Reply:
    """It is on its way."""
    text = texts.html("polls.tell.sent", title=cut(managed.session.title, 200), count=texts.number(people))
    return Reply(text, ((Press(texts.plain("desk.buttons.back"), ManagePoll(managed.poll.session_id)),),))
