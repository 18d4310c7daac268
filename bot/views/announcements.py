"""A draft: its card, and how confirming it ended. The pages on which its audience is chosen stand in
`bot/views/announcement_audience.py`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from bot.announcement_buttons import (
    ApproveAnnouncement,
    Asked,
    BeginAsking,
    ChooseEveryone,
    ClearButtons,
    ConfirmAnnouncement,
    DraftPage,
    DropDraft,
    FetchFiles,
    ListSessionsFor,
    OpenDraft,
    OpenIslandOf,
    RejectAnnouncement,
    SendAtOnce,
    SendTest,
    SetUrgent,
    WithdrawAnnouncement,
)
from bot.clock import Zone
from bot.services import hints
from bot.services.announcement_content import NO_ORIGINAL, Faulty, Kind, Wording
from bot.services.announcement_drafts import Announcement, content
from bot.services.announcement_outcomes import Awaiting, HeldBack, Scheduled, Unconfirmed, WhyNot
from bot.services.audiences import (
    EVERYONE,
    OF_SESSIONS,
    PROVINCE,
    RECEIVED,
    Audience,
    Chosen,
    Reached,
    audience_of,
)
from bot.services.provinces import PROVINCES, Island, on_island
from bot.services.roles import Reach
from bot.texts import LANGUAGES, Texts, escape
from bot.texts import texts as texts_of
from bot.views.clocks import one_clock, three_clocks
from bot.views.reply import Keyboard, Press, Reply, cut

Row = tuple[Press, ...]
CHOSEN = "✓ "  # the list of what is chosen stands in the text as well
MOST_NAMES = 8  # provinces that are named; more are counted


def card(
    announcement: Announcement,
    reached: Reached,
    reach: Reach,
    texts: Texts,
    zone: Zone,
    per_second: int,
    now: datetime,
) -> Reply:
    """How the draft stands, and everything that can be done with it."""
    assert announcement.id is not None
    audience = audience_of(announcement.audience)
    is_made = all(part.message_id == NO_ORIGINAL for part in content(announcement).parts)
    head = "head_made" if is_made else "head"
    blocks = [
        texts.html(f"announcements.card.{head}", title=title(announcement, texts)),
        "\n".join(for_whom(audience, reached, texts)),
        "\n".join(_when(announcement, reached, texts, zone, now)),
        _savers(announcement, reached, texts),
        numbers(reached, per_second, texts),
    ]
    return Reply(
        "\n\n".join(each for each in blocks if each), _card_buttons(announcement, reached, reach, texts)
    )


def _savers(announcement: Announcement, reached: Reached, texts: Texts) -> str:
    if not reached.savers or not content(announcement).has_files:
        return ""
    return texts.html("announcements.card.savers", count=texts.number(reached.savers))


def title(announcement: Announcement, texts: Texts) -> str:
    """Its first line, below what a correction put above it; for what has no words what it is."""
    found = content(announcement)
    headers = {
        corrector.plain("announcements.buttons.correction_header") for corrector in map(texts_of, LANGUAGES)
    }
    if name := found.title(headers):
        return name
    kind = found.parts[0].kind if found.parts else Kind.TEXT
    return texts.plain(f"announcements.buttons.kind_{'album' if found.is_album else kind.value}")


def wording(announcement_id: int, texts: Texts) -> Wording:
    """What copies say beside the organiser's words."""
    fetch = {
        "text": texts.plain("announcements.buttons.fetch"),
        "callback_data": FetchFiles(announcement_id).pack(),
    }
    below = texts.plain("announcements.buttons.below_album")
    return Wording(below, texts.plain("announcements.buttons.no_words"), fetch)


def numbers(reached: Reached, per_second: int, texts: Texts) -> str:
    """ "1.240 orang dan 2 grup, kira-kira 42 detik.", in bold."""
    return texts.html(
        "announcements.card.numbers",
        who=count(reached, texts),
        time=duration(-(-reached.copies // per_second), texts),
    )


def count(reached: Reached, texts: Texts) -> str:
    """ "1.240 orang", "2 grup" or both."""
    people = texts.plain("announcements.buttons.people", count=texts.number(reached.people))
    groups = texts.plain("announcements.buttons.group_count", count=texts.number(reached.groups))
    if not reached.groups:
        return people
    if not reached.people:
        return groups
    return texts.plain("announcements.buttons.both", people=people, groups=groups)


def duration(seconds: int, texts: Texts) -> str:
    """Seconds up to two minutes, minutes above."""
    if seconds <= 120:
        return texts.plain("announcements.buttons.seconds", count=max(seconds, 1))
    return texts.plain("announcements.buttons.minutes", count=texts.number(-(-seconds // 60)))


def for_whom(audience: Audience, reached: Reached, texts: Texts) -> list[str]:
    """Who is meant and who is left out, a line each."""
    sessions = reached.sessions
    lines = [texts.html("announcements.card.include", who=names(audience.include, sessions, texts))]
    if audience.exclude:
        lines.append(texts.html("announcements.card.exclude", who=names(audience.exclude, sessions, texts)))
    if reached.closed_groups:
        lines.append(texts.html("announcements.card.closed", groups=", ".join(reached.closed_groups)))
    return lines


def names(chosen: Sequence[Chosen], sessions: Mapping[int, str], texts: Texts) -> str:
    """What was chosen, by its names; `sessions` are the titles of those that it speaks of."""
    codes = [each.key for each in chosen if each.kind == PROVINCE and each.key in PROVINCES]
    found = [PROVINCES[code].name for code in codes[:MOST_NAMES]]
    if len(codes) > MOST_NAMES:
        found.append(texts.plain("announcements.buttons.more_provinces", count=len(codes) - MOST_NAMES))
    if any(each.kind == EVERYONE for each in chosen):
        found.insert(0, texts.plain("announcements.buttons.everyone_named"))
    found += [
        texts.plain("announcements.buttons.received_named", number=each.key)
        for each in chosen
        if each.kind == RECEIVED
    ]
    found += [of_session(each, sessions, texts) for each in chosen if each.kind in OF_SESSIONS]
    return ", ".join(found) or texts.plain("announcements.buttons.no_people")


def of_session(chosen: Chosen, sessions: Mapping[int, str], texts: Texts) -> str:
    """ "yang menjawab hadir di sesi “Klaim JKP”", and in which provinces only."""
    number = int(chosen.key)
    title = sessions.get(number) or texts.plain("announcements.named.gone", number=number)
    said = texts.plain(f"announcements.named.{chosen.kind}", title=title)
    if not chosen.within:
        return said
    where = ", ".join(PROVINCES[code].name for code in chosen.within if code in PROVINCES)
    return texts.plain("announcements.named.within", who=said, where=where)


def _when(announcement: Announcement, reached: Reached, texts: Texts, zone: Zone, now: datetime) -> list[str]:
    at = announcement.scheduled_at
    if at is None:
        lines = [texts.html("announcements.card.at_once")]
    elif at <= now:
        lines = [texts.html("announcements.card.time_passed", at=one_clock(at, None, zone, texts))]
    else:
        lines = [texts.html("announcements.card.at", at=three_clocks(at, None, texts))]
    if announcement.is_urgent:
        lines.append(texts.html("announcements.card.urgent"))
    elif reached.later:
        lines.append(texts.html("announcements.card.later", count=texts.number(reached.later)))
    lines += [escape(_hint(each, texts)) for each in hints.hints(at or now, None, reached.zones or (zone,))]
    return [line for line in lines if line]


def _hint(hint: hints.Hint, texts: Texts) -> str:
    match hint:
        case hints.PublicHoliday(day, name, is_estimated):
            key = "holiday_estimated" if is_estimated else "holiday"
            return texts.plain(f"announcements.hints.{key}", day=texts.date(day), name=name)
        case hints.JointLeave(day, name):
            return texts.plain("announcements.hints.leave", day=texts.date(day), name=name)
        case hints.Weekend(day, weekday):
            return texts.plain("announcements.hints.weekend", day=texts.plain(f"calendar.weekday_{weekday}"))
        case hints.FridayPrayer(zones):
            return texts.plain("announcements.hints.friday", zones=_zones(zones))
        case hints.FastingAfternoon(zones):
            return texts.plain("announcements.hints.fasting", zones=_zones(zones))
        case hints.TooEarly() | hints.TooLate():
            return ""  # the quiet hours say it with the number of people
        case _:
            assert_never(hint)


def _zones(zones: Sequence[Zone]) -> str:
    return ", ".join(zone.name for zone in zones)


def _card_buttons(announcement: Announcement, reached: Reached, reach: Reach, texts: Texts) -> Keyboard:
    number = announcement.id or 0
    audience = audience_of(announcement.audience)
    rows: list[Row] = []
    if reach.is_national:
        mark = CHOSEN if Chosen(EVERYONE) in audience.include else ""
        everyone = Press(mark + texts.plain("announcements.buttons.everyone"), ChooseEveryone(number))
        rows.append((everyone,))
    rows += islands(number, audience, reach, texts, is_exclusion=False)
    rows.append(
        (
            Press(texts.plain("announcements.buttons.groups"), OpenDraft(number, DraftPage.GROUPS)),
            Press(texts.plain("announcements.buttons.exclude"), OpenDraft(number, DraftPage.EXCLUDE)),
        )
    )
    of_sessions = any(each.kind in OF_SESSIONS for each in audience.include)
    sessions = (CHOSEN if of_sessions else "") + texts.plain("announcements.buttons.sessions")
    rows.append((Press(sessions, ListSessionsFor(number, 0, 0)),))
    time = (
        Press(texts.plain("announcements.buttons.schedule"), BeginAsking(number, Asked.TIME))
        if announcement.scheduled_at is None
        else Press(texts.plain("announcements.buttons.at_once"), SendAtOnce(number))
    )
    link = (
        Press(texts.plain("announcements.buttons.clear_buttons"), ClearButtons(number))
        if announcement.buttons
        else Press(texts.plain("announcements.buttons.add_button"), BeginAsking(number, Asked.BUTTON))
    )
    rows.append((time, link))
    if reached.later or announcement.is_urgent:
        key = "not_urgent" if announcement.is_urgent else "urgent"
        rows.append(
            (
                Press(
                    texts.plain(f"announcements.buttons.{key}"),
                    SetUrgent(number, int(not announcement.is_urgent)),
                ),
            )
        )
    rows.append(
        (
            Press(texts.plain("announcements.buttons.test"), SendTest(number)),
            Press(texts.plain("announcements.buttons.drop"), DropDraft(number)),
        )
    )
    if reached.copies:
        label = texts.plain("announcements.buttons.send", who=count(reached, texts))
        rows.append((Press(label, ConfirmAnnouncement(number, announcement.version)),))
    return tuple(rows)


def islands(number: int, audience: Audience, reach: Reach, texts: Texts, *, is_exclusion: bool) -> list[Row]:
    """A button for each group of islands with a province that the role covers."""
    chosen = audience.exclude if is_exclusion else audience.include
    codes = {each.key for each in chosen if each.kind == PROVINCE}
    buttons = []
    for island in Island:
        covered = [each for each in on_island(island) if reach.covers(each.code)]
        if covered:
            of_it = sum(each.code in codes for each in covered)
            name = texts.plain(f"islands.{island.value}")
            label = f"{CHOSEN}{name} ({of_it})" if of_it else name
            buttons.append(Press(cut(label), OpenIslandOf(number, island, int(is_exclusion))))
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


def fault(found: Faulty, texts: Texts) -> Reply:
    """Why this cannot be announced, and what to do instead."""
    key = f"announcements.faults.{found.fault.value}"
    return Reply(texts.html(key, length=texts.number(found.length), limit=texts.number(found.limit)))


def why_not(found: WhyNot | Unconfirmed, texts: Texts) -> str:
    """Why nothing was done, as an alert."""
    return texts.plain(f"announcements.alerts.{found.value}")


def scheduled(found: Scheduled, texts: Texts) -> Reply:
    """It waits for its time."""
    number = found.announcement.id or 0
    text = texts.html(
        "announcements.scheduled",
        title=title(found.announcement, texts),
        at=three_clocks(found.at, None, texts),
    )
    withdraw = Press(texts.plain("announcements.buttons.withdraw"), WithdrawAnnouncement(number))
    return Reply(text, ((withdraw,),))


def awaiting(found: Awaiting, texts: Texts) -> Reply:
    """What its organiser reads while a second one has to look at it."""
    number = found.announcement.id or 0
    text = texts.html(
        "announcements.awaiting",
        title=title(found.announcement, texts),
        who=count(found.reached, texts),
        approvers=texts.number(len(found.approvers)),
    )
    withdraw = Press(texts.plain("announcements.buttons.withdraw"), WithdrawAnnouncement(number))
    return Reply(text, ((withdraw,),))


def preview_refused(announcement: Announcement, texts: Texts, *, is_own: bool) -> Reply:
    """What stands in the place of a preview that Telegram refuses: for its organiser, or for whoever approves."""
    number = announcement.id or 0
    if not is_own:
        return Reply(texts.html("announcements.refused.approval"))
    rows: list[Row] = [(Press(texts.plain("announcements.buttons.drop"), DropDraft(number)),)]
    if announcement.buttons:
        clear = Press(texts.plain("announcements.buttons.clear_buttons"), ClearButtons(number))
        rows.insert(0, (clear,))
    return Reply(texts.html("announcements.refused.preview"), tuple(rows))


def held_back(found: HeldBack, limit: int, texts: Texts) -> Reply:
    """What its organiser reads when more people are meant than when it was planned."""
    number = found.announcement.id or 0
    key = "held_back" if found.approvers else "held_back_alone"
    text = texts.html(
        f"announcements.{key}",
        title=title(found.announcement, texts),
        who=count(found.reached, texts),
        limit=texts.number(limit),
        approvers=texts.number(len(found.approvers)),
    )
    if not found.approvers:
        open_draft = OpenDraft(number, DraftPage.CARD)
        return Reply(text, ((Press(texts.plain("announcements.buttons.open_draft"), open_draft),),))
    withdraw = Press(texts.plain("announcements.buttons.withdraw"), WithdrawAnnouncement(number))
    return Reply(text, ((withdraw,),))


def to_approve(found: Awaiting, author: str, texts: Texts) -> Reply:
    """What a second organiser is asked, below the preview."""
    announcement = found.announcement
    at = announcement.scheduled_at
    who = count(found.reached, texts)
    text = texts.html(
        "announcements.to_approve",
        author=author,
        who=who,
        include=names(audience_of(announcement.audience).include, found.reached.sessions, texts),
        when=texts.plain("announcements.buttons.now") if at is None else three_clocks(at, None, texts),
    )
    at_version = (announcement.id or 0, announcement.version)
    buttons = (
        (Press(texts.plain("announcements.buttons.approve", who=who), ApproveAnnouncement(*at_version)),),
        (Press(texts.plain("announcements.buttons.reject"), RejectAnnouncement(*at_version)),),
    )
    return Reply(text, buttons)


def why_not_text(found: WhyNot | Unconfirmed, texts: Texts) -> Reply:
    """The same as a message."""
    return Reply(escape(why_not(found, texts)))


def handed_back(announcement: Announcement, name: str, texts: Texts) -> Reply:
    """What its organiser reads when a second one did not approve."""
    button = Press(
        texts.plain("announcements.buttons.open_draft"), OpenDraft(announcement.id or 0, DraftPage.CARD)
    )
    text = texts.html("announcements.rejected_by", name=name, title=title(announcement, texts))
    return Reply(text, ((button,),))
