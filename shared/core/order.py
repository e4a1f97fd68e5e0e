"""The order of siblings in a plan's task list, which follows the backlog (R18)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sibling:
    """An item that has a rank in the backlog: what it hangs below, in the plan of which item."""

    key: str
    plan: str
    above: str
    rank: float


@dataclass(frozen=True, slots=True)
class Place:
    """The task is to stand at that index of its plan's list, counted without the task itself; it stands at `was`."""

    task: str
    index: int
    was: int


def places(current: Sequence[str], *families: Sequence[str]) -> tuple[Place, ...]:
    """The fewest moves, one after the other, that put each family of tasks into its order.

    `current` is the plan's whole list as it stands. Tasks of no family keep their order; those that are not there are
    left out. Whoever is in the longest row that is in order already stays.
    """
    row = list(current)
    return tuple(move for family in families for move in _put_in_order(row, family))


def _put_in_order(row: list[str], family: Sequence[str]) -> list[Place]:
    """The moves for one family; afterwards the row is as they leave it."""
    at = {task: number for number, task in enumerate(row)}
    there = [task for task in family if task in at]
    stay = _longest_row([at[task] for task in there])
    moves: list[Place] = []
    for number, task in enumerate(there):
        if number in stay:
            continue
        was = row.index(task)
        row.pop(was)
        index = row.index(there[number - 1]) + 1 if number else row.index(there[min(stay)])
        row.insert(index, task)
        moves.append(Place(task, index, was))
    return moves


def siblings(items: Iterable[Sibling]) -> dict[str, list[list[str]]]:
    """By plan, the keys of each family in the order of the backlog; a family of one has none."""
    families: dict[tuple[str, str], list[Sibling]] = defaultdict(list)
    for one in items:
        families[one.plan, one.above].append(one)
    found: dict[str, list[list[str]]] = defaultdict(list)
    for (plan, _), family in families.items():
        if len(family) > 1:
            found[plan].append([one.key for one in sorted(family, key=lambda one: (one.rank, one.key))])
    return found


def _longest_row(numbers: Sequence[int]) -> set[int]:
    """Where the numbers of a longest increasing subsequence stand. All numbers are different."""
    ends: list[int] = []
    end_at: list[int] = []
    before: list[int | None] = []
    for at, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(end_at[length - 1] if length else None)
        ends[length : length + 1] = [number]
        end_at[length : length + 1] = [at]
    found: set[int] = set()
    step = end_at[-1] if end_at else None
    while step is not None:
        found.add(step)
        step = before[step]
    return found
