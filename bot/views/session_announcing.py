"""What an announcement says of a session when its organiser writes nothing of their own."""

from bot.services.announcement_content import NO_ORIGINAL, Entities, Kind, LinkButton, Part, length_of
from bot.services.cop_sessions import CopSession
from bot.texts import Texts
from bot.views import clocks, cop_sessions


def words(session: CopSession, texts: Texts, *, is_over: bool) -> Part:
    """Everything that is known of it, without the way in: whoever answers finds that in the session itself."""
    end = None if session.is_open_ended else session.ends_at
    when, moments = clocks.own_clock_entities(
        session.starts_at, end, texts, is_open_ended=session.is_open_ended
    )
    head = f"{session.title}\n\n"
    entities: Entities = [{"type": "bold", "offset": 0, "length": length_of(session.title)}]
    entities += [each | {"offset": each["offset"] + length_of(head)} for each in moments]
    lines = [head + when]
    if session.place:
        lines.append(texts.plain("sessions.buttons.shared_place", place=session.place))
    lines += [
        f"{texts.plain(f'forms.session.labels.{key}')}: {value}"
        for key in ("speakers", "theme")
        if (value := getattr(session, key))
    ]
    key = "over" if is_over else "coming"
    lines.append("\n" + texts.plain(f"sessions.announced.{key}"))
    return Part(Kind.TEXT, NO_ORIGINAL, "\n".join(lines), entities)


def button(session: CopSession, texts: Texts, bot: str, *, is_over: bool) -> LinkButton:
    """The way to the session, where one answers and finds calendar and material."""
    key = "open" if is_over else "open_to_answer"
    return LinkButton(texts.plain(f"sessions.buttons.{key}"), cop_sessions.link_to(session, bot))
