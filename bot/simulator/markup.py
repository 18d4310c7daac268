"""The text of a message as Telegram takes it: markup resolved, entities checked, links and commands found."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from bot.simulator.detection import find
from bot.simulator.links import BadLinkError, check_link, linked_user
from bot.simulator.markup_html import parse_html
from bot.simulator.markup_markdown import parse_markdown, parse_markdown_v2
from bot.simulator.markup_parts import MarkupError, custom_emoji, date_time
from bot.simulator.refusal import Refused, bad_request
from bot.simulator.spans import (
    QUOTES,
    SPLITTABLE,
    Span,
    arrange,
    clean,
    is_blank,
    require_unicode,
    trim,
    utf16_length,
)
from bot.simulator.wire import to_json

__all__ = ["detect", "parse", "utf16_length"]

_Value = TypeVar("_Value", int, str, dict[str, Any])
_MODES = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}
# Telegram does not read longer texts at all, whatever remains of them without markup.
_LONGEST_SOURCE_BYTES = 1 << 15
# The rest of the text stays, but unmarked.
_MOST_ENTITIES = 100
_LARGEST_OFFSET = 1_000_000
_STYLE_TYPES = {*SPLITTABLE, *QUOTES, "code"}
# Telegram finds these by itself and takes no one's word for them.
_FOUND_TYPES = {
    *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number")
}


def parse(
    text: str,
    parse_mode: str | None,
    entities: Sequence[dict[str, Any]] | None,
    *,
    empty: str | None = "message text is empty",
) -> tuple[str, list[dict[str, Any]]]:
    """The text as it is stored and its entities, given and found, sorted and properly nested.

    With a parse_mode the entities are ignored, as Telegram does. `empty` is the refusal of a missing text; a
    text of which nothing visible remains is refused in Telegram's other words. With `empty=None` both come
    back as an empty text instead (a caption may be missing). Lengths are the caller's to check. A mention by
    id has {"user": {"id": …}}: only the caller knows the person. Nobody changes the list that comes back: texts that
    many people get share it.
    """
    return _parse(text, parse_mode, to_json(entities) if entities else None, empty)


@lru_cache(maxsize=64)  # one text goes to thousands of people
def _parse(
    text: str, parse_mode: str | None, entities: str | None, empty: str | None
) -> tuple[str, list[dict[str, Any]]]:
    if not text:
        if empty is None:
            return "", []
        raise bad_request(f"{empty}")
    require_unicode(text)
    if len(text.encode()) > _LONGEST_SOURCE_BYTES:
        raise bad_request("text is too long")
    if parse_mode and parse_mode.lower() != "none":
        plain, spans = _parsed(text, parse_mode)
    else:
        checked = [_checked(entity) for entity in json.loads(entities or "[]")]
        plain, spans = text, [span for span in checked if span is not None]
    plain, spans = clean(plain, spans)
    plain, spans = trim(plain, arrange(spans))
    if is_blank(plain):
        if empty is None:
            return "", []
        raise bad_request("text must be non-empty")
    return plain, [span.as_entity() for span in arrange(spans, find(plain))[:_MOST_ENTITIES]]


def detect(text: str) -> list[dict[str, Any]]:
    """The entities that Telegram finds by itself in a text that someone typed."""
    return [span.as_entity() for span in find(text)]


def _parsed(text: str, parse_mode: str) -> tuple[str, list[Span]]:
    mode = _MODES.get(parse_mode.lower())
    if mode is None:
        raise bad_request("unsupported parse_mode")
    try:
        return mode(text)
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None


def _checked(entity: dict[str, Any]) -> Span | None:
    kind = _required(entity, "type", str)
    start = _required(entity, "offset", int)
    length = _required(entity, "length", int)
    details = _details(kind, entity)
    if details is None:
        return None
    if not 0 <= start <= _LARGEST_OFFSET:
        raise bad_request(f"receive an entity with incorrect offset {start}")
    if not 0 <= length <= _LARGEST_OFFSET:
        raise bad_request(f"receive an entity with incorrect length {length}")
    return Span("text_mention" if "user" in details else kind, start, start + length, details)


def _details(kind: str, entity: dict[str, Any]) -> dict[str, Any] | None:
    """What goes with this type; None for what Telegram finds by itself."""
    match kind:
        case "text_link":
            return _link(_required(entity, "url", str))
        case "text_mention":
            user = _required(entity, "user", dict)
            if _required(user, "id", int) <= 0:
                raise bad_request("user not found")
            return {"user": user}
        case "pre":
            return {"language": entity["language"]} if entity.get("language") else {}
        case "custom_emoji":
            return _custom_emoji(_required(entity, "custom_emoji_id", str))
        case "date_time":
            return _date_time(entity)
        case _ if kind in _STYLE_TYPES:
            return {}
        case _ if kind in _FOUND_TYPES:
            return None
        case _:
            raise _entity_error("Unsupported type specified")


def _link(url: str) -> dict[str, Any]:
    user_id = linked_user(url)
    if user_id is not None:
        return {"user": {"id": user_id}}
    try:
        return {"url": check_link(url)}
    except BadLinkError as error:
        raise bad_request(f"entity URL '{url}' is invalid: {error}") from None


def _custom_emoji(identifier: str) -> dict[str, Any]:
    if not re.fullmatch(r"-?[0-9]+", identifier):
        raise _entity_error('Field "custom_emoji_id" must be a valid Number')
    try:
        return dict(custom_emoji(identifier))
    except MarkupError:
        raise _entity_error('Field "custom_emoji_id" must be a valid Number') from None


def _date_time(entity: dict[str, Any]) -> dict[str, Any]:
    unix_time = _required(entity, "unix_time", int)
    if unix_time <= 0:
        raise bad_request("invalid date specified")
    try:
        return dict(date_time(unix_time, entity.get("date_time_format") or ""))
    except MarkupError as error:
        raise _entity_error(str(error)) from None


def _required(entity: dict[str, Any], name: str, wanted: type[_Value]) -> _Value:
    value = entity.get(name)
    if value is None:
        raise _entity_error(f'Can\'t find field "{name}"')
    if not isinstance(value, wanted) or isinstance(value, bool):
        words = {int: "Number", str: "String", dict: "Object"}[wanted]
        raise _entity_error(f'Field "{name}" must be of type {words}')
    return value


def _entity_error(reason: str) -> Refused:
    return bad_request(f"can't parse MessageEntity: {reason}")
