"""The first sync under each position of what the record leaves open, and under pairs of them (issue 3, Done when).

A first sync that never asks for a switch is the same in each of its positions, so it is tried only by `make soak`
(ALL_POSITIONS), and with 60 work items; which switches are asked for is seen by a test.
"""

import os
import sys
from random import Random
from typing import Any

import pytest

from local.azure_devops.switches import SWITCHES as DEVOPS
from local.azurite import Azurite
from local.oneplan.switches import SWITCHES as ONEPLAN
from local.vault import RunningVault
from tests.sync.bench import bench

type Position = tuple[str, str, Any]

# What a first sync and a second look ask for.
ASKED: dict[str, set[str]] = {
    "devops": {
        "deleted_parent_link",
        "fields_with_expand",
        "markdown_answered",
        "omitted_items",
        "preview_refused",
        "relations_reordered",
        "slowed",
        "system_parent_field",
    },
    "oneplan": {
        "archived_plan_read",
        "assign_by",
        "assignments_need_processing",
        "audit_auth_key",
        "auditing",
        "dates_in_utc",
        "editor_of_key",
        "error_body",
        "events_on_api_saves",
        "events_on_task_saves",
        "integration_id_kept",
        "integration_must_exist",
        "list_has_fields",
        "marker_is_a_save",
        "parent_on_create",
        "plan_dates_write",
        "refuse_name_prefix",
        "sibling_order_route",
        "task_marker_clear",
        "task_save_touches_plan",
        "text_limit",
        "wrong_path",
    },
}
ALL: list[Position] = [
    (system, switch.name, position)
    for system, switches in (("devops", DEVOPS), ("oneplan", ONEPLAN))
    for switch in switches
    for position in switch.positions[1:]
]
MET = [one for one in ALL if one[1] in ASKED[one[0]]]
SINGLE, SIZE = (ALL, 60) if os.environ.get("ALL_POSITIONS") else (MET, 30)


def _pairs() -> list[tuple[Position, Position]]:
    """`slowed` asks for a second before each request, which one test is enough for."""
    random, found = Random(3), []
    quick = [one for one in SINGLE if one[1] != "slowed"]
    while len(found) < 20:
        first, second = random.sample(quick, 2)
        if first[:2] != second[:2]:
            found.append((first, second))
    return found


def _id(value: Any) -> str:
    return "-".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


async def _in_step(
    azurite: Azurite, vault: RunningVault, *positions: Position, size: int = SIZE
) -> dict[str, set[str]]:
    """The switches that were asked for."""
    switches: dict[str, dict[str, Any]] = {"devops": {}, "oneplan": {}}
    for system, name, position in positions:
        switches[system][name] = position
    async with bench(azurite.connection_string, vault, size=size, **switches) as made:
        await made.connect()
        made.reset_calls()
        run = await made.full_sync()
        assert (run.state, run.problem, run.counts["waiting"], run.counts["failures"]) == ("done", "", 0, 0)
        spent = sum(made.devops_calls.values()), sum(made.oneplan_calls.values())
        sys.stdout.write(f"\n{positions}: {spent[0]} calls to Azure DevOps, {spent[1]} to OnePlan\n")
        again = await made.full_sync()
        assert (again.counts.get("drifted", 0), again.counts.get("created", 0)) == (0, 0)
        asked = {"devops": set(made.devops.faults.asked), "oneplan": set(made.oneplan.faults.asked)}
        # The check reads as any program would, so nothing is slowed or hidden from it.
        made.devops.faults.apply({"clear": True})
        made.oneplan.faults.apply({"clear": True})
        report = await made.compare()
        assert report.problems == []
    return asked


async def test_the_switches_that_a_first_sync_asks_for_are_tried(azurite: Azurite, vault: RunningVault) -> None:
    asked = await _in_step(azurite, vault, size=60)
    sys.stdout.write(f"\nnot tried, as nothing asks for them: {[one for one in ALL if one not in MET]}\n")
    assert asked == ASKED


@pytest.mark.parametrize("position", SINGLE, ids=_id)
async def test_a_first_sync_works_in_every_position(azurite: Azurite, vault: RunningVault, position: Position) -> None:
    await _in_step(azurite, vault, position)


@pytest.mark.parametrize(("first", "second"), _pairs(), ids=_id)
async def test_a_first_sync_works_in_pairs_of_positions(
    azurite: Azurite, vault: RunningVault, first: Position, second: Position
) -> None:
    await _in_step(azurite, vault, first, second)
