"""The parameters of a request, checked against the description of the Bot API in methods.json.

Values come as text, as in forms, or as JSON. Stricter than the real server in two things, because both are
always mistakes of a bot: unknown names are refused, and so is text where a number or a truth value belongs.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.simulator.refusal import Refused, bad_request
from bot.simulator.spans import require_unicode

Json = dict[str, Any]

_DESCRIPTION = Path(__file__).with_name("methods.json")
_SCALARS = {"String", "Integer", "Boolean", "Float", "InputFile"}
_TRUE = {"true", "yes", "1"}
_FALSE = {"false", "no", "0"}
_INT64 = range(-(2**63), 2**63)
# Where an empty text says something: no webhook any more. Everywhere else it is as if it were not there.
_MEANT_EMPTY = {("setWebhook", "url")}
# A plain text may stand for these objects.
_ALSO_TEXT = {"KeyboardButton", "InputPollOption"}
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
}
_NOT_JSON = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "results": "can't parse JSON encoded inline query results",
    "button": "can't parse inline query results button JSON object",
}
_NOT_AN_OBJECT = {"reply_markup": "object expected as reply markup"}
# What the server calls an object in which it found a mistake; the names are beginnings of type names.
_SPOKEN = {
    "InlineKeyboardButton": "inline keyboard button",
    "KeyboardButton": "keyboard button",
    "InlineQueryResultsButton": "inline query results button",
    "InlineQueryResult": "inline query result",
    "InputPollOption": "option",
    "InputMedia": "InputMedia",
    "InputPaidMedia": "InputPaidMedia",
    "MessageEntity": "MessageEntity",
    "BotCommandScope": "BotCommandScope",
    "BotCommand": "BotCommand",
    "MenuButton": "menu button",
    "LabeledPrice": "labeled price",
}


class _WrongError(Exception):
    """A value does not fit; the message starts with a capital, as inside of Telegram's descriptions."""


def is_method(name: str) -> bool:
    """Whether the Bot API has this method; the case does not matter."""
    return name.lower() in _canonical_names()


def canonical(name: str) -> str:
    """The name as the documentation writes it: "sendMessage" for "sendmessage"."""
    try:
        return _canonical_names()[name.lower()]
    except KeyError:
        raise Refused(404, "Not Found") from None


def read(method: str, raw: Mapping[str, Any], *, files: Collection[str] = ()) -> Json:
    """The parameters with their types, those that are not there left out.

    `files` are the names of the uploaded parts. A file that came under the name of its parameter is there as
    "attach://<name>", like one that the parameter refers to.
    """
    method = canonical(method)
    expected: dict[str, str] = _description()["methods"][method]
    for name in raw:
        if name not in expected:
            raise bad_request(f'unknown parameter "{name}"')
    values: Json = {}
    for name, kinds in expected.items():
        given = raw.get(name)
        if given in (None, "") and name in files and "InputFile" in kinds:
            given = f"attach://{name}"
        if given not in (None, ""):
            value = _parameter(name, kinds.rstrip("!"), given, files)
            if value != {}:
                values[name] = value
        elif given == "" and (method, name) in _MEANT_EMPTY:
            values[name] = ""
    _check_complete(expected, values)
    return values


def _check_complete(expected: Mapping[str, str], values: Json) -> None:
    # The server looks at the content of a message before it looks for the chat.
    for name in sorted(expected, key=lambda each: each == "chat_id"):
        if expected[name].endswith("!") and name not in values:
            if "InputFile" in expected[name]:
                raise bad_request(f"there is no {name} in the request")
            raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))


def _parameter(name: str, kinds: str, given: Any, files: Collection[str]) -> Any:
    if isinstance(given, str):
        require_unicode(given)
    alternatives = kinds.split("|")
    if set(alternatives) <= _SCALARS:
        if isinstance(given, dict | list):
            raise bad_request(f'can\'t parse parameter "{name}": {_expected(alternatives)} expected')
        return _scalar(name, alternatives, given, files)
    spoken = name.replace("_", " ")
    if isinstance(given, str):
        try:
            given = json.loads(given, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise bad_request(_NOT_JSON.get(name, f"can't parse {spoken} JSON object")) from None
    wants_array = alternatives[0].startswith("[")
    if wants_array and not isinstance(given, list):
        raise bad_request(f"can't parse {spoken}: expected an Array")
    if not wants_array and not isinstance(given, dict):
        raise bad_request(_NOT_AN_OBJECT.get(name, f"object expected as {spoken}"))
    if given == {}:
        return {}
    try:
        return _checked(name, kinds, given, files)
    except _WrongError as error:
        message = str(error)
        raise bad_request(message[0].lower() + message[1:]) from None


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _expected(kinds: list[str]) -> str:
    return " or ".join("Number" if kind in {"Integer", "Float"} else kind for kind in kinds)


# Values of forms


def _scalar(name: str, kinds: list[str], given: Any, files: Collection[str]) -> Any:
    text = given if isinstance(given, str) else json.dumps(given)
    if "Integer" in kinds and re.fullmatch(r"\s*[+-]?[0-9]{1,19}\s*", text) and int(text) in _INT64:
        return int(text)
    if "InputFile" in kinds:
        return _file(name, text, files)
    if "String" in kinds:
        return text
    if kinds == ["Boolean"] and text.strip().lower() in _TRUE | _FALSE:
        return text.strip().lower() in _TRUE
    if kinds == ["Float"] and (number := _number(text)) is not None:
        return number
    raise bad_request(f'can\'t parse parameter "{name}": {_expected(kinds)} expected')


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\s*[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?\s*", text) else None


def _file(name: str, given: str, files: Collection[str]) -> str:
    if given.startswith("attach://") and given.removeprefix("attach://") not in files:
        raise bad_request(f"there is no {name} in the request")
    return given


# Values inside of JSON


def _checked(name: str, kinds: str, value: Any, files: Collection[str]) -> Any:
    """The value of a field, where `kinds` says what it may be."""
    alternatives = list(_leaves(kinds))
    if isinstance(value, list):
        elements = "|".join(kind[1:-1] for kind in alternatives if kind.startswith("["))
        if elements:
            return [_checked(name, elements, element, files) for element in value]
    elif isinstance(value, dict):
        candidates = [kind for kind in alternatives if kind[0].isupper() and kind not in _SCALARS]
        if candidates:
            return _object(candidates, value, files)
    else:
        if isinstance(value, str):
            _check_unicode(value)
        if isinstance(value, str) and _ALSO_TEXT & set(alternatives):
            return {"text": value}
        scalars = [kind for kind in alternatives if kind in _SCALARS]
        if scalars:
            return _nested_scalar(name, scalars, value, files)
    if spoken := _spoken(alternatives[0]):
        raise _WrongError(f"Can't parse {spoken}: {alternatives[0]} must be an Object")
    raise _WrongError(f'Field "{name}" must be of type {_json_type(alternatives)}')


def _leaves(kinds: str) -> Iterator[str]:
    """The alternatives, named unions taken apart."""
    for kind in kinds.split("|"):
        members = _description()["types"].get(kind)
        if isinstance(members, list):
            yield from _leaves("|".join(members))
        else:
            yield kind


def _json_type(alternatives: list[str]) -> str:
    first = alternatives[0]
    if first.startswith("["):
        return "Array"
    if first.startswith("=") or first == "InputFile":
        return "String"
    if first in {"Integer", "Float"}:
        return "Number"
    return first if first in _SCALARS else "Object"


def _spoken(kind: str) -> str | None:
    return next((words for start, words in _SPOKEN.items() if kind.startswith(start)), None)


def _object(candidates: list[str], value: Json, files: Collection[str]) -> Json:
    kind = _best(candidates, value)
    try:
        return _filled(kind, value, files)
    except _WrongError as error:
        spoken = _spoken(kind)
        if spoken is None:
            raise
        raise _WrongError(f"Can't parse {spoken}: {error}") from None


def _best(candidates: list[str], value: Json) -> str:
    """Of several types the one that fits with the fewest mistakes."""

    def mistakes(kind: str) -> tuple[int, int]:
        fields: dict[str, str] = _description()["types"][kind]
        words = sum(
            kinds.startswith("=") and value.get(field) != kinds[1:].rstrip("!")
            for field, kinds in fields.items()
        )
        missing = sum(kinds.endswith("!") and value.get(field) is None for field, kinds in fields.items())
        return words, missing + sum(field not in fields for field in value)

    return min(candidates, key=mistakes)


def _filled(kind: str, value: Json, files: Collection[str]) -> Json:
    fields: dict[str, str] = _description()["types"][kind]
    result: Json = {}
    for field, kinds in fields.items():
        given = value.get(field)
        if given is None:
            if kinds.endswith("!"):
                raise _WrongError(f'Can\'t find field "{field}"')
            continue
        if kinds.startswith("="):
            result[field] = _word(field, kinds[1:].rstrip("!"), given)
        else:
            result[field] = _checked(field, kinds.rstrip("!"), given, files)
    for field in value:
        if field not in fields:
            raise _WrongError(f'Unknown field "{field}"')
    return result


def _word(field: str, wanted: str, given: Any) -> str:
    if not isinstance(given, str):
        raise _WrongError(f'Field "{field}" must be of type String')
    if given.lower() != wanted:
        raise _WrongError(f"Unsupported {field} specified")
    return wanted


def _nested_scalar(name: str, kinds: list[str], value: Any, files: Collection[str]) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if "Boolean" in kinds and isinstance(value, bool):
        return value
    if "Float" in kinds and (is_number or isinstance(value, str)):
        number = _number(str(value))
        if number is not None:
            return number
    if "Integer" in kinds and (is_number or isinstance(value, str)):
        text = str(value)
        if re.fullmatch(r"-?[0-9]{1,19}", text) and int(text) in _INT64:
            return int(text)
        if "String" not in kinds:
            raise _WrongError(f'Field "{name}" must be a valid Number')
    if "InputFile" in kinds and isinstance(value, str):
        if value.startswith("attach://") and value.removeprefix("attach://") not in files:
            raise _WrongError("Media not found")
        return value
    if "String" in kinds and (is_number or isinstance(value, str)):
        return str(value)
    raise _WrongError(f'Field "{name}" must be of type {_json_type(kinds)}')


def _check_unicode(text: str) -> None:
    try:
        require_unicode(text)
    except Refused:
        raise _WrongError("Strings must be encoded in UTF-8") from None


# The description


@cache
def _description() -> Json:
    description: Json = json.loads(_DESCRIPTION.read_text(encoding="utf-8"))
    return description


@cache
def _canonical_names() -> dict[str, str]:
    return {name.lower(): name for name in _description()["methods"]}
