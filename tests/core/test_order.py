"""The order of siblings: the fewest moves, and nobody else disturbed."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.order import Place, Sibling, places, siblings


def _moved(current: Sequence[str], moves: Sequence[Place]) -> list[str]:
    """As OnePlan does it: the task is taken out, and put in at the index."""
    row = list(current)
    for one in moves:
        assert row.pop(one.was) == one.task
        row.insert(one.index, one.task)
    return row


@pytest.mark.parametrize(
    ("current", "wanted", "moves"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "", 0),
        ("abc", "cab", 1),
        ("abc", "bca", 1),
        ("axbyc", "cba", 2),
        ("abc", "cxa", 1),
    ],
)
def test_the_moves_of_a_list(current: str, wanted: str, moves: int) -> None:
    found = places(current, wanted)
    assert len(found) == moves
    assert [one for one in _moved(current, found) if one in wanted] == [one for one in wanted if one in current]


ROWS = st.permutations("abcdefg").flatmap(
    lambda row: st.tuples(st.just("".join(row)), st.permutations(row[:5]).map("".join), st.integers(0, 5))
)


@given(ROWS)
def test_the_wanted_stand_in_their_order_and_the_others_as_they_stood(one: tuple[str, str, int]) -> None:
    current, shuffled, number = one
    wanted = shuffled[:number]
    moves = places(current, wanted)
    after = _moved(current, moves)
    assert [task for task in after if task in wanted] == list(wanted)
    assert [task for task in after if task not in wanted] == [task for task in current if task not in wanted]
    assert {move.task for move in moves} <= set(wanted)
    assert places(after, wanted) == ()


@given(ROWS)
def test_no_fewer_moves_would_do(one: tuple[str, str, int]) -> None:
    """Whoever is not moved stands in order already, so as many stay as the longest row in order has."""
    current, wanted, _ = one
    in_order = [
        len(row)
        for size in range(len(wanted) + 1)
        for row in combinations(wanted, size)
        if sorted(row, key=current.index) == list(row)
    ]
    assert len(places(current, wanted)) == len(wanted) - max(in_order)


def test_families_that_stand_in_one_list_are_ordered_each_by_itself() -> None:
    after = _moved("axbyc", places("axbyc", "cba", "yx"))
    assert ([one for one in after if one in "abc"], [one for one in after if one in "xy"]) == (list("cba"), list("yx"))
    assert places("axbyc", "ac", "xy") == ()


def test_families_are_those_of_one_parent_by_rank_and_one_alone_is_none() -> None:
    rows = [
        ("w3", "p", "", 1.0),
        ("w1", "p", "", 2.0),
        ("w2", "p", "", 2.0),
        ("w4", "p", "w3", 1.0),
        ("w5", "q", "", 1),
        ("w7", "q", "w5", 3.0),
        ("w6", "q", "w5", 4.0),
    ]
    assert siblings(Sibling(*row) for row in rows) == {"p": [["w3", "w1", "w2"]], "q": [["w7", "w6"]]}
