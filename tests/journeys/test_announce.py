"""An organiser announces something: draft, audience, confirmation, delivery, report."""

from tests.organisers import copies, joined, sent_out
from tests.scene import Message, Scene, Someone

NEWS = "Rapat koordinasi CoP hari Senin."


async def drafts(organiser: Someone, text: str = NEWS) -> Message:
    """The card of a fresh draft of a text."""
    await organiser.says("/umumkan")
    *_, card = await organiser.says(text)
    return card


async def test_a_text_reaches_everybody_in_three_acts(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    sari, made = await joined(scene, "Sari", "32"), await joined(scene, "Made", "51")

    asked = await owner.asks("/umumkan")
    preview, card = await owner.says(NEWS)
    (waiting,) = await owner.presses(card, "Kirim ke 3 orang")
    nothing_yet = copies(sari, NEWS)
    await sent_out(scene)

    assert "Kirim atau teruskan" in asked["text"]
    assert preview["text"] == NEWS
    assert "3 orang, kira-kira 1 detik" in card["text"]
    assert "dalam 10 detik" in waiting["text"]
    assert nothing_yet == []
    assert [len(copies(each, NEWS)) for each in (sari, made)] == [1, 1]
    assert "Terkirim: 3" in owner.reads()["text"]
    assert "Pengiriman selesai." in owner.reads()["text"]
