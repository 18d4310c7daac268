"""Tapping instead of typing, and answers in other chats."""

from tests.scene import Scene, labels


async def test_three_taps_lead_from_topik_to_a_card(scene: Scene) -> None:
    sari = scene.person("Sari")
    books = await sari.asks("/topik")

    (topics,) = await sari.presses(books, "Jaminan Kehilangan Pekerjaan")
    (entries,) = await sari.presses(topics, "Cara klaim")
    (card,) = await sari.presses(entries, "Bagaimana cara mengajukan klaim")

    assert {m["message_id"] for m in (topics, entries)} == {books["message_id"]}
    assert card["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")


async def test_back_leads_to_the_list_before(scene: Scene) -> None:
    sari = scene.person("Sari")
    books = await sari.asks("/topik")
    (topics,) = await sari.presses(books, "Jaminan Kehilangan Pekerjaan")
    (entries,) = await sari.presses(topics, "Cara klaim")

    (topics_again,) = await sari.presses(entries, "Kembali")
    (books_again,) = await sari.presses(topics_again, "Kembali")

    assert labels(topics_again) == labels(topics)
    assert labels(books_again) == labels(books)


async def test_inline_mode_lists_cards_that_can_be_sent(scene: Scene) -> None:
    sari = scene.person("Sari")

    answer = await sari.looks_up("klaim jkp pertama")

    first = answer["results"][0]
    assert first["id"] == "jkp-klaim-bulan-pertama"
    assert "Dasar hukum" in first["input_message_content"]["message_text"]
    assert answer["button"]["text"] == "Buka TanyaCoP"


async def test_inline_mode_without_words_lists_something(scene: Scene) -> None:
    sari = scene.person("Sari")

    answer = await sari.looks_up("")

    assert len(answer["results"]) == 10


async def test_an_inline_query_is_not_stored(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.looks_up("klaim jkp pertama")

    async with scene.program.database.transaction() as tx:
        assert await scene.program.services.questions.is_known(tx, sari.chat_id, 1) is False
        assert await scene.program.services.people.find(tx, sari.user_id) is None
