"""With hooks off, one incremental sync brings over what changed in both systems, at a cost that follows the changes."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.queue.aio import QueueServiceClient

from local.azurite import Azurite
from local.vault import RunningVault
from shared.core.snapshots import work_item_key
from shared.engine.requests import release, request_full_sync, request_incremental, request_items
from shared.engine.trees import work_item_of
from shared.engine.work import work
from shared.messages import SyncMessage
from shared.ports import Link, Run
from tests.feeds.synced import Synced
from tests.sync.bench import bench
from tests.sync.scenes import notified

FEEDS: dict[str, dict[str, Any]] = {
    "audit": {},
    "find": {"auditing": False},
    "sweep": {"auditing": False, "auditing_off_answer": "empty", "find_sort": "ignored"},
}


async def incremental(synced: Synced) -> Run:
    """An incremental sync from its request to its end."""
    engine = synced.bench.parts.engine
    run = await request_incremental(engine, synced.connection, "person")
    await synced.bench.pump(run.id)
    ended = await engine.runs.get(synced.connection, run.id)
    assert ended is not None
    return ended


async def place(synced: Synced) -> Any:
    found = await synced.bench.parts.engine.watermarks.get(synced.connection, "changes")
    assert found is not None
    return found.place


async def test_a_run_without_a_change_costs_six_calls_and_writes_nothing(synced: Synced) -> None:
    await incremental(synced)  # begins the feeds
    synced.bench.reset_calls()
    run = await incremental(synced)
    assert run.state == "done"
    assert sum(synced.calls) <= 6
    assert synced.writes == {}


@pytest.mark.parametrize("feed", FEEDS)
async def test_what_changed_on_either_side_is_in_step_after_one_run(synced: Synced, feed: str) -> None:
    synced.bench.oneplan.faults.apply({"switches": FEEDS[feed]})
    await incremental(synced)
    plan, plan_link = await synced.linked("plan", below=True)
    task, task_link = await synced.linked("task", leaf=True)
    other, other_link = await synced.linked("plan", but=plan)
    await synced.edit_devops(act="update", id=other, fields={"System.Title": "Renamed there"})
    await synced.edit_devops(act="reparent", id=plan, parent=None)
    await synced.edit_oneplan(act="edit-plan", plan=plan_link.target, name="Plan renamed here")
    await synced.edit_oneplan(act="edit-task", task=task_link.target, name="Task renamed here")
    run = await incremental(synced)
    assert (run.state, run.problem) == ("done", "")
    assert (synced.title(plan), synced.title(task)) == ("Plan renamed here", "Task renamed here")
    there = synced.bench.oneplan.groups[0].plans
    assert there[other_link.target]["Name"] == "Renamed there"
    assert there[plan_link.target]["PortfolioParentId"].strip("0-") == ""
    in_use = (await place(synced))["inUse"]
    assert in_use["feed"] == feed
    synced.bench.reset_calls()
    await incremental(synced)
    assert synced.writes == {}
    plans = len(await synced.bench.parts.engine.links.plans(synced.connection))
    print(f"{feed}: {plans} plans, a change is seen within {in_use['delaySeconds']} s ({in_use['reason']})")  # noqa: T201 - asked for


async def test_the_watermark_stays_where_it_was_until_a_failed_item_is_settled(synced: Synced) -> None:
    await incremental(synced)
    number, link = await synced.linked("plan")
    await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
    before = (await place(synced))["items"]
    fault = {"kind": "status", "method": "POST", "path": f"/api/workplan/{link.target}$", "status": 503, "times": 40}
    synced.bench.oneplan.faults.apply({"rules": [fault]})
    engine = synced.bench.parts.engine
    run = await request_incremental(engine, synced.connection, "timer")
    await synced.bench.pump()
    under_way = await engine.runs.get(synced.connection, run.id)
    assert under_way is not None
    assert under_way.state == "running"
    assert (await place(synced))["items"] == before
    joined = await request_incremental(engine, synced.connection, "timer")
    assert joined.id == run.id
    synced.bench.oneplan.faults.apply({"clear": True})
    await synced.bench.pump(run.id)
    assert synced.bench.oneplan.groups[0].plans[link.target]["Name"] == "Renamed there"
    assert (await place(synced))["items"] != before
    ended = await engine.runs.get(synced.connection, run.id)
    assert ended is not None
    assert ended.counts["changed"] == 1


async def test_the_watermark_waits_for_a_pair_whose_worker_died(azurite: Azurite, vault: RunningVault) -> None:
    """Who holds a pair goes round once more for those who ask him, but he may be dead."""
    async with bench(azurite.connection_string, vault, size=20, lease_seconds=3) as made:
        await made.connect()
        assert (await made.full_sync()).state == "done"
        synced = Synced(made)
        await incremental(synced)
        number, link = await synced.linked("plan")
        await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
        await made.parts.engine.links.acquire(synced.connection, await synced.link(link.key))
        run = await incremental(synced)
        assert (run.state, run.counts.get("failed", 0)) == ("done", 0)
        assert made.oneplan.groups[0].plans[link.target]["Name"] == "Renamed there"


async def test_a_token_that_is_refused_leads_to_a_full_compare(synced: Synced) -> None:
    await incremental(synced)
    number, link = await synced.linked("plan")
    await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
    lost = {**await place(synced), "items": {"to": {"token": "of another time"}}}
    engine = synced.bench.parts.engine
    await engine.watermarks.move(synced.connection, "changes", lost, None)
    run = await incremental(synced)
    assert "a full sync was started" in run.report
    full = await request_full_sync(engine, synced.connection, "timer")
    await synced.bench.pump(full.id)
    assert synced.bench.oneplan.groups[0].plans[link.target]["Name"] == "Renamed there"
    await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed again"})
    assert (await incremental(synced)).report == ""
    assert synced.bench.oneplan.groups[0].plans[link.target]["Name"] == "Renamed again"


async def test_an_item_that_was_made_while_hooks_were_off_arrives(synced: Synced) -> None:
    await incremental(synced)
    project = synced.bench.devops.organization.projects[0].name
    made = await synced.edit_devops(act="create", project=project, type="Epic", fields={"System.Title": "New"})
    await incremental(synced)
    assert (await synced.link(work_item_key(made["id"]))).target


async def _careful(synced: Synced) -> None:
    """The brake stops what ends or moves more than one item."""
    stored = await synced.bench.parts.connections.get(synced.connection)
    assert stored is not None
    careful = stored.configuration.model_copy(
        update={"brake": stored.configuration.brake.model_copy(update={"share": 0.01, "items": 1})}
    )
    await synced.bench.parts.connections.replace(replace(stored, configuration=careful))


async def test_deletions_that_hooks_have_brought_over_do_not_stop_the_run(synced: Synced) -> None:
    """Each run would have been stopped for the same ones, and nothing else would have arrived."""
    await incremental(synced)
    await _careful(synced)
    for _ in range(2):
        number, _ = await synced.linked("task", leaf=True)
        await synced.edit_devops(act="delete", id=number)
        await notified(synced.bench, number, "deleted")
    other, other_link = await synced.linked("plan")
    await synced.edit_devops(act="update", id=other, fields={"System.Title": "Renamed there"})
    run = await incremental(synced)
    assert (run.state, run.problem) == ("done", "")
    assert synced.bench.oneplan.groups[0].plans[other_link.target]["Name"] == "Renamed there"


async def test_a_parent_that_was_added_and_removed_between_two_runs_is_not_taken_for_the_parent(synced: Synced) -> None:
    """The notification of the first arrived, that of the second did not: a move changes no revision."""
    await incremental(synced)
    plan, link = await synced.linked("plan", below=True)
    above = next(one for one in synced.bench.devops.organization.items.values() if one.type == "Epic")
    await synced.edit_devops(act="reparent", id=plan, parent=None)
    await synced.edit_devops(act="reparent", id=plan, parent=above.id)
    await notified(synced.bench, plan)
    await synced.edit_devops(act="reparent", id=plan, parent=None)
    await incremental(synced)
    assert synced.bench.oneplan.groups[0].plans[link.target]["PortfolioParentId"].strip("0-") == ""


async def test_a_feed_that_is_refused_each_time_fails_the_run_in_its_own_words(synced: Synced) -> None:
    await incremental(synced)
    engine, before = synced.bench.parts.engine, await place(synced)
    fault = {"kind": "status", "path": "reporting/workitemrevisions", "status": 403}
    synced.bench.devops.faults.apply({"rules": [fault]})
    run = await request_incremental(engine, synced.connection, "timer")
    await synced.bench.pump()
    (page,) = await engine.pages.list(synced.connection, run.id)
    assert (page.state, page.refused, "lacks a permission" in page.problem) == ("queued", 1, True)
    await engine.pages.replace(synced.connection, run.id, replace(page, refused=4))
    await synced.bench.pump(run.id)
    ended = await engine.runs.get(synced.connection, run.id)
    assert ended is not None
    assert (ended.state, page.problem.rstrip(".") in ended.problem) == ("failed", True)
    assert await place(synced) == before


async def test_a_look_that_oneplan_fails_at_is_not_settled_by_that(synced: Synced) -> None:
    await incremental(synced)
    task, link = await synced.linked("task", leaf=True)
    await synced.edit_oneplan(act="edit-task", task=link.target, name="Renamed here")
    fault = {"kind": "status", "method": "GET", "path": f"/api/workplan/{link.plan}", "status": 500, "times": 3}
    synced.bench.oneplan.faults.apply({"rules": [fault]})
    run = await incremental(synced)
    assert (run.state, run.counts.get("failed", 0)) == ("done", 0)
    assert synced.title(task) == "Renamed here"


async def test_a_look_that_oneplan_fails_at_each_time_is_listed_with_the_plans_work_item(synced: Synced) -> None:
    await incremental(synced)
    task, link = await synced.linked("task", leaf=True)
    held = await synced.bench.parts.engine.links.plan(synced.connection, link.plan)
    assert held is not None
    await synced.edit_oneplan(act="edit-task", task=link.target, name="Renamed here")
    fault = {"kind": "status", "method": "GET", "path": f"/api/workplan/{link.plan}", "status": 500}
    synced.bench.oneplan.faults.apply({"rules": [fault]})
    message = SyncMessage(synced.connection, "save", side="oneplan", item=link.plan, event="saved", attempt=10)
    await work(synced.bench.parts.engine, "sync-hooks", message)
    (failure,) = await synced.bench.parts.engine.failures.list(synced.connection)
    assert (failure.key, "in this plan or its tasks was tried 11 times" in failure.reason) == (held.key, True)
    synced.bench.oneplan.faults.apply({"clear": True})
    full = await request_full_sync(synced.bench.parts.engine, synced.connection, "timer")
    await synced.bench.pump(full.id)
    assert await synced.bench.parts.engine.failures.list(synced.connection) == []
    assert synced.title(task) == "Renamed here"


async def test_a_message_waits_for_the_budget_as_long_as_it_takes(synced: Synced) -> None:
    """It is at its last attempt already, and its queue would have thrown it away."""
    message, link = await _refused(synced, 429)
    await work(synced.bench.parts.engine, "sync-interactive", message)
    assert await synced.bench.parts.engine.failures.list(synced.connection) == []
    await synced.until(lambda: synced.bench.oneplan.groups[0].plans[link.target]["Name"] == "Renamed there")


async def test_a_message_waits_for_a_system_that_is_away_as_long_as_it_takes(synced: Synced) -> None:
    message, _ = await _refused(synced, 503)
    async with QueueServiceClient.from_connection_string(synced.bench.storage) as service:
        queue = service.get_queue_client("sync-interactive")
        with suppress(ResourceExistsError):  # the first message makes it otherwise
            await queue.create_queue()
        before = (await queue.get_queue_properties()).approximate_message_count or 0
        await work(synced.bench.parts.engine, "sync-interactive", message)
        assert (await queue.get_queue_properties()).approximate_message_count == before + 1
    assert await synced.bench.parts.engine.failures.list(synced.connection) == []


async def _refused(synced: Synced, status: int) -> tuple[SyncMessage, Link]:
    """The message of an edit at its last attempt, whose counterpart OnePlan does not let read for now."""
    number, link = await synced.linked("plan")
    await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
    fault = {"kind": "status", "method": "GET", "path": f"/api/workplan/{link.target}", "status": status}
    synced.bench.oneplan.faults.apply({"rules": [{**fault, "retry_after": 1, "times": 9}]})
    return SyncMessage(
        synced.connection, "person", side="azure-devops", item=str(number), event="updated", attempt=10
    ), link


async def test_a_mass_move_stops_the_run_before_it_writes(synced: Synced) -> None:
    await incremental(synced)
    await _careful(synced)
    moved = 0
    async for link in synced.bench.parts.engine.links.list(synced.connection):
        if link.kind == "plan" and link.base is not None and link.base.parent and moved < 2:
            await synced.edit_devops(act="reparent", id=int(link.key[1:]), parent=None)
            moved += 1
    synced.bench.reset_calls()
    run = await incremental(synced)
    assert (run.state, "move 2" in run.problem) == ("stopped", True)
    assert synced.writes == {}
    released = await release(synced.bench.parts.engine, run)
    await synced.bench.pump(released.id)
    assert sum(synced.writes.values()) == 2


async def test_an_item_and_a_tree_are_synced_by_hand_from_either_side(synced: Synced) -> None:
    engine = synced.bench.parts.engine
    number, link = await synced.linked("plan", below=True)
    child, child_link = await synced.linked("task", leaf=True)
    home = await engine.links.by_target(synced.connection, child_link.plan)
    root = int(str(home)[1:])
    for one in (number, child):
        await synced.edit_devops(act="update", id=one, fields={"System.Title": f"Renamed {one}"})
    assert await work_item_of(engine, synced.connection, link.target.upper()) == number
    assert await work_item_of(engine, synced.connection, "nothing") is None
    single = await request_items(engine, synced.connection, "item", number)
    await synced.bench.pump(single.id)
    assert synced.bench.oneplan.groups[0].plans[link.target]["Name"] == f"Renamed {number}"
    tree = await request_items(engine, synced.connection, "tree", root)
    await synced.bench.pump(tree.id)
    assert synced.bench.oneplan.groups[0].tasks[child_link.target]["Name"] == f"Renamed {child}"
    ended = await engine.runs.get(synced.connection, tree.id)
    assert ended is not None
    assert (ended.state, ended.counts["looked"] >= 2) == ("done", True)


async def test_a_full_sync_reports_how_much_differs(synced: Synced) -> None:
    number, _ = await synced.linked("plan")
    await synced.edit_devops(act="update", id=number, fields={"System.Title": "Renamed there"})
    first, second = await synced.bench.full_sync(), await synced.bench.full_sync()
    linked = first.counts["plansLinked"] + first.counts["tasksLinked"]
    residues = first.counts["residues"]
    assert first.report == f"1 of {linked} items differ; {residues} residues"
    assert second.report == f"0 of {linked} items differ; {residues} residues"


@pytest.mark.parametrize("feed", FEEDS)
async def test_what_was_deleted_on_either_side_is_noticed_after_one_run(synced: Synced, feed: str) -> None:
    synced.bench.oneplan.faults.apply({"switches": FEEDS[feed]})
    await incremental(synced)
    item, item_link = await synced.linked("task", leaf=True)
    task, task_link = await synced.linked("task", leaf=True, but=item)
    await synced.edit_devops(act="delete", id=item)
    await synced.edit_oneplan(act="remove-task", task=task_link.target)
    assert (await incremental(synced)).state == "done"
    there = synced.bench.oneplan.groups[0].tasks
    assert there[item_link.target]["Name"].endswith("(deleted in Azure DevOps)")
    assert (await synced.link(item_link.key)).state == "disconnected"
    assert (await synced.link(task_link.key)).state == "disconnected"
    assert not synced.bench.devops.organization.items[task].deleted
    await synced.edit_devops(act="restore", id=item)
    await incremental(synced)
    assert (await synced.link(item_link.key)).state == "linked"


async def test_a_plan_that_was_deleted_in_oneplan_is_noticed(synced: Synced) -> None:
    await incremental(synced)
    number, link = await synced.linked("plan", leaf=True)
    await synced.edit_oneplan(act="remove-plan", plan=link.target)
    await incremental(synced)
    assert (await synced.link(link.key)).state == "disconnected"
    assert not synced.bench.devops.organization.items[number].deleted


async def test_a_deleted_plan_costs_nothing_more_until_it_is_back_and_connects_again(synced: Synced) -> None:
    synced.bench.oneplan.faults.apply({"switches": FEEDS["sweep"]})
    await incremental(synced)
    _, link = await synced.linked("plan", leaf=True)
    group = synced.bench.oneplan.groups[0]
    plans = group.plans
    lost = plans[link.target]
    await synced.edit_oneplan(act="remove-plan", plan=link.target)
    await incremental(synced)
    assert (await synced.link(link.key)).parted == "removed"
    synced.bench.reset_calls()
    run = await request_incremental(synced.bench.parts.engine, synced.connection, "timer")
    await synced.bench.pump()
    assert "GET /api/workplan/{plan}" not in synced.bench.oneplan_calls
    assert "GET /api/workplan/{plan}/tasks" in synced.bench.oneplan_calls  # the round through the tasks
    assert await synced.bench.parts.engine.runs.get(synced.connection, run.id) is None  # it only looked
    plans[link.target], group.tasks_of[link.target] = lost, {}
    await incremental(synced)
    assert (await synced.link(link.key)).state == "linked"


async def test_an_audit_that_may_be_cut_off_is_not_relied_on(synced: Synced) -> None:
    audit = synced.bench.oneplan.groups[0].audit
    tasks = [row for row in audit if "TaskId" in row]
    audit += [dict(tasks[-1]) for _ in range(100 - len(tasks) % 100)]
    number, link = await synced.linked("plan")
    await incremental(synced)
    await synced.edit_oneplan(act="edit-plan", plan=link.target, name="Renamed here")
    audit += [dict(tasks[-1]) for _ in range(100 - sum("TaskId" in row for row in audit) % 100)]
    await incremental(synced)
    in_use = (await place(synced))["inUse"]
    assert (in_use["feed"], "cut off" in in_use["reason"]) == ("find", True)
    assert synced.title(number) == "Renamed here"
