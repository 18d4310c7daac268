"""The organiser's way through the demo, on a phone: plan a session, announce it, see it go, read the report."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from bot.demo import stage
from bot.texts import texts
from tests.desk.demo import page_of, part, picture

PHONE = (360, 740)
TITLE = "Penempatan kerja inklusif"


@dataclass(frozen=True)
class Organiser:
    """Rina with a phone."""

    page: Page

    @property
    def log(self) -> Locator:
        return part(self.page, "Penyelenggara").get_by_role("log")

    async def says(self, text: str) -> None:
        await part(self.page, "Penyelenggara").locator("textarea").fill(text)
        await self.page.keyboard.press("Enter")

    async def taps(self, label: str) -> None:
        """The newest button with exactly this label, once it is there."""
        await self.log.get_by_role("button", name=label, exact=True).last.click()

    async def reads(self, *words: str | re.Pattern[str], within: float = 20) -> Locator:
        """Wait until one message of the bot has all these words; gives the newest that has them."""
        found = self.log.locator("article.is-theirs")
        for each in words:
            found = found.filter(has_text=each)
        await expect(found.last).to_be_visible(timeout=within * 1000)
        return found.last

    async def moves_the_clock(self, label: str) -> None:
        await self.uses_a_tool(self.page.get_by_role("button", name=label, exact=True))
        await expect(self.page.get_by_text("Sekarang").last).to_be_visible()

    async def uses_a_tool(self, tool: Locator) -> None:
        await self.page.get_by_role("button", name="Alat simulasi").click()
        await tool.click()
        await self.page.get_by_role("button", name="Tutup").click()


@asynccontextmanager
async def _organiser() -> AsyncIterator[Organiser]:
    """Tomorrow at nine, so that no test falls into the quiet hours, and with no pause between two replies."""
    async with (
        stage(texts("id"), to_one_a_second=100) as running,
        page_of(running.server.url, PHONE) as page,
    ):
        await page.get_by_role("button", name="Penyelenggara", exact=True).click()
        rina = Organiser(page)
        await rina.moves_the_clock("Ke besok 09.00")
        yield rina


async def test_an_organiser_plans_a_session_announces_it_and_reads_the_report() -> None:
    async with _organiser() as rina:
        await rina.says("/kelola")
        await picture(rina.page, "organiser-desk", await rina.reads("Meja penyelenggara"))
        await rina.taps("Sesi")
        await rina.taps("Buat sesi")
        await rina.reads("Judul sesi?")
        await rina.says(TITLE)
        await rina.reads("Kapan?")
        await rina.says("lusa pukul 09.00-11.00 WIB")
        await rina.reads("Di mana?")
        await rina.says("Zoom https://zoom.example/j/123")
        for question in ("Siapa narasumbernya?", "Apa yang dibahas?", "Paling banyak berapa orang?"):
            await rina.reads(question)
            await rina.taps("Lewati")
        await rina.taps("Seluruh Indonesia")
        read_back = await rina.reads("Sudah benar?", "09.00–11.00 WIB / 10.00–12.00 WITA / 11.00–13.00 WIT")
        await picture(rina.page, "organiser-session", read_back)
        await rina.taps("Ya, benar")
        await rina.reads(f"Sesi tersimpan: {TITLE}")
        await rina.taps("Kelola sesi ini")
        await rina.taps("Presensi")
        await picture(
            rina.page, "organiser-attendance", await rina.reads(f"Presensi: {TITLE}", "Kode di layar:")
        )
        await rina.taps("Kembali")
        await rina.taps("Umumkan sesi")
        await rina.taps("Pakai teks sesi ini")
        await rina.reads("Draf pengumuman", "Untuk: semua orang yang terjangkau", "1.703 orang")
        await rina.taps("Jawa")
        await rina.taps("Jawa Barat")
        await rina.reads("Provinsi penerima", "Untuk: Jawa Barat")
        await rina.taps("Selesai")
        card = await rina.reads("Draf pengumuman", "Untuk: Jawa Barat", re.compile(r"\d+ orang, kira-kira"))
        await picture(rina.page, "organiser-recipients", end=card)
        await rina.log.get_by_role("button", name=re.compile(r"^Kirim ke \d+ orang$")).last.click()
        await rina.reads("dimulai dalam", "Belum ada yang terkirim")
        await rina.moves_the_clock("+1 menit")
        await rina.reads("Pengiriman selesai.", re.compile(r"Terkirim: \d\d"))
        await rina.taps("Laporan")
        report = await rina.reads("Laporan pengumuman", "Sampai ke 100% dari")

        await expect(report.locator("img")).to_be_visible()
        await rina.reads("laporan-pengumuman.xlsx")
        await picture(rina.page, "organiser-report", report)


async def test_an_organiser_sees_1700_copies_go_out_pauses_and_stops() -> None:
    async with _organiser() as rina:
        await rina.says("/umumkan")
        await rina.reads("Kirim atau teruskan pengumumannya ke sini.")
        await rina.says("Pendaftaran CoP Desember dibuka.\nBuka /sesi, lalu jawab hadir.")
        card = await rina.reads("Draf pengumuman: Pendaftaran CoP Desember dibuka.")
        await picture(rina.page, "organiser-preview", rina.log.locator("article.is-theirs").nth(-2))
        await picture(rina.page, "organiser-send", end=card)
        await rina.taps("Kirim ke 1.703 orang")
        await rina.reads("Pengiriman ke 1.703 penerima dimulai dalam")
        await rina.moves_the_clock("+1 menit")
        if os.environ.get("SCREENSHOTS"):  # a picture in the middle of it; the test need not wait for that
            await rina.reads(re.compile(r"Terkirim: [4-9]\d\d"), within=60)
        progress = await rina.reads(
            "dari 1.703 selesai", re.compile(r"Terkirim: [1-9]"), re.compile(r"Kecepatan: [1-9]\d* per detik")
        )
        await picture(rina.page, "organiser-progress", end=progress)
        await rina.taps("Jeda")
        await rina.reads("Dijeda.")
        await rina.taps("Hentikan")
        await rina.reads("Hentikan pengiriman?")
        await rina.taps("Ya, hentikan")

        await rina.reads("Pengiriman dihentikan.", "Tidak jadi dikirim: 1.")
