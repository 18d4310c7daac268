"""A second pair of eyes: above a number of people another organiser approves an announcement."""

from bot.clock import ManualClock
from knowledge_base.loader import Content
from tests.organisers import (
    Unwilling,
    acts,
    copies,
    drafts,
    grants,
    joined,
    passes,
    sent_out,
    told,
)
from tests.scene import scene_of

NEWS = "Rapat koordinasi CoP hari Senin."


async def test_above_the_number_a_second_organiser_approves(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 2}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina")
        budi, sari = await joined(scene, "Budi"), await joined(scene, "Sari")
        await grants(scene, rina)
        await grants(scene, budi)
        before = acts(rina)
        card = await drafts(rina, NEWS)
        (waiting,) = await rina.presses(card, "Kirim ke 4 orang")
        await scene.settled()
        needed = acts(rina) - before
        preview, request = owner.messages()[-2:]
        other = budi.messages()[-1]
        own = await rina.forges(waiting, "ua:1:1")

        before = acts(owner)
        await owner.presses(request, "Setujui untuk 4 orang")
        to_approve = acts(owner) - before
        late = await budi.is_told(other, "Setujui untuk 4 orang")
        await sent_out(scene)

        assert (needed, to_approve) == (3, 1)
        assert "Menunggu persetujuan penyelenggara lain" in waiting["text"]
        assert preview["text"] == NEWS
        assert "tidak dapat disetujui sendiri" in own["text"]
        assert "sudah dikonfirmasi" in late["text"]
        assert len(copies(sari, NEWS)) == 2 - 1
        scene.check_no_faults()


async def test_of_two_who_approve_at_once_one_is_told(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 2}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina")
        budi, sari = await joined(scene, "Budi"), await joined(scene, "Sari")
        await grants(scene, rina)
        await grants(scene, budi)
        await rina.presses(await drafts(rina, NEWS), "Kirim ke 4 orang")

        pressed = [
            scene.control.press(
                each.user_id, each.chat_id, each.messages()[-1]["message_id"], text="Setujui untuk 4 orang"
            )
            for each in (owner, budi)
        ]
        await scene.settled()
        notes = [scene.control.callback_answer(each["callback_id"]).get("text") for each in pressed]
        await sent_out(scene)

        assert sorted("sudah dikonfirmasi" in (note or "") for note in notes) == [False, True]
        assert len(copies(sari, NEWS)) == 1
        scene.check_no_faults()


async def test_an_edit_withdraws_the_request_for_approval(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 0}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina")
        await grants(scene, rina)
        card = await drafts(rina, NEWS)
        original = rina.sent()["message_id"]
        await rina.presses(card, "Kirim ke 2 orang")
        request = owner.messages()[-1]

        *_, card = await rina.edits(original, "Rapat hari Selasa.")
        stale = await owner.is_told(request, "Setujui")
        await rina.presses(card, "Kirim ke 2 orang")
        outdated = await owner.is_told(request, "Setujui")
        (rejected,) = await owner.presses(owner.messages()[-1], "Jangan kirim")
        await passes(scene, 60)
        await sent_out(scene)

        assert "kembali menjadi draf" in stale["text"]
        assert "sudah berubah" in outdated["text"]
        assert "Tidak disetujui" in rejected["text"]
        assert "belum menyetujui pengumuman" in rina.reads()["text"]
        assert [copies(each, "Selasa")[1:] for each in (owner,)] == [[]]
        scene.check_no_faults()


async def test_between_approval_and_sending_an_edit_takes_the_approval_back_and_a_deletion_does_not(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 0}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina")
        sari = await joined(scene, "Sari")
        await grants(scene, rina)
        card = await drafts(rina, NEWS)
        original = rina.sent()["message_id"]
        await rina.presses(card, "Jadwalkan")
        card = await rina.asks("besok pukul 09.00")
        await rina.presses(card, "Kirim ke 3 orang")
        await owner.presses(owner.messages()[-1], "Setujui")

        *_, withdrawn, card = await rina.edits(original, "Rapat hari Selasa.")
        await passes(scene, 23 * 3600)
        await rina.presses(card, "Kirim ke 3 orang")
        await owner.presses(owner.messages()[-1], "Setujui")
        scene.control.delete(rina.user_id, rina.chat_id, original)
        await scene.settled()
        early = copies(sari, "Rapat")
        await passes(scene, 3600)
        await sent_out(scene)

        assert "persetujuannya ditarik" in withdrawn["text"]
        assert early == []
        assert [each["text"] for each in copies(sari, "Rapat")] == ["Rapat hari Selasa."]
        scene.check_no_faults()


async def test_without_anybody_who_could_approve_it_says_so(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 0}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner = await joined(scene, "Owner")
        told = await owner.is_told(await drafts(owner, NEWS), "Kirim ke 1 orang")

        assert "belum ada yang lain" in told["text"]
        scene.check_no_faults()


async def test_a_planned_one_whose_recipients_have_become_too_many_waits_for_a_second_organiser(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 3}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina")
        sari = await joined(scene, "Sari")
        await grants(scene, rina)
        card = await drafts(rina, NEWS)
        await rina.presses(card, "Jadwalkan")
        card = await rina.asks("besok pukul 09.00")
        (planned,) = await rina.presses(card, "Kirim ke 3 orang")
        await joined(scene, "Budi")

        await passes(scene, 24 * 3600)
        told = rina.reads()
        preview, request = owner.messages()[-2:]
        await passes(scene, 3600)
        await sent_out(scene)
        nothing_yet = copies(sari, NEWS)
        await owner.presses(request, "Setujui untuk 4 orang")
        await sent_out(scene)

        assert "Terjadwal" in planned["text"]
        assert "penerimanya kini 4 orang, di atas batas 3" in told["text"]
        assert preview["text"] == NEWS
        assert nothing_yet == []
        assert len(copies(sari, NEWS)) == 1
        assert "Pengiriman selesai." in rina.reads()["text"]
        scene.check_no_faults()


async def test_a_planned_one_for_too_many_and_nobody_to_approve_it_is_a_draft_again(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 2}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
        card = await drafts(owner, NEWS)
        await owner.presses(card, "Jadwalkan")
        card = await owner.asks("besok pukul 09.00")
        await owner.presses(card, "Kirim ke 2 orang")
        await joined(scene, "Budi", "51")

        await passes(scene, 24 * 3600)
        told = owner.reads()
        (card,) = await owner.presses(told, "Buka draf")
        (island,) = await owner.presses(card, "Jawa")
        (island,) = await owner.presses(island, "Jawa Barat")
        (card,) = await owner.presses(island, "Selesai")
        await owner.presses(card, "Kirim ke 1 orang")
        await sent_out(scene)

        assert "belum ada penyelenggara lain" in told["text"]
        assert len(copies(sari, NEWS)) == 1
        scene.check_no_faults()


async def test_one_that_a_second_organiser_approved_may_grow_until_its_time(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 1}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina")
        await grants(scene, rina)
        card = await drafts(rina, NEWS)
        await rina.presses(card, "Jadwalkan")
        card = await rina.asks("besok pukul 09.00")
        await rina.presses(card, "Kirim ke 2 orang")
        await owner.presses(owner.messages()[-1], "Setujui")
        budi = await joined(scene, "Budi")

        await passes(scene, 24 * 3600)
        await sent_out(scene)

        assert len(copies(budi, NEWS)) == 1
        scene.check_no_faults()


async def test_whoever_approves_hears_that_telegram_refuses_the_preview(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    settings = {"announce_alone_up_to": 0}
    async with scene_of(database_url, clock, content=small_content, settings=settings) as scene:
        owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina")
        await grants(scene, rina)
        await rina.says("/umumkan")
        _, card = await rina.sends("document", caption="Bahan rapat", file_name="bahan.pdf")
        scene.simulator.hooks.append(Unwilling())

        await rina.presses(card, "Kirim ke 2 orang")
        await told(scene)

        assert "Jangan disetujui" in owner.reads()["text"]
        assert "bahan.pdf" not in str(owner.messages())
        scene.forgive()
