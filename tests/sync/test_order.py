"""Siblings stand in OnePlan as in the backlog, where OnePlan lets a program move them (R18)."""

from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.engine.item import Asked, reconcile_item
from shared.ports import Run
from tests.sync.acts import act
from tests.sync.bench import Bench, bench

RANK = "Microsoft.VSTS.Common.StackRank"


@pytest.fixture
async def offered(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """30 work items, and a OnePlan that moves tasks."""
    async with bench(azurite.connection_string, vault, size=30, oneplan={"sibling_order_route": True}) as made:
        await made.connect()
        yield made


async def _done(made: Bench) -> Run:
    made.reset_calls()
    run = await made.full_sync()
    assert (run.state, run.problem, run.counts["failures"]) == ("done", "", 0)
    return run


def _moves(made: Bench) -> int:
    return sum(count for route, count in made.oneplan_calls.items() if route.endswith("/move"))


async def _families(made: Bench) -> dict[tuple[str, str], list[tuple[int, float, int]]]:
    """(index, rank, work item) of each linked task that has a rank, by plan and parent, as they stand in OnePlan."""
    found: dict[tuple[str, str], list[tuple[int, float, int]]] = defaultdict(list)
    tasks = made.oneplan.groups[0].tasks
    async for link in made.parts.engine.links.list(made.connection):
        fields = made.devops.organization.items[int(link.key[1:])].now.fields
        rank: Any = fields.get(RANK, fields.get("Microsoft.VSTS.Common.BacklogPriority"))
        if link.kind == "task" and link.target and rank is not None:
            task = tasks[link.target]
            found[task["WorkPlanId"], task["ParentId"]].append((task["Index"], rank, int(link.key[1:])))
    return {where: sorted(family) for where, family in found.items() if len(family) > 1}


async def _in_order(made: Bench) -> bool:
    return all(
        [one[1:] for one in family] == sorted(one[1:] for one in family) for family in (await _families(made)).values()
    )


async def test_siblings_follow_the_backlog_and_an_order_that_is_right_costs_no_call(offered: Bench) -> None:
    await _done(offered)
    assert await _in_order(offered)
    again = await _done(offered)
    assert (again.counts.get("ordered", 0), again.notes) == (0, ())
    in_order = sum(offered.oneplan_calls.values())

    family = max((await _families(offered)).values(), key=len)
    (_, first, _), (_, _, last) = family[0], family[-1]
    await act(offered.devops_url, act="update", id=last, fields={RANK: first - 1})
    moved = await _done(offered)
    assert (moved.counts["ordered"], _moves(offered)) == (1, 1)
    assert await _in_order(offered)
    # One list of the plan's tasks, the move, and one read that proves it.
    assert sum(offered.oneplan_calls.values()) == in_order + 3


async def test_a_task_that_a_person_dragged_goes_back_and_tasks_of_their_own_stay(offered: Bench) -> None:
    await _done(offered)
    (plan, _), family = max((await _families(offered)).items(), key=lambda one: len(one[1]))
    made = await act(offered.oneplan_url, act="create-task", plan=plan, name="By hand", type="Task")
    group = offered.oneplan.groups[0]
    (dragged,) = [
        one["id"] for one in group.tasks.values() if one["WorkPlanId"] == plan and one["Index"] == family[0][0]
    ]
    await act(offered.oneplan_url, act="move-task", task=dragged, index=len(group.tasks_of[plan]) - 1)
    await _done(offered)
    assert await _in_order(offered)
    assert group.tasks[made["id"]]["Name"] == "By hand"


async def test_where_oneplan_moves_no_task_the_run_says_so_once_and_asks_no_more(small: Bench) -> None:
    await small.connect()
    first = await _done(small)
    assert not await _in_order(small)
    assert (len(first.notes), _moves(small)) == (1, 1)
    assert "drag the task to its place" in first.notes[0]
    again = await _done(small)
    assert (again.notes, _moves(small)) == (first.notes, 0)


async def _looked_at(made: Bench, number: int) -> None:
    stored = await made.parts.connections.get(made.connection)
    assert stored is not None
    made.reset_calls()
    asked = Asked("sync-interactive", "person")  # a hook so soon after the first sync would be put off
    await reconcile_item(made.parts.engine, stored, number, "interactive", asked)


async def test_an_item_that_was_moved_in_the_backlog_is_moved_at_once_and_any_other_edit_moves_nothing(
    offered: Bench,
) -> None:
    await _done(offered)
    family = max((await _families(offered)).values(), key=len)
    (_, first, _), (_, _, last) = family[0], family[-1]
    await act(offered.devops_url, act="update", id=last, fields={RANK: first - 1})
    await _looked_at(offered, last)
    assert (_moves(offered), await _in_order(offered)) == (1, True)
    await act(offered.devops_url, act="update", id=last, fields={"System.Title": "Renamed"})
    await _looked_at(offered, last)
    assert [route for route in offered.oneplan_calls if route.endswith(("/move", "/tasks"))] == []


async def test_where_oneplan_moves_no_task_an_item_that_was_moved_in_the_backlog_asks_once(small: Bench) -> None:
    await small.connect()
    await _done(small)
    family = max((await _families(small)).values(), key=len)
    for rank in (-1.0, -2.0):
        await act(small.devops_url, act="update", id=family[-1][2], fields={RANK: rank})
        await _looked_at(small, family[-1][2])
        assert _moves(small) == 0
    assert await small.parts.engine.failures.list(small.connection) == []
