"""The organiser's desk."""

from bot.desk_buttons import DeskSection, OpenDesk
from bot.texts import Texts
from bot.views.announcement_progress import to_list
from bot.views.reply import Press, Reply


def desk(texts: Texts, *, has_directory: bool, has_reports: bool) -> Reply:
    """What an organiser can open; directory and monthly reports are for national ones."""
    buttons = [
        (Press(texts.plain("desk.buttons.sessions"), OpenDesk(DeskSection.SESSIONS)),),
        (to_list(texts),),
        (Press(texts.plain("desk.buttons.groups"), OpenDesk(DeskSection.GROUPS)),),
    ]
    if has_directory:
        buttons.append((Press(texts.plain("desk.buttons.directory"), OpenDesk(DeskSection.DIRECTORY)),))
    if has_reports:
        buttons.append((Press(texts.plain("desk.buttons.reports"), OpenDesk(DeskSection.REPORTS)),))
    return Reply(texts.html("desk.overview"), tuple(buttons))
