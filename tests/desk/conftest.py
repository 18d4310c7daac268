"""A real headless Chromium before the page of a simulator, and a small bot behind it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.simulator import Simulator, serve

TOKEN = "4242:desk-token"
BOT_NAME = "tanya_bot"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Catatan", callback_data="note"),
            InlineKeyboardButton("Peringatan", callback_data="alert"),
        ],
        [InlineKeyboardButton("Ganti", callback_data="change")],
    ]
)


@dataclass
class View:
    """The page in a browser window, as one person sees it."""

    page: Page
    user_id: int
    problems: list[str] = field(default_factory=list)

    @property
    def box(self) -> Locator:
        return self.page.locator("textarea")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def theirs(self) -> Locator:
        """What others said here."""
        return self.log.locator("article.is-theirs")

    @property
    def mine(self) -> Locator:
        return self.log.locator("article.is-mine")

    async def says(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")

    async def opens(self, title: str) -> None:
        """Open a chat of the list."""
        await self.page.get_by_role("navigation").get_by_role("button").filter(has_text=title).first.click()


@dataclass
class Desk:
    """A simulator with its page, a bot that echoes, and a browser."""

    simulator: Simulator
    url: str
    bot: Bot
    browser: Browser

    @property
    def control(self) -> Any:
        return self.simulator.control

    @asynccontextmanager
    async def view(
        self,
        name: str = "Siti",
        *,
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        phone: bool = False,
    ) -> AsyncIterator[View]:
        """The page for somebody new; it must make no request elsewhere and log nothing to the console."""
        user_id = self.control.add_user(name, language_code="id")["id"]
        await self._start_and_clear(user_id)
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            has_touch=phone,
            is_mobile=phone,
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = await context.new_page()
        page.set_default_timeout(5000)
        view = View(page, user_id)
        page.on("console", lambda message: view.problems.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: view.problems.append(str(error)))
        page.on("request", lambda request: view.problems.extend(self._foreign(request.url)))
        try:
            await page.goto(self.url)
            await page.get_by_label("Anda sebagai").select_option(str(user_id), force=True)
            yield view
            assert view.problems == []
        finally:
            await context.close()

    async def _start_and_clear(self, user_id: int) -> None:
        """Let the person start the bot, so that it may write to them, and empty the chat again."""
        self.control.send(user_id, user_id, "/start")
        await self.simulator.wait_for(lambda: len(self.control.messages(user_id)) == 2)
        for message in self.control.messages(user_id):
            self.control.delete(user_id, user_id, message["message_id"])

    def _foreign(self, url: str) -> list[str]:
        return [] if url.startswith((self.url, "blob:", "data:")) else [f"request to {url}"]


async def _echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_html(
        f"<b>Anda menulis</b> {update.effective_message.text}", reply_markup=KEYBOARD
    )


async def _answer_press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    match update.callback_query.data:
        case "note":
            await update.callback_query.answer("Sudah dicatat.")
        case "alert":
            await update.callback_query.answer("Baca ini dulu.", show_alert=True)
        case _:
            await update.callback_query.answer()
            await update.callback_query.edit_message_text("Isi baru", reply_markup=KEYBOARD)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def desk() -> AsyncIterator[Desk]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing: install the Debian package `chromium`.", pytrace=False)
    simulator = Simulator()
    simulator.control.add_bot(TOKEN, BOT_NAME, "TanyaCoP")
    async with serve(simulator) as server, async_playwright() as playwright:
        application = (
            Application.builder()
            .token(TOKEN)
            .base_url(f"{server.url}/bot")
            .base_file_url(f"{server.url}/file/bot")
            .build()
        )
        application.add_handler(CallbackQueryHandler(_answer_press))
        application.add_handler(MessageHandler(filters.TEXT & filters.ChatType.PRIVATE, _echo))
        browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        async with application:
            await application.start()
            assert application.updater is not None
            await application.updater.start_polling(poll_interval=0, allowed_updates=Update.ALL_TYPES)
            yield Desk(simulator, server.url, application.bot, browser)
            await application.updater.stop()
            await application.stop()
        await browser.close()
