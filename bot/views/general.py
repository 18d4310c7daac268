"""Help, made from the table of commands."""

from collections.abc import Sequence

from bot.texts import Texts
from bot.views.reply import Reply


def help_text(
    commands: Sequence[tuple[str, str]], texts: Texts, bot_username: str, *, is_group: bool
) -> Reply:
    """What the bot can do here; `commands` are (name, key of what it does)."""
    lines = [
        texts.html("help.command", name=name, does=texts.plain(f"commands.{key}")) for name, key in commands
    ]
    # The lines are HTML already; they take the place that the sentence keeps for them.
    body = texts.html("help.group" if is_group else "help.private", commands="\0", bot=bot_username)
    return Reply(texts.html("help.title") + "\n" + body.replace("\0", "\n".join(lines)))
