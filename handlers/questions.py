"""Asking: free text, /tanya, mentions and replies in groups, edited questions, and the buttons of an answer."""

import re

from telegram import Message, Update
from telegram.constants import MessageEntityType

from bot.buttons import Forward, GiveReason, NoneOfThese, Pick, Rate, ShowEntry
from bot.context import BotContext
from bot.services.questions import Asked, Card, Gone, NotFound, NotYours, Verdict
from bot.views import questions as views
from bot.views.reply import Reply

ASKING = frozenset({"tanya", "ask"})  # the commands whose edited text is asked anew


async def ask_command(update: Update, context: BotContext) -> None:
    """/tanya TEXT, or /tanya in reply to the message that holds the question."""
    message = context.message
    if message is None:
        return
    text = _text_of(message).partition(" ")[2].strip() or _quoted(message, context)
    if text:
        await _ask(text, message, context)
    else:
        context.reply(Reply(context.texts.html("questions.prompt")))


async def ask(update: Update, context: BotContext) -> None:
    """Free text or a caption in a private chat."""
    message = context.message
    if message is not None:
        await _ask(_text_of(message), message, context)


async def why(update: Update, context: BotContext) -> None:
    """/kenapa: why the last answer was chosen."""
    person = await context.asker()
    if person is not None and context.message is not None:
        explanations = await context.services.questions.why(
            context.tx, person=person, chat_id=context.message.chat_id
        )
        context.reply(views.why(explanations, context.texts, context.services.content.book))


async def ask_in_group(update: Update, context: BotContext) -> None:
    """A mention, or a reply to one of our messages; other talk is not for us."""
    message = context.message
    if message is None:
        return
    mentioned, text = _without_mention(message, context.bot.username)
    if not mentioned and not _replies_to(message, context.bot.id):
        return
    if mentioned and not text:
        text = _quoted(message, context)
    if text:
        await _ask(text, message, context)
    else:
        context.reply(Reply(context.texts.html("start.group")))


async def not_text(update: Update, context: BotContext) -> None:
    """A sticker, a voice note, a photo without caption: say what we can read."""
    message = context.message
    if message is not None and (not context.is_group or _replies_to(message, context.bot.id)):
        await context.asker()
        context.reply(Reply(context.texts.html("questions.not_text")))


async def edited(update: Update, context: BotContext) -> None:
    """An edited question edits its answer; an edit that makes a question of other talk asks it."""
    message = context.message
    text = _text_of(message) if message is not None else ""
    if message is None or not text:
        return
    if text.startswith("/"):
        command, _, question = text[1:].partition(" ")
        name, _, bot = command.partition("@")
        is_ours = bot.lower() in {"", context.bot.username.lower()}
        if name.lower() in ASKING and is_ours and question.strip():
            await _ask(question.strip(), message, context)
    elif context.is_group:
        await ask_in_group(update, context)
    else:
        await _ask(text, message, context)


async def _ask(text: str, message: Message, context: BotContext) -> None:
    person = await context.asker()
    questions = context.services.questions
    asked = await questions.ask(
        context.tx,
        text,
        person=person,
        chat_id=message.chat_id,
        message_id=message.message_id,
        is_edited=message.edit_date is not None,
    )
    show(asked, context)


def show(asked: Asked, context: BotContext) -> None:
    """Say what each part leads to, in the place of what it led to before."""
    book = context.services.content.book
    for part in asked.parts:
        reply = views.part(asked, part, context.texts, book, context.bot.username, is_group=context.is_group)
        context.reply(reply, question_id=part.question_id, edit=part.reply_message_id)
    for message_id in asked.obsolete_replies:
        context.delete(message_id)


async def open_link(entry_id: str, context: BotContext) -> None:
    """A deep link to an entry."""
    card = context.services.questions.card(entry_id)
    if card is None:
        context.reply(Reply(context.texts.html("start.unknown_link")))
    else:
        context.reply(views.card(card, context.texts, context.bot.username))


async def show_entry(action: ShowEntry, context: BotContext) -> None:
    """Open a card from a list, a related question or a deep link."""
    card = context.services.questions.card(action.entry_id)
    if card is None:
        context.answer(context.texts.plain("questions.alerts.entry_gone"), is_alert=True)
        return
    context.answer()
    context.reply(views.card(card, context.texts, context.bot.username))


async def pick(action: Pick, context: BotContext) -> None:
    """One of the suggestions was meant: it takes their place."""
    person = await context.asker()
    if person is None or context.message is None:
        _refuse(Gone(), context)
        return
    result = await context.services.questions.pick(
        context.tx, action.question_id, action.position, person=person, chat_id=context.message.chat_id
    )
    if not isinstance(result, Card):
        _refuse(result, context)
        return
    context.answer()
    context.edit(views.card(result, context.texts, context.bot.username))


async def none_of_these(action: NoneOfThese, context: BotContext) -> None:
    """None was meant: one round only, so the honest answer follows."""
    person = await context.asker()
    if person is None or context.message is None:
        _refuse(Gone(), context)
        return
    result = await context.services.questions.none_of_these(
        context.tx, action.question_id, person=person, chat_id=context.message.chat_id
    )
    if not isinstance(result, NotFound):
        _refuse(result, context)
        return
    context.answer()
    context.edit(views.not_found(action.question_id, context.texts))


async def forward(action: Forward, context: BotContext) -> None:
    """Keep the asker's consent to pass an unknown question on."""
    person = await context.asker()
    if person is None or context.message is None:
        _refuse(Gone(), context)
        return
    result = await context.services.questions.consent(
        context.tx, action.question_id, action.consent, person=person, chat_id=context.message.chat_id
    )
    if isinstance(result, (NotYours, Gone)):
        _refuse(result, context)
        return
    context.answer()
    context.edit(views.consented(result, context.texts))


async def rate(action: Rate, context: BotContext) -> None:
    """👍 is thanked for; 👎 asks for one reason, in the place of the card's buttons."""
    person = await context.asker()
    card = context.services.questions.card(action.entry_id)
    if person is None or card is None:
        _refuse(Gone(), context)
        return
    result = await context.services.questions.rate(
        context.tx, action.entry_id, action.revision, action.verdict, person=person
    )
    if isinstance(result, Gone):
        _refuse(result, context)
        return
    if result is Verdict.HELPFUL:
        context.answer(context.texts.plain("questions.alerts.thanks"))
    else:
        context.answer(context.texts.plain("questions.alerts.why_not"))
        context.edit_keyboard(views.reasons(card, action.revision, context.texts))


async def give_reason(action: GiveReason, context: BotContext) -> None:
    """Keep the reason and give the card its buttons back."""
    person = await context.asker()
    card = context.services.questions.card(action.entry_id)
    if person is None or card is None:
        _refuse(Gone(), context)
        return
    result = await context.services.questions.give_reason(
        context.tx, action.entry_id, action.revision, action.reason, person=person
    )
    if isinstance(result, Gone):
        _refuse(result, context)
        return
    context.answer(context.texts.plain("questions.alerts.reason_kept"))
    context.edit_keyboard(views.card(card, context.texts, context.bot.username).keyboard)


def _refuse(result: NotYours | Gone, context: BotContext) -> None:
    key = "not_yours" if isinstance(result, NotYours) else "stale"
    context.answer(context.texts.plain(f"questions.alerts.{key}"), is_alert=True)


def _text_of(message: Message) -> str:
    return message.text or message.caption or ""


def _quoted(message: Message, context: BotContext) -> str:
    """The text that this message replies to, unless it is ours: a colleague's question, handed on to us."""
    original = message.reply_to_message
    if original is None or (original.from_user is not None and original.from_user.id == context.bot.id):
        return ""
    return _text_of(original)


def _replies_to(message: Message, bot_id: int) -> bool:
    original = message.reply_to_message
    return original is not None and original.from_user is not None and original.from_user.id == bot_id


def _without_mention(message: Message, username: str) -> tuple[bool, str]:
    """Whether we are mentioned, and the text without the mention."""
    text = _text_of(message)
    entities = message.parse_entities([MessageEntityType.MENTION]) | message.parse_caption_entities(
        [MessageEntityType.MENTION]
    )
    ours = [mention for mention in entities.values() if mention.lower() == f"@{username}".lower()]
    for mention in ours:
        text = re.sub(rf"{re.escape(mention)}\b", " ", text)
    return bool(ours), " ".join(text.split()) if ours else text
