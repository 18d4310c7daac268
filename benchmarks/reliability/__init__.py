"""What the bot does under load, beside python-telegram-bot as its documentation shows it.

Telegram is played by the simulator, in the process that measures; each bot is a process of its own. Everything is
counted where Telegram would count it: a message counts at the moment at which the server accepts it.
"""
