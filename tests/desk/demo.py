"""`tanyacop demo` as a process of its own, and its page in a real Chromium."""

import asyncio
import io
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page, async_playwright

from tests.desk.conftest import CHROMIUM_ARGS

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def demo() -> AsyncIterator[str]:
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
async def page_of(url: str, size: tuple[int, int]) -> AsyncIterator[Page]:
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
        page.on(
            "request",
            lambda r: None if r.url.startswith((url, "data:", "blob:")) else elsewhere.append(r.url),
        )
        await page.goto(url)
        yield page
        await browser.close()
    assert said == []
    assert elsewhere == []


def part(page: Page, name: str) -> Locator:
    """What one of the four who play sees: "Anggota", "Penyelenggara", "Kurator", "Pemilik"."""
    return page.locator("section.pane").filter(has=page.locator(".whose").filter(has_text=name))


async def picture(page: Page, name: str, top: Locator | None = None, *, end: Locator | None = None) -> None:
    """Keep a screenshot for the guides where SCREENSHOTS names a folder, with `top` or `end` in view."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    await page.locator("#toasts").evaluate("element => element.replaceChildren()")
    await page.mouse.move(0, 0)  # nothing is hovered over
    if top is not None:
        await top.evaluate("element => element.scrollIntoView({block: 'start'})")
    if end is not None:
        await end.evaluate("element => element.scrollIntoView({block: 'end'})")
    shown = await page.screenshot(animations="disabled")
    # A page of flat colours loses nothing in 256 of them, and most of its size.
    Image.open(io.BytesIO(shown)).convert("RGB").quantize(256).save(
        Path(folder) / f"{name}.png", optimize=True
    )
