"""A save in OnePlan: what moved is brought in step, and our own echo costs two reads (R15, R17)."""

import asyncio
from dataclasses import replace

import pytest

from shared.engine.finish import fail
from shared.engine.item import Asked, reconcile_item
from shared.engine.look import Moved, bring_in_step
from shared.engine.requests import request_full_sync
from shared.messages import SyncMessage
from shared.ports import Link, StoredConnection
from tests.feeds.synced import Synced
from tests.sync.scenes import activity_of


async def test_a_plan_renamed_in_oneplan_reaches_azure_devops(synced: Synced) -> None:
    number, link = await synced.linked("plan")
    await synced.edit_oneplan(act="edit-plan", plan=link.target, name="Renamed here")
    await synced.saved(link.target)
    await synced.until(lambda: synced.title(number) == "Renamed here")


async def test_a_task_renamed_in_oneplan_reaches_azure_devops_by_the_event_of_its_plan(synced: Synced) -> None:
    number, link = await synced.linked("task")
    await synced.edit_oneplan(act="edit-task", task=link.target, name="Renamed here")
    await synced.saved(link.plan)
    await synced.until(lambda: synced.title(number) == "Renamed here")


@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_our_own_echo_is_two_reads_and_no_write(synced: Synced, kind: str) -> None:
    number, link = await synced.linked(kind)
    await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
    await synced.hook(number)
    await synced.bench.pump()
    synced.bench.reset_calls()
    await synced.saved(link.plan or link.target)
    assert (synced.calls[0], synced.calls[1] <= 2, synced.writes) == (0, True, {})


async def test_a_plan_that_is_not_connected_costs_no_call(synced: Synced) -> None:
    types = synced.bench.oneplan.groups[0].plan_types
    made = await synced.edit_oneplan(act="create-plan", name="Not ours", type=types[0]["Name"])
    synced.bench.reset_calls()
    await synced.saved(made["id"])
    assert synced.calls == (0, 0)


async def test_a_burst_of_saves_of_one_plan_is_looked_at_together(synced: Synced) -> None:
    number, link = await synced.linked("plan")
    for edit in range(10):
        await synced.edit_oneplan(act="edit-plan", plan=link.target, name=f"Edit {edit}")
    synced.bench.reset_calls()
    await asyncio.gather(*(synced.saved(link.target) for _ in range(20)))
    await synced.until(lambda: synced.title(number) == "Edit 9")
    assert synced.calls[1] <= 12
    assert sum(synced.writes.values()) == 1


async def test_a_save_during_the_look_is_looked_at_once_more(synced: Synced) -> None:
    looks, (_, link) = synced.bench.parts.engine.looks, await synced.linked("plan")
    first = await looks.begin(synced.connection, link.target)
    assert first is not None
    assert await looks.begin(synced.connection, link.target) is None
    again = await looks.end(first)
    assert again is not None
    assert await looks.end(again) is None
    assert await looks.begin(synced.connection, link.target) is not None


async def test_a_look_that_failed_gives_the_plan_back_and_comes_again(synced: Synced) -> None:
    number, link = await synced.linked("plan")
    await synced.edit_oneplan(act="edit-plan", plan=link.target, name="Renamed here")
    fault = {"kind": "status", "method": "GET", "path": f"/api/workplan/{link.target}$", "status": 503, "times": 6}
    synced.bench.oneplan.faults.apply({"rules": [fault]})
    message = SyncMessage(synced.connection, "save", side="oneplan", item=link.target, event="saved")
    await synced.bench.parts.queue.send("sync-hooks", message)
    await synced.until(lambda: synced.title(number) == "Renamed here")


async def _nobody() -> None:
    """Nobody asked for another round."""


async def test_a_task_that_went_to_another_plan_is_listed_there_only(synced: Synced) -> None:
    """Its row in the former plan's list stays until that plan is looked at, and does no harm until then."""
    links, (_, link) = synced.bench.parts.engine.links, await synced.linked("task", leaf=True)
    other = next(one for one in await links.plans(synced.connection) if one.target != link.plan)
    await synced.edit_oneplan(act="move-task", task=link.target, plan=other.target)
    held = await links.acquire(synced.connection, link)
    await links.record(synced.connection, replace(held, plan=other.target), _nobody)
    assert link.target in {one.target for one in await links.in_plan(synced.connection, other.target)}
    synced.bench.reset_calls()
    await synced.saved(link.plan)
    assert (synced.calls[0], synced.writes) == (0, {})
    assert link.target not in {one.target for one in await links.in_plan(synced.connection, link.plan)}


async def test_saves_during_the_first_sync_cost_no_call_and_are_looked_at_once_it_is_over(settled: Synced) -> None:
    """Nearly all of them are our own creates and marks."""
    engine, (number, link) = settled.bench.parts.engine, await settled.linked("plan")
    run = await request_full_sync(engine, settled.connection, "person")
    await settled.edit_oneplan(act="edit-plan", plan=link.target, name="Renamed meanwhile")
    settled.bench.reset_calls()
    for _ in range(5):
        await settled.saved(link.target)
    assert settled.calls == (0, 0)
    assert await engine.looks.put_off(settled.connection, link.target, None) > await engine.pages.now()
    await fail(engine, run, "it was cut off")
    await settled.saved(link.target)
    assert settled.title(number) == "Renamed meanwhile"


async def _listed(synced: Synced) -> tuple[StoredConnection, Link, Moved]:
    """A connected plan as a look has just listed it."""
    engine, (_, link) = synced.bench.parts.engine, await synced.linked("plan")
    stored = await engine.connections.get(synced.connection)
    held = await engine.links.plan(synced.connection, link.target)
    assert stored is not None
    assert held is not None
    async with engine.remotes.open(stored, "hooks") as sides:
        return stored, link, Moved(link.key, await sides.oneplan.plan(link.target), held.half)


async def test_what_was_listed_is_read_once_more_before_it_is_written_over(synced: Synced) -> None:
    """A look works through its list for a while, and a person may edit what stands in it."""
    engine, (stored, link, listed) = synced.bench.parts.engine, await _listed(synced)
    number = int(link.key[1:])
    await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
    await synced.edit_oneplan(act="edit-plan", plan=link.target, name="Renamed here")
    await bring_in_step(engine, stored, listed, "hooks", Asked(cause="timer"))
    activity = await activity_of(synced.bench, number)
    conflicts = await engine.conflicts.list(synced.connection)
    assert "Renamed here" in f"{synced.title(number)} {activity} {conflicts}"


async def test_a_counterpart_that_was_read_before_another_wrote_it_is_no_edit(synced: Synced) -> None:
    """A look reads the plan, a hook brings a new title over meanwhile, and only then the look goes on."""
    engine, (stored, link, before) = synced.bench.parts.engine, await _listed(synced)
    number = int(link.key[1:])
    await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
    await reconcile_item(engine, stored, number, "hooks", Asked(cause="timer"))
    synced.bench.reset_calls()
    await bring_in_step(engine, stored, before, "hooks", Asked(cause="timer"))
    assert synced.title(number) == "Renamed there"
    assert synced.writes == {}
