"""Deletion, restore, and the scope, over the whole engine (R6, R20): one scene for each row of docs/behaviour.md."""

from dataclasses import replace

import pytest

from tests.sync.bench import Bench
from tests.sync.scenes import act, counterpart, link_of, linked, notified, plan_of, title

MARK = " (deleted in Azure DevOps)"


@pytest.fixture
async def synced(few: Bench) -> Bench:
    await few.connect()
    run = await few.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return few


async def _reconnect(made: Bench, **members: object) -> None:
    await made.connect(**members)
    assert (await made.full_sync()).state == "done"


async def _quiet(made: Bench) -> None:
    """Nothing is left to do: a full sync writes nothing on either side."""
    made.reset_calls()
    run = await made.full_sync()
    assert (run.state, run.problem, run.counts["failures"]) == ("done", "", 0)
    writes = [route for route in (*made.oneplan_calls, *made.devops_calls) if _writes(route)]
    assert writes == []


def _writes(route: str) -> bool:
    reads = ("GET ", "POST /api/workplan/find", "POST /api/audit", "POST /contoso/_apis/wit/wiql")
    return not route.startswith(reads) and "workitemsbatch" not in route and "wiql" not in route


@pytest.mark.parametrize("kind", ["plan", "task"])
@pytest.mark.parametrize("by", ["hook", "run"])
async def test_a_deleted_work_item_marks_its_counterpart_and_restored_it_is_connected_again(
    synced: Bench, kind: str, by: str
) -> None:
    number = await linked(synced, kind)
    before, name = await link_of(synced, number), title(synced, number)
    await act(synced.devops_url, act="delete", id=number)
    await (notified(synced, number, "deleted") if by == "hook" else synced.full_sync())
    gone = await link_of(synced, number)
    assert (gone.state, gone.why, gone.target) == ("disconnected", "deleted", before.target)
    there = counterpart(synced, gone)
    assert there is not None
    assert there["Name"] == name + MARK
    await _quiet(synced)

    await act(synced.devops_url, act="restore", id=number)
    await (notified(synced, number, "restored") if by == "hook" else synced.full_sync())
    back = await link_of(synced, number)
    assert (back.state, back.target) == ("linked", before.target)
    assert there["Name"] == name
    await synced.full_sync()
    assert (await synced.compare()).problems == []


async def test_a_deleted_work_item_deletes_its_task_where_the_connection_says_so(few: Bench) -> None:
    await _reconnect(few, onWorkItemDelete="delete")
    number = await linked(few, "task")
    before = await link_of(few, number)
    await act(few.devops_url, act="delete", id=number)
    await notified(few, number, "deleted")
    assert counterpart(few, before) is None
    await act(few.devops_url, act="restore", id=number)
    await notified(few, number, "restored")
    after = await link_of(few, number)
    assert after.state == "linked"
    assert after.target not in ("", before.target)
    assert (await few.compare()).problems == []


async def test_a_task_edited_in_oneplan_is_not_deleted_with_its_work_item(few: Bench) -> None:
    await _reconnect(few, onWorkItemDelete="delete")
    number = await linked(few, "task")
    link = await link_of(few, number)
    await act(few.oneplan_url, act="edit-task", task=link.target, name="Edited here")
    await act(few.devops_url, act="delete", id=number)
    await notified(few, number, "deleted")
    there = counterpart(few, link)
    assert there is not None
    assert there["Name"] == "Edited here" + MARK


async def test_a_task_with_hours_is_kept_and_marked(few: Bench) -> None:
    await _reconnect(few, onWorkItemDelete="delete")
    number = await linked(few, "task")
    link = await link_of(few, number)
    await act(few.oneplan_url, act="log-hours", task=link.target, hours=3)
    await act(few.devops_url, act="delete", id=number)
    await notified(few, number, "deleted")
    there = counterpart(few, link)
    assert there is not None
    assert there["Name"].endswith(MARK)


async def test_a_deleted_work_item_leaves_its_counterpart_where_the_connection_says_so(few: Bench) -> None:
    await _reconnect(few, onWorkItemDelete="leave")
    number = await linked(few, "plan")
    link, name = await link_of(few, number), title(few, number)
    await act(few.devops_url, act="delete", id=number)
    await notified(few, number, "deleted")
    there = plan_of(few, link)
    assert there is not None
    assert there["Name"] == name


@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_a_counterpart_deleted_in_oneplan_disconnects_and_is_never_created_again(
    synced: Bench, kind: str
) -> None:
    number = await linked(synced, kind, "feature-under-epic" if kind == "plan" else "")
    link = await link_of(synced, number)
    await act(synced.oneplan_url, act=f"remove-{kind}", **{kind: link.target})
    run = await synced.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    gone = await link_of(synced, number)
    assert (gone.state, gone.why) == ("disconnected", "removed")
    assert synced.devops.organization.items[number].deleted is None
    await synced.full_sync()
    await _quiet(synced)
    assert counterpart(synced, await link_of(synced, number)) is None


async def test_a_deleted_plan_deletes_its_work_item_only_where_the_connection_says_so(few: Bench) -> None:
    await _reconnect(few, onPlanDelete="delete")
    number = await linked(few, "plan", "feature-under-epic")
    link = await link_of(few, number)
    await act(few.oneplan_url, act="remove-plan", plan=link.target)
    await notified(few, number)
    assert few.devops.organization.items[number].deleted is not None


async def test_a_plan_with_tasks_in_it_is_kept_and_marked_when_its_work_item_is_deleted(few: Bench) -> None:
    """OnePlan would delete the tasks with it, and these would then count as removed by a person."""
    await _reconnect(few, onWorkItemDelete="delete", onPlanDelete="delete")
    below = await linked(few, "task")
    task = await link_of(few, below)
    home = await few.parts.engine.links.by_target(few.connection, task.plan)
    assert home is not None
    number = int(home[1:])
    await act(few.oneplan_url, act="edit-task", task=task.target, name="Edited here")
    await act(few.devops_url, act="delete", id=number)
    await notified(few, number, "deleted")
    plan = plan_of(few, replace(task, target=task.plan))
    assert plan is not None
    assert plan["Name"].endswith(MARK)
    assert counterpart(few, task) is not None
    await notified(few, below)
    assert few.devops.organization.items[below].deleted is None
    assert "Edited here" in (title(few, below), (counterpart(few, task) or {})["Name"])


async def test_our_mark_in_a_name_is_no_edit_though_whoever_marked_it_died_before_he_said_so(few: Bench) -> None:
    """The work item was deleted, its counterpart marked, and the item restored before the message came again."""
    await _reconnect(few)
    number = await linked(few, "task")
    link, name = await link_of(few, number), title(few, number)
    await act(few.oneplan_url, act="edit-task", task=link.target, name=name + MARK)
    await notified(few, number)
    assert (title(few, number), (counterpart(few, link) or {})["Name"]) == (name, name)


async def test_a_mark_that_oneplan_says_it_took_away_and_did_not_is_taken_away_later(few: Bench) -> None:
    await _reconnect(few)
    number = await linked(few, "task")
    link, name = await link_of(few, number), title(few, number)
    await act(few.devops_url, act="delete", id=number)
    await notified(few, number, "deleted")
    await act(few.devops_url, act="restore", id=number)
    nothing = {"kind": "no-op", "method": "POST", "path": f"/tasks/{link.target}$", "times": 1}
    few.oneplan.faults.apply({"rules": [nothing]})
    await notified(few, number, "restored")
    few.oneplan.faults.rules.clear()
    await few.full_sync()
    await few.full_sync()
    assert (title(few, number), (counterpart(few, link) or {})["Name"]) == (name, name)


async def test_a_work_item_edited_meanwhile_is_not_deleted_with_its_plan(few: Bench) -> None:
    await _reconnect(few, onPlanDelete="delete")
    number = await linked(few, "plan", "feature-under-epic")
    link = await link_of(few, number)
    await act(few.devops_url, act="update", id=number, fields={"System.Title": "Edited there"})
    await act(few.oneplan_url, act="remove-plan", plan=link.target)
    await notified(few, number)
    assert few.devops.organization.items[number].deleted is None
    assert (await link_of(few, number)).why == "removed"


@pytest.mark.parametrize("by", ["hook", "run"])
async def test_an_item_that_leaves_the_scope_rests_and_comes_back_with_all_edits(few: Bench, by: str) -> None:
    await _reconnect(few, scope={"wiql": "[System.Title] <> 'Elsewhere'"})
    number = await linked(few, "task")
    link, name = await link_of(few, number), title(few, number)
    await act(few.devops_url, act="update", id=number, fields={"System.Title": "Elsewhere"})
    await (notified(few, number) if by == "hook" else few.full_sync())
    rests = await link_of(few, number)
    assert (rests.state, rests.target) == ("out-of-scope", link.target)
    there = counterpart(few, link)
    assert there is not None
    assert there["Name"] == name
    await _quiet(few)

    await act(few.devops_url, act="update", id=number, fields={"System.Title": "Back"})
    await (notified(few, number) if by == "hook" else few.full_sync())
    assert (await link_of(few, number)).state == "linked"
    assert there["Name"] == "Back"


async def test_an_unreadable_work_item_is_never_taken_for_a_deleted_one(few: Bench) -> None:
    await _reconnect(few, onWorkItemDelete="delete")
    number = await linked(few, "task")
    link = await link_of(few, number)
    await act(few.devops_url, act="destroy", id=number)
    await notified(few, number)
    assert counterpart(few, link) is not None
    assert (await link_of(few, number)).state == "out-of-scope"


async def test_a_run_that_finds_too_much_deleted_stops_before_it_writes(few: Bench) -> None:
    await _reconnect(few, brake={"share": 0.01, "items": 1})
    numbers = [int(one.key[1:]) async for one in few.parts.engine.links.list(few.connection) if one.kind == "task"]
    for number in numbers[:3]:
        await act(few.devops_url, act="delete", id=number)
    few.reset_calls()
    run = await few.full_sync()
    assert run.state == "stopped"
    assert "delete 3" in run.problem
    assert [route for route in few.oneplan_calls if route.startswith("POST")] == []
