from typing import Any

import pytest

from bot.simulator import Simulator
from bot.simulator.controls.lookup import ControlError
from tests.simulator.conftest import Api, HandClock

QUESTION = {"question": "Bagaimana sesi ini?", "options": [{"text": "Baik"}, {"text": "Buruk"}]}


async def poll(api: Api, chat_id: int, **params: Any) -> dict[str, Any]:
    message: dict[str, Any] = await api.call("sendPoll", chat_id=chat_id, **(QUESTION | params))
    return message


async def test_a_poll_has_the_shape_of_the_real_server(api: Api, siti: int) -> None:
    sent = await poll(api, siti)

    assert sent["poll"] == {
        "id": sent["poll"]["id"],
        "question": "Bagaimana sesi ini?",
        "options": [
            {"persistent_id": "0", "text": "Baik", "voter_count": 0},
            {"persistent_id": "1", "text": "Buruk", "voter_count": 0},
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }


async def test_a_named_vote_comes_as_poll_answer_and_as_poll(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await poll(api, siti, is_anonymous=False)

    simulator.control.vote(siti, siti, sent["message_id"], [1])
    answer, totals = await api.updates()
    simulator.control.vote(siti, siti, sent["message_id"], [0])
    changed, _ = await api.updates()
    simulator.control.vote(siti, siti, sent["message_id"], [])
    retracted, emptied = await api.updates()

    assert answer["poll_answer"] == {
        "poll_id": sent["poll"]["id"],
        "option_ids": [1],
        "option_persistent_ids": ["1"],
        "user": answer["poll_answer"]["user"],
    }
    assert answer["poll_answer"]["user"]["id"] == siti
    assert [option["voter_count"] for option in totals["poll"]["options"]] == [0, 1]
    assert changed["poll_answer"]["option_ids"] == [0]
    assert retracted["poll_answer"]["option_ids"] == []
    assert emptied["poll"]["total_voter_count"] == 0


async def test_an_anonymous_vote_comes_only_as_totals(
    api: Api, simulator: Simulator, group: int, siti: int, budi: int
) -> None:
    sent = await poll(api, group)
    simulator.control.vote(siti, group, sent["message_id"], [0])
    simulator.control.vote(budi, group, sent["message_id"], [1])

    updates = await api.updates()

    assert [list(update) for update in updates] == [["update_id", "poll"]] * 2
    assert updates[-1]["poll"]["total_voter_count"] == 2
    assert simulator.control.messages(group)[-1]["poll"]["total_voter_count"] == 2


async def test_every_private_copy_has_a_poll_of_its_own_and_a_forward_shares_it(
    api: Api, simulator: Simulator, siti: int
) -> None:
    first = await poll(api, siti)
    source = {"chat_id": siti, "from_chat_id": siti, "message_id": first["message_id"]}
    forwarded = await api.call("forwardMessage", **source)
    await api.call("copyMessage", **source)
    copied = simulator.control.messages(siti)[-1]

    simulator.control.vote(siti, siti, forwarded["message_id"], [0])

    assert forwarded["poll"]["id"] == first["poll"]["id"]
    assert copied["poll"]["id"] != first["poll"]["id"]
    totals = [m["poll"]["total_voter_count"] for m in simulator.control.messages(siti) if "poll" in m]
    assert totals == [1, 1, 0]


async def test_a_vote_that_the_poll_does_not_allow_is_refused(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await poll(api, siti, allows_revoting=False)
    several = await poll(api, siti, allows_multiple_answers=True)

    with pytest.raises(ControlError, match="one answer only"):
        simulator.control.vote(siti, siti, sent["message_id"], [0, 1])
    with pytest.raises(ControlError, match="options 0 to 1"):
        simulator.control.vote(siti, siti, sent["message_id"], [2])
    simulator.control.vote(siti, siti, sent["message_id"], [0])
    with pytest.raises(ControlError, match="change a vote"):
        simulator.control.vote(siti, siti, sent["message_id"], [])
    simulator.control.vote(siti, siti, several["message_id"], [1, 0])
    assert [one["voter_count"] for one in simulator.control.messages(siti)[-1]["poll"]["options"]] == [1, 1]


async def test_a_stopped_poll_takes_no_votes_and_cannot_be_stopped_again(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await poll(api, siti)
    target = {"chat_id": siti, "message_id": sent["message_id"]}

    stopped = await api.call("stopPoll", **target)
    [update] = await api.updates()

    assert (stopped["is_closed"], update["poll"]) == (True, stopped)
    with pytest.raises(ControlError, match="closed"):
        simulator.control.vote(siti, siti, sent["message_id"], [0])
    assert await api.refusal("stopPoll", **target) == "Bad Request: poll has already been closed"
    assert await api.refusal("stopPoll", chat_id=siti, message_id=1) == "Bad Request: message is not a poll"


async def test_a_poll_closes_by_itself_when_its_time_is_over(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    sent = await poll(api, siti, open_period=600)
    clock.advance(599)
    open_still = await api.updates()
    clock.advance(1)

    [update] = await api.updates()

    assert sent["poll"]["close_date"] == sent["date"] + 600
    assert open_still == []
    assert update["poll"]["is_closed"] is True
    with pytest.raises(ControlError, match="closed"):
        simulator.control.vote(siti, siti, sent["message_id"], [0])


@pytest.mark.parametrize(
    ("params", "description"),
    [
        pytest.param({"question": " "}, "poll question must be non-empty", id="no-question"),
        pytest.param({"question": "x" * 301}, "poll question length must not exceed 300", id="long-question"),
        pytest.param({"options": []}, "poll must have at least 1 option", id="no-options"),
        pytest.param({"options": ["x"] * 13}, "poll can't have more than 12 options", id="13-options"),
        pytest.param(
            {"options": ["x" * 101, "y"]}, "poll options length must not exceed 100", id="long-option"
        ),
        pytest.param({"options": [" ", "y"]}, "poll options must be non-empty", id="empty-option"),
        pytest.param({"type": "exam"}, "unsupported poll type specified", id="type"),
        pytest.param({"type": "quiz"}, "wrong correct option ID specified", id="quiz-without-answer"),
        pytest.param(
            {"type": "quiz", "correct_option_ids": [2]},
            "wrong correct option ID specified",
            id="wrong-answer",
        ),
        pytest.param(
            {"open_period": 4}, "poll open period must be between 5 and 2628000 seconds", id="short-period"
        ),
        pytest.param(
            {"open_period": 5, "close_date": 2_000_000_000},
            "only one of the parameters open_period and close_date can be specified",
            id="both-ends",
        ),
        pytest.param(
            {"type": "quiz", "correct_option_ids": [0], "explanation": "a\nb\nc\nd"},
            "MESSAGE_TOO_LONG",
            id="long-explanation",
        ),
    ],
)
async def test_polls_are_checked(api: Api, siti: int, params: dict[str, Any], description: str) -> None:
    assert await api.refusal("sendPoll", chat_id=siti, **(QUESTION | params)) == f"Bad Request: {description}"


async def test_a_quiz_shows_its_answer_and_explanation_to_its_bot(api: Api, siti: int) -> None:
    sent = await poll(
        api,
        siti,
        type="quiz",
        correct_option_ids=[1],
        explanation="<b>Begitu</b>",
        explanation_parse_mode="HTML",
    )

    assert sent["poll"]["type"] == "quiz"
    assert sent["poll"]["correct_option_ids"] == [1]
    assert sent["poll"]["explanation"] == "Begitu"
    assert sent["poll"]["allows_revoting"] is False


async def test_an_anonymous_administrator_votes_as_the_group(
    api: Api, simulator: Simulator, group: int, siti: int
) -> None:
    sent = await poll(api, group, is_anonymous=False)

    simulator.control.vote(siti, group, sent["message_id"], [0], as_anonymous_admin=True)

    answer, _ = await api.updates()
    assert answer["poll_answer"]["voter_chat"]["id"] == group
    assert "user" not in answer["poll_answer"]
