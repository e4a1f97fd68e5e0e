"""Going round the connected plans within a share of the budget."""

import pytest

from shared.adapters.oneplan.rotation import merged, rotated
from shared.ports.changes import Look

PLANS = [f"{number:02d}" for number in range(10)]


@pytest.mark.parametrize(("per_minute", "minutes", "rounds"), [(1, 5, 2), (0.1, 5, 10), (20, 5, 1), (0.8, 5, 3)])
def test_every_plan_comes_by_within_the_time_that_is_told(per_minute: float, minutes: float, rounds: int) -> None:
    seen: set[str] = set()
    cursor = ""
    for _ in range(rounds):
        rotation = rotated(PLANS, cursor, per_minute, minutes)
        assert len(rotation.looks) <= max(1, per_minute * minutes)
        seen |= {look.plan for look in rotation.looks}
        cursor = rotation.cursor
    assert seen == set(PLANS)
    assert rotation.delay_seconds == rounds * minutes * 60


def test_the_round_goes_on_behind_a_plan_that_is_gone() -> None:
    assert rotated(["a", "c"], "b", 0.1, 5).looks == (Look("c", itself=False),)
    assert rotated([], "b", 1, 5).looks == ()


def test_a_plan_that_was_saved_is_looked_at_once_as_a_whole() -> None:
    assert merged([Look("a")], [Look("a", itself=False), Look("b", itself=False)]) == (
        Look("a"),
        Look("b", itself=False),
    )
