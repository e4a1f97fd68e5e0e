"""Scenes that a program came upon, or that a planted defect needs: each a failing seed made short and given a name."""

import asyncio

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.engine.item import QUIET
from shared.messages import Seen, SyncMessage
from tests.machine.landscape import Landscape, Paired
from tests.machine.verdict import rows
from tests.sync.bench import Bench, Moment, bench

REST = QUIET + 1.2  # more than the time for which edits of one item are taken together


def _ahead() -> Moment:
    """Right before a write of a task arrives in OnePlan."""
    return Moment("/tasks/", "POST")


async def _synced(made: Bench) -> Paired:
    """A task in step, at rest."""
    await made.connect()
    run = await made.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    await asyncio.sleep(REST)
    return Landscape(made).pairs("task")[0]


async def _rename(made: Bench, task: Paired, title: str) -> None:
    await Landscape(made).devops(act="update", id=task.number, fields={"System.Title": title})


async def _hook(made: Bench, task: Paired, seen: Seen | None = None) -> None:
    message = SyncMessage(
        made.connection, "hook", side="azure-devops", item=str(task.number), event="updated", seen=seen
    )
    await made.parts.engine.queue.send("sync-hooks", message)


def _title(made: Bench, task: Paired) -> str:
    return Landscape(made).devops_value(task.number, "title")


async def test_an_edit_of_another_field_at_the_moment_of_our_write_arrives(
    azurite: Azurite, vault: RunningVault
) -> None:
    ahead = _ahead()
    async with bench(azurite.connection_string, vault, size=12, around=ahead.around) as made:
        task = await _synced(made)
        person = {"act": "edit-task", "task": task.record["id"], "fields": {"DueDate": "2031-05-05"}}
        ahead.first = lambda: Landscape(made).oneplan(**person)
        await _rename(made, task, "Renamed there")
        await _hook(made, task)
        await made.pump()
        await asyncio.sleep(REST)
        await made.pump()
        assert (task.record["Name"], Landscape(made).devops_value(task.number, "due")) == (
            "Renamed there",
            "2031-05-05",
        )


async def test_an_edit_that_the_answer_to_a_move_shows_is_not_written_over(
    azurite: Azurite, vault: RunningVault
) -> None:
    """Seed 102: the move and the fields are two writes, and a person was ahead of the first."""
    ahead = _ahead()
    async with bench(azurite.connection_string, vault, size=12, around=ahead.around) as made:
        await _synced(made)
        land = Landscape(made)
        numbers = [await _new_story(made) for _ in range(2)]
        await made.full_sync()
        await asyncio.sleep(REST)
        task, above = [one for one in land.pairs("task") if one.number in numbers]
        ahead.first = lambda: land.oneplan(act="edit-task", task=task.record["id"], name="Edited here")
        await land.devops(act="reparent", id=task.number, parent=above.number)
        await _rename(made, task, "Renamed there")
        await _hook(made, task)
        await made.pump()
        await asyncio.sleep(REST)
        await made.pump()
        told = str((await rows(made.storage, made.connection))["activity"])
        assert (task.record["ParentId"], task.record["Name"]) == (above.record["id"], _title(made, task))
        (loser,) = {"Edited here", "Renamed there"} - {_title(made, task)}
        assert loser in told


async def _new_story(made: Bench) -> int:
    """A new story below the first Epic."""
    land = Landscape(made)
    epic = next(one for one in land.items() if one.type == "Epic" and one.id in {pair.number for pair in land.pairs()})
    project = epic.now.fields["System.TeamProject"]
    kinds = {one.name for one in made.devops.organization.process_of(made.devops.organization.projects[0]).types}
    kind = next(one for one in ("User Story", "Product Backlog Item", "Requirement", "Issue") if one in kinds)
    created = await land.devops(
        act="create", project=project, type=kind, parent=epic.id, fields={"System.Title": "A story"}
    )
    assert created is not None
    return int(created["id"])


async def test_what_oneplan_says_it_did_and_did_not_is_no_agreement(azurite: Azurite, vault: RunningVault) -> None:
    async with bench(azurite.connection_string, vault, size=12) as made:
        task = await _synced(made)
        nothing = {"kind": "no-op", "method": "POST", "path": "/tasks/[0-9a-f-]{36}$"}
        made.oneplan.faults.apply({"rules": [nothing]})
        await _rename(made, task, "Renamed there")
        await _hook(made, task)
        await made.pump()
        made.oneplan.faults.rules.clear()
        await made.full_sync()
        await made.full_sync()
        assert (_title(made, task), task.record["Name"]) == ("Renamed there", "Renamed there")


async def test_an_edit_right_after_our_own_write_arrives_by_its_hook(azurite: Azurite, vault: RunningVault) -> None:
    async with bench(azurite.connection_string, vault, size=12) as made:
        task = await _synced(made)
        for title in ("First", "Second"):
            await _rename(made, task, title)
            await _hook(made, task)
            await made.pump()
        await asyncio.sleep(REST)
        await made.pump()
        assert task.record["Name"] == "Second"


async def test_an_edit_while_the_pair_is_being_written_arrives_by_its_hook(
    azurite: Azurite, vault: RunningVault
) -> None:
    async with bench(azurite.connection_string, vault, size=12) as made:
        task = await _synced(made)
        slow = {"kind": "latency", "seconds": 1.0, "method": "POST", "path": "/tasks/", "times": 1}
        made.oneplan.faults.apply({"rules": [slow]})
        await _rename(made, task, "First")
        await _hook(made, task)
        first = asyncio.create_task(made.pump())
        await asyncio.sleep(0.6)
        await _rename(made, task, "Second")
        await _hook(made, task)
        await made.pump()
        await first
        await asyncio.sleep(REST)
        await made.pump()
        assert task.record["Name"] == "Second"


async def test_a_move_that_changes_no_revision_arrives_by_its_hook(azurite: Azurite, vault: RunningVault) -> None:
    async with bench(azurite.connection_string, vault, size=12) as made:
        await _synced(made)
        land, zero = Landscape(made), "00000000-0000-0000-0000-000000000000"
        moved = next(one for one in land.pairs("plan") if one.record["PortfolioParentId"] != zero)
        rev = made.devops.organization.items[moved.number].now.rev
        await land.devops(act="reparent", id=moved.number, parent=None)
        assert made.devops.organization.items[moved.number].now.rev == rev
        await _hook(made, moved, Seen(rev, 0))
        await made.pump()
        assert moved.record["PortfolioParentId"] == zero


async def test_what_gives_way_is_in_the_activity_before_it_is_written_over(
    azurite: Azurite, vault: RunningVault
) -> None:
    """Seed 1: a worker that died between its write and the activity lost the value of a person."""
    ahead, seen = _ahead(), list[str]()
    async with bench(azurite.connection_string, vault, size=12, around=ahead.around) as made:
        await made.connect(conflictPolicy="azure-devops")
        await made.full_sync()
        task, land = Landscape(made).pairs("task")[0], Landscape(made)
        await land.oneplan(act="edit-task", task=task.record["id"], name="Written over")
        await _rename(made, task, "Wins")

        async def look() -> None:
            seen.append(str((await rows(made.storage, made.connection))["activity"]))

        ahead.first = look
        await made.full_sync()
        assert task.record["Name"] == "Wins"
        assert "Written over" in seen[0]


@pytest.mark.parametrize("hooked", [True, False])
async def test_a_task_that_a_person_moved_to_another_plan_is_not_taken_for_deleted(
    azurite: Azurite, vault: RunningVault, hooked: bool
) -> None:
    """Seed 1: a task is read in the plan that it was agreed to be in."""
    async with bench(azurite.connection_string, vault, size=12) as made:
        task = await _synced(made)
        land = Landscape(made)
        other = next(one for one in land.pairs("plan") if one.plan != task.plan)
        await land.oneplan(act="move-task", task=task.record["id"], plan=other.record["id"], parent=None)
        if hooked:
            await _rename(made, task, "Renamed there")
            await _hook(made, task)
            await made.pump()
        await made.full_sync()
        await made.full_sync()
        (found,) = [one for one in land.pairs("task") if one.number == task.number]
        assert found.record["Name"] == _title(made, task)
        assert (await made.compare()).problems == []
