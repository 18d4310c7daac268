"""Loading files into the database: what is new is loaded, and the database wins a conflict."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import ManualClock
from bot.services.content import MARK, ContentService, LoadReport, NoBook, book_of
from db.database import Database
from db.models import ContentKind, ContentRevision, Mark, Origin
from db.queries import content as queries
from knowledge_base.entry import Entry
from knowledge_base.loader import Content
from knowledge_base.problems import Code, Problem
from tests.knowledge_base.book import a_version, an_entry

REGISTERS = ("regulations", "sources", "topics", "vocabulary")


def _content(*entries: Entry) -> Content:
    return Content(entries={entry.id: entry for entry in entries})


async def _load(database: Database, service: ContentService, *entries: Entry) -> LoadReport:
    async with database.transaction() as tx:
        report = await service.load(tx, _content(*entries))
        await service.refresh(tx)
    return report


async def _edit_at_the_desk(tx: AsyncSession, slug: str, body: dict[str, Any], clock: ManualClock) -> None:
    item = (await queries.items(tx))[ContentKind.ENTRY, slug]
    assert item.id is not None
    item.revision += 1
    tx.add(
        ContentRevision(
            item_id=item.id,
            number=item.revision,
            body=body,
            origin=Origin.DESK,
            author="Kurator",
            created_at=clock.now(),
        )
    )


async def test_new_files_are_loaded_and_served(database: Database, clock: ManualClock) -> None:
    service = ContentService(clock)

    report = await _load(database, service, an_entry(id="satu"), an_entry(id="dua"))

    assert report.loaded == ("satu", "dua", *_in_file_order(report.loaded))
    assert set(service.book.entries) == {"satu", "dua"}
    assert service.book.entries["satu"].revision == 1


def _in_file_order(loaded: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(slug for slug in loaded if slug in REGISTERS)


async def test_the_same_files_again_make_no_revision(database: Database, clock: ManualClock) -> None:
    service = ContentService(clock)
    await _load(database, service, an_entry(id="satu"))

    report = await _load(database, service, an_entry(id="satu"))

    assert report.loaded == ()
    assert service.book.entries["satu"].revision == 1


async def test_a_changed_file_makes_the_next_revision(database: Database, clock: ManualClock) -> None:
    service = ContentService(clock)
    await _load(database, service, an_entry(id="satu"))

    report = await _load(database, service, an_entry(id="satu", question="Pertanyaan yang lain?"))

    assert report.loaded == ("satu",)
    assert service.book.entries["satu"].revision == 2
    assert service.book.entries["satu"].entry.question == "Pertanyaan yang lain?"


async def test_a_curators_change_wins_over_a_changed_file(database: Database, clock: ManualClock) -> None:
    service = ContentService(clock)
    await _load(database, service, an_entry(id="satu"))
    async with database.transaction() as tx:
        await _edit_at_the_desk(tx, "satu", an_entry(id="satu", question="Dari meja?").to_dict(), clock)

    report = await _load(database, service, an_entry(id="satu", question="Dari berkas?"))

    assert report.conflicts == ("satu",)
    assert service.book.entries["satu"].entry.question == "Dari meja?"


async def test_a_curators_change_stays_while_the_file_is_as_it_was(
    database: Database, clock: ManualClock
) -> None:
    service = ContentService(clock)
    await _load(database, service, an_entry(id="satu"))
    async with database.transaction() as tx:
        await _edit_at_the_desk(tx, "satu", an_entry(id="satu", question="Dari meja?").to_dict(), clock)

    report = await _load(database, service, an_entry(id="satu"))

    assert report.conflicts == ()
    assert service.book.entries["satu"].entry.question == "Dari meja?"


async def test_an_entry_whose_file_is_gone_is_retired_and_comes_back_with_it(
    database: Database, clock: ManualClock
) -> None:
    service = ContentService(clock)
    await _load(database, service, an_entry(id="satu"), an_entry(id="dua"))

    gone = await _load(database, service, an_entry(id="satu"))
    without = set(service.book.entries)
    back = await _load(database, service, an_entry(id="satu"), an_entry(id="dua"))

    assert (gone.retired, without) == (("dua",), {"satu"})
    assert back.loaded == ("dua",)
    assert set(service.book.entries) == {"satu", "dua"}


async def test_an_entry_whose_file_cannot_be_read_stays_as_it_is(
    database: Database, clock: ManualClock
) -> None:
    service = ContentService(clock)
    await _load(database, service, an_entry(id="satu"))

    async with database.transaction() as tx:
        report = await service.load(tx, Content(left_out=frozenset({"satu"})))
        await service.refresh(tx)

    assert report.retired == ()
    assert set(service.book.entries) == {"satu"}


async def test_a_curators_change_is_not_retired_with_the_file(database: Database, clock: ManualClock) -> None:
    service = ContentService(clock)
    await _load(database, service, an_entry(id="satu"))
    async with database.transaction() as tx:
        await _edit_at_the_desk(tx, "satu", an_entry(id="satu", question="Dari meja?").to_dict(), clock)

    report = await _load(database, service)

    assert report.conflicts == ("satu",)
    assert set(service.book.entries) == {"satu"}


async def test_the_whole_book_comes_back_from_the_database_as_it_was(
    database: Database, clock: ManualClock, content: Content
) -> None:
    service = ContentService(clock)
    async with database.transaction() as tx:
        await service.load(tx, content)
        await service.refresh(tx)

    straight = book_of(content, service.today)

    assert {k: v.entry for k, v in service.book.entries.items()} == dict(content.entries)
    assert service.book.topics == straight.topics
    assert service.book.regulations == straight.regulations
    assert service.book.sources == straight.sources
    question = "brp persen kuota difabel swasta"
    assert service.book.engine.ask(question) == straight.engine.ask(question)


async def test_a_version_comes_into_force_at_midnight_in_jakarta(
    database: Database, clock: ManualClock
) -> None:
    tomorrow = date(2026, 11, 25)
    old = a_version(in_force_from=date(2021, 2, 2), in_force_until=tomorrow - timedelta(days=1))
    new = replace(old, in_force_from=tomorrow, in_force_until=None, answer="Aturan baru.")
    service = ContentService(clock)
    await _load(database, service, an_entry(id="satu", versions=(new, old)))

    async with database.transaction() as tx:
        before = await service.is_outdated(tx)
        clock.advance(timedelta(hours=15))  # 17.00 UTC is midnight WIB
        after = await service.is_outdated(tx)

    assert (before, after) == (False, True)
    found = service.book.find("satu", service.today)
    assert found is not None
    assert found[1].answer == "Aturan baru."


async def _load_files(
    database: Database, service: ContentService, files: str, content: Content
) -> LoadReport:
    async with database.transaction() as tx:
        return await service.load(tx, content, files)


async def _is_loaded(database: Database, service: ContentService, files: str) -> bool:
    async with database.transaction() as tx:
        return await service.is_loaded(tx, files)


async def test_files_that_were_loaded_are_known_by_their_fingerprint(
    database: Database, clock: ManualClock
) -> None:
    service = ContentService(clock)
    before = await _is_loaded(database, service, "these")

    await _load_files(database, service, "these", _content(an_entry(id="satu")))

    assert not before
    assert await _is_loaded(database, service, "these")
    assert not await _is_loaded(database, service, "others")


async def test_loaded_files_stay_known_when_a_curator_changes_an_entry(
    database: Database, clock: ManualClock
) -> None:
    service = ContentService(clock)
    await _load_files(database, service, "these", _content(an_entry(id="satu")))

    async with database.transaction() as tx:
        await _edit_at_the_desk(tx, "satu", an_entry(id="satu", question="Dari meja?").to_dict(), clock)

    assert await _is_loaded(database, service, "these")


async def test_files_are_loaded_again_when_the_database_no_longer_holds_what_they_became(
    database: Database, clock: ManualClock
) -> None:
    service = ContentService(clock)
    content = _content(an_entry(id="satu"))
    await _load_files(database, service, "these", content)

    async with database.transaction() as tx:
        (await queries.items(tx))[ContentKind.ENTRY, "satu"].is_retired = True

    assert not await _is_loaded(database, service, "these")
    assert (await _load_files(database, service, "these", content)).loaded == ("satu",)
    assert await _is_loaded(database, service, "these")


async def test_a_conflict_is_reported_at_every_start(database: Database, clock: ManualClock) -> None:
    service = ContentService(clock)
    await _load_files(database, service, "these", _content(an_entry(id="satu")))
    async with database.transaction() as tx:
        await _edit_at_the_desk(tx, "satu", an_entry(id="satu", question="Dari meja?").to_dict(), clock)
    changed = _content(an_entry(id="satu", question="Dari berkas?"))

    reports = [await _load_files(database, service, "changed", changed) for _ in range(2)]

    assert [report.conflicts for report in reports] == [("satu",)] * 2
    assert not await _is_loaded(database, service, "changed")


async def test_a_faulty_file_is_reported_at_every_start(database: Database, clock: ManualClock) -> None:
    service = ContentService(clock)
    problem = Problem("jkp/dua.md", 1, "", Code.FILE_NOT_UTF8)

    await _load_files(database, service, "these", replace(_content(an_entry(id="satu")), problems=(problem,)))

    assert not await _is_loaded(database, service, "these")


async def test_a_garbled_mark_is_as_good_as_none(database: Database, clock: ManualClock) -> None:
    service = ContentService(clock)
    await _load_files(database, service, "these", _content(an_entry(id="satu")))

    async with database.transaction() as tx:
        await tx.merge(Mark(name=MARK, digest="garbled"))

    assert not await _is_loaded(database, service, "these")


def test_nobody_is_served_from_a_book_that_is_not_there_yet(clock: ManualClock) -> None:
    with pytest.raises(NoBook):
        _ = ContentService(clock).book
