"""What the buttons of /hapus do."""

from dataclasses import dataclass

from bot.buttons import Action


@dataclass(frozen=True)
class EraseMe(Action):
    """Erase everything; `minute` is when it was asked, so that a button of last year does nothing."""

    CODE = "xe"
    minute: int


@dataclass(frozen=True)
class KeepMe(Action):
    """Do not."""

    CODE = "xk"
