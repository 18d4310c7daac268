"""`tanyacop demo` as people try it: the real bot behind the page, in a real Chromium."""

import re

import pytest

from tests.desk.demo import demo, page_of, part, picture

SIZES = {"wide": (1280, 800), "narrow": (360, 740)}


@pytest.mark.parametrize("name", SIZES)
async def test_a_question_is_typed_and_its_answer_read_and_unfolded(name: str) -> None:
    async with demo() as url, page_of(url, SIZES[name]) as page:
        pane = part(page, "Anggota")
        await pane.locator("textarea").fill("gmn cara klaim jkp?")
        await page.keyboard.press("Enter")
        answer = pane.get_by_role("log").locator("article.is-theirs").last
        await answer.get_by_text("Bagaimana cara mengajukan klaim JKP pertama kali?").wait_for()

        assert "Dasar hukum:" in await answer.inner_text()
        assert await answer.get_by_role("button", name="Membantu", exact=False).first.is_visible()
        fold = answer.get_by_role("button", name="Tampilkan semua")
        assert await fold.get_attribute("aria-expanded") == "false"
        await picture(page, f"demo-{name}")
        await fold.click()
        assert await answer.locator("[aria-expanded=true]").count() == 1


async def test_the_welcome_is_gone_through_in_three_taps() -> None:
    async with demo() as url, page_of(url, SIZES["narrow"]) as page:
        pane = part(page, "Anggota")
        await pane.get_by_role("button", name="Mulai").click()
        for label in ("Mengerti, pilih provinsi", "Jawa", "Jawa Barat"):
            await pane.get_by_role("log").get_by_role("button", name=label, exact=True).click()

        await pane.get_by_role("log").get_by_text("Siap: Jawa Barat, zona waktu WIB.").wait_for()


async def test_in_the_group_the_bot_answers_a_mention() -> None:
    async with demo() as url, page_of(url, SIZES["wide"]) as page:
        pane = part(page, "Anggota")
        await pane.get_by_role("button", name="Kembali ke daftar obrolan").click()
        await pane.get_by_role("button", name=re.compile("CoP Pengantar Kerja")).click()
        await pane.locator("textarea").fill("/tanya gmn cara klaim jkp?")
        await page.keyboard.press("Enter")

        answer = pane.get_by_role("log").locator("article.is-theirs").last
        await answer.get_by_text("Bagaimana cara mengajukan klaim JKP pertama kali?").first.wait_for()


async def test_1700_members_wait_for_the_first_announcement() -> None:
    async with demo() as url, page_of(url, SIZES["wide"]) as page:
        await page.get_by_role("button", name="Alat simulasi").click()

        await page.get_by_text("0 dari 1.700 anggota tiruan menerima pesan sejak").wait_for()
