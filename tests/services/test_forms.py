"""The engine behind every form, by itself, on both databases."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import ManualClock
from bot.services.form_steps import Choice, Data, Form, Step, text_of_at_most
from bot.services.forms import (
    Asking,
    Completed,
    Forms,
    Move,
    NotFilling,
    Outdated,
    TooLate,
    Waiting,
)
from bot.services.people import People, Person
from db.database import Database

LINE = text_of_at_most(50)


def _places(data: Data) -> Sequence[Choice]:
    return [Choice(f"{number:02}", f"Place {number}") for number in range(25)]


VISIT = Form(
    "visit",
    (
        Step("kind", choices=lambda data: [Choice("office"), Choice("online")]),
        Step("room", read=LINE, applies=lambda data: data.get("kind") == "office"),
        Step("places", choices=_places, is_multiple=True),
        Step("note", read=LINE, is_optional=True),
        Step("confirm", is_confirmation=True),
    ),
)
ERRAND = Form("errand", (Step("what", read=LINE),))


@pytest.fixture
def forms(clock: ManualClock) -> Forms:
    return Forms(clock, (VISIT, ERRAND))


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as tx:
        yield tx


@pytest.fixture
async def sari(tx: AsyncSession, clock: ManualClock) -> Person:
    return await People(clock).meet(tx, 1, in_private=True)


async def _begins(forms: Forms, tx: AsyncSession, person: Person, kind: str = "visit") -> Asking:
    asking = await forms.begin(tx, person, kind, {"given": 5})
    assert isinstance(asking, Asking)
    return asking


async def _chooses(forms: Forms, tx: AsyncSession, person: Person, at: Asking, position: int) -> Asking:
    asking = await forms.choose(tx, person, at.form_id, at.version, position)
    assert isinstance(asking, Asking)
    return asking


async def _moves(
    forms: Forms, tx: AsyncSession, person: Person, at: Asking, move: Move
) -> Asking | Completed:
    found = await forms.move(tx, person, at.form_id, at.version, move)
    assert isinstance(found, Asking | Completed)
    return found


async def test_a_step_that_does_not_apply_is_passed_over_both_ways(
    forms: Forms, tx: AsyncSession, sari: Person
) -> None:
    first = await _begins(forms, tx, sari)

    places = await _chooses(forms, tx, sari, first, 1)
    back = await _moves(forms, tx, sari, places, Move.BACK)

    assert (places.step.key, places.number, places.total) == ("places", 2, 4)
    assert isinstance(back, Asking)
    assert back.step.key == "kind"


async def test_all_answers_and_what_was_given_come_out_at_the_end(
    forms: Forms, tx: AsyncSession, sari: Person
) -> None:
    room = await _chooses(forms, tx, sari, await _begins(forms, tx, sari), 0)
    places = await forms.write(tx, sari, "Room 5", 11)
    assert isinstance(places, Asking)
    places = await _chooses(forms, tx, sari, places, 3)
    places = await _chooses(forms, tx, sari, places, 12)
    places = await _chooses(forms, tx, sari, places, 3)
    note = await _moves(forms, tx, sari, places, Move.GO_ON)
    assert isinstance(note, Asking)
    confirm = await _moves(forms, tx, sari, note, Move.SKIP)
    assert isinstance(confirm, Asking)
    done = await _moves(forms, tx, sari, confirm, Move.GO_ON)

    assert room.step.key == "room"
    assert places.page == 0
    assert done == Completed("visit", {"given": 5, "kind": "office", "room": "Room 5", "places": ["12"]})
    assert isinstance(await forms.write(tx, sari, "anything", 12), NotFilling)


async def test_choices_are_turned_page_by_page_and_no_further(
    forms: Forms, tx: AsyncSession, sari: Person
) -> None:
    places = await _chooses(forms, tx, sari, await _begins(forms, tx, sari), 1)

    last = await forms.turn_page(tx, sari, places.form_id, places.version, 2)
    beyond = await forms.turn_page(tx, sari, places.form_id, places.version, 3)
    stays = await _chooses(forms, tx, sari, places, 24)
    no_choice = await forms.choose(tx, sari, places.form_id, places.version, 25)

    assert isinstance(last, Asking)
    assert (last.page, last.pages) == (2, 3)
    assert beyond == no_choice == Outdated(TooLate.ANSWERED)
    assert (stays.page, stays.data["places"]) == (2, ["24"])


async def test_a_move_that_the_step_does_not_offer_does_nothing(
    forms: Forms, tx: AsyncSession, sari: Person
) -> None:
    first = await _begins(forms, tx, sari)

    for move in (Move.SKIP, Move.GO_ON):
        assert await forms.move(tx, sari, first.form_id, first.version, move) == Outdated(TooLate.ANSWERED)


async def test_an_edit_that_makes_the_present_step_needless_goes_on(
    forms: Forms, tx: AsyncSession, sari: Person
) -> None:
    form = Form(
        "visit",
        (
            Step("kind", read=LINE),
            Step("room", read=LINE, applies=lambda data: data.get("kind") == "office"),
            Step("note", read=LINE),
        ),
    )
    forms = Forms(ManualClock(sari.created_at), (form,))
    await _begins(forms, tx, sari)
    await forms.write(tx, sari, "office", 11)

    asking = await forms.rewrite(tx, sari, "online", 11)

    assert isinstance(asking, Asking)
    assert (asking.step.key, asking.data["kind"]) == ("note", "online")


async def test_one_form_takes_the_words_and_the_others_wait(
    forms: Forms, tx: AsyncSession, sari: Person
) -> None:
    visit = await _begins(forms, tx, sari)
    errand = await _begins(forms, tx, sari, "errand")

    again = await forms.begin(tx, sari, "visit")
    stale = await forms.choose(tx, sari, visit.form_id, visit.version, 0)
    done = await forms.write(tx, sari, "milk", 11)
    nothing = await forms.write(tx, sari, "Room 5", 12)
    resumed = await forms.resume(tx, sari, visit.form_id)

    assert errand.step.key == "what"
    assert again == Waiting(visit.form_id, "visit")
    assert stale == Outdated(TooLate.ANSWERED)
    assert done == Completed("errand", {"given": 5, "what": "milk"})
    assert isinstance(nothing, NotFilling)
    assert isinstance(resumed, Asking)
    assert resumed.step.key == "kind"


async def test_after_an_hour_words_are_rather_a_question(
    forms: Forms, tx: AsyncSession, sari: Person, clock: ManualClock
) -> None:
    errand = await _begins(forms, tx, sari, "errand")

    clock.advance(timedelta(minutes=60, seconds=1))
    late = await forms.write(tx, sari, "gmn cara klaim jkp?", 11)
    await forms.resume(tx, sari, errand.form_id)
    done = await forms.write(tx, sari, "milk", 12)

    assert late == Waiting(errand.form_id, "errand")
    assert done == Completed("errand", {"given": 5, "what": "milk"})


async def test_a_step_that_a_new_version_does_not_have_begins_again_with_what_is_answered(
    forms: Forms, tx: AsyncSession, sari: Person, clock: ManualClock
) -> None:
    await _begins(forms, tx, sari, "errand")
    newer = Forms(clock, (Form("errand", (Step("which", read=LINE),)),))

    done = await newer.write(tx, sari, "milk", 11)

    assert done == Completed("errand", {"given": 5, "which": "milk"})


async def test_a_kind_that_a_new_version_does_not_have_takes_nothing(
    forms: Forms, tx: AsyncSession, sari: Person, clock: ManualClock
) -> None:
    errand = await _begins(forms, tx, sari, "errand")
    newer = Forms(clock, (VISIT,))

    assert isinstance(await newer.write(tx, sari, "milk", 11), NotFilling)
    assert await newer.resume(tx, sari, errand.form_id) == Outdated(TooLate.UNKNOWN)


async def test_what_is_over_is_forgotten_after_two_days_and_what_waits_after_three_months(
    forms: Forms, tx: AsyncSession, sari: Person, clock: ManualClock
) -> None:
    errand = await _begins(forms, tx, sari, "errand")
    await forms.cancel(tx, sari)
    visit = await _begins(forms, tx, sari)

    reasons = []
    for wait in (timedelta(days=1), timedelta(days=2)):
        clock.advance(wait)
        await forms.forget(tx)
        reasons.append(await forms.resume(tx, sari, errand.form_id))
    clock.advance(timedelta(days=88))
    await forms.forget(tx)

    assert reasons == [Outdated(TooLate.CANCELLED), Outdated(TooLate.UNKNOWN)]
    assert await forms.resume(tx, sari, visit.form_id) == Outdated(TooLate.UNKNOWN)
