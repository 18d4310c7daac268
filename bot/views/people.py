"""The welcome and the profile."""

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
from bot.clock import Zone
from bot.services.details import FIELDS
from bot.services.people import CONSENT_VERSION, Preference, zone_of
from bot.services.provinces import PROVINCES, Island, on_island
from bot.texts import LANGUAGES, Texts
from bot.texts import texts as catalogue
from bot.views.reply import Keyboard, Press, Reply
from db.models import Person

_PREFERENCE_KEYS = {
    Preference.ANNOUNCEMENTS: "announcements",
    Preference.REMINDERS: "reminders",
    Preference.POLLS: "polls",
    Preference.LOW_DATA: "low_data",
}


def welcome(texts: Texts) -> Reply:
    """The first message: what the bot does and what it stores."""
    buttons = (
        (Press(texts.plain("start.buttons.agree"), Agree()),),
        (Press(texts.plain("start.buttons.skip"), FinishWelcome()),),
    )
    return Reply(texts.html("start.welcome", version=CONSENT_VERSION), buttons)


def islands(texts: Texts, origin: Origin) -> Reply:
    """The groups of islands, and the way past them."""
    names = [Press(texts.plain(f"islands.{island.value}"), OpenIsland(island, origin)) for island in Island]
    leave = (
        Press(texts.plain("start.buttons.skip"), FinishWelcome())
        if origin is Origin.WELCOME
        else Press(texts.plain("profile.buttons.back"), OpenProfile(Section.OVERVIEW))
    )
    return Reply(texts.html("start.ask_island"), (*_in_pairs(names), (leave,)))


def provinces(texts: Texts, island: Island, origin: Origin) -> Reply:
    """The provinces of one group."""
    names = [Press(each.name, ChooseProvince(each.code, origin)) for each in on_island(island)]
    back = (
        Press(texts.plain("start.buttons.back"), Agree())
        if origin is Origin.WELCOME
        else Press(texts.plain("start.buttons.back"), OpenProfile(Section.PROVINCE))
    )
    return Reply(texts.html("start.ask_province"), (*_in_pairs(names), (back,)))


def settled(person: Person, texts: Texts) -> Reply:
    """The end of the welcome, with or without a province."""
    zone = zone_of(person).name
    if person.province_code is None:
        return Reply(texts.html("start.skipped", zone=zone))
    return Reply(texts.html("start.done", province=PROVINCES[person.province_code].name, zone=zone))


def profile(person: Person, texts: Texts) -> Reply:
    """Everything that the person has chosen, and the buttons to choose anew."""
    province = PROVINCES[person.province_code].name if person.province_code else None
    text = texts.html(
        "profile.overview",
        language=texts.plain("profile.language_name"),
        province=province or texts.plain("profile.no_province"),
        zone=zone_of(person).name,
        announcements=_state(person.wants_announcements, texts),
        reminders=_state(person.wants_reminders, texts),
        polls=_state(person.wants_polls, texts),
        low_data=_state(person.is_low_data, texts),
    )
    if person.stopped_at is not None:
        text += "\n\n" + texts.html("profile.stopped")
    sections = (Section.LANGUAGE, Section.PROVINCE, Section.ZONE, Section.MESSAGES, Section.DETAILS)
    names = ("language", "province", "zone", "messages", "details")
    buttons = [
        Press(texts.plain(f"profile.buttons.{name}"), OpenProfile(section))
        for name, section in zip(names, sections, strict=True)
    ]
    return Reply(text, _in_pairs(buttons))


def languages(texts: Texts) -> Reply:
    """The languages, each in its own words."""
    buttons = [
        Press(catalogue(code).plain("profile.language_name"), ChooseLanguage(code)) for code in LANGUAGES
    ]
    return Reply(texts.html("profile.ask_language"), (tuple(buttons), _back(texts)))


def zones(texts: Texts) -> Reply:
    """The three zones."""
    buttons = tuple(Press(zone.name, ChooseZone(zone)) for zone in Zone)
    return Reply(texts.html("profile.ask_zone"), (buttons, _back(texts)))


def messages(person: Person, texts: Texts) -> Reply:
    """What the person receives, each with its state on its button."""
    rows = [
        (
            Press(
                texts.plain(
                    "profile.buttons.switch",
                    name=texts.plain(f"profile.buttons.{key}"),
                    state=_state(getattr(person, preference.value), texts),
                ),
                Toggle(preference),
            ),
        )
        for preference, key in _PREFERENCE_KEYS.items()
    ]
    return Reply(texts.html("profile.ask_messages"), (*rows, _back(texts)))


def details(person: Person, texts: Texts, *, is_saved: bool = False) -> Reply:
    """What lists and certificates take from the profile, each with a button to fill it in."""
    given = {field: getattr(person, field) or texts.plain("profile.buttons.empty") for field in FIELDS}
    text = texts.html("profile.details", **given)
    if is_saved:
        text = texts.html("profile.details_saved") + "\n\n" + text
    buttons = [Press(texts.plain(f"profile.buttons.{field}"), FillIn(field)) for field in FIELDS]
    everything = Press(texts.plain("profile.buttons.everything"), FillIn(""))
    return Reply(text, (*_in_pairs([*buttons, everything]), _back(texts)))


def _back(texts: Texts) -> tuple[Press]:
    return (Press(texts.plain("profile.buttons.back"), OpenProfile(Section.OVERVIEW)),)


def _state(is_on: bool, texts: Texts) -> str:
    return texts.plain("profile.on" if is_on else "profile.off")


def _in_pairs(buttons: list[Press]) -> Keyboard:
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
