"""A stand-in for Telegram: plays the Bot API over HTTP, and lets people, tests and a page act in it.

`Simulator` is the world with its control interface, `serve` the HTTP server around it.
"""

from bot.simulator.server import Server, serve
from bot.simulator.simulator import Simulator

__all__ = ["Server", "Simulator", "serve"]
