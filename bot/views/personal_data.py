"""What is stored about somebody, and what erasing means."""

from bot.data_buttons import EraseMe, KeepMe
from bot.services.personal_data import HOLDINGS
from bot.texts import Texts
from bot.views.reply import Press, Reply


def titles(texts: Texts) -> dict[str, str]:
    """What the parts of the file are called."""
    sections = [holding.section for holding in HOLDINGS if holding.section is not None]
    return {key: texts.plain(f"my_data.sections.{key}") for key in (*sections, "made_at")}


def file(texts: Texts) -> Reply:
    """The words below the file."""
    return Reply(texts.html("my_data.file"))


def ask_to_erase(minute: int, texts: Texts, *, has_role: bool) -> Reply:
    """What erasing means, before it is done; `minute` is when it was asked, in minutes since 1970."""
    text = texts.html("my_data.ask")
    if has_role:
        text += "\n\n" + texts.html("my_data.role_goes")
    buttons = (
        (Press(texts.plain("my_data.buttons.erase"), EraseMe(minute)),),
        (Press(texts.plain("my_data.buttons.keep"), KeepMe()),),
    )
    return Reply(text, buttons)


def erased(texts: Texts) -> Reply:
    """The last word."""
    return Reply(texts.html("my_data.erased"))


def kept(texts: Texts) -> Reply:
    """Nothing was erased."""
    return Reply(texts.html("my_data.kept"))
