"""An organiser announces something to 1,700 people, and the process is killed twenty times while it goes out: the
report says what arrived."""

import base64
import io
import random
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from bot.clock import SystemClock
from bot.simulator.control import Control
from bot.simulator.server import serve
from bot.simulator.simulator import Simulator
from db.database import Database
from db.models import Person
from tests.chaos.program import Program
from tests.chaos.stage import TOKEN, Scale
from tests.chaos.storm import IS_DEAD_WITHIN_S, Plug

SEED = 20261124
KILLS = 20
LAST_MOMENT = 80  # requests after a start
SCALE = Scale(per_second=60, private_per_second=20, lease_s=1.0)
NEWS = "Pertemuan CoP pindah ke ruang rapat lantai dua."


@dataclass
class Organiser:
    """The owner at their phone."""

    simulator: Simulator
    user_id: int

    @property
    def control(self) -> Control:
        return self.simulator.control

    def says(self, text: str) -> None:
        self.control.send(self.user_id, self.user_id, text)

    async def reads(self, words: str) -> dict[str, Any]:
        """Wait for a message with these words, also where a message is changed to have them."""

        def latest() -> dict[str, Any] | None:
            told = [m for m in self.control.messages(self.user_id) if m["from"]["id"] != self.user_id]
            found = [m for m in told if words in str(m.get("text", m.get("caption")))]
            return found[-1] if found else None

        await self.simulator.wait_for(latest, timeout=60, what=f"{words!r}")
        message = latest()
        assert message is not None
        return message

    def presses(self, message: dict[str, Any], label: str) -> None:
        (text,) = [
            button["text"]
            for row in message["reply_markup"]["inline_keyboard"]
            for button in row
            if label in button["text"]
        ]
        self.control.press(self.user_id, self.user_id, message["message_id"], text=text)


async def _members(url: str, simulator: Simulator) -> list[int]:
    """The owner and everybody else; each has started the bot and has a name of their own."""
    database, now, people = Database(url), SystemClock().now(), list[int]()
    await database.migrate()
    async with database.transaction() as tx:
        for number in range(SCALE.people):
            user_id = simulator.control.add_user(f"Peserta {number}", language_code="id")["id"]
            simulator.control.send(user_id, user_id, "/start")
            tx.add(Person(telegram_id=user_id, full_name=str(user_id), joined_at=now, created_at=now))
            people.append(user_id)
    for bot in simulator.world.bots.values():
        bot.updates.clear()
    await database.close()
    return people


def _copies(simulator: Simulator, people: list[int]) -> Counter[int]:
    """How often each of them has the announcement."""
    return Counter(
        person for person in people for m in simulator.control.messages(person) if m.get("text") == NEWS
    )


def grouped(number: int) -> str:
    """As Indonesian writes it."""
    return f"{number:,}".replace(",", ".")


async def test_after_twenty_kills_the_report_says_what_arrived(database_url: str, tmp_path: Path) -> None:
    simulator, rng = Simulator(seed=SEED), random.Random(SEED)
    simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    simulator.control.set_rates(
        per_second=SCALE.per_second, private_messages=3 * SCALE.private_per_second, private_seconds=3.0
    )
    people = await _members(database_url, simulator)
    owner = Organiser(simulator, people[0])
    async with serve(simulator) as server:
        settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": server.url, "DATABASE_URL": database_url}
        settings |= {"OWNER_IDS": str(owner.user_id), "ANNOUNCE_ALONE_UP_TO": str(SCALE.people)}
        program = Program(simulator, tmp_path, settings | SCALE.settings())
        try:
            await program.start()
            owner.says("/umumkan")
            await owner.reads("Kirim atau teruskan")
            owner.says(NEWS)
            # Whatever the hour: it does not wait for the morning.
            owner.presses(await owner.reads("Untuk: "), "Mendesak")
            owner.presses(await owner.reads("jam tenang tidak ditunggu"), "Kirim ke 1.700 orang")
            await simulator.wait_for(
                lambda: _copies(simulator, people[-1:] + people[1:2]), timeout=60, what="it to go out"
            )

            plug = Plug(program)
            simulator.hooks.append(plug)
            for _ in range(KILLS):
                plug.arm(rng.randint(1, LAST_MOMENT), is_after=rng.random() < 0.5)
                assert await program.ended(IS_DEAD_WITHIN_S) == -signal.SIGKILL
                await program.start()
            card = await owner.reads("Pengiriman selesai.")
            owner.presses(card, "Laporan")
            picture = await owner.reads("Sampai ke ")
            sheet = await owner.reads("Rinciannya per provinsi")
            assert await program.stop() == 0
        except BaseException as error:
            error.add_note(f"The program's last words:\n{program.last_words()}")
            raise
        finally:
            program.kill()

    file = simulator.control.file(sheet["document"]["file_id"])
    book = load_workbook(io.BytesIO(base64.b64decode(file["base64"])))
    missing = {
        int(str(row[0])): row[2] for row in book["Belum menerima"].iter_rows(min_row=2, values_only=True)
    }
    arrived = _copies(simulator, people)
    arrived[owner.user_id] -= 2  # what they wrote, and the preview
    certain = set(people) - missing.keys()
    assert set(missing.values()) == {"tidak pasti sampai"}
    assert {person: arrived[person] for person in certain} == dict.fromkeys(certain, 1)
    assert max(arrived.values()) == 1
    assert len(missing) <= KILLS * SCALE.may_be_uncertain
    assert f"Terkirim: {grouped(len(certain))}" in picture["caption"]
    assert f"Tidak pasti sampai: {grouped(len(missing))}" in picture["caption"]
