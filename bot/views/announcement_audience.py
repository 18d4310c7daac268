"""The pages of a draft's card on which its audience is chosen."""

from collections.abc import Mapping, Sequence

from bot.announcement_buttons import (
    ChooseGroup,
    ChooseProvinceFor,
    ChooseSessionFor,
    DraftPage,
    ExcludeReceived,
    ListSessionsFor,
    OpenDraft,
    OpenSessionFor,
    Participants,
)
from bot.clock import Zone
from bot.services.announcement_drafts import Announcement
from bot.services.audiences import PROVINCE, RECEIVED, Audience, Chosen, Reached, audience_of
from bot.services.cop_sessions import CopSession
from bot.services.groups import Group
from bot.services.provinces import Island, on_island
from bot.services.roles import Reach
from bot.texts import Texts, escape
from bot.views import clocks, cop_sessions
from bot.views.announcements import CHOSEN, Row, count, for_whom, islands, title
from bot.views.reply import Press, Reply, cut

MOST_GROUPS = 20  # buttons of a page; nobody registers more for one office
NEAREST = 3  # sessions that the page of exclusions offers at once; the others are one tap further


def island(
    announcement: Announcement,
    where: Island,
    reach: Reach,
    reached: Reached,
    texts: Texts,
    *,
    is_exclusion: bool,
) -> Reply:
    """The provinces of some islands, to choose or to leave out."""
    number = announcement.id or 0
    audience = audience_of(announcement.audience)
    chosen = audience.exclude if is_exclusion else audience.include
    codes = {each.key for each in chosen if each.kind == PROVINCE}
    buttons = [
        Press(
            (CHOSEN if each.code in codes else "") + each.name,
            ChooseProvinceFor(number, each.code, int(is_exclusion), int(each.code not in codes)),
        )
        for each in on_island(where)
        if reach.covers(each.code)
    ]
    rows: list[Row] = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    ends = [_done(number, texts)]
    if not is_exclusion:
        exclude = OpenDraft(number, DraftPage.EXCLUDE)
        ends.insert(0, Press(texts.plain("announcements.buttons.exclude"), exclude))
    key = "exclude" if is_exclusion else "include"
    text = texts.html(f"announcements.pages.{key}")
    return Reply("\n\n".join((text, _state(audience, reached, texts))), (*rows, tuple(ends)))


def exclusions(
    announcement: Announcement,
    others: Sequence[Announcement],
    sessions: Sequence[CopSession],
    reach: Reach,
    reached: Reached,
    texts: Texts,
) -> Reply:
    """Who is left out: those who got another announcement, those of a session, and provinces."""
    number = announcement.id or 0
    audience = audience_of(announcement.audience)
    rows: list[Row] = []
    for other in others:
        is_chosen = Chosen(RECEIVED, str(other.id)) in audience.exclude
        label = texts.plain("announcements.buttons.received", number=other.id or 0, title=title(other, texts))
        action = ExcludeReceived(number, other.id or 0, int(not is_chosen))
        rows.append((Press(cut((CHOSEN if is_chosen else "") + label), action),))
    chosen = {each.key for each in audience.exclude if each.kind in set(Participants)}
    for session in sessions[:NEAREST]:
        mark = CHOSEN if str(session.id) in chosen else ""
        label = texts.plain("announcements.buttons.of_session", title=session.title)
        rows.append((Press(cut(mark + label), OpenSessionFor(number, session.id or 0, 1)),))
    if len(sessions) > NEAREST:
        label = texts.plain("announcements.buttons.more_sessions")
        rows.append((Press(label, ListSessionsFor(number, 1, 0)),))
    rows += islands(number, audience, reach, texts, is_exclusion=True)
    rows.append((_done(number, texts),))
    text = texts.html("announcements.pages.exclude")
    return Reply("\n\n".join((text, _state(audience, reached, texts))), tuple(rows))


def sessions(
    announcement: Announcement,
    found: Sequence[CopSession],
    reached: Reached,
    zone: Zone,
    texts: Texts,
    page: int,
    *,
    is_exclusion: bool,
) -> Reply:
    """A page of the sessions whose participants can be chosen or left out: to come first, then what ended."""
    number = announcement.id or 0
    audience = audience_of(announcement.audience)
    chosen = audience.exclude if is_exclusion else audience.include
    keys = {each.key for each in chosen if each.kind in set(Participants)}
    lines, rows = list[str](), list[Row]()
    for at, session in cop_sessions.page_of(found, page):
        clock = escape(clocks.one_clock(session.starts_at, None, zone, texts))
        lines.append(f"{at}. <b>{escape(session.title)}</b>\n{clock}")
        mark = CHOSEN if str(session.id) in keys else ""
        action = OpenSessionFor(number, session.id or 0, int(is_exclusion))
        rows.append((Press(cut(f"{mark}{at}. {session.title}", 40), action),))
    turns = cop_sessions.turning(
        len(found), page, lambda other: ListSessionsFor(number, int(is_exclusion), other), texts
    )
    key = "no_sessions" if not found else "sessions_excluded" if is_exclusion else "sessions"
    blocks = [texts.html(f"announcements.pages.{key}"), *lines, _state(audience, reached, texts)]
    return Reply("\n\n".join(blocks), (*rows, *turns, (_done(number, texts),)))


def session(
    announcement: Announcement,
    found: CopSession,
    numbers: Mapping[Participants, int],
    texts: Texts,
    *,
    is_exclusion: bool,
) -> Reply:
    """Which of those who had to do with a session: each button says how many of them can be reached."""
    number, session_id = announcement.id or 0, found.id or 0
    audience = audience_of(announcement.audience)
    chosen = audience.exclude if is_exclusion else audience.include
    rows: list[Row] = []
    for kind in Participants:
        is_chosen = any(each.kind == kind and each.key == str(session_id) for each in chosen)
        label = texts.plain(f"announcements.buttons.{kind.value}", count=texts.number(numbers[kind]))
        action = ChooseSessionFor(number, session_id, kind, int(is_exclusion), int(not is_chosen))
        rows.append((Press((CHOSEN if is_chosen else "") + label, action),))
    back = ListSessionsFor(number, int(is_exclusion), 0)
    rows.append(
        (Press(texts.plain("announcements.buttons.other_sessions"), back), _done(number, texts)),
    )
    key = "session_excluded" if is_exclusion else "session"
    when = cop_sessions.three_clocks(found, texts)
    return Reply(texts.html(f"announcements.pages.{key}", title=found.title, when=when), tuple(rows))


def groups(announcement: Announcement, offered: Sequence[Group], reached: Reached, texts: Texts) -> Reply:
    """Registered groups, each of which can get a copy of its own."""
    number = announcement.id or 0
    audience = audience_of(announcement.audience)
    rows: list[Row] = [
        (
            Press(
                cut((CHOSEN if group.id in audience.groups else "") + group.title),
                ChooseGroup(number, group.id or 0, int(group.id not in audience.groups)),
            ),
        )
        for group in offered[:MOST_GROUPS]
    ]
    rows.append((_done(number, texts),))
    key = "groups" if offered else "no_groups"
    chosen = [group.title for group in offered if group.id in audience.groups]
    text = texts.html(f"announcements.pages.{key}")
    lines = "\n".join(f"• {escape(each)}" for each in chosen)
    blocks = [text, lines, _state(audience, reached, texts)]
    return Reply("\n\n".join(each for each in blocks if each), tuple(rows))


def _done(number: int, texts: Texts) -> Press:
    return Press(texts.plain("announcements.buttons.done"), OpenDraft(number, DraftPage.CARD))


def _state(audience: Audience, reached: Reached, texts: Texts) -> str:
    lines = for_whom(audience, reached, texts)
    return "\n".join([*lines, texts.html("announcements.pages.so_far", who=count(reached, texts))])
