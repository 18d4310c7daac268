"""Who may do what, for where; on both databases."""

from datetime import timedelta

import pytest

from bot.clock import ManualClock
from bot.services.all import Services
from bot.services.people import Person
from bot.services.roles import (
    Act,
    Allowed,
    InvitationFault,
    Invited,
    Refusal,
    RefusalReason,
    Role,
    Standing,
)
from db.database import Database

OWNER_ID = 1

MEMBER, ORGANISER, OF_WEST_JAVA, CURATOR = "member", "organiser", "organiser of West Java", "curator of Bali"


@pytest.fixture
def services(clock: ManualClock) -> Services:
    return Services.over(clock, owner_ids=(OWNER_ID,))


async def _with_roles(services: Services, database: Database) -> dict[str, Person]:
    """An owner, a member, and one person for each kind of role."""
    found: dict[str, Person] = {}
    async with database.transaction() as tx:
        names = ("owner", MEMBER, ORGANISER, OF_WEST_JAVA, CURATOR)
        for telegram_id, name in enumerate(names, start=OWNER_ID):
            found[name] = await services.people.meet(tx, telegram_id, in_private=True)
        owner = found["owner"]
        await services.roles.grant(tx, owner, found[ORGANISER], Role.ORGANISER, ())
        await services.roles.grant(tx, owner, found[OF_WEST_JAVA], Role.ORGANISER, ["32"])
        await services.roles.grant(tx, owner, found[CURATOR], Role.CURATOR, ["51"])
    return found


@pytest.mark.parametrize(
    ("who", "act", "province", "refused"),
    [
        ("owner", Act.MANAGE_ROLES, None, None),
        ("owner", Act.ANNOUNCE, "32", None),
        ("owner", Act.CURATE, None, None),
        (ORGANISER, Act.ANNOUNCE, None, None),
        (ORGANISER, Act.ANNOUNCE, "91", None),
        (ORGANISER, Act.IMPORT_DIRECTORY, None, None),
        (OF_WEST_JAVA, Act.ANNOUNCE, "32", None),
        (CURATOR, Act.ANSWER_QUESTION, "51", None),
        (MEMBER, Act.ANNOUNCE, "32", RefusalReason.NOT_ORGANISER),
        (MEMBER, Act.CURATE, "51", RefusalReason.NOT_CURATOR),
        (MEMBER, Act.MANAGE_ROLES, None, RefusalReason.OWNER_ONLY),
        (ORGANISER, Act.MANAGE_ROLES, None, RefusalReason.OWNER_ONLY),
        (ORGANISER, Act.CURATE, None, RefusalReason.NOT_CURATOR),
        (OF_WEST_JAVA, Act.ANNOUNCE, "33", RefusalReason.OTHER_PROVINCE),
        (OF_WEST_JAVA, Act.ANNOUNCE, None, RefusalReason.OTHER_PROVINCE),
        (OF_WEST_JAVA, Act.IMPORT_DIRECTORY, None, RefusalReason.NATIONAL_ONLY),
        (CURATOR, Act.PLAN_SESSION, "51", RefusalReason.NOT_ORGANISER),
        (CURATOR, Act.CURATE, None, RefusalReason.OTHER_PROVINCE),
    ],
)
async def test_every_act_is_allowed_to_its_role_where_the_role_counts(
    services: Services,
    database: Database,
    who: str,
    act: Act,
    province: str | None,
    refused: RefusalReason | None,
) -> None:
    people = await _with_roles(services, database)

    async with database.transaction() as tx:
        result = await services.roles.may(tx, people[who], act, province)

    assert (result.reason if isinstance(result, Refusal) else None) is refused


async def test_a_refusal_names_the_provinces_that_would_be_allowed(
    services: Services, database: Database
) -> None:
    people = await _with_roles(services, database)

    async with database.transaction() as tx:
        result = await services.roles.may(tx, people[OF_WEST_JAVA], Act.ANNOUNCE, "33")

    assert result == Refusal(RefusalReason.OTHER_PROVINCE, ("32",))


async def test_somebody_who_is_not_known_may_do_nothing(services: Services, database: Database) -> None:
    async with database.transaction() as tx:
        results = [await services.roles.may(tx, None, act, "32") for act in Act]

    assert not any(isinstance(result, Allowed) for result in results)


async def test_a_desk_opens_for_whoever_has_work_anywhere(services: Services, database: Database) -> None:
    people = await _with_roles(services, database)

    async with database.transaction() as tx:
        opens = {
            name: isinstance(await services.roles.may_somewhere(tx, person, Act.OPEN_DESK), Allowed)
            for name, person in people.items()
        }
        of_directory = await services.roles.may_somewhere(tx, people[OF_WEST_JAVA], Act.IMPORT_DIRECTORY)

    assert opens == {"owner": True, MEMBER: False, ORGANISER: True, OF_WEST_JAVA: True, CURATOR: False}
    assert of_directory == Refusal(RefusalReason.NATIONAL_ONLY)


async def test_standings_follow_the_grants(services: Services, database: Database) -> None:
    people = await _with_roles(services, database)

    async with database.transaction() as tx:
        found = {name: await services.roles.standings(tx, person) for name, person in people.items()}

    assert found == {
        "owner": frozenset(Standing),
        MEMBER: frozenset(),
        ORGANISER: {Standing.ORGANISER},
        OF_WEST_JAVA: {Standing.ORGANISER},
        CURATOR: {Standing.CURATOR},
    }


async def test_the_database_holds_no_secret_that_opens_an_invitation(
    services: Services, database: Database
) -> None:
    people = await _with_roles(services, database)

    async with database.transaction() as tx:
        made = await services.roles.invite(tx, people["owner"], Role.CURATOR, ())
        assert isinstance(made, Invited)
        by_hash = await services.roles.look_at(tx, people[MEMBER], made.invitation.secret_hash)

    assert made.secret not in repr(made.invitation)
    assert by_hash is InvitationFault.UNKNOWN


async def test_an_invitation_is_good_until_the_last_second_of_seven_days(
    services: Services, database: Database, clock: ManualClock
) -> None:
    people = await _with_roles(services, database)
    async with database.transaction() as tx:
        made = await services.roles.invite(tx, people["owner"], Role.CURATOR, ())
    assert isinstance(made, Invited)

    found = []
    for wait in (timedelta(days=7) - timedelta(seconds=1), timedelta(seconds=1)):
        clock.advance(wait)
        async with database.transaction() as tx:
            found.append(await services.roles.look_at(tx, people[MEMBER], made.secret))

    assert found[0] == made.invitation
    assert found[1] is InvitationFault.EXPIRED


async def test_an_invitation_adds_to_what_a_person_has(services: Services, database: Database) -> None:
    people = await _with_roles(services, database)
    async with database.transaction() as tx:
        made = await services.roles.invite(tx, people["owner"], Role.ORGANISER, ["32", "33"])
        assert isinstance(made, Invited)
        await services.roles.accept(tx, people[OF_WEST_JAVA], made.secret)

        reach = await services.roles.reach(tx, people[OF_WEST_JAVA], Act.ANNOUNCE)

    assert (reach.is_national, reach.provinces) == (False, frozenset({"32", "33"}))
