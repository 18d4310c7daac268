"""Whatever a bot sends, the simulator answers as a server would, and never breaks."""

import asyncio
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator import Simulator, parameters
from bot.simulator.api.all_methods import METHODS
from bot.simulator.files import Upload
from tests.simulator.conftest import BOT_ID, TOKEN, HandClock

DESCRIPTION = json.loads(Path(parameters.__file__).with_name("methods.json").read_text())["methods"]
GROUP_ID = -1_001_000_000_001
USER_ID = 1_000_001

IDS = st.sampled_from([GROUP_ID, USER_ID, BOT_ID, -5, 0, 1, 2, 3, 4, 5, 2**40])
TEXTS = st.sampled_from(
    [
        *("", " ", "x", "*x*", "<b>x</b>", "<b>x", "HTML", "MarkdownV2", "quiz", "regular", "typing", "@x"),
        *("é" * 300, "x" * 5000, "\u200b", "\ud800", "\u202eabc", "attach://file", "https://x.id"),
        *("[]", "{}", "null"),
    ]
)
KEYBOARDS = st.sampled_from(
    [
        {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]},
        {"inline_keyboard": [[{"text": "", "callback_data": ""}]]},
        {"inline_keyboard": [[{"text": "x", "url": "javascript:x"}]]},
        {"keyboard": [["x"], [{"text": "y", "request_contact": True}]]},
        {"remove_keyboard": True},
        {"force_reply": True},
    ]
)
OBJECTS = st.one_of(
    KEYBOARDS,
    st.fixed_dictionaries({"message_id": IDS, "quote": TEXTS}),
    st.fixed_dictionaries({"type": TEXTS, "media": TEXTS}),
    st.fixed_dictionaries({"type": st.just("photo"), "media": TEXTS, "caption": TEXTS}),
    st.fixed_dictionaries({"type": st.sampled_from(["chat", "chat_member", "default"]), "chat_id": IDS}),
    st.fixed_dictionaries({"text": TEXTS, "start_parameter": TEXTS}),
    st.fixed_dictionaries({"command": TEXTS, "description": TEXTS}),
    st.fixed_dictionaries({"type": st.just("emoji"), "emoji": TEXTS}),
    st.fixed_dictionaries({"type": TEXTS, "offset": IDS, "length": IDS}),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["article", "photo", "location", "contact", "sticker"]),
            "id": TEXTS,
            "title": TEXTS,
            "latitude": IDS,
            "input_message_content": st.fixed_dictionaries({"message_text": TEXTS, "parse_mode": TEXTS}),
        }
    ),
)
VALUES = st.one_of(
    IDS, TEXTS, st.booleans(), OBJECTS, st.lists(st.one_of(OBJECTS, IDS, TEXTS), max_size=3), st.none()
)

# What would be right for a parameter, so that most requests get past the first check.
RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "chat_id": st.sampled_from([USER_ID, USER_ID, GROUP_ID]),
    "from_chat_id": st.just(USER_ID),
    "message_id": st.integers(1, 7),
    "message_ids": st.sampled_from([[1], [1, 2], [2, 3, 4]]),
    "user_id": st.sampled_from([USER_ID, BOT_ID]),
    "text": st.sampled_from(["x", "<b>x</b>", "*x*", "x" * 4096, "x" * 4097, "é @tanya_bot https://x.id #a"]),
    "caption": st.sampled_from(["x", "x" * 1024, "x" * 1025]),
    "parse_mode": st.sampled_from(["HTML", "MarkdownV2", "Markdown", ""]),
    "reply_markup": KEYBOARDS,
    "reply_parameters": st.fixed_dictionaries({"message_id": st.integers(1, 5), "quote": TEXTS}),
    "question": st.sampled_from(["x", "x" * 301]),
    "options": st.sampled_from([["a", "b"], [{"text": "a"}], [{"text": ""}], ["a"] * 13]),
    "type": st.sampled_from(["regular", "quiz"]),
    "correct_option_ids": st.sampled_from([[0], [1], [5], [1, 0]]),
    "open_period": st.sampled_from([5, 4]),
    "media": st.sampled_from(
        [{"type": "document", "media": "attach://file"}, {"type": "photo", "media": "x"}]
    ),
    "document": st.just("attach://file"),
    "commands": st.sampled_from([[{"command": "a", "description": "b"}], []]),
    "latitude": st.sampled_from([1.5, 91]),
    "longitude": st.sampled_from([1.5, 181]),
    "action": st.just("typing"),
    "message_thread_id": st.sampled_from([1, 2]),
    "results": st.lists(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["article", "photo", "location", "contact", "voice"]),
                "id": st.sampled_from(["a", "b", "", "x" * 65]),
                "title": st.sampled_from(["x", ""]),
            },
            optional={
                "input_message_content": st.fixed_dictionaries({"message_text": TEXTS, "parse_mode": TEXTS}),
                "latitude": st.just(1),
                "longitude": st.just(1),
                "phone_number": TEXTS,
                "first_name": TEXTS,
                "photo_file_id": TEXTS,
                "reply_markup": KEYBOARDS,
            },
        ),
        max_size=3,
    ),
}


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A method with the parameters that it needs and some more, most of them right."""
    method = draw(
        st.sampled_from(sorted(set(DESCRIPTION) & {parameters.canonical(name) for name in METHODS}))
    )
    described = DESCRIPTION[method]
    needed = [name for name, kind in described.items() if kind.endswith("!")]
    often = [name for name in ("chat_id", "message_id", "text") if name in described]
    more = draw(st.lists(st.sampled_from(sorted(described) or ["x"]), max_size=3))
    params = {}
    for name in {*needed, *often, *more} - {"timeout"}:
        is_right = draw(st.integers(0, 9)) > 0
        params[name] = draw(RIGHT[name] if is_right and name in RIGHT else VALUES)
    return method, params


@settings(max_examples=400, deadline=None)
@given(st.lists(requests(), min_size=1, max_size=5))
def test_no_request_breaks_the_simulator(calls: list[tuple[str, dict[str, Any]]]) -> None:
    simulator = Simulator(HandClock(), seed=1)
    control = simulator.control
    control.add_bot(TOKEN, "tanya_bot", "Tanya")
    user = control.add_user("Siti")["id"]
    control.send(user, user, "/start")
    control.send_media(user, user, "photo", caption="x")
    control.add_member(control.add_group("Kantor", [user])["id"], BOT_ID)
    files = {"file": Upload("a.txt", None, b"x")}
    own: list[tuple[str, dict[str, Any]]] = [
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}},
        ),
        ("sendDocument", {"document": "attach://file", "caption": "x"}),
        ("sendPoll", {"question": "x", "options": ["a", "b"]}),
    ]

    async def ask_all() -> list[int]:
        for method, raw in own:
            assert (await simulator.handle(TOKEN, method, raw | {"chat_id": user}, files)).status == 200
        queries = {
            "callback_query_id": control.press(user, user, 3, "Ya")["callback_id"],
            "inline_query_id": control.inline(user, "x")["inline_query_id"],
        }
        statuses = []
        for method, raw in calls:
            known = {name: value for name, value in queries.items() if name in raw}
            statuses.append((await simulator.handle(TOKEN, method, raw | known, files)).status)
        return statuses

    statuses = asyncio.run(ask_all())

    assert set(statuses) <= {200, 400, 403, 501}
    control.messages(user)
    control.messages(GROUP_ID)
