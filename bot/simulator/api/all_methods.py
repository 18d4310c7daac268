"""Every method there is: importing the modules is what fills the table."""

from bot.simulator.api import (
    about,
    albums,
    answering,
    editing,
    forwarding,
    media,
    polling,
    polls,
    profile,
    sending,
    webhooks,
)
from bot.simulator.api.registry import METHODS

__all__ = [
    "METHODS",
    "about",
    "albums",
    "answering",
    "editing",
    "forwarding",
    "media",
    "polling",
    "polls",
    "profile",
    "sending",
    "webhooks",
]
