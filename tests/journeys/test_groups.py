"""In groups the bot speaks only when spoken to, in the thread where it was asked (A9)."""

from tests.scene import Scene, between_two, labels


async def test_other_talk_is_left_alone(scene: Scene) -> None:
    sari, budi = scene.person("Sari"), scene.person("Budi")
    group = scene.group("CoP", sari, budi)

    assert await sari.within(group).says("gmn cara klaim jkp?") == []


async def test_tanya_is_answered_as_a_reply_to_the_question(scene: Scene) -> None:
    sari = scene.person("Sari")
    in_group = sari.within(scene.group("CoP", sari))

    card = await in_group.asks("/tanya gmn cara klaim jkp?")

    assert card["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")
    assert card["reply_to_message"]["message_id"] == in_group.sent()["message_id"]


async def test_a_mention_and_a_reply_are_answered(scene: Scene) -> None:
    sari = scene.person("Sari")
    in_group = sari.within(scene.group("CoP", sari))

    card = await in_group.asks("@TanyaCoP_bot gmn cara klaim jkp?")
    second = await in_group.asks("kuota disabilitas di swasta brp persen?", reply_to=card["message_id"])

    assert card["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")
    assert second["text"].startswith("Berapa kuota wajib untuk perusahaan swasta?")


async def test_a_mention_in_reply_to_a_colleague_asks_the_colleagues_question(scene: Scene) -> None:
    sari, budi = scene.person("Sari"), scene.person("Budi")
    group = scene.group("CoP", sari, budi)
    await sari.within(group).says("gmn cara klaim jkp?")
    question = sari.within(group).sent()

    card = await budi.within(group).asks("@TanyaCoP_bot", reply_to=question["message_id"])

    assert card["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")


async def test_a_command_for_another_bot_is_left_alone(scene: Scene) -> None:
    sari = scene.person("Sari")
    in_group = sari.within(scene.group("CoP", sari))

    assert await in_group.says("/tanya@AnotherBot gmn cara klaim jkp?") == []
    assert await in_group.says("/mulai") == []


async def test_in_a_forum_the_answer_stays_in_its_topic(scene: Scene) -> None:
    sari = scene.person("Sari")
    forum = scene.group("Disnaker", sari, is_forum=True)
    topic = scene.control.add_topic(forum, "JKP")["message_thread_id"]

    card = await sari.within(forum, topic).asks("/tanya gmn cara klaim jkp?")

    assert card["message_thread_id"] == topic


async def test_a_number_in_a_group_brings_the_advice_to_delete_the_message(scene: Scene) -> None:
    sari = scene.person("Sari")
    in_group = sari.within(scene.group("CoP", sari))

    card = await in_group.asks("/tanya gmn cara klaim jkp untuk NIK 3273011234567890?")

    assert "sebaiknya Anda hapus" in card["text"]


async def test_only_the_asker_may_choose_among_the_suggestions(scene: Scene) -> None:
    sari, budi = scene.person("Sari"), scene.person("Budi")
    group = scene.group("CoP", sari, budi)
    question = await sari.within(group).asks(f"/tanya {between_two(scene)}")

    note = await budi.within(group).is_told(question, labels(question)[0])

    assert note["show_alert"] is True
    assert note["text"].startswith("Tombol ini hanya untuk yang bertanya.")


async def test_an_anonymous_admin_is_answered(scene: Scene) -> None:
    sari = scene.person("Sari")
    group = scene.group("CoP", sari)

    card = await sari.within(group).asks("/tanya gmn cara klaim jkp?", as_anonymous_admin=True)

    assert card["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")


async def test_an_edited_question_in_a_group_edits_its_answer(scene: Scene) -> None:
    sari = scene.person("Sari")
    in_group = sari.within(scene.group("CoP", sari))
    card = await in_group.asks("/tanya gmn cara klaim jkp?")

    (changed,) = await in_group.edits(
        in_group.sent()["message_id"], "/tanya kuota disabilitas di swasta brp persen?"
    )

    assert changed["message_id"] == card["message_id"]
    assert changed["text"].startswith("Berapa kuota wajib untuk perusahaan swasta?")


async def test_help_and_profile_fit_a_group(scene: Scene) -> None:
    sari = scene.person("Sari")
    in_group = sari.within(scene.group("CoP", sari))

    help_text = await in_group.asks("/bantuan")
    profile = await in_group.asks("/profil@TanyaCoP_bot")
    start = await in_group.asks("/start@TanyaCoP_bot")

    assert "/tanya" in help_text["text"]
    assert "/profil" not in help_text["text"]
    assert profile["text"].startswith("Profil hanya dapat dibuka di percakapan pribadi")
    assert start["text"].startswith("Saya TanyaCoP.")
