"""What people did since the first sync is brought in step by the next full sync (R16, R18, R22)."""

from dataclasses import replace
from typing import Any

import pytest
from azure.storage.queue.aio import QueueServiceClient

from shared.core.outcomes import IMPORT_ONLY
from shared.core.snapshots import work_item_key
from shared.engine.bodies import SETUP
from shared.engine.requests import release, request_full_sync
from shared.engine.work import work
from shared.messages import SyncMessage
from shared.ports import Link
from shared.refusals import Conflict
from tests.sync.acts import act
from tests.sync.bench import Bench


async def _linked(made: Bench, kind: str, odd: str = "") -> tuple[int, Link]:
    """A linked work item of the kind, and its link."""
    oddities = made.devops.organization.oddities
    async for link in made.parts.engine.links.list(made.connection):
        number = int(link.key[1:])
        if link.kind == kind and (not odd or odd in oddities.get(number, [])):
            return number, link
    raise AssertionError(f"no {kind} with {odd}")


@pytest.fixture
async def synced(few: Bench) -> Bench:
    await few.connect()
    run = await few.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return few


async def _in_step_after(made: Bench, drifted: int) -> None:
    run = await made.full_sync()
    assert (run.state, run.problem, run.counts.get("drifted", 0), run.counts["failures"]) == ("done", "", drifted, 0)
    assert (await made.compare()).problems == []
    again = await made.full_sync()
    assert again.counts.get("drifted", 0) == 0


@pytest.mark.parametrize("kind", ["plan", "task"])
async def test_a_title_changed_in_azure_devops_reaches_oneplan(synced: Bench, kind: str) -> None:
    number, _ = await _linked(synced, kind)
    await act(synced.devops_url, act="update", id=number, fields={"System.Title": "Renamed there"})
    await _in_step_after(synced, 1)


async def test_a_plan_renamed_in_oneplan_reaches_azure_devops(synced: Bench) -> None:
    number, link = await _linked(synced, "plan")
    await act(synced.oneplan_url, act="edit-plan", plan=link.target, name="Renamed here")
    await _in_step_after(synced, 1)
    assert synced.devops.organization.items[number].now.fields["System.Title"] == "Renamed here"


async def test_a_task_renamed_in_oneplan_reaches_azure_devops(synced: Bench) -> None:
    number, link = await _linked(synced, "task")
    await act(synced.oneplan_url, act="edit-task", task=link.target, name="Renamed here")
    await _in_step_after(synced, 1)
    assert synced.devops.organization.items[number].now.fields["System.Title"] == "Renamed here"


async def test_an_import_only_connection_leaves_azure_devops_alone(few: Bench) -> None:
    await few.connect(options={"allowOnePlanEdits": False})
    await few.full_sync()
    number, link = await _linked(few, "plan")
    title = few.devops.organization.items[number].now.fields["System.Title"]
    await act(few.oneplan_url, act="edit-plan", plan=link.target, name="Renamed here")
    few.reset_calls()
    await few.full_sync()
    assert few.devops.organization.items[number].now.fields["System.Title"] == title
    assert [route for route in few.devops_calls if route.startswith("PATCH")] == []


async def test_an_edit_that_was_left_in_oneplan_and_is_undone_there_leaves_no_reason_behind(few: Bench) -> None:
    await few.connect(options={"allowOnePlanEdits": False})
    await few.full_sync()
    number, link = await _linked(few, "plan")
    title = few.devops.organization.items[number].now.fields["System.Title"]
    for name, residues in (("Renamed here", {"System.Title>Name": IMPORT_ONLY}), (title, {})):
        await act(few.oneplan_url, act="edit-plan", plan=link.target, name=name)
        await few.full_sync()
        recorded = await few.parts.engine.links.get(few.connection, link.key)
        assert recorded is not None
        assert recorded.base is not None
        assert recorded.base.residues == residues


async def test_a_feature_moved_in_azure_devops_moves_its_plan(synced: Bench) -> None:
    number, _ = await _linked(synced, "plan", "feature-under-epic")
    before = await synced.parts.engine.links.get(synced.connection, work_item_key(number))
    assert before is not None
    await act(synced.devops_url, act="reparent", id=number, parent=None)
    await _in_step_after(synced, 1)
    after = await synced.parts.engine.links.get(synced.connection, work_item_key(number))
    assert after is not None
    assert after.target == before.target


async def test_a_new_item_below_an_old_one_arrives_and_the_rest_is_untouched(synced: Bench) -> None:
    number, _ = await _linked(synced, "plan", "feature-under-epic")
    item = synced.devops.organization.items[number]
    project = next(one.name for one in synced.devops.organization.projects if one.id == item.project_id)
    kinds = {
        one.name for one in synced.devops.organization.process_of(synced.devops.organization.project(project)).types
    }  # type: ignore[arg-type]
    story = next(kind for kind in ("User Story", "Product Backlog Item", "Requirement", "Issue") if kind in kinds)
    await act(
        synced.devops_url, act="create", project=project, type=story, parent=number, fields={"System.Title": "New"}
    )
    synced.reset_calls()
    run = await synced.full_sync()
    assert (run.counts.get("created", 0), run.counts.get("updated", 0)) == (1, 0)
    written = {route: count for route, count in synced.oneplan_calls.items() if route.startswith("POST")}
    assert written == {"POST /api/workplan/{plan}/tasks": 1}
    assert (await synced.compare()).problems == []


async def test_a_run_that_would_move_too_much_stops_before_it_writes_and_says_why(few: Bench) -> None:
    await few.connect(brake={"share": 0.01, "items": 1})
    await few.full_sync()
    moved = 0
    async for link in few.parts.engine.links.list(few.connection):
        if link.kind == "plan" and link.base is not None and link.base.parent and moved < 3:
            await act(few.devops_url, act="reparent", id=int(link.key[1:]), parent=None)
            moved += 1
    few.reset_calls()
    run = await few.full_sync()
    assert run.state == "stopped"
    assert "move 3" in run.problem
    assert run.ended is not None
    assert await few.parts.engine.pages.list(few.connection, run.id) == []
    with pytest.raises(KeyError):
        await few.parts.engine.bodies.get(few.connection, run.id, SETUP)
    assert [route for route in few.oneplan_calls if route.startswith("POST")] == []

    released = await release(few.parts.engine, run)
    assert (await release(few.parts.engine, run)).id == released.id
    await few.pump(released.id)
    ended = await few.parts.engine.runs.get(few.connection, released.id)
    assert ended is not None
    assert (ended.state, ended.counts["updated"]) == ("done", 3)
    with pytest.raises(Conflict, match="the run is done"):
        await release(few.parts.engine, ended)
    stopped = await few.parts.engine.runs.get(few.connection, run.id)
    assert stopped is not None
    with pytest.raises(Conflict, match="was released before"):
        await release(few.parts.engine, stopped)
    assert (await few.compare()).problems == []


async def test_a_release_does_not_join_a_run_that_began_meanwhile(few: Bench) -> None:
    await few.connect()
    engine = few.parts.engine
    run = await few.full_sync()
    other = await request_full_sync(engine, few.connection, "timer")
    with pytest.raises(Conflict, match=other.id):
        await release(engine, replace(run, state="stopped"))


@pytest.mark.parametrize(
    "scope",
    [
        {"projects": ["Contoso Retail"]},
        {"wiql": "[System.WorkItemType] <> 'Bug'"},
        {"tags": ["no such tag"]},
        {"areaPaths": ["Contoso Retail"]},
    ],
)
async def test_only_what_is_in_scope_arrives(few: Bench, scope: dict[str, Any]) -> None:
    types = {"taskTypes": ["User Story", "Task", "Bug"]} if "projects" in scope else {}
    await few.connect(scope=scope, **types)
    run = await few.full_sync()
    assert (run.state, run.counts["waiting"], run.counts["failures"]) == ("done", 0, 0)
    items = few.devops.organization.items
    projects = {one.id: one.name for one in few.devops.organization.projects}
    async for link in few.parts.engine.links.list(few.connection):
        item = items[int(link.key[1:])]
        assert "tags" not in scope
        if "projects" in scope or "areaPaths" in scope:
            assert projects[item.project_id] == "Contoso Retail"
        else:
            assert item.type != "Bug"
    assert (await few.full_sync()).counts.get("drifted", 0) == 0


async def test_items_without_iteration_come_in_where_asked(few: Bench) -> None:
    await few.connect(options={"includeItemsWithoutIteration": True})
    run = await few.full_sync()
    assert not [reason for reason in run.reasons if "iteration" in reason]
    odd = {n for n, names in few.devops.organization.oddities.items() if "task-without-iteration" in names}
    linked = {int(one.key[1:]) async for one in few.parts.engine.links.list(few.connection)}
    assert odd <= linked


async def test_a_single_item_that_meets_a_refused_token_comes_again_later(synced: Bench) -> None:
    number, _ = await _linked(synced, "plan")
    stored = await synced.parts.connections.get(synced.connection)
    assert stored is not None
    await synced.parts.secrets.set(stored.secrets.pat, "expired-pat")
    message = SyncMessage(connection=synced.connection, cause="hook", side="azure-devops", item=str(number))
    await work(synced.parts.engine, "sync-hooks", message)
    async with QueueServiceClient.from_connection_string(synced.storage) as service:
        queue = await service.get_queue_client("sync-hooks").get_queue_properties()
    assert queue.approximate_message_count
