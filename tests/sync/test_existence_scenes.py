"""Deletion, restore, and the scope, over the whole engine (R6, R20): one scene for each row of docs/behaviour.md."""

import pytest

from tests.sync.bench import Bench
from tests.sync.scenes import act, counterpart, link_of, linked, notified, plan_of, title

MARK = " (deleted in Azure DevOps)"


@pytest.fixture
async def synced(small: Bench) -> Bench:
    await small.connect()
    run = await small.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return small


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


async def test_a_deleted_work_item_deletes_its_task_where_the_connection_says_so(small: Bench) -> None:
    await _reconnect(small, onWorkItemDelete="delete")
    number = await linked(small, "task")
    before = await link_of(small, number)
    await act(small.devops_url, act="delete", id=number)
    await notified(small, number, "deleted")
    assert counterpart(small, before) is None
    await act(small.devops_url, act="restore", id=number)
    await notified(small, number, "restored")
    after = await link_of(small, number)
    assert after.state == "linked"
    assert after.target not in ("", before.target)
    assert (await small.compare()).problems == []


async def test_a_task_edited_in_oneplan_is_not_deleted_with_its_work_item(small: Bench) -> None:
    await _reconnect(small, onWorkItemDelete="delete")
    number = await linked(small, "task")
    link = await link_of(small, number)
    await act(small.oneplan_url, act="edit-task", task=link.target, name="Edited here")
    await act(small.devops_url, act="delete", id=number)
    await notified(small, number, "deleted")
    there = counterpart(small, link)
    assert there is not None
    assert there["Name"] == "Edited here" + MARK


async def test_a_task_with_hours_is_kept_and_marked(small: Bench) -> None:
    await _reconnect(small, onWorkItemDelete="delete")
    number = await linked(small, "task")
    link = await link_of(small, number)
    await act(small.oneplan_url, act="log-hours", task=link.target, hours=3)
    await act(small.devops_url, act="delete", id=number)
    await notified(small, number, "deleted")
    there = counterpart(small, link)
    assert there is not None
    assert there["Name"].endswith(MARK)


async def test_a_deleted_work_item_leaves_its_counterpart_where_the_connection_says_so(small: Bench) -> None:
    await _reconnect(small, onWorkItemDelete="leave")
    number = await linked(small, "plan")
    link, name = await link_of(small, number), title(small, number)
    await act(small.devops_url, act="delete", id=number)
    await notified(small, number, "deleted")
    there = plan_of(small, link)
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


async def test_a_deleted_plan_deletes_its_work_item_only_where_the_connection_says_so(small: Bench) -> None:
    await _reconnect(small, onPlanDelete="delete")
    number = await linked(small, "plan", "feature-under-epic")
    link = await link_of(small, number)
    await act(small.oneplan_url, act="remove-plan", plan=link.target)
    await notified(small, number)
    assert small.devops.organization.items[number].deleted is not None


async def test_a_work_item_edited_meanwhile_is_not_deleted_with_its_plan(small: Bench) -> None:
    await _reconnect(small, onPlanDelete="delete")
    number = await linked(small, "plan", "feature-under-epic")
    link = await link_of(small, number)
    await act(small.devops_url, act="update", id=number, fields={"System.Title": "Edited there"})
    await act(small.oneplan_url, act="remove-plan", plan=link.target)
    await notified(small, number)
    assert small.devops.organization.items[number].deleted is None
    assert (await link_of(small, number)).why == "removed"


@pytest.mark.parametrize("by", ["hook", "run"])
async def test_an_item_that_leaves_the_scope_rests_and_comes_back_with_all_edits(small: Bench, by: str) -> None:
    await _reconnect(small, scope={"wiql": "[System.Title] <> 'Elsewhere'"})
    number = await linked(small, "task")
    link, name = await link_of(small, number), title(small, number)
    await act(small.devops_url, act="update", id=number, fields={"System.Title": "Elsewhere"})
    await (notified(small, number) if by == "hook" else small.full_sync())
    rests = await link_of(small, number)
    assert (rests.state, rests.target) == ("out-of-scope", link.target)
    there = counterpart(small, link)
    assert there is not None
    assert there["Name"] == name
    await _quiet(small)

    await act(small.devops_url, act="update", id=number, fields={"System.Title": "Back"})
    await (notified(small, number) if by == "hook" else small.full_sync())
    assert (await link_of(small, number)).state == "linked"
    assert there["Name"] == "Back"


async def test_an_unreadable_work_item_is_never_taken_for_a_deleted_one(small: Bench) -> None:
    await _reconnect(small, onWorkItemDelete="delete")
    number = await linked(small, "task")
    link = await link_of(small, number)
    await act(small.devops_url, act="destroy", id=number)
    await notified(small, number)
    assert counterpart(small, link) is not None
    assert (await link_of(small, number)).state == "out-of-scope"


async def test_a_run_that_finds_too_much_deleted_stops_before_it_writes(small: Bench) -> None:
    await _reconnect(small, brake={"share": 0.01, "items": 1})
    numbers = [int(one.key[1:]) async for one in small.parts.engine.links.list(small.connection) if one.kind == "task"]
    for number in numbers[:3]:
        await act(small.devops_url, act="delete", id=number)
    small.reset_calls()
    run = await small.full_sync()
    assert run.state == "stopped"
    assert "delete 3" in run.problem
    assert [route for route in small.oneplan_calls if route.startswith("POST")] == []
