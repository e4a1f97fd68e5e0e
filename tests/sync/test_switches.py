"""The first sync under each position of what the record leaves open, and under pairs of them (issue 3, Done when)."""

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

SINGLE: list[Position] = [
    (system, switch.name, position)
    for system, switches in (("devops", DEVOPS), ("oneplan", ONEPLAN))
    for switch in switches
    for position in switch.positions[1:]
]


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


async def _in_step(azurite: Azurite, vault: RunningVault, *positions: Position) -> None:
    switches: dict[str, dict[str, Any]] = {"devops": {}, "oneplan": {}}
    for system, name, position in positions:
        switches[system][name] = position
    async with bench(azurite.connection_string, vault, **switches) as made:
        await made.connect()
        made.reset_calls()
        run = await made.full_sync()
        assert (run.state, run.problem, run.counts["waiting"], run.counts["failures"]) == ("done", "", 0, 0)
        spent = sum(made.devops_calls.values()), sum(made.oneplan_calls.values())
        sys.stdout.write(f"\n{positions}: {spent[0]} calls to Azure DevOps, {spent[1]} to OnePlan\n")
        # The check reads as any program would, so nothing is slowed or hidden from it.
        again = await made.full_sync()
        assert (again.counts.get("drifted", 0), again.counts.get("created", 0)) == (0, 0)
        made.devops.faults.apply({"clear": True})
        made.oneplan.faults.apply({"clear": True})
        report = await made.compare()
        assert report.problems == []


@pytest.mark.parametrize("position", SINGLE, ids=_id)
async def test_a_first_sync_works_in_every_position(azurite: Azurite, vault: RunningVault, position: Position) -> None:
    await _in_step(azurite, vault, position)


@pytest.mark.parametrize(("first", "second"), _pairs(), ids=_id)
async def test_a_first_sync_works_in_pairs_of_positions(
    azurite: Azurite, vault: RunningVault, first: Position, second: Position
) -> None:
    await _in_step(azurite, vault, first, second)
