"""The organiser's desk."""

from bot.desk_buttons import DeskSection, OpenDesk
from bot.texts import Texts
from bot.views.announcement_progress import to_list
from bot.views.reply import Press, Reply


def desk(texts: Texts, *, has_directory: bool) -> Reply:
    """What an organiser can open; the directory is for national ones."""
    buttons = [
        (Press(texts.plain("desk.buttons.sessions"), OpenDesk(DeskSection.SESSIONS)),),
        (to_list(texts),),
        (Press(texts.plain("desk.buttons.groups"), OpenDesk(DeskSection.GROUPS)),),
    ]
    if has_directory:
        buttons.append((Press(texts.plain("desk.buttons.directory"), OpenDesk(DeskSection.DIRECTORY)),))
    return Reply(texts.html("desk.overview"), tuple(buttons))
