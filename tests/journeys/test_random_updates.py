"""Whatever people send, no handler fails and Telegram refuses nothing of what the bot says."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.buttons import ACTIONS
from bot.clock import ManualClock
from bot.simulator.controls.lookup import ControlError
from bot.simulator.refusal import Refused
from knowledge_base.loader import Content
from tests.conftest import START
from tests.scene import Scene, Someone, scene_of

UPDATES_A_LIST = 10
LISTS = 75  # on each of the two databases; some acts have nothing to act on
UPDATES_WANTED = 500  # on each of the two databases

T = TypeVar("T")


class Stage:
    """A scene in a thread of its own, so that hypothesis can drive it from a plain function."""

    def __init__(self, database_url: str, content: Content) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._stack = AsyncExitStack()
        scene = scene_of(database_url, ManualClock(START), content=content)
        self.scene: Scene = self.run(self._stack.enter_async_context(scene))
        people = [self.scene.person(name) for name in ("Sari", "Budi")]
        group = self.scene.group("CoP", *people)
        forum = self.scene.group("Disnaker", *people, is_forum=True)
        topic = self.scene.control.add_topic(forum, "JKP")["message_thread_id"]
        self.places = [
            *people,
            *(person.within(group) for person in people),
            people[0].within(forum, topic),
        ]

        self.updates = 0

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60)

    def close(self) -> None:
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def stage(
    request: pytest.FixtureRequest, small_content: Content, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('random') / 'tanyacop.db'}"
    else:
        server = request.getfixturevalue("postgres")
        server.psql('CREATE DATABASE "random" TEMPLATE "migrated"')
        url = f"postgresql+asyncpg://postgres@/random?host={server.pgdata}"
    stage = Stage(url, small_content)
    yield stage
    stage.close()


_pieces = st.sampled_from(
    [
        "gmn cara klaim jkp",
        "kuota",
        "?",
        " ",
        "\n",
        "<b>",
        "</i>",
        "&amp",
        "*",
        "_",
        "`",
        "[x](tg://user?id=1)",
        "3273011234567890",
        "0812-3456-7890",
        "a@b.id",
        "😀",
        "\u200b",
        "\u202e",
        "السلام",
        "Rp5.000.000",
        "\x00",
        "@TanyaCoP_bot",
        "/tanya",
        "/start e-jkp-iuran",
        "/bantuan",
        "/profil",
        "/batal",
        "/x",
        "/peran",
        "/kelola",
        "/dataku",
        "/hapus",
        "/berhenti",
        "/start inv_x",
        "/start me_x",
        "/start g-1",
        "Jawa Barat, Bali",
        "198504122010012003",
        "/topik@Other",
        "terus",
        "dan",
        "jkp",
        "halo",
        "makasih",
        "https://contoh.id",
        "12",
        "e" * 300,
    ]
)
_texts = st.one_of(
    st.lists(_pieces, min_size=1, max_size=12).map(" ".join),
    st.lists(_pieces, min_size=1, max_size=12).map("".join),
    st.text(min_size=1, max_size=60),
    st.text(alphabet="ab \n?", min_size=4000, max_size=4096),
)
_data = st.one_of(
    st.text(min_size=1, max_size=20),
    st.builds(
        lambda code, fields: ":".join([code, *fields])[:60],
        st.sampled_from(sorted(ACTIONS)),
        st.lists(
            st.sampled_from(["0", "1", "99", "jkp-iuran", "", "w", "p", "named", "WIB", "id", "jkp"]),
            max_size=3,
        ),
    ),
)
_kinds = st.sampled_from(["photo", "document", "voice", "sticker", "video", "location", "contact", "audio"])
_acts = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 4), _texts),
    st.tuples(st.just("reply"), st.integers(0, 4), _texts),
    st.tuples(st.just("edit"), st.integers(0, 4), _texts),
    st.tuples(st.just("media"), st.integers(0, 4), _kinds, st.one_of(st.none(), _texts)),
    st.tuples(st.just("press"), st.integers(0, 4), st.integers(0, 9)),
    st.tuples(st.just("forge"), st.integers(0, 4), _data),
    st.tuples(st.just("inline"), st.integers(0, 1), _texts),
)


def test_no_update_makes_a_handler_fail_or_the_bot_say_what_telegram_refuses(stage: Stage) -> None:
    @settings(
        max_examples=LISTS,
        deadline=None,
        derandomize=True,
        # A found failure stands in the scene's own history; shrinking would replay it for minutes.
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(acts=st.lists(_acts, min_size=UPDATES_A_LIST, max_size=UPDATES_A_LIST))
    def whatever_people_do(acts: list[tuple[Any, ...]]) -> None:
        stage.run(_act_all(stage, acts))

        stage.scene.check_no_faults()

    whatever_people_do()

    assert stage.updates >= UPDATES_WANTED


async def _act_all(stage: Stage, acts: list[tuple[Any, ...]]) -> None:
    for name, place, *details in acts:
        try:
            stage.updates += _act(stage.scene, stage.places[place], name, *details)
        except (ControlError, Refused):
            continue  # the simulator refuses what no person could do, such as an empty message
        await stage.scene.settled()


def _act(scene: Scene, someone: Someone, name: str, *details: Any) -> bool:
    """Do it; gives whether there was anything to do."""
    control, user, chat = scene.control, someone.user_id, someone.chat_id
    ours = [m for m in someone.messages() if m["from"]["id"] == scene.bot_id]
    mine = [m for m in someone.messages() if m["from"]["id"] == user and "text" in m]
    match name:
        case "send":
            control.send(user, chat, details[0], thread_id=someone.thread_id)
        case "reply" if ours:
            control.send(user, chat, details[0], reply_to=ours[-1]["message_id"], thread_id=someone.thread_id)
        case "edit" if mine:
            control.edit(user, chat, mine[-1]["message_id"], details[0])
        case "media":
            caption = details[1][:1024] if details[1] else None
            control.send_media(user, chat, details[0], caption=caption)
        case "press" if ours:
            rows = ours[-1].get("reply_markup", {}).get("inline_keyboard", [])
            buttons = [button["text"] for row in rows for button in row]
            if not buttons:
                return False
            control.press(user, chat, ours[-1]["message_id"], text=buttons[details[0] % len(buttons)])
        case "forge" if ours:
            control.forge_callback(user, chat, ours[-1]["message_id"], details[0])
        case "inline":
            control.inline(user, details[0][:256])
        case _:
            return False
    return True
