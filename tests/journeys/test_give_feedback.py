"""Feedback: a session ends, those who were there answer in three taps, change their minds, and see it close."""

from datetime import timedelta

from bot.services.people import Preference
from db.models import DeliveryState, Rsvp
from tests.organisers import copies, grants, joined, told
from tests.polls import (
    asked,
    checks_in,
    closes,
    deliveries,
    desk,
    participations,
    passes,
    person_of,
    plans_poll,
    polls,
    questions_asked,
    result,
    session_of,
    ticks,
    votes,
)
from tests.scene import Scene, Someone, labels

BAD, GOOD, VERY_GOOD = 1, 3, 4


async def opened(scene: Scene, owner: Someone, *people: Someone, template: str = "Umpan balik sesi") -> None:
    """The owner plans a poll, these are there, and the session ends."""
    session_id = await session_of(scene)
    await plans_poll(owner, template)
    for each in people:
        await checks_in(scene, each, session_id)
    await passes(scene, minutes=60)


async def test_it_takes_three_taps_from_the_poll_to_the_thanks(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)

    first = asked(sari)
    (second,) = await sari.votes(first, VERY_GOOD)
    (words,) = await sari.votes(second, 9)
    (thanks,) = await sari.presses(words, "Lewati")

    assert first["poll"]["question"] == "Secara keseluruhan, bagaimana sesi ini?"
    assert (first["poll"]["is_anonymous"], first["poll"]["allows_revoting"]) == (False, True)
    assert first["has_protected_content"] is True
    assert first["poll"]["close_date"] > scene.clock.now().timestamp()
    assert "Pertanyaan 2 dari 3" in second["poll"]["description"]
    assert "Apa yang paling berguna" in words["text"]
    assert "Terima kasih" in thanks["text"]
    assert await votes(scene) == [(1, [VERY_GOOD], None), (2, [9], None)]


async def test_a_vote_can_be_changed_and_withdrawn_until_it_closes(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    first = asked(sari)
    await sari.votes(first, BAD)

    changed = await sari.votes(first, VERY_GOOD)
    after_change = await votes(scene)
    withdrawn = await sari.votes(first)

    assert (changed, withdrawn) == ([], [])
    assert after_change == [(1, [VERY_GOOD], None)]
    assert await votes(scene) == []
    (participation,) = await participations(scene)
    assert not participation.has_answered


async def test_a_question_is_skipped_with_its_button_and_only_once(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    first = asked(sari)

    skipped, second = await sari.presses(first, "Lewati")
    note = await sari.forges(skipped, "ps:1")

    assert labels(skipped) == []
    assert second["poll"]["question"].startswith("Seberapa mungkin")
    assert "sudah lewat" in note["text"]
    assert await votes(scene) == []


async def test_words_are_masked_before_they_are_kept(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari, template="Satu nilai dan komentar")
    await sari.votes(asked(sari), VERY_GOOD)

    comment = "NIK saya 3201234567890123. " + "Bagus sekali. " * 400
    (thanks,) = await sari.says(comment[:4096])

    ((_, _, words),) = [each for each in await votes(scene) if each[2] is not None]
    assert "Terima kasih" in thanks["text"]
    assert words is not None
    assert words.startswith("NIK saya [NIK].")
    assert "3201234567890123" not in words


async def test_those_who_said_they_would_come_are_asked_where_nobody_checked_in(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    maybe, absent = await joined(scene, "Budi"), await joined(scene, "Tono")
    session_id = await session_of(scene)
    await plans_poll(owner)
    for someone, answer in ((sari, "yes"), (maybe, "maybe"), (absent, "no")):
        person = await person_of(scene, someone)
        assert person.id is not None
        async with scene.program.database.transaction() as tx:
            tx.add(
                Rsvp(session_id=session_id, person_id=person.id, answer=answer, answered_at=scene.clock.now())
            )

    await passes(scene, minutes=60)

    assert asked(sari)
    assert asked(maybe)
    assert not [m for m in absent.messages() if "poll" in m]


async def test_whoever_checked_in_is_asked_and_those_who_only_said_so_are_not(scene: Scene) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    session_id = await session_of(scene)
    await plans_poll(owner)
    await checks_in(scene, sari, session_id)
    person = await person_of(scene, budi)
    assert person.id is not None
    async with scene.program.database.transaction() as tx:
        tx.add(Rsvp(session_id=session_id, person_id=person.id, answer="yes", answered_at=scene.clock.now()))

    await passes(scene, minutes=60)

    assert asked(sari)
    assert not [m for m in budi.messages() if "poll" in m]


async def test_somebody_new_opens_the_link_on_the_last_slide_and_answers(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    (poll,) = await polls(scene)
    guest = scene.person("Tamu")

    await guest.says(f"/start p_{poll.link_code}")
    first = asked(guest)
    (second,) = await guest.votes(first, GOOD)

    assert first["poll"]["question"] == "Secara keseluruhan, bagaimana sesi ini?"
    assert second["poll"]["question"].startswith("Seberapa mungkin")
    assert [each.has_answered for each in await participations(scene)] == [False, True]


async def test_a_link_says_so_before_the_poll_opens_and_after_it_closed(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    session_id = await session_of(scene)
    await plans_poll(owner)
    (poll,) = await polls(scene)
    guest = await joined(scene, "Tamu")

    early, *_ = await guest.says(f"/start p_{poll.link_code}")
    forged, *_ = await guest.says("/start p_nothing")
    await checks_in(scene, sari, session_id)
    await passes(scene, minutes=60)
    await closes(scene)
    late, *_ = await guest.says(f"/start p_{poll.link_code}")

    assert "belum dibuka" in early["text"]
    assert "belum dibuka" in forged["text"]
    assert "sudah ditutup" in late["text"]


async def test_feedback_lists_what_is_open_and_goes_on_where_one_was(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    nothing = await sari.asks("/umpanbalik")
    await opened(scene, owner, sari)
    await sari.votes(asked(sari), GOOD)

    listed = await sari.asks("/feedback")
    again = (await sari.presses(listed, "Lanjutkan"))[-1]
    await sari.votes(again, 10)

    assert "Tidak ada umpan balik yang menunggu" in nothing["text"]
    assert "Terjawab: 1 dari 3" in listed["text"]
    assert again["poll"]["question"].startswith("Seberapa mungkin")
    assert await votes(scene) == [(1, [GOOD], None), (2, [10], None)]


async def test_whoever_answered_all_can_change_it_from_the_list(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari, template="Satu nilai dan komentar")
    await sari.votes(asked(sari), BAD)
    await sari.says("Kurang jelas")

    listed = await sari.asks("/umpanbalik")
    again = (await sari.presses(listed, "Ubah jawaban"))[-1]
    await sari.votes(again, VERY_GOOD)
    await sari.says("Jelas sekali")

    assert await votes(scene) == [(1, [VERY_GOOD], None), (2, [], "Jelas sekali")]


async def test_only_those_who_answered_nothing_are_reminded_once_on_the_next_working_morning(
    scene: Scene,
) -> None:
    owner, sari, budi, joko = [await joined(scene, name) for name in ("Owner", "Sari", "Budi", "Joko")]
    async with scene.program.database.transaction() as tx:
        papuan = await scene.program.services.people.find(tx, joko.user_id)
        assert papuan is not None
        papuan.time_zone = "Asia/Jayapura"
    await opened(scene, owner, sari, budi, joko)
    await sari.votes(asked(sari), GOOD)

    # It is Tuesday, 10.00 WIB; Wednesday 07.00 WIB is 09.00 WIT.
    await passes(scene, hours=20, minutes=55)
    too_early = copies(joko, "masih ditunggu")
    await passes(scene, minutes=10)
    in_papua = copies(joko, "masih ditunggu"), copies(budi, "masih ditunggu")
    await passes(scene, hours=2)
    await passes(scene, hours=8)

    assert too_early == []
    assert [len(each) for each in in_papua] == [1, 0]
    assert [len(copies(each, "masih ditunggu")) for each in (sari, budi, joko)] == [0, 1, 1]
    (first,) = (await budi.presses(copies(budi, "masih ditunggu")[0], "Jawab"))[-1:]
    assert first["poll"]["question"] == "Secara keseluruhan, bagaimana sesi ini?"


async def test_a_poll_closes_by_itself_and_a_late_voter_is_told(scene: Scene) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    await opened(scene, owner, sari, budi)
    await sari.votes(asked(sari), GOOD)
    (poll,) = await polls(scene)
    open_on = asked(budi)
    card = await desk(owner)
    (sure,) = await owner.presses(card, "Tutup sekarang")
    (closed,) = await owner.presses(sure, "Ya, tutup sekarang")

    (late,) = await budi.votes(open_on, GOOD)
    skipped = await budi.is_told(open_on, "Lewati")
    listed = await budi.asks("/umpanbalik")

    assert poll.closes_at is not None
    assert "Sudah ditutup." in closed["text"]
    assert "sudah ditutup" in late["text"]
    assert "sudah ditutup" in skipped["text"]
    assert "Tidak ada umpan balik" in listed["text"]
    assert (await result(scene)).answered == 1


async def test_it_closes_at_five_on_the_second_working_day(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    (poll,) = await polls(scene)

    # Opened on Tuesday 24 November, so Thursday at 17.00 WIB.
    assert poll.closes_at is not None
    assert poll.closes_at.isoformat() == "2026-11-26T10:00:00+00:00"
    scene.clock.advance(poll.closes_at - scene.clock.now())
    await ticks(scene)
    at_the_moment = (await polls(scene))[0].state
    await passes(scene, minutes=3)

    assert at_the_moment == "open"  # votes that were cast in time may still be on their way
    assert (await polls(scene))[0].state == "closed"


async def test_the_organiser_hears_ten_minutes_before_and_puts_it_off_with_one_tap(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    session_id = await session_of(scene)
    await plans_poll(owner)
    await checks_in(scene, sari, session_id)

    await passes(scene, minutes=50)
    (warning,) = copies(owner, "Umpan balik akan dibuka")
    await owner.presses(warning, "Tunda 15 menit")
    await passes(scene, minutes=10)
    not_yet = [m for m in sari.messages() if "poll" in m]
    await passes(scene, minutes=15)

    assert not_yet == []
    assert asked(sari)
    assert len(copies(owner, "Umpan balik akan dibuka")) <= 2


async def test_a_poll_opens_by_hand_and_not_by_the_clock_if_that_is_wanted(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    session_id = await session_of(scene)
    card = await plans_poll(owner)
    (card,) = await owner.presses(card, "Jangan dibuka sendiri")
    await checks_in(scene, sari, session_id)
    await passes(scene, minutes=70)
    by_the_clock = [m for m in sari.messages() if "poll" in m]

    (sure,) = await owner.presses(card, "Buka sekarang")
    (opened_card,) = await owner.presses(sure, "Ya, buka sekarang")
    await ticks(scene)

    assert by_the_clock == []
    assert "Dibuka sampai" in opened_card["text"]
    assert asked(sari)


async def test_a_session_that_was_cancelled_asks_nobody(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    session_id = await session_of(scene)
    await plans_poll(owner)
    await checks_in(scene, sari, session_id)
    async with scene.program.database.transaction() as tx:
        person = await scene.program.services.people.find(tx, owner.user_id)
        await scene.program.services.cop_sessions.cancel(tx, person, session_id)

    await passes(scene, minutes=70)

    assert not [m for m in sari.messages() if "poll" in m]


async def test_whoever_wants_no_polls_is_not_asked_and_can_answer_by_the_link(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    async with scene.program.database.transaction() as tx:
        person = await scene.program.services.people.find(tx, sari.user_id)
        assert person is not None
        scene.program.services.people.toggle(person, Preference.POLLS)
    await opened(scene, owner, sari)
    before = [m for m in sari.messages() if "poll" in m]
    (poll,) = await polls(scene)

    await sari.says(f"/start p_{poll.link_code}")

    assert before == []
    assert asked(sari)


async def test_those_who_were_there_are_asked_at_night_and_all_others_in_the_morning(scene: Scene) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    scene.clock.advance(timedelta(hours=11, minutes=30))  # 20.30 WIB
    there = await session_of(scene, "Malam", in_minutes=60)
    await plans_poll(owner)
    await checks_in(scene, sari, there)
    await passes(scene, minutes=60)
    at_once = asked(sari)
    person = await person_of(scene, budi)
    elsewhere = await session_of(scene, "Malam kedua", in_minutes=10)
    async with scene.program.database.transaction() as tx:
        planner = await scene.program.services.people.find(tx, owner.user_id)
        await scene.program.services.polls.set_up(tx, planner, elsewhere, "sesi")
        assert person.id is not None
        tx.add(Rsvp(session_id=elsewhere, person_id=person.id, answer="yes", answered_at=scene.clock.now()))

    await passes(scene, minutes=10)
    in_the_night = [m for m in budi.messages() if "poll" in m]
    await passes(scene, hours=10)

    assert at_once
    assert in_the_night == []
    assert asked(budi)


async def test_a_vote_on_a_poll_that_nobody_knows_goes_to_the_voters_one_uncertain_copy(
    scene: Scene,
) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    async with scene.program.database.transaction() as tx:
        (delivery,) = await deliveries(tx, "poll:1")
        # As after a kill: it had left, and nobody wrote down what came of it.
        delivery.state, delivery.poll_id, delivery.message_ids = DeliveryState.UNCERTAIN, None, None

    (second,) = await sari.votes(asked(sari), GOOD)

    async with scene.program.database.transaction() as tx:
        (delivery,) = await deliveries(tx, "poll:1")
    assert second["poll"]["question"].startswith("Seberapa mungkin")
    assert delivery.state == DeliveryState.SENT
    assert await votes(scene) == [(1, [GOOD], None)]


async def test_a_question_whose_sending_was_not_answered_takes_votes_all_the_same(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    scene.control.set_faults([{"fault": "reset_after", "methods": ["sendPoll"], "at_most": 1}])
    await opened(scene, owner, sari)
    scene.control.set_faults([])
    async with scene.program.database.transaction() as tx:
        (before,) = [each.state for each in await deliveries(tx, "poll:1")]

    (second,) = await sari.votes(asked(sari), GOOD)

    async with scene.program.database.transaction() as tx:
        (after,) = [each.state for each in await deliveries(tx, "poll:1")]
    assert (before, after) == (DeliveryState.UNCERTAIN, DeliveryState.SENT)
    assert second["poll"]["question"].startswith("Seberapa mungkin")
    assert await votes(scene) == [(1, [GOOD], None)]


async def test_a_question_that_came_twice_counts_whichever_copy_is_answered(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    scene.control.set_faults([{"fault": "reset_after", "methods": ["sendPoll"], "at_most": 1}])
    await sari.votes(asked(sari), GOOD)
    scene.control.set_faults([])
    scene.clock.advance(timedelta(seconds=5))
    await told(scene)
    first, second = [m for m in sari.messages() if "poll" in m][1:]

    (words,) = await sari.votes(first, 9)
    changed = await sari.votes(second, 10)

    assert first["poll"]["question"] == second["poll"]["question"]
    assert first["poll"]["id"] != second["poll"]["id"]
    assert "Apa yang paling berguna" in words["text"]
    assert changed == []
    assert await votes(scene) == [(1, [GOOD], None), (2, [10], None)]


async def test_whoever_answers_by_the_link_does_not_get_the_first_question_again(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    scene.clock.advance(timedelta(hours=12))  # 21.00 WIB
    session_id = await session_of(scene, in_minutes=10)
    await plans_poll(owner)
    person = await person_of(scene, sari)
    assert person.id is not None
    async with scene.program.database.transaction() as tx:
        tx.add(Rsvp(session_id=session_id, person_id=person.id, answer="yes", answered_at=scene.clock.now()))
    await passes(scene, minutes=10)
    (poll,) = await polls(scene)

    await sari.says(f"/start p_{poll.link_code}")
    await sari.votes(asked(sari), GOOD)
    await passes(scene, hours=10)

    assert len([m for m in sari.messages() if "poll" in m]) == 2


async def test_a_vote_that_may_belong_to_two_questions_is_asked_for_again(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    first = asked(sari)
    second_session = await session_of(scene, "Kedua", in_minutes=10)
    await checks_in(scene, sari, second_session)
    async with scene.program.database.transaction() as tx:
        planner = await scene.program.services.people.find(tx, owner.user_id)
        await scene.program.services.polls.set_up(tx, planner, second_session, "sesi")
    await passes(scene, minutes=10)
    async with scene.program.database.transaction() as tx:
        for subject in ("poll:1", "poll:2"):
            for delivery in await deliveries(tx, subject):
                delivery.state, delivery.poll_id = DeliveryState.UNCERTAIN, None

    (unclear,) = await sari.votes(first, GOOD)

    assert "tidak dapat memastikan" in unclear["text"]
    assert await votes(scene) == []


async def test_somebody_who_was_never_asked_changes_nothing(scene: Scene) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    await opened(scene, owner, sari)
    poll_id = asked(sari)["poll"]["id"]

    # The server would let nobody else vote there; a forged or misread update must not count either.
    reactions = []
    for known in (poll_id, "1234567890"):
        async with scene.program.database.transaction() as tx:
            person = await scene.program.services.people.find(tx, budi.user_id)
            reactions.append(await scene.program.services.poll_voting.vote(tx, person, known, [GOOD]))
    pressed = await budi.forges(budi.reads(), "ps:1")

    assert [type(each).__name__ for each in reactions] == ["NotAsked", "NotAsked"]
    assert "bukan untuk Anda" in pressed["text"]
    assert await votes(scene) == []


async def test_options_that_the_question_does_not_have_do_not_count(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    poll_id = asked(sari)["poll"]["id"]

    async with scene.program.database.transaction() as tx:
        person = await scene.program.services.people.find(tx, sari.user_id)
        voting = scene.program.services.poll_voting
        outcomes = [await voting.vote(tx, person, poll_id, chosen) for chosen in ([5], [0, 1], [-1])]

    assert {type(each).__name__ for each in outcomes} == {"NotAsked"}
    assert await votes(scene) == []


async def test_the_organiser_sees_numbers_in_steps_of_five_and_all_of_them_at_the_end(
    scene: Scene,
) -> None:
    owner = await joined(scene, "Owner")
    people = [await joined(scene, f"Peserta {number}") for number in range(7)]
    await opened(scene, owner, *people, template="Satu nilai dan komentar")
    for each in people[:4]:
        await each.votes(asked(each), VERY_GOOD)
    at_four = await desk(owner)
    await people[4].votes(asked(people[4]), GOOD)
    (at_five,) = await owner.presses(at_four, "Muat ulang")
    for each in people[5:]:
        await each.votes(asked(each), BAD)
    at_seven = await owner.presses(at_five, "Muat ulang")
    await closes(scene)
    final = await desk(owner)

    assert "kurang dari 5" in at_four["text"]
    assert "4 dari 7" in at_four["text"]
    assert "Rata-rata: 4,8 dari 5" in at_five["text"]
    assert "5 – Sangat baik: 4 (80%)" in at_five["text"]
    assert "7 dari 7" in at_seven[0]["text"]
    assert "Rata-rata: 4,8 dari 5" in at_seven[0]["text"]
    assert "Rata-rata: 4,0 dari 5" in final["text"]
    assert "Nilai 4–5: 71%" in final["text"]
    assert "Dari yang hadir: 7 dari 7 (100%)" in final["text"]


async def test_comments_are_read_in_bulk_once_it_is_closed(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    people = [await joined(scene, f"Peserta {number}") for number in range(5)]
    await opened(scene, owner, *people, template="Satu nilai dan komentar")
    for number, each in enumerate(people):
        await each.votes(asked(each), GOOD)
        await each.says(f"<b>Komentar</b> {number}")
    before = labels(await desk(owner))
    await closes(scene)

    (read,) = await owner.presses(await desk(owner), "Baca komentar")

    assert "Baca komentar" not in before
    assert sorted(line[-1] for line in read["text"].splitlines() if line.startswith("•")) == list("01234")
    assert "<b>Komentar</b>" in read["text"]


async def test_what_is_edited_after_the_closing_is_not_taken_for_a_question(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari, template="Satu nilai dan komentar")
    await sari.votes(asked(sari), BAD)
    await sari.says("Narasumbernya membosankan")
    comment = sari.sent()["message_id"]
    await closes(scene)

    *_, told_so = await sari.edits(comment, "Narasumbernya sangat membosankan")

    assert "Perubahannya tidak saya simpan" in told_so["text"]
    assert await questions_asked(scene) == []


async def test_words_that_come_after_the_closing_are_late_and_become_no_question(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari, template="Satu nilai dan komentar")
    await sari.votes(asked(sari), BAD)
    (sure,) = await owner.presses(await desk(owner), "Tutup sekarang")
    await owner.presses(sure, "Ya, tutup sekarang")

    (late,) = await sari.says("Narasumbernya membosankan")

    assert "sudah ditutup" in late["text"]
    assert await questions_asked(scene) == []


async def test_words_that_come_hours_later_are_neither_kept_nor_taken_for_a_question(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari, template="Satu nilai dan komentar")
    await sari.votes(asked(sari), BAD)
    scene.clock.advance(timedelta(hours=2))

    which = await sari.asks("Narasumbernya membosankan")
    after = await questions_asked(scene), len(await votes(scene))
    await sari.presses(which, "Lanjutkan")
    thanks = await sari.asks("Narasumbernya membosankan")

    assert "belum saya simpan" in which["text"]
    assert after == ([], 1)
    assert "Terima kasih" in thanks["text"]
    assert await questions_asked(scene) == []


async def test_only_an_organiser_of_the_place_gets_to_a_poll(scene: Scene) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    await grants(scene, budi, "32")
    await opened(scene, owner, sari)

    member = await sari.forges(sari.reads(), "pm:1")
    elsewhere = await budi.forges(budi.reads(), "pz:1:1")

    assert member["text"]
    assert elsewhere["text"]
    assert (await polls(scene))[0].state == "open"
