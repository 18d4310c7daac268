"""Groups, as organisers see them."""

from collections.abc import Sequence

from bot.desk_buttons import DeskSection, OpenDesk, PostHere, RegisterGroup, ReleaseGroup, ShowGroup
from bot.services.groups import Group
from bot.services.provinces import PROVINCES
from bot.texts import Texts, escape
from bot.views.reply import Link, Press, Reply, cut

GROUP_PREFIX = "g-"  # what a deep link to a group's registration begins with, before our id of the group


def added(group: Group, texts: Texts) -> Reply:
    """What the organiser who added the bot reads in private."""
    assert group.id is not None
    button = Press(texts.plain("groups.buttons.register"), RegisterGroup(group.id))
    return Reply(texts.html("groups.added", title=group.title), ((button,),))


def in_group(group: Group, texts: Texts, bot: str) -> Reply:
    """How the group stands, for the organiser who asks there; presses by others are refused."""
    assert group.id is not None
    link = f"https://t.me/{bot}?start={GROUP_PREFIX}{group.id}"
    if group.registered_at is None:
        button = Link(texts.plain("groups.buttons.register"), link)
        return Reply(texts.html("groups.unregistered_here"), ((button,),))
    rows: list[tuple[Press | Link, ...]] = []
    if group.is_forum:
        rows.append((Press(texts.plain("groups.buttons.post_here"), PostHere(group.id)),))
    rows.append((Link(texts.plain("groups.buttons.change"), link),))
    return Reply(texts.html("groups.registered_here", where=where(group, texts)), tuple(rows))


def posts_here(group: Group, texts: Texts) -> Reply:
    """Afterwards, in the topic that was chosen."""
    return Reply(texts.html("groups.posts_here", where=where(group, texts)))


def registered(group: Group, texts: Texts) -> Reply:
    """Afterwards, in private."""
    text = texts.html("groups.registered", title=group.title, where=where(group, texts))
    if group.is_forum:
        text += "\n\n" + texts.html("groups.topic_hint")
    return Reply(text)


def listing(groups: Sequence[Group], texts: Texts) -> Reply:
    """Those that the organiser may decide about."""
    back = (Press(texts.plain("desk.buttons.back"), OpenDesk(DeskSection.OVERVIEW)),)
    if not groups:
        return Reply(texts.html("groups.none"), (back,))
    lines = [f"• {escape(group.title)}: {escape(_state(group, texts))}" for group in groups]
    buttons = [(Press(cut(group.title), ShowGroup(group.id)),) for group in groups if group.id is not None]
    return Reply("\n".join([texts.html("groups.list"), *lines]), (*buttons, back))


def card(group: Group, texts: Texts) -> Reply:
    """One of them, and what can be done."""
    assert group.id is not None
    back = (Press(texts.plain("desk.buttons.back"), OpenDesk(DeskSection.GROUPS)),)
    text = texts.html("groups.card", title=group.title, state=_state(group, texts))
    register = Press(
        texts.plain("groups.buttons.change" if group.registered_at else "groups.buttons.register"),
        RegisterGroup(group.id),
    )
    if group.registered_at is None:
        return Reply(text, ((register,), back))
    release = Press(texts.plain("groups.buttons.release"), ReleaseGroup(group.id))
    return Reply(text, ((register,), (release,), back))


def where(group: Group, texts: Texts) -> str:
    """The province of the group, or that it is of the whole country."""
    if group.province_code is None:
        return texts.plain("roles.buttons.national")
    return PROVINCES[group.province_code].name


def _state(group: Group, texts: Texts) -> str:
    if group.registered_at is None:
        return texts.plain("groups.buttons.not_registered")
    if not group.may_post:
        return texts.plain("groups.buttons.may_not_post", where=where(group, texts))
    return texts.plain("groups.buttons.registered", where=where(group, texts))
