"""The welcome and the profile."""

from typing import assert_never

from telegram import Update

from bot.buttons import (
    Agree,
    ChooseLanguage,
    ChooseProvince,
    ChooseZone,
    FillIn,
    FinishWelcome,
    OpenIsland,
    OpenProfile,
    Origin,
    Section,
    Toggle,
)
from bot.context import BotContext
from bot.services import details
from bot.services.form_steps import Data
from bot.services.people import CONSENT_VERSION, Person
from bot.services.provinces import PROVINCES
from bot.texts import LANGUAGES
from bot.views import people as views
from bot.views.reply import Reply
from handlers import forms, links


async def start(update: Update, context: BotContext) -> None:
    """/start, with or without what a deep link carries."""
    if context.is_group:
        context.reply(Reply(context.texts.html("start.group")))
        return
    person = await context.asker()
    if person is None:
        return
    context.renew_menu(person)
    if context.services.people.come_back(person):
        context.reply(Reply(context.texts.html("stop.back")))
    payload = " ".join(context.args or [])
    if payload and payload != "inline":
        await links.follow(payload, context)
    if person.consent_version != CONSENT_VERSION:
        context.reply(views.welcome(context.texts))
    elif not payload or payload == "inline":
        context.reply(Reply(context.texts.html("start.welcome_back")))


async def stop(update: Update, context: BotContext) -> None:
    """/berhenti: receive nothing more; questions are answered all the same."""
    if context.is_group:
        context.reply(Reply(context.texts.html("profile.only_private")))
        return
    person = await context.asker()
    if person is not None:
        context.services.people.stop(person)
        context.reply(Reply(context.texts.html("stop.done")))


async def agree(action: Agree, context: BotContext) -> None:
    """The notice was read: keep it, and ask for the province."""
    person = await _owner_of_press(context)
    if person is not None:
        context.services.people.agree(person)
        context.edit(views.islands(context.texts, Origin.WELCOME))


async def finish_welcome(action: FinishWelcome, context: BotContext) -> None:
    """Skip what is left. Reading the notice is what counts as agreement; it stood above this button."""
    person = await _owner_of_press(context)
    if person is not None:
        context.services.people.agree(person)
        context.edit(views.settled(person, context.texts))


async def open_island(action: OpenIsland, context: BotContext) -> None:
    """Show the provinces of one group."""
    if await _owner_of_press(context) is not None:
        context.edit(views.provinces(context.texts, action.island, action.origin))


async def choose_province(action: ChooseProvince, context: BotContext) -> None:
    """Set the province and go on to where the choice came from."""
    if action.province_code not in PROVINCES:
        context.answer(context.texts.plain("questions.alerts.stale"), is_alert=True)
        return
    person = await _owner_of_press(context)
    if person is None:
        return
    context.services.people.settle(person, action.province_code)
    match action.origin:
        case Origin.WELCOME:
            context.edit(views.settled(person, context.texts))
        case Origin.PROFILE:
            _saved(person, context)
        case _:
            assert_never(action.origin)


async def profile(update: Update, context: BotContext) -> None:
    """/profil, in private only: a group need not read it."""
    if context.is_group:
        context.reply(Reply(context.texts.html("profile.only_private")))
        return
    person = await context.asker()
    if person is not None:
        context.reply(views.profile(person, context.texts))


async def open_profile(action: OpenProfile, context: BotContext) -> None:
    """Go to a part of the profile, in the same message."""
    person = await _owner_of_press(context)
    if person is None:
        return
    match action.section:
        case Section.OVERVIEW:
            context.edit(views.profile(person, context.texts))
        case Section.LANGUAGE:
            context.edit(views.languages(context.texts))
        case Section.PROVINCE:
            context.edit(views.islands(context.texts, Origin.PROFILE))
        case Section.ZONE:
            context.edit(views.zones(context.texts))
        case Section.MESSAGES:
            context.edit(views.messages(person, context.texts))
        case Section.DETAILS:
            context.edit(views.details(person, context.texts))
        case _:
            assert_never(action.section)


async def choose_language(action: ChooseLanguage, context: BotContext) -> None:
    """Set the language; the answer to the press already speaks it."""
    if action.language not in LANGUAGES:
        context.answer(context.texts.plain("questions.alerts.stale"), is_alert=True)
        return
    person = await _owner_of_press(context)
    if person is not None:
        context.services.people.speak(person, action.language)
        context.renew_menu(person)
        context.speak(action.language)
        _saved(person, context)


async def choose_zone(action: ChooseZone, context: BotContext) -> None:
    """Set the time zone."""
    person = await _owner_of_press(context)
    if person is not None:
        context.services.people.choose_zone(person, action.zone)
        _saved(person, context)


async def toggle(action: Toggle, context: BotContext) -> None:
    """Turn one preference round and show the list again."""
    person = await _owner_of_press(context)
    if person is not None:
        context.services.people.toggle(person, action.preference)
        context.answer(context.texts.plain("profile.saved"))
        context.edit(views.messages(person, context.texts))


async def fill_in(action: FillIn, context: BotContext) -> None:
    """Ask for one detail, or for all."""
    person = await _owner_of_press(context)
    if person is None:
        return
    if action.field not in (*details.FIELDS, ""):
        context.answer(context.texts.plain("questions.alerts.stale"), is_alert=True)
        return
    only = (action.field,) if action.field else ()
    await forms.begin(person, "profile", context, details.begin_with(person, *only))


async def keep_details(data: Data, context: BotContext) -> None:
    """The form is complete: keep what was answered."""
    person = await context.asker()
    if person is not None:
        details.keep(person, data)
        context.edit(views.details(person, context.texts, is_saved=True))


async def _owner_of_press(context: BotContext) -> Person | None:
    """The person who pressed, in their own private chat; a profile is nobody else's business."""
    if context.is_group:
        context.answer(context.texts.plain("questions.alerts.stale"), is_alert=True)
        return None
    context.answer()
    return await context.asker()


def _saved(person: Person, context: BotContext) -> None:
    context.answer(context.texts.plain("profile.saved"))
    context.edit(views.profile(person, context.texts))
