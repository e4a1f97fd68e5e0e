"""Items that are left out, and what hangs below them (requirements.md, "What becomes of each ancestry").

Nothing of ours says where a left-out item hangs, so what its move means for others is found by asking Azure DevOps.
"""

import asyncio
from typing import Any

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.engine.desk import ANOTHER_ROUND
from shared.engine.requests import REVISIT, queue_of, request_full_sync, request_incremental
from shared.engine.work import work
from shared.messages import Seen, SyncMessage
from tests.sync.acts import act
from tests.sync.bench import Bench, Moment, bench, queues_of
from tests.sync.scenes import activity_of, link_of, made_parent, notified, plan_of

TAG = "Not for OnePlan"


@pytest.fixture
async def synced(dozen: Bench) -> Bench:
    """Two Epics of one project; whatever carries the tag is left out."""
    await dozen.connect(scope={"wiql": f"[System.Tags] NOT CONTAINS '{TAG}'"})
    assert (await dozen.full_sync()).counts["failures"] == 0
    await _incremental(dozen)
    return dozen


async def _incremental(made: Bench) -> None:
    run = await request_incremental(made.parts.engine, made.connection, "person")
    await made.pump(run.id)


async def _made(made: Bench, kind: str, above: int | None, tags: str = "") -> int:
    """A new work item in an iteration, of which nobody was told."""
    project = made.devops.organization.projects[0].name
    iteration = next(
        str(one.now.fields["System.IterationPath"])
        for one in made.devops.organization.items.values()
        if str(one.now.fields["System.IterationPath"]).startswith(f"{project}\\")
    )
    fields = {"System.Title": f"New {kind}", "System.IterationPath": iteration, "System.Tags": tags}
    found = await act(made.devops_url, act="create", project=project, type=kind, parent=above, fields=fields)
    return int(found["id"])


async def _arrived_below(made: Bench, lower: int, upper: int) -> None:
    """Its plan stands below that of the other one."""
    there = plan_of(made, await link_of(made, lower))
    assert there is not None
    assert there["PortfolioParentId"] == (await link_of(made, upper)).target


async def _told_at_once(made: Bench, number: int, seen: Seen | None = None, event: str = "updated") -> None:
    """The item is looked at before anything else that is queued."""
    message = SyncMessage(
        connection=made.connection, cause="person", side="azure-devops", item=str(number), event=event, seen=seen
    )
    await work(made.parts.engine, "sync-interactive", message)


async def _told(made: Bench, by: str, number: int, seen: Seen | None = None) -> None:
    """News of the item comes by a hook, or is found by a feed."""
    if by == "feed":
        await _incremental(made)
        return
    await _told_at_once(made, number, seen)
    await made.pump()


async def _in_step(made: Bench) -> None:
    run = await made.full_sync()
    assert (run.state, run.counts["failures"], run.counts.get("drifted", 0)) == ("done", 0, 0)


async def _plan_of_task(made: Bench, number: int) -> str:
    link = await link_of(made, number)
    return str(made.oneplan.groups[0].tasks[link.target]["WorkPlanId"])


@pytest.mark.parametrize("deep", [1, 2])
@pytest.mark.parametrize("by", ["hook", "feed"])
async def test_a_task_goes_with_the_item_above_it_that_is_passed_over(synced: Bench, by: str, deep: int) -> None:
    first, second = [await _made(synced, "Epic", None) for _ in range(2)]
    above = passed = await _made(synced, "User Story", first, TAG)
    for _ in range(deep - 1):
        above = await _made(synced, "Task", above, TAG)
    task = await _made(synced, "Task", above)
    await _incremental(synced)
    assert await _plan_of_task(synced, task) == (await link_of(synced, first)).target
    await act(synced.devops_url, act="reparent", id=passed, parent=second)
    await _told(synced, by, passed, Seen(parent=second, moved=True))
    assert await _plan_of_task(synced, task) == (await link_of(synced, second)).target
    await _in_step(synced)


async def test_where_a_held_item_belongs_is_looked_up_at_each_look(synced: Bench) -> None:
    """What stood above it at the last agreement tells nothing of it, where the one between has moved since."""
    first, second = [await _made(synced, "Epic", None) for _ in range(2)]
    passed = await _made(synced, "Feature", first, TAG)
    lower = await _made(synced, "Feature", passed)
    await _incremental(synced)
    await _arrived_below(synced, lower, first)
    link = await link_of(synced, lower)
    await act(synced.oneplan_url, act="move-plan", plan=link.target, parent=None)
    await act(synced.devops_url, act="reparent", id=passed, parent=second)
    await _told(synced, "hook", passed, Seen(parent=second, moved=True))
    for _ in range(2):
        (held,) = await synced.parts.engine.conflicts.of_item(synced.connection, link.key)
        assert (held.field, held.azure_devops, held.oneplan) == ("parent", f"w{second:010d}", None)
        await notified(synced, lower)
    assert made_parent(synced.devops.organization.items[lower]) == passed


@pytest.mark.parametrize("by", ["hook", "feed"])
async def test_a_plan_that_only_the_one_above_it_kept_out_arrives_once_that_one_is_left_out(
    synced: Bench, by: str
) -> None:
    epic = await _made(synced, "Epic", None)
    upper = await _made(synced, "Feature", epic)
    lower = await _made(synced, "Feature", upper)
    await _incremental(synced)
    assert await synced.parts.engine.links.get(synced.connection, f"w{lower:010d}") is None, "order differs"
    await act(synced.devops_url, act="update", id=upper, fields={"System.Tags": TAG})
    await _told(synced, by, upper)
    await _arrived_below(synced, lower, epic)
    await _in_step(synced)


async def test_a_plan_below_a_task_arrives_once_a_person_has_removed_that_task(synced: Bench) -> None:
    """Seed 304: what is disconnected is passed over as well."""
    epic = await _made(synced, "Epic", None)
    story = await _made(synced, "User Story", epic)
    feature = await _made(synced, "Feature", story)
    await _incremental(synced)
    assert await synced.parts.engine.links.get(synced.connection, f"w{feature:010d}") is None, "order differs"
    await act(synced.oneplan_url, act="remove-task", task=(await link_of(synced, story)).target)
    await notified(synced, story)
    assert (await link_of(synced, story)).state == "disconnected"
    await _arrived_below(synced, feature, epic)
    await _in_step(synced)


@pytest.mark.parametrize("kind", ["User Story", "Feature"])
async def test_what_moves_below_an_item_whose_counterpart_is_being_found_removed_does_not_hang_there(
    azurite: Azurite, vault: RunningVault, kind: str
) -> None:
    """It was placed by the link as it was, after the one that ends had been asked what is below it."""
    moment = Moment()
    async with bench(azurite.connection_string, vault, size=24, around=moment.around) as made:
        await made.connect()
        await made.full_sync()
        epic = await _made(made, "Epic", None)
        upper = await _made(made, "User Story" if kind == "User Story" else "Feature", epic)
        moving = await _made(made, kind, None if kind == "Feature" else epic)
        await made.full_sync()
        gone = (await link_of(made, upper)).target

        async def moves() -> None:
            await act(made.devops_url, act="reparent", id=moving, parent=upper)
            await _told_at_once(made, moving)

        removal = {"act": "remove-task", "task": gone} if kind == "User Story" else {"act": "remove-plan", "plan": gone}
        await act(made.oneplan_url, **removal)
        moment.path, moment.first = gone, moves
        await notified(made, upper)
        assert moment.first is None
        assert (await link_of(made, upper)).state == "disconnected"
        await asyncio.sleep(ANOTHER_ROUND + 0.5)
        await made.pump()
        link = await link_of(made, moving)
        assert link.base is not None
        assert link.base.parent == (await link_of(made, epic)).key
        await _in_step(made)


async def test_a_plan_below_one_that_is_of_a_higher_level_by_now_arrives(synced: Bench) -> None:
    upper = await _made(synced, "Feature", None)
    lower = await _made(synced, "Feature", upper)
    await notified(synced, upper)
    await notified(synced, lower)
    assert await synced.parts.engine.links.get(synced.connection, f"w{lower:010d}") is None, "order differs"
    await act(synced.devops_url, act="update", id=upper, fields={"System.WorkItemType": "Epic"})
    await notified(synced, upper)
    await _arrived_below(synced, lower, upper)
    await _in_step(synced)


async def test_a_task_moved_below_one_that_has_left_the_scope_says_why_it_cannot_follow(synced: Bench) -> None:
    """Seed 308: it was hung below the item that is passed over, and so belonged elsewhere at once."""
    epic = await _made(synced, "Epic", None)
    upper, task = [await _made(synced, "User Story", epic) for _ in range(2)]
    await _incremental(synced)
    await act(synced.devops_url, act="update", id=upper, fields={"System.Tags": TAG})
    await notified(synced, upper)
    there = (await link_of(synced, upper)).target
    await act(synced.oneplan_url, act="move-task", task=(await link_of(synced, task)).target, parent=there)
    await notified(synced, task)
    after = await link_of(synced, task)
    assert after.base is not None
    assert "connected with no work item" in after.base.residues["parent"]
    assert after.parent == epic
    await _in_step(synced)


async def test_an_edit_of_an_item_that_is_left_out_costs_one_call(synced: Bench) -> None:
    """Only a move, or a change above it, concerns what hangs below it."""
    epic = await _made(synced, "Epic", None)
    passed = await _made(synced, "User Story", epic, TAG)
    for _ in range(3):
        await _made(synced, "Task", passed)
    await _incremental(synced)
    await asyncio.sleep(ANOTHER_ROUND + 0.5)  # what was sent with a delay comes too
    await synced.pump()
    await act(synced.devops_url, act="update", id=passed, fields={"System.Title": "Renamed"})
    synced.reset_calls()
    await notified(synced, passed)
    calls: Any = dict(synced.devops_calls)
    assert sum(calls.values()) <= 3, calls
    assert synced.oneplan_calls == {}


async def _laid_out(made: Bench) -> str:
    """A full sync that has read everything, and works on nothing yet. What else is queued waits."""
    engine = made.parts.engine
    run = await request_full_sync(engine, made.connection, "person")
    async with queues_of(made.storage) as service:
        for _ in range(200):
            found = await engine.runs.get(made.connection, run.id)
            assert found is not None
            if found.stage.startswith(("plans", "tasks")):
                return run.id
            await made.drained(service, queue_of("full"))
    raise AssertionError("the run did not come so far")


async def test_a_run_does_not_move_back_what_a_look_has_moved_since_it_read(synced: Bench) -> None:
    """A full sync of many items takes a while; what people do meanwhile is looked at at once."""
    first, second = [await _made(synced, "Epic", None) for _ in range(2)]
    passed = await _made(synced, "User Story", first, TAG)
    task = await _made(synced, "Task", passed)
    await _incremental(synced)
    run = await _laid_out(synced)
    await act(synced.devops_url, act="reparent", id=passed, parent=second)
    await _told_at_once(synced, passed, Seen(parent=second, moved=True))
    await _told_at_once(synced, task, event=REVISIT)  # which the message above asks for
    synced.reset_calls()
    await synced.pump(run)
    assert await _plan_of_task(synced, task) == (await link_of(synced, second)).target
    assert [one for one in synced.oneplan_calls if one.endswith("/move")] == []
    await _in_step(synced)


async def test_a_run_does_not_take_up_what_a_look_has_ended_since_it_read(synced: Bench) -> None:
    epic = await _made(synced, "Epic", None)
    left, gone = [await _made(synced, "User Story", epic) for _ in range(2)]
    await _incremental(synced)
    run = await _laid_out(synced)
    await act(synced.devops_url, act="update", id=left, fields={"System.Tags": TAG})
    await act(synced.devops_url, act="delete", id=gone)
    for one in (left, gone):
        await _told_at_once(synced, one)
    await synced.pump(run)
    assert [(await link_of(synced, one)).state for one in (left, gone)] == ["out-of-scope", "disconnected"]
    actions = [entry.action for one in (left, gone) for entry in await activity_of(synced, one)]
    assert actions.count("disconnected") == 2, actions
    await _in_step(synced)


async def test_a_run_does_not_delete_what_was_edited_since_it_read(dozen: Bench) -> None:
    await dozen.connect(onPlanDelete="delete")
    await dozen.full_sync()
    story = await _made(dozen, "User Story", await _made(dozen, "Epic", None))
    await dozen.full_sync()
    run = await _laid_out(dozen)
    await act(dozen.oneplan_url, act="remove-task", task=(await link_of(dozen, story)).target)
    await act(dozen.devops_url, act="update", id=story, fields={"System.Title": "Edited since"})
    await dozen.pump(run)
    assert dozen.devops.organization.items[story].deleted is None
    assert (await link_of(dozen, story)).why == "removed"


async def test_a_run_does_not_end_what_has_come_back_into_the_scope_since_it_read(synced: Bench) -> None:
    epic = await _made(synced, "Epic", None)
    story = await _made(synced, "User Story", epic)
    await _incremental(synced)
    await act(synced.devops_url, act="update", id=story, fields={"System.Tags": TAG})
    run = await _laid_out(synced)
    await act(synced.devops_url, act="update", id=story, fields={"System.Tags": "", "System.Title": "Back"})
    await _told_at_once(synced, story)
    await synced.pump(run)
    assert (await link_of(synced, story)).state == "linked"
    assert [one.action for one in await activity_of(synced, story) if one.action == "disconnected"] == []
    await _in_step(synced)


async def test_what_comes_below_a_task_whose_place_is_held_goes_to_the_plan_that_it_is_in_by_now(dozen: Bench) -> None:
    """Seed 102: the link named the plan that the task was in when its place was held first."""
    await dozen.connect(conflictPolicy="hold")
    await dozen.full_sync()
    first, second, third, fourth = [await _made(dozen, "Epic", None) for _ in range(4)]
    story = await _made(dozen, "User Story", first)
    await dozen.full_sync()
    target = (await link_of(dozen, story)).target
    await act(dozen.devops_url, act="reparent", id=story, parent=second)
    for plan in (third, fourth):
        there = (await link_of(dozen, plan)).target
        await act(dozen.oneplan_url, act="move-task", task=target, plan=there, parent=None)
        await notified(dozen, story)
        assert (await link_of(dozen, story)).held
    below = await _made(dozen, "Task", story)
    await notified(dozen, below, "created")
    assert await dozen.parts.engine.failures.list(dozen.connection) == []
    assert await _plan_of_task(dozen, below) == (await link_of(dozen, fourth)).target


async def test_a_move_in_oneplan_is_not_forgotten_while_the_item_waits_for_another_one(dozen: Bench) -> None:
    """Seed 102: the place that OnePlan had by then was agreed on, and the move undone by the next full sync."""
    await dozen.connect(conflictPolicy="oneplan")
    await dozen.full_sync()
    epic = await _made(dozen, "Epic", None)
    here, there = [await _made(dozen, "User Story", epic) for _ in range(2)]
    task = await _made(dozen, "Task", here)
    await dozen.full_sync()
    new = await _made(dozen, "User Story", epic)
    await act(dozen.devops_url, act="reparent", id=task, parent=new)
    await act(dozen.devops_url, act="update", id=task, fields={"System.Title": "Waits"})
    target = (await link_of(dozen, task)).target
    await act(dozen.oneplan_url, act="move-task", task=target, parent=(await link_of(dozen, there)).target)
    await notified(dozen, task)
    assert dozen.oneplan.groups[0].tasks[target]["Name"] == "Waits"
    await notified(dozen, task)
    await notified(dozen, new)
    assert made_parent(dozen.devops.organization.items[task]) == there
    await _in_step(dozen)
