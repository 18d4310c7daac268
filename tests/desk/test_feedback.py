"""A session of the demo ends: a member answers on a phone in three taps, and the organiser sees results fill in."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from playwright.async_api import Locator, Page, expect

from bot.demo import Stage, stage
from bot.texts import texts
from tests.desk.demo import page_of, part, picture

PHONE = (360, 740)
SOON_MS = 20_000
MANY = 25  # of the forty of the crowd who were there


def _log(page: Page, name: str) -> Locator:
    return part(page, name).get_by_role("log")


async def _taps(page: Page, name: str, label: str) -> None:
    """The newest button with exactly this label, once it is there."""
    button = _log(page, name).get_by_role("button", name=label, exact=True).last
    await button.click(timeout=SOON_MS)


@asynccontextmanager
async def _after_the_session() -> AsyncIterator[tuple[Page, Stage]]:
    """Sari has joined, and the session at which she was is over."""
    async with (
        stage(
            texts("id"), crowd=60, to_one_a_second=100, one_answers_every=timedelta(seconds=0.05)
        ) as running,
        page_of(running.server.url, PHONE) as page,
    ):
        await part(page, "Anggota").get_by_role("button", name="Mulai").click()
        await _taps(page, "Anggota", "Mengerti, pilih provinsi")
        await _taps(page, "Anggota", "Jawa")
        await _taps(page, "Anggota", "Jawa Barat")
        await expect(_log(page, "Anggota").get_by_text("Siap: Jawa Barat")).to_be_visible(timeout=SOON_MS)
        running.server.simulator.control.move_clock(timedelta(minutes=3).total_seconds())
        yield page, running


async def test_a_member_answers_in_three_taps_and_may_change_and_withdraw() -> None:
    async with _after_the_session() as (page, _):
        log = _log(page, "Anggota")
        first = log.locator("article").filter(has_text="Secara keseluruhan").last
        await expect(first).to_be_visible(timeout=SOON_MS)
        await picture(page, "feedback-question", first)
        assert "Pertanyaan 1 dari 3\nMembaca surat PHK" in await first.inner_text()
        await first.get_by_role("radio", name=re.compile(r"^5\b")).check()
        await first.get_by_role("button", name="Kirim suara").click()
        second = log.locator("article").filter(has_text="Seberapa mungkin").last
        await expect(second).to_be_visible(timeout=SOON_MS)
        await second.get_by_role("radio").nth(9).check()
        await second.get_by_role("button", name="Kirim suara").click()
        await expect(log.get_by_text("Apa yang paling berguna").last).to_be_visible(timeout=SOON_MS)
        await _taps(page, "Anggota", "Lewati")
        thanks = log.get_by_text("Terima kasih, jawaban Anda sudah tersimpan").last
        await expect(thanks).to_be_visible(timeout=SOON_MS)

        await first.get_by_role("button", name="Batalkan suara").click()
        await expect(first.get_by_role("button", name="Kirim suara")).to_be_visible(timeout=SOON_MS)


async def test_the_organiser_sees_results_fill_in() -> None:
    async with _after_the_session() as (page, running):
        wait_for = running.server.simulator.wait_for
        await wait_for(lambda: _voters(running) > 0, what="the poll to be open")
        await page.get_by_role("button", name="Penyelenggara", exact=True).click()
        log = _log(page, "Penyelenggara")
        await part(page, "Penyelenggara").locator("textarea").fill("/kelola")
        await page.keyboard.press("Enter")
        await _taps(page, "Penyelenggara", "Sesi")
        await log.get_by_role("button", name=re.compile("Membaca surat PHK")).last.click(timeout=SOON_MS)
        await _taps(page, "Penyelenggara", "Umpan balik")
        await expect(log.get_by_text("dari 42 yang ditanya")).to_be_visible(timeout=SOON_MS)

        await wait_for(lambda: _voters(running) >= MANY, what="many to have voted")
        async with asyncio.timeout(SOON_MS / 1000):
            while await log.get_by_text(re.compile(r"Menjawab: [23]\d dari 42")).count() == 0:
                await _taps(page, "Penyelenggara", "Muat ulang")
                await expect(log.get_by_role("button", name="Muat ulang")).to_be_enabled()
        card = log.locator("article").filter(has_text="Menjawab:").last
        await expect(card).to_contain_text(re.compile(r"Rata-rata: [345],\d dari 5"))
        await picture(page, "feedback-results", card)


def _voters(running: Stage) -> int:
    """How many of the crowd got the second question, which comes after a vote."""
    control = running.server.simulator.control
    return sum(len([m for m in control.messages(each) if "poll" in m]) > 1 for each in running.cast.crowd)
