"""`tanyacop demo` as people try it: the real bot behind the page, in a real Chromium."""

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright

from tests.desk.conftest import CHROMIUM_ARGS

ROOT = Path(__file__).parents[2]
SIZES = {"wide": (1280, 800), "narrow": (360, 740)}


@asynccontextmanager
async def _demo() -> AsyncIterator[str]:
    """The demo as a process of its own; gives the address that it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0"),
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), timeout=30)).decode()
        (url,) = re.findall(r"http://[\d.:]+", line)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(process.wait(), timeout=10)
    assert code == 0


@asynccontextmanager
async def _page(url: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """The demo's page in a window of this size; anything on the console is a failure."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS
        )
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
        said: list[str] = []
        elsewhere: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((url, "data:")) else elsewhere.append(r.url))
        await page.goto(url)
        yield page
        await browser.close()
    assert said == []
    assert elsewhere == []


def _member(page: Page) -> Locator:
    """The member's part of the page."""
    return page.locator("section.pane").filter(has=page.locator(".whose").filter(has_text="Anggota"))


@pytest.mark.parametrize("name", SIZES)
async def test_a_question_is_typed_and_its_answer_read_and_unfolded(name: str) -> None:
    async with _demo() as url, _page(url, SIZES[name]) as page:
        pane = _member(page)
        await pane.locator("textarea").fill("gmn cara klaim jkp?")
        await page.keyboard.press("Enter")
        answer = pane.get_by_role("log").locator("article.is-theirs").last
        await answer.get_by_text("Bagaimana cara mengajukan klaim JKP pertama kali?").wait_for()

        assert "Dasar hukum:" in await answer.inner_text()
        assert await answer.get_by_role("button", name="Membantu", exact=False).first.is_visible()
        fold = answer.get_by_role("button", name="Tampilkan semua")
        assert await fold.get_attribute("aria-expanded") == "false"
        if folder := os.environ.get("SCREENSHOTS"):
            await page.screenshot(path=Path(folder) / f"demo-{name}.png")
        await fold.click()
        assert await answer.locator("[aria-expanded=true]").count() == 1


async def test_the_welcome_is_gone_through_in_three_taps() -> None:
    async with _demo() as url, _page(url, SIZES["narrow"]) as page:
        pane = _member(page)
        await pane.get_by_role("button", name="Mulai").click()
        for label in ("Mengerti, pilih provinsi", "Jawa", "Jawa Barat"):
            await pane.get_by_role("log").get_by_role("button", name=label, exact=True).click()

        await pane.get_by_role("log").get_by_text("Siap: Jawa Barat, zona waktu WIB.").wait_for()


async def test_in_the_group_the_bot_answers_a_mention() -> None:
    async with _demo() as url, _page(url, SIZES["wide"]) as page:
        pane = _member(page)
        await pane.get_by_role("button", name="Kembali ke daftar obrolan").click()
        await pane.get_by_role("button", name=re.compile("CoP Pengantar Kerja")).click()
        await pane.locator("textarea").fill("/tanya gmn cara klaim jkp?")
        await page.keyboard.press("Enter")

        answer = pane.get_by_role("log").locator("article.is-theirs").last
        await answer.get_by_text("Bagaimana cara mengajukan klaim JKP pertama kali?").first.wait_for()


async def test_1700_members_wait_for_the_first_announcement() -> None:
    async with _demo() as url, _page(url, SIZES["wide"]) as page:
        await page.get_by_role("button", name="Alat simulasi").click()

        await page.get_by_text("0 dari 1.700 anggota tiruan menerima pesan sejak").wait_for()
