"""`python -m bot` is `tanyacop`."""

from bot.cli import main

main()
