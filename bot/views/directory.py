"""The directory: what a sheet would do, what is wrong with it, who is missing, and claiming a row."""

from collections.abc import Sequence

from bot.desk_buttons import (
    ClaimRow,
    ConfirmImport,
    DeclineRow,
    DeskSection,
    DropImport,
    GrantListed,
    OpenDesk,
    SendTemplate,
    SendUnjoined,
)
from bot.services.directory import ClaimFault, DirectoryEntry, Imported, Joined, ListedRole, Proposal
from bot.services.directory_sheet import Column, SheetProblem, province_names, role_names
from bot.services.people import Person
from bot.services.provinces import PROVINCES
from bot.services.sheets import Table
from bot.texts import Texts
from bot.views.reply import Press, Reply, cut

CLAIM_PREFIX = "me_"  # what a personal link begins with, before the code of its row
MAX_PROBLEMS = 15  # more do not help: a sheet like that is mended as a whole
WIDTHS = (36, 36, 24, 16, 52)


def overview(joined: Joined, texts: Texts) -> Reply:
    """How much of the list can be reached, and what can be done with it."""
    buttons = [
        (Press(texts.plain("directory.buttons.template"), SendTemplate()),),
        (Press(texts.plain("desk.buttons.back"), OpenDesk(DeskSection.OVERVIEW)),),
    ]
    if not joined.total:
        return Reply(texts.html("directory.empty"), tuple(buttons))
    if joined.missing:
        count = texts.number(joined.missing)
        buttons.insert(0, (Press(texts.plain("directory.buttons.unjoined", count=count), SendUnjoined()),))
    return Reply(texts.html("directory.overview", joined=joined_words(joined, texts)), tuple(buttons))


def joined_words(joined: Joined, texts: Texts) -> str:
    """ "1.240 dari 1.712 terjangkau, 472 belum bergabung", and who has joined and cannot be reached."""
    words = texts.plain(
        "directory.counts.joined",
        reachable=texts.number(joined.reachable),
        total=texts.number(joined.total),
        missing=texts.number(joined.missing),
    )
    if joined.unreachable:
        words += texts.plain("directory.counts.unreachable", count=texts.number(joined.unreachable))
    return words


def problems(found: Sequence[SheetProblem], texts: Texts) -> Reply:
    """What has to be mended, by sheet, row and column; nothing was taken in."""
    lines = [f"• {_problem(each, texts)}" for each in found[:MAX_PROBLEMS]]
    if len(found) > MAX_PROBLEMS:
        lines.append(texts.html("directory.more_problems", count=len(found) - MAX_PROBLEMS))
    return Reply("\n".join([texts.html("directory.not_taken", count=len(found)), *lines]))


def proposal(found: Proposal, texts: Texts) -> Reply:
    """What a yes would do."""
    numbers = {
        name: texts.number(getattr(found, name)) for name in ("new", "changed", "unchanged", "not_in_sheet")
    }
    yes = Press(
        texts.plain("directory.buttons.confirm", count=texts.number(found.new + found.changed)),
        ConfirmImport(found.import_id),
    )
    no = Press(texts.plain("directory.buttons.drop"), DropImport(found.import_id))
    if not found.new + found.changed:
        return Reply(texts.html("directory.nothing_new", **numbers))
    return Reply(texts.html("directory.proposal", **numbers), ((yes,), (no,)))


def imported(found: Imported, joined: Joined, texts: Texts) -> Reply:
    """What was done."""
    reply = overview(joined, texts)
    done = texts.html("directory.imported", new=texts.number(found.new), changed=texts.number(found.changed))
    return Reply(done + "\n\n" + reply.text, reply.keyboard)


def template(texts: Texts) -> Table:
    """The empty sheet, with drop-downs for what has to be one of a list."""
    return Table(
        texts.plain("directory.sheet.title"),
        _head(texts),
        (),
        WIDTHS[:4],
        ((3, province_names()), (4, role_names())),
    )


def unjoined(entries: Sequence[DirectoryEntry], texts: Texts, bot: str) -> Table:
    """Those who are missing, each with the link that is theirs."""
    roles = dict(zip(ListedRole, role_names(), strict=True))
    rows = [
        (
            each.name,
            each.unit,
            PROVINCES[each.province_code].name,
            roles[ListedRole(each.role)],
            f"https://t.me/{bot}?start={CLAIM_PREFIX}{each.claim_code}",
        )
        for each in entries
    ]
    return Table(
        texts.plain("directory.sheet.unjoined"),
        (*_head(texts), texts.plain("directory.sheet.link")),
        rows,
        WIDTHS,
    )


def claim(entry: DirectoryEntry, texts: Texts) -> Reply:
    """Is this you?"""
    buttons = (
        (Press(texts.plain("directory.buttons.claim"), ClaimRow(entry.claim_code)),),
        (Press(texts.plain("directory.buttons.decline"), DeclineRow()),),
    )
    return Reply(
        texts.html(
            "directory.claim.offer",
            name=entry.name,
            unit=entry.unit or "–",
            province=PROVINCES[entry.province_code].name,
        ),
        buttons,
    )


def claimed(entry: DirectoryEntry, texts: Texts) -> Reply:
    """The row is theirs."""
    return Reply(texts.html("directory.claim.done", name=entry.name))


def claim_fault(fault: ClaimFault, texts: Texts) -> Reply:
    """Why a personal link leads nowhere, and what to do."""
    return Reply(texts.html(f"directory.claim.{fault.value}"))


def listed_role(entry: DirectoryEntry, person: Person, texts: Texts) -> Reply:
    """What owners read when somebody joins whom the list names as more than a member."""
    assert entry.id is not None
    role = texts.plain(
        "roles.buttons.role_of",
        role=texts.plain(f"roles.buttons.{entry.role}"),
        where=PROVINCES[entry.province_code].name,
    )
    button = Press(cut(texts.plain("directory.buttons.grant", role=role)), GrantListed(entry.id))
    return Reply(
        texts.html("directory.listed_role", name=person.full_name or entry.name, role=role), ((button,),)
    )


def _head(texts: Texts) -> tuple[str, ...]:
    return tuple(texts.plain(f"directory.sheet.{column.value}") for column in Column)


def _problem(problem: SheetProblem, texts: Texts) -> str:
    sentence = texts.html(f"directory.problems.{problem.fault.value}", **problem.values)
    if problem.column is None:
        return sentence
    place = texts.html(
        "directory.place",
        sheet=problem.sheet,
        row=problem.row,
        column=texts.plain(f"directory.sheet.{problem.column.value}"),
    )
    return f"{place} {sentence}"
