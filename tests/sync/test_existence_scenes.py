"""Deletion, restore, and the scope, over the whole engine (R6, R20): one scene for each row of docs/behaviour.md."""

from dataclasses import replace

import pytest

from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import counterpart, link_of, linked, notified, plan_of, title

MARK = " (deleted in Azure DevOps)"


@pytest.fixture
async def synced(dozen: Bench) -> Bench:
    await dozen.connect()
    run = await dozen.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return dozen


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


async def test_a_deleted_work_item_deletes_its_task_where_the_connection_says_so(dozen: Bench) -> None:
    await _reconnect(dozen, onWorkItemDelete="delete")
    number = await linked(dozen, "task")
    before = await link_of(dozen, number)
    await act(dozen.devops_url, act="delete", id=number)
    await notified(dozen, number, "deleted")
    assert counterpart(dozen, before) is None
    await act(dozen.devops_url, act="restore", id=number)
    await notified(dozen, number, "restored")
    after = await link_of(dozen, number)
    assert after.state == "linked"
    assert after.target not in ("", before.target)
    assert (await dozen.compare()).problems == []


async def test_a_task_edited_in_oneplan_is_not_deleted_with_its_work_item(dozen: Bench) -> None:
    await _reconnect(dozen, onWorkItemDelete="delete")
    number = await linked(dozen, "task")
    link = await link_of(dozen, number)
    await act(dozen.oneplan_url, act="edit-task", task=link.target, name="Edited here")
    await act(dozen.devops_url, act="delete", id=number)
    await notified(dozen, number, "deleted")
    there = counterpart(dozen, link)
    assert there is not None
    assert there["Name"] == "Edited here" + MARK


async def test_a_task_with_hours_is_kept_and_marked(dozen: Bench) -> None:
    await _reconnect(dozen, onWorkItemDelete="delete")
    number = await linked(dozen, "task")
    link = await link_of(dozen, number)
    await act(dozen.oneplan_url, act="log-hours", task=link.target, hours=3)
    await act(dozen.devops_url, act="delete", id=number)
    await notified(dozen, number, "deleted")
    there = counterpart(dozen, link)
    assert there is not None
    assert there["Name"].endswith(MARK)


async def test_a_deleted_work_item_leaves_its_counterpart_where_the_connection_says_so(dozen: Bench) -> None:
    await _reconnect(dozen, onWorkItemDelete="leave")
    number = await linked(dozen, "plan")
    link, name = await link_of(dozen, number), title(dozen, number)
    await act(dozen.devops_url, act="delete", id=number)
    await notified(dozen, number, "deleted")
    there = plan_of(dozen, link)
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


async def test_a_deleted_plan_deletes_its_work_item_only_where_the_connection_says_so(dozen: Bench) -> None:
    await _reconnect(dozen, onPlanDelete="delete")
    number = await linked(dozen, "plan", "feature-under-epic")
    link = await link_of(dozen, number)
    await act(dozen.oneplan_url, act="remove-plan", plan=link.target)
    await notified(dozen, number)
    assert dozen.devops.organization.items[number].deleted is not None


async def test_a_plan_with_tasks_in_it_is_kept_and_marked_when_its_work_item_is_deleted(dozen: Bench) -> None:
    """OnePlan would delete the tasks with it, and these would then count as removed by a person."""
    await _reconnect(dozen, onWorkItemDelete="delete", onPlanDelete="delete")
    below = await linked(dozen, "task")
    task = await link_of(dozen, below)
    home = await dozen.parts.engine.links.by_target(dozen.connection, task.plan)
    assert home is not None
    number = int(home[1:])
    await act(dozen.oneplan_url, act="edit-task", task=task.target, name="Edited here")
    await act(dozen.devops_url, act="delete", id=number)
    await notified(dozen, number, "deleted")
    plan = plan_of(dozen, replace(task, target=task.plan))
    assert plan is not None
    assert plan["Name"].endswith(MARK)
    assert counterpart(dozen, task) is not None
    await notified(dozen, below)
    assert dozen.devops.organization.items[below].deleted is None
    assert "Edited here" in (title(dozen, below), (counterpart(dozen, task) or {})["Name"])


async def test_our_mark_in_a_name_is_no_edit_though_whoever_marked_it_died_before_he_said_so(dozen: Bench) -> None:
    """The work item was deleted, its counterpart marked, and the item restored before the message came again."""
    await _reconnect(dozen)
    number = await linked(dozen, "task")
    link, name = await link_of(dozen, number), title(dozen, number)
    await act(dozen.oneplan_url, act="edit-task", task=link.target, name=name + MARK)
    await notified(dozen, number)
    assert (title(dozen, number), (counterpart(dozen, link) or {})["Name"]) == (name, name)


async def test_a_mark_that_oneplan_says_it_took_away_and_did_not_is_taken_away_later(dozen: Bench) -> None:
    await _reconnect(dozen)
    number = await linked(dozen, "task")
    link, name = await link_of(dozen, number), title(dozen, number)
    await act(dozen.devops_url, act="delete", id=number)
    await notified(dozen, number, "deleted")
    await act(dozen.devops_url, act="restore", id=number)
    nothing = {"kind": "no-op", "method": "POST", "path": f"/tasks/{link.target}$", "times": 1}
    dozen.oneplan.faults.apply({"rules": [nothing]})
    await notified(dozen, number, "restored")
    dozen.oneplan.faults.rules.clear()
    await dozen.full_sync()
    await dozen.full_sync()
    assert (title(dozen, number), (counterpart(dozen, link) or {})["Name"]) == (name, name)


async def test_a_work_item_edited_meanwhile_is_not_deleted_with_its_plan(dozen: Bench) -> None:
    await _reconnect(dozen, onPlanDelete="delete")
    number = await linked(dozen, "plan", "feature-under-epic")
    link = await link_of(dozen, number)
    await act(dozen.devops_url, act="update", id=number, fields={"System.Title": "Edited there"})
    await act(dozen.oneplan_url, act="remove-plan", plan=link.target)
    await notified(dozen, number)
    assert dozen.devops.organization.items[number].deleted is None
    assert (await link_of(dozen, number)).why == "removed"


@pytest.mark.parametrize("by", ["hook", "run"])
async def test_an_item_that_leaves_the_scope_rests_and_comes_back_with_all_edits(dozen: Bench, by: str) -> None:
    await _reconnect(dozen, scope={"wiql": "[System.Title] <> 'Elsewhere'"})
    number = await linked(dozen, "task")
    link, name = await link_of(dozen, number), title(dozen, number)
    await act(dozen.devops_url, act="update", id=number, fields={"System.Title": "Elsewhere"})
    await (notified(dozen, number) if by == "hook" else dozen.full_sync())
    rests = await link_of(dozen, number)
    assert (rests.state, rests.target) == ("out-of-scope", link.target)
    there = counterpart(dozen, link)
    assert there is not None
    assert there["Name"] == name
    await _quiet(dozen)

    await act(dozen.devops_url, act="update", id=number, fields={"System.Title": "Back"})
    await (notified(dozen, number) if by == "hook" else dozen.full_sync())
    assert (await link_of(dozen, number)).state == "linked"
    assert there["Name"] == "Back"


async def test_an_unreadable_work_item_is_never_taken_for_a_deleted_one(dozen: Bench) -> None:
    await _reconnect(dozen, onWorkItemDelete="delete")
    number = await linked(dozen, "task")
    link = await link_of(dozen, number)
    await act(dozen.devops_url, act="destroy", id=number)
    await notified(dozen, number)
    assert counterpart(dozen, link) is not None
    assert (await link_of(dozen, number)).state == "out-of-scope"


async def test_a_run_that_finds_too_much_deleted_stops_before_it_writes(dozen: Bench) -> None:
    await _reconnect(dozen, brake={"share": 0.01, "items": 1})
    numbers = [int(one.key[1:]) async for one in dozen.parts.engine.links.list(dozen.connection) if one.kind == "task"]
    for number in numbers[:3]:
        await act(dozen.devops_url, act="delete", id=number)
    dozen.reset_calls()
    run = await dozen.full_sync()
    assert run.state == "stopped"
    assert "delete 3" in run.problem
    assert [route for route in dozen.oneplan_calls if route.startswith("POST")] == []
