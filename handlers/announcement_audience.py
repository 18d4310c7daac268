"""For whom a draft is: the pages of its card on which an audience is chosen."""

from collections.abc import Callable
from typing import assert_never

from bot.announcement_buttons import (
    ChooseEveryone,
    ChooseGroup,
    ChooseProvinceFor,
    ChooseSessionFor,
    DraftPage,
    ExcludeReceived,
    ListSessionsFor,
    OpenDraft,
    OpenIslandOf,
    OpenSessionFor,
    Participants,
)
from bot.context import BotContext
from bot.services.announcement_drafts import Announcement
from bot.services.audiences import (
    EVERYONE,
    PROVINCE,
    RECEIVED,
    Audience,
    Chosen,
    audience_of,
    of_session,
    usual,
)
from bot.services.cop_sessions import CopSession
from bot.services.people import zone_of
from bot.services.provinces import PROVINCES
from bot.services.roles import Act
from bot.views import announcement_audience as views
from handlers.announcements import card_of, own_draft, say_why_not

OTHERS = 5  # earlier announcements whose recipients can be left out


async def open_draft(action: OpenDraft, context: BotContext) -> None:
    """A page of the card."""
    found = await own_draft(action.announcement_id, context)
    if found is None:
        return
    announcement, person = found
    context.answer()
    services = context.services
    reached = await services.announcements.reached(context.tx, announcement)
    reach = await services.roles.reach(context.tx, person, Act.ANNOUNCE)
    match action.page:
        case DraftPage.CARD:
            context.edit(await card_of(announcement, context))
        case DraftPage.EXCLUDE:
            known = await services.announcement_control.under_way(context.tx, person)
            others = [each for each in known if each.mailing_id is not None][:OTHERS]
            sessions = await services.cop_sessions.to_choose(context.tx, reach)
            context.edit(views.exclusions(announcement, others, sessions, reach, reached, context.texts))
        case DraftPage.GROUPS:
            offered = await services.announcements.audiences.offered_groups(context.tx, reach)
            context.edit(views.groups(announcement, offered, reached, context.texts))
        case _:
            assert_never(action.page)


async def open_island(action: OpenIslandOf, context: BotContext) -> None:
    """The provinces of some islands."""
    found = await own_draft(action.announcement_id, context)
    if found is not None:
        context.answer()
        await _show_island(found[0], action, context)


async def _show_island(announcement: Announcement, action: OpenIslandOf, context: BotContext) -> None:
    reached = await context.services.announcements.reached(context.tx, announcement)
    reach = await context.services.roles.reach(context.tx, context.unit.person, Act.ANNOUNCE)
    is_exclusion = bool(action.is_exclusion)
    context.edit(
        views.island(announcement, action.island, reach, reached, context.texts, is_exclusion=is_exclusion)
    )


async def choose_everyone(action: ChooseEveryone, context: BotContext) -> None:
    """Everybody who can be reached."""
    announcement = await _choose(
        action.announcement_id, context, lambda old: old.with_choice(Chosen(EVERYONE), is_chosen=True)
    )
    if announcement is not None:
        context.edit(await card_of(announcement, context))


async def choose_province(action: ChooseProvinceFor, context: BotContext) -> None:
    """A province more or less, among those meant or those left out."""
    province = PROVINCES.get(action.province_code)
    if province is None:
        context.answer(context.texts.plain("questions.alerts.stale"), is_alert=True)
        return
    chosen, is_chosen = Chosen(PROVINCE, province.code), bool(action.is_chosen)

    def change(old: Audience) -> Audience:
        if action.is_exclusion:
            return old.with_exclusion(chosen, is_chosen=is_chosen)
        return old.with_choice(chosen, is_chosen=is_chosen)

    announcement = await _choose(action.announcement_id, context, change)
    if announcement is not None:
        shown = OpenIslandOf(action.announcement_id, province.island, action.is_exclusion)
        await _show_island(announcement, shown, context)


async def exclude_received(action: ExcludeReceived, context: BotContext) -> None:
    """Leave out who got another announcement."""
    chosen = Chosen(RECEIVED, str(action.other_id))
    announcement = await _choose(
        action.announcement_id,
        context,
        lambda old: old.with_exclusion(chosen, is_chosen=bool(action.is_chosen)),
    )
    if announcement is not None:
        await open_draft(OpenDraft(action.announcement_id, DraftPage.EXCLUDE), context)


async def list_sessions(action: ListSessionsFor, context: BotContext) -> None:
    """The sessions whose participants can be chosen or left out."""
    found = await own_draft(action.announcement_id, context)
    if found is None:
        return
    announcement, person = found
    context.answer()
    services = context.services
    reach = await services.roles.reach(context.tx, person, Act.ANNOUNCE)
    reached = await services.announcements.reached(context.tx, announcement)
    sessions = await services.cop_sessions.to_choose(context.tx, reach)
    zone, is_exclusion = zone_of(person), bool(action.is_exclusion)
    context.edit(
        views.sessions(
            announcement, sessions, reached, zone, context.texts, action.page, is_exclusion=is_exclusion
        )
    )


async def open_session(action: OpenSessionFor, context: BotContext) -> None:
    """Which of those who had to do with a session."""
    found = await own_draft(action.announcement_id, context)
    session = await _session(action.session_id, context) if found is not None else None
    if found is None or session is None:
        return
    announcement, person = found
    context.answer()
    reach = await context.services.roles.reach(context.tx, person, Act.ANNOUNCE)
    numbers = {
        who: await context.services.announcements.audiences.number(
            context.tx, of_session(who, action.session_id, reach), reach
        )
        for who in Participants
    }
    context.edit(
        views.session(announcement, session, numbers, context.texts, is_exclusion=bool(action.is_exclusion))
    )


async def choose_session(action: ChooseSessionFor, context: BotContext) -> None:
    """Participants of a session, among those meant or those left out; the card says how many that leaves."""
    if await _session(action.session_id, context) is None:
        return
    reach = await context.services.roles.reach(context.tx, await context.asker(), Act.ANNOUNCE)
    chosen, is_chosen = of_session(action.who, action.session_id, reach), bool(action.is_chosen)

    def change(old: Audience) -> Audience:
        if action.is_exclusion:
            return old.with_exclusion(chosen, is_chosen=is_chosen)
        return old.with_session(chosen, usual(reach), is_chosen=is_chosen)

    announcement = await _choose(action.announcement_id, context, change)
    if announcement is not None:
        context.edit(await card_of(announcement, context))


async def _session(session_id: int, context: BotContext) -> CopSession | None:
    """The session, if the presser may write to those who had to do with it; otherwise the press says why not."""
    reach = await context.services.roles.reach(context.tx, await context.asker(), Act.ANNOUNCE)
    for session in await context.services.cop_sessions.to_choose(context.tx, reach):
        if session.id == session_id:
            return session
    context.answer(context.texts.plain("announcements.alerts.no_such_session"), is_alert=True)
    return None


async def choose_group(action: ChooseGroup, context: BotContext) -> None:
    """A copy for a group, or none."""
    announcement = await _choose(
        action.announcement_id,
        context,
        lambda old: old.with_group(action.group_id, is_chosen=bool(action.is_chosen)),
    )
    if announcement is not None:
        await open_draft(OpenDraft(action.announcement_id, DraftPage.GROUPS), context)


async def _choose(
    announcement_id: int, context: BotContext, change: Callable[[Audience], Audience]
) -> Announcement | None:
    found = await own_draft(announcement_id, context)
    if found is None:
        return None
    announcement, person = found
    changed = await context.services.announcement_drafts.choose(
        context.tx, person, announcement_id, change(audience_of(announcement.audience))
    )
    if isinstance(changed, Announcement):
        context.answer()
        return changed
    say_why_not(changed, context)
    return None
