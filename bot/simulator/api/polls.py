"""Sending and stopping polls."""

import itertools
from typing import Any

from bot.simulator import markup
from bot.simulator.api.registry import Call, method
from bot.simulator.api.sending import send
from bot.simulator.api.targets import check_heard, find_chat, formatted_caption, inline_keyboard_for
from bot.simulator.polls import Poll
from bot.simulator.refusal import Refused, bad_request

Json = dict[str, Any]
MAX_QUESTION = 300
MAX_OPTIONS = 12
MAX_OPTION = 100
MAX_EXPLANATION = 200
MAX_EXPLANATION_LINE_FEEDS = 2
OPEN_SECONDS = range(5, 2_628_000 + 1)
_UNSUPPORTED = ("media", "explanation_media", "members_only", "country_codes", "allow_adding_options")


@method("sendPoll")
def send_poll(call: Call) -> Json:
    for name in _UNSUPPORTED:
        if call.get(name):
            raise Refused(501, f"Not Implemented: the simulator does not support {name} of polls yet")
    poll, closes_at = _poll(call)
    message = send(call, {}, poll=poll)
    call.world.add_poll(poll, closes_at)
    return message.view()


@method("stopPoll")
def stop_poll(call: Call) -> Json:
    chat = find_chat(call)
    message = chat.messages.get(call.params["message_id"])
    if message is None or message.is_deleted:
        raise bad_request("message with poll to stop not found")
    if message.poll is None:
        raise bad_request("message is not a poll")
    if message.sender.id != call.bot.id or message.forward_origin is not None:
        raise bad_request("poll can't be stopped")
    if message.poll.is_closed:
        raise bad_request("poll has already been closed")
    check_heard(call.world, chat)
    keyboard = inline_keyboard_for(call, chat)
    call.count(chat.id, is_edit=True)
    message.reply_markup = keyboard
    call.world.close_poll(message.poll)
    return message.poll.view()


def copy_of(poll: Poll, call: Call) -> Poll:
    """A poll of its own with the same question, as copying a message makes it."""
    return Poll(
        id=call.world.new_id(),
        bot=call.bot,
        question=poll.question,
        options=poll.options,
        persistent_ids=poll.persistent_ids,
        is_anonymous=poll.is_anonymous,
        kind=poll.kind,
        allows_multiple_answers=poll.allows_multiple_answers,
        allows_revoting=poll.allows_revoting,
        correct_option_ids=poll.correct_option_ids,
        message_extras=poll.message_extras,
    )


def _poll(call: Call) -> tuple[Poll, float | None]:
    question = _text(call.params["question"], call.get("question_parse_mode"), call.get("question_entities"))
    if not question:
        raise bad_request("poll question must be non-empty")
    if markup.utf16_length(question) > MAX_QUESTION:
        raise bad_request(f"poll question length must not exceed {MAX_QUESTION}")
    options = [_option(option) for option in call.params["options"]]
    if not options:
        raise bad_request("poll must have at least 1 option")
    if len(options) > MAX_OPTIONS:
        raise bad_request(f"poll can't have more than {MAX_OPTIONS} options")
    kind = call.get("type") or "regular"
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    extras, closes_at = _closing(call)
    poll = Poll(
        id=call.world.new_id(),
        bot=call.bot,
        question=question,
        options=options,
        persistent_ids=[f"{number:x}" for number in range(len(options))],
        is_anonymous=call.get("is_anonymous", True),
        kind=kind,
        allows_multiple_answers=bool(call.get("allows_multiple_answers")),
        allows_revoting=call.get("allows_revoting", kind == "regular"),
        is_closed=bool(call.get("is_closed")),
        correct_option_ids=_correct_options(call, kind, len(options)),
        extras=extras | _explanation(call, kind),
        message_extras=_description(call),
    )
    return poll, closes_at


def _text(text: str, parse_mode: str | None, entities: list[Json] | None) -> str:
    """A text in which only custom emoji could be kept, which the simulator shows as their plain ones."""
    if not text.strip():
        return ""
    return markup.parse(text, parse_mode, entities)[0]


def _option(option: Json | str) -> str:
    given: Json = {"text": option} if isinstance(option, str) else option
    if given.get("media"):
        raise Refused(501, "Not Implemented: the simulator does not support media of poll options yet")
    text = _text(given["text"], given.get("text_parse_mode"), given.get("text_entities"))
    if not text:
        raise bad_request("poll options must be non-empty")
    if markup.utf16_length(text) > MAX_OPTION:
        raise bad_request(f"poll options length must not exceed {MAX_OPTION}")
    return text


def _correct_options(call: Call, kind: str, count: int) -> list[int]:
    correct: list[int] = call.get("correct_option_ids") or []
    if kind == "regular":
        return []
    is_increasing = all(one < two for one, two in itertools.pairwise(correct))
    if not correct or not is_increasing or correct[0] < 0 or correct[-1] >= count:
        raise bad_request("wrong correct option ID specified")
    if len(correct) > 1 and not call.get("allows_multiple_answers"):
        raise bad_request("wrong correct option ID specified")
    return correct


def _closing(call: Call) -> tuple[Json, float | None]:
    period, date = call.get("open_period"), call.get("close_date")
    if period and date:
        raise bad_request("only one of the parameters open_period and close_date can be specified")
    if not period and not date:
        return {}, None
    seconds = period or date - call.world.date()
    if seconds not in OPEN_SECONDS:
        raise bad_request("poll open period must be between 5 and 2628000 seconds")
    if period:
        return {"open_period": period, "close_date": call.world.date() + period}, call.world.now() + period
    return {"close_date": date}, float(date)


def _explanation(call: Call, kind: str) -> Json:
    given = (call.get("explanation") or "").strip()
    if kind != "quiz" or not given:
        return {}
    text, entities = markup.parse(given, call.get("explanation_parse_mode"), call.get("explanation_entities"))
    if markup.utf16_length(text) > MAX_EXPLANATION or text.count("\n") > MAX_EXPLANATION_LINE_FEEDS:
        raise bad_request("MESSAGE_TOO_LONG")
    return {"explanation": text} | ({"explanation_entities": entities} if entities else {})


def _description(call: Call) -> Json:
    parsed = formatted_caption(
        call.get("description"), call.get("description_parse_mode"), call.get("description_entities")
    )
    return {name.replace("caption", "description"): value for name, value in parsed.items()}
