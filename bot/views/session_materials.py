"""Material of sessions: the organiser's page of it, and buttons with which everybody asks for a file."""

from collections.abc import Sequence

from bot.services.cop_sessions import CopSession
from bot.services.session_materials import MOST_FILES, FileFault, SessionMaterial
from bot.session_buttons import AddMaterial, ManageSession, RemoveMaterial, SendMaterial
from bot.texts import Texts, escape
from bot.views.reply import Button, Press, Reply, cut


def page(session: CopSession, files: Sequence[SessionMaterial], texts: Texts) -> Reply:
    """What there is, and how it is added or taken away."""
    assert session.id is not None
    lines = [f"{number}. {escape(each.name)}" for number, each in enumerate(files, start=1)]
    blocks = [
        texts.html("materials.page" if files or session.material else "materials.none", title=session.title)
    ]
    if session.material:
        blocks.append(escape(session.material))
    if lines:
        blocks.append("\n".join(lines))
    rows: list[tuple[Button, ...]] = [
        (Press(texts.plain("materials.buttons.add"), AddMaterial(session.id)),),
    ]
    rows += [
        (
            Press(
                cut(texts.plain("materials.buttons.remove", name=each.name)),
                RemoveMaterial(session.id, each.id or 0),
            ),
        )
        for each in files
    ]
    rows.append((Press(texts.plain("sessions.buttons.manage"), ManageSession(session.id)),))
    return Reply("\n\n".join(blocks), tuple(rows))


def fault(found: FileFault, texts: Texts) -> Reply:
    """Why a file was not kept, and what to do."""
    return Reply(texts.html(f"materials.faults.{found.value}", most=MOST_FILES))


def to_fetch(files: Sequence[SessionMaterial], texts: Texts) -> list[tuple[Button, ...]]:
    """A button for each file: nobody gets one unasked."""
    return [
        (
            Press(
                cut(texts.plain("materials.buttons.fetch", name=each.name)),
                SendMaterial(each.session_id, each.id or 0),
            ),
        )
        for each in files
    ]
