import pytest

from benchmarks.reliability.figures import OURS, Goal, Row, Table, missed, percentile

SPEED = Row("answers", "a second", 1, goal=Goal(0.5, is_floor=True, of="stock"))
WAIT = Row("wait", "s", 2, goal=Goal(1.5))


def a_table(ours: list[dict[str, float]], stock: list[dict[str, float]]) -> Table:
    table = Table("A run", (SPEED, WAIT))
    for figures in ours:
        table.note(OURS, figures)
    for figures in stock:
        table.note("stock", figures)
    return table


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(0.5, 50.0, id="half"),
        pytest.param(0.95, 95.0, id="most"),
        pytest.param(1.0, 100.0, id="all"),
        pytest.param(0.0, 1.0, id="none"),
        pytest.param(0.501, 51.0, id="a little more than half"),
    ],
)
def test_a_percentile_is_a_value_that_occurred(share: float, expected: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], share) == expected


def test_one_value_is_every_percentile() -> None:
    assert percentile([0.3], 0.5) == percentile([0.3], 0.95) == 0.3


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_a_goal_is_met_by_the_median_and_not_by_every_run() -> None:
    table = a_table([{"wait": 1.0}, {"wait": 9.0}, {"wait": 1.5}], [])

    assert table.verdict(WAIT) is True


def test_a_goal_beside_the_stock_library_is_a_share_of_its_median() -> None:
    table = a_table([{"answers": 49.0}], [{"answers": 90.0}, {"answers": 100.0}, {"answers": 500.0}])

    assert table.verdict(SPEED) is False
    assert missed([table]) == ["A run: answers"]


def test_a_floor_is_met_when_it_is_just_reached() -> None:
    assert a_table([{"answers": 50.0}], [{"answers": 100.0}]).verdict(SPEED) is True


def test_without_the_other_bot_there_is_no_verdict() -> None:
    assert a_table([{"answers": 50.0}], []).verdict(SPEED) is None
    assert a_table([], [{"wait": 50.0}]).verdict(WAIT) is None


def test_the_table_shows_medians_extremes_and_what_was_missed() -> None:
    table = a_table(
        [{"answers": 40.0, "wait": 1.0}, {"answers": 1_500.0, "wait": 1.0}, {"answers": 30.0, "wait": 1.0}],
        [{"answers": 100.0}],
    )

    title, head, answers, wait = str(table).splitlines()

    assert title == "A run"
    assert head.split() == ["ours", "stock", "goal"]
    assert " ".join(answers.split()) == "answers, a second 40.0 (30.0–1,500.0) 100.0 ≥ 0.5 × stock: MISSED"
    assert " ".join(wait.split()) == "wait, s 1.00 ≤ 1.5: met"


def test_rows_that_nobody_measured_are_left_out() -> None:
    assert len(str(a_table([{"wait": 1.0}], [])).splitlines()) == 3


def test_a_figure_without_a_row_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="speed"):
        a_table([{"speed": 1.0}], [])
