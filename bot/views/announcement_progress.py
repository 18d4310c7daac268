"""An announcement under way and afterwards: progress, correction, recall, the archive, and the text to share."""

from collections.abc import Sequence
from datetime import datetime

from bot.announcement_buttons import (
    Asked,
    BeginAsking,
    ConfirmCorrection,
    DraftPage,
    ListAnnouncements,
    NewAnnouncement,
    OpenDraft,
    ReadAnnouncement,
    Step,
    TakeStep,
    WithdrawAnnouncement,
)
from bot.services.announcement_content import plain
from bot.services.announcement_control import Action, Recall, Standing
from bot.services.announcement_drafts import Announcement, AnnouncementState, content
from bot.services.announcement_outcomes import Correction
from bot.services.deep_links import deep_link
from bot.services.mailings import Counts, MailingState, PauseReason
from bot.texts import Texts, escape
from bot.views.announcements import duration, title
from bot.views.reply import Keyboard, Link, Press, Reply, cut

LINK_PREFIX = "a_"  # what a deep link to an announcement begins with, before its code
MAX_SHARED = 1000  # characters that one reads in WhatsApp without unfolding more than once
BAR = 10
Row = tuple[Press | Link, ...]


def progress(standing: Standing, texts: Texts, now: datetime) -> Reply:
    """How far it is, in words and numbers; the bar only repeats them."""
    announcement, counts, mailing = standing.announcement, standing.counts, standing.mailing
    number = announcement.id or 0
    head = texts.html("announcements.progress.head", title=title(announcement, texts))
    if mailing.ended_at is not None or mailing.state == MailingState.CANCELLED:
        return _ended(standing, head, texts)
    if mailing.due_at > now:
        text = texts.html(
            "announcements.progress.undo",
            count=texts.number(counts.total),
            seconds=max(int((mailing.due_at - now).total_seconds()), 1),
        )
        undo = Press(texts.plain("announcements.buttons.undo"), WithdrawAnnouncement(number))
        return Reply(f"{head}\n\n{text}", ((undo,),))
    is_paused = mailing.state == MailingState.PAUSED
    lines = [_bar(counts, texts), *counts_lines(counts, texts)]
    if is_paused:
        by_itself = mailing.pause_reason == PauseReason.TOO_MANY_ERRORS
        lines.append(texts.html(f"announcements.progress.{'stopped_by_itself' if by_itself else 'paused'}"))
    elif counts.pending + counts.sending:
        if standing.per_second:
            lines.append(texts.html("announcements.progress.rate", count=texts.number(standing.per_second)))
        lines.append(texts.html("announcements.progress.left", time=duration(standing.seconds_left, texts)))
    change = _change(standing, texts)
    turn = (
        Press(texts.plain("announcements.buttons.resume"), TakeStep(number, Step.RESUME))
        if is_paused
        else Press(texts.plain("announcements.buttons.pause"), TakeStep(number, Step.PAUSE))
    )
    rows: list[Row] = [
        (turn, Press(texts.plain("announcements.buttons.stop"), TakeStep(number, Step.ASK_TO_STOP))),
        (
            Press(texts.plain("announcements.buttons.correct"), BeginAsking(number, Asked.CORRECTION)),
            Press(texts.plain("announcements.buttons.recall"), TakeStep(number, Step.ASK_TO_RECALL)),
        ),
    ]
    return Reply("\n\n".join(each for each in (head, "\n".join(lines), change) if each), tuple(rows))


def _ended(standing: Standing, head: str, texts: Texts) -> Reply:
    key = "cancelled" if standing.mailing.state == MailingState.CANCELLED else "done"
    counts = "\n".join(counts_lines(standing.counts, texts))
    if standing.counts.failed:
        counts += "\n" + texts.html("announcements.progress.why_failed")
    blocks = [head, texts.html(f"announcements.progress.{key}"), counts]
    blocks.append(_change(standing, texts))
    return Reply("\n\n".join(each for each in blocks if each), _afterwards(standing, texts))


def _afterwards(standing: Standing, texts: Texts) -> Keyboard:
    number, counts = standing.announcement.id or 0, standing.counts
    rows: list[Row] = [
        (
            Press(texts.plain("announcements.buttons.report"), TakeStep(number, Step.REPORT)),
            Press(texts.plain("announcements.buttons.share"), TakeStep(number, Step.SHARE)),
        )
    ]
    if standing.announcement.recalled_at is None:
        if counts.failed:
            label = texts.plain("announcements.buttons.retry", count=texts.number(counts.failed))
            rows.append((Press(label, TakeStep(number, Step.RETRY)),))
        if counts.uncertain:
            label = texts.plain("announcements.buttons.resend", count=texts.number(counts.uncertain))
            rows.append((Press(label, TakeStep(number, Step.RESEND)),))
        if counts.sent or counts.uncertain:  # otherwise there is no copy to change
            rows.append(
                (
                    Press(
                        texts.plain("announcements.buttons.correct"), BeginAsking(number, Asked.CORRECTION)
                    ),
                    Press(texts.plain("announcements.buttons.recall"), TakeStep(number, Step.ASK_TO_RECALL)),
                )
            )
    return tuple(rows)


def _bar(counts: Counts, texts: Texts) -> str:
    over = counts.total - counts.still_to_go
    filled = BAR * over // counts.total if counts.total else BAR
    return texts.html(
        "announcements.progress.bar",
        bar="▓" * filled + "░" * (BAR - filled),
        over=texts.number(over),
        total=texts.number(counts.total),
        percent=100 * over // counts.total if counts.total else 100,
    )


def counts_lines(counts: Counts, texts: Texts) -> list[str]:
    """A line for every state that there is."""
    shown = {
        "sent": counts.sent,
        "waiting": counts.pending + counts.sending,
        "later": counts.later,
        "blocked": counts.blocked,
        "failed": counts.failed,
        "uncertain": counts.uncertain,
        "cancelled": counts.cancelled,
    }
    return [
        texts.html(f"announcements.counts.{state}", count=texts.number(number))
        for state, number in shown.items()
        if number or state == "sent"
    ]


def _change(standing: Standing, texts: Texts) -> str:
    """How far a correction or a recall is, and who is left with the old text."""
    if standing.change is None or standing.change_counts is None:
        return ""
    counts, name = (
        standing.change_counts,
        "recall" if standing.change.action == Action.DELETE else "correction",
    )
    lines = [
        texts.html(
            f"announcements.change.{name}",
            done=texts.number(counts.sent),
            total=texts.number(counts.total),
        )
    ]
    if counts.still_to_go:
        return lines[0]
    reached = standing.counts.sent
    too_old = max(reached + standing.counts.uncertain - counts.total, 0) if name == "recall" else 0
    left = counts.blocked + counts.failed + counts.cancelled + counts.uncertain + too_old
    if name == "correction":
        left += standing.counts.uncertain
    if left:
        lines.append(
            texts.html(
                "announcements.change.left",
                count=texts.number(left),
                uncertain=texts.number(standing.counts.uncertain),
            )
        )
    return "\n".join(lines)


def sure_to_stop(standing: Standing, texts: Texts) -> Reply:
    """Ask before the rest is given up."""
    number = standing.announcement.id or 0
    text = texts.html(
        "announcements.sure_to_stop",
        left=texts.number(standing.counts.still_to_go),
        sent=texts.number(standing.counts.sent),
    )
    yes = Press(texts.plain("announcements.buttons.stop_now"), TakeStep(number, Step.STOP))
    return Reply(
        text, ((yes,), (Press(texts.plain("announcements.buttons.go_back"), TakeStep(number, Step.SHOW)),))
    )


def sure_to_recall(found: Recall, texts: Texts) -> Reply:
    """Ask before copies are deleted."""
    number = found.announcement.id or 0
    text = texts.html(
        "announcements.sure_to_recall",
        title=title(found.announcement, texts),
        sent=texts.number(found.sent),
        uncertain=texts.number(found.uncertain),
    )
    label = texts.plain("announcements.buttons.recall_now", count=texts.number(found.sent))
    back = Press(texts.plain("announcements.buttons.go_back"), TakeStep(number, Step.SHOW))
    return Reply(text, ((Press(label, TakeStep(number, Step.RECALL)),), (back,)))


def sure_to_correct(found: Correction, sent: int, texts: Texts) -> Reply:
    """Ask before copies are changed, below the preview of the new text."""
    number = found.announcement.id or 0
    at = found.content.worded
    is_file = found.content.parts[at].file_id != content(found.announcement).parts[at].file_id
    key = "sure_to_correct_file" if is_file else "sure_to_correct"
    label = texts.plain("announcements.buttons.correct_now", count=texts.number(sent))
    back = Press(texts.plain("announcements.buttons.go_back"), TakeStep(number, Step.SHOW))
    return Reply(
        texts.html(f"announcements.{key}"),
        ((Press(label, ConfirmCorrection(number, found.version)),), (back,)),
    )


def under_way(found: Sequence[Announcement], back: Press, texts: Texts) -> Reply:
    """The organiser's list: drafts, planned, under way, sent."""
    new: Row = (Press(texts.plain("announcements.buttons.new"), NewAnnouncement()),)
    if not found:
        return Reply(texts.html("announcements.list.none"), (new, (back,)))
    lines = [
        f"{each.id}. {escape(title(each, texts))}: "
        f"{escape(texts.plain(f'announcements.buttons.state_{each.state}'))}"
        for each in found
    ]
    rows: list[Row] = [(Press(cut(f"{each.id}. {title(each, texts)}"), _open(each)),) for each in found]
    return Reply("\n".join([texts.html("announcements.list.head"), *lines]), (new, *rows, (back,)))


def _open(announcement: Announcement) -> OpenDraft | TakeStep:
    if announcement.state == AnnouncementState.DRAFT:
        return OpenDraft(announcement.id or 0, DraftPage.CARD)
    return TakeStep(announcement.id or 0, Step.SHOW)


def archive(found: Sequence[Announcement], texts: Texts) -> Reply:
    """/pengumuman: the latest, to read again."""
    if not found:
        return Reply(texts.html("announcements.archive.none"))
    rows = tuple((Press(cut(title(each, texts)), ReadAnnouncement(each.id or 0)),) for each in found)
    lines = [
        f"• {texts.date(each.sent_at.date()) if each.sent_at else ''}: {escape(title(each, texts))}"
        for each in found
    ]
    return Reply("\n".join([texts.html("announcements.archive.head"), *lines]), rows)


def link(announcement: Announcement, bot: str) -> str:
    """The address under which the announcement can be read in the bot."""
    return deep_link(bot, f"{LINK_PREFIX}{announcement.link_code}")


def share_text(announcement: Announcement, texts: Texts, bot: str) -> str:
    """The announcement as plain text of at most 1,000 characters, with the link at its end."""
    found = content(announcement)
    tail = texts.plain("announcements.share.buttons.tail", link=link(announcement, bot))
    has_file = found.parts[0].file_id is not None
    if has_file:
        tail = texts.plain("announcements.share.buttons.file") + "\n" + tail
    words = plain(found.parts[found.worded]) or title(announcement, texts)
    words = texts.plain("announcements.share.buttons.head") + "\n\n" + words
    return cut(words, MAX_SHARED - len(tail) - 2) + "\n\n" + tail


def to_share(announcement: Announcement, texts: Texts, bot: str) -> Reply:
    """The text on a message of its own, to be copied or passed on."""
    return Reply(escape(share_text(announcement, texts, bot)))


def to_list(texts: Texts) -> Press:
    """The way to the list, on the organiser's desk."""
    return Press(texts.plain("announcements.buttons.list"), ListAnnouncements())
