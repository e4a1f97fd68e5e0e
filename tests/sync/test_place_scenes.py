"""Moves on either side and changes of type, over the whole engine (R18, R19): rows of docs/behaviour.md."""

from typing import Any

import pytest

from local.azure_devops.model import PARENT
from local.oneplan.model import ZERO
from shared.core.snapshots import work_item_key
from shared.engine.by_person import settle
from tests.machine.remap import remap
from tests.sync.acts import act
from tests.sync.bench import Bench
from tests.sync.scenes import activity_of, counterpart, link_of, linked, notified, plan_of


@pytest.fixture
async def synced(dozen: Bench) -> Bench:
    return await _synced(dozen)


@pytest.fixture
async def leafy(few: Bench) -> Bench:
    """In step, with a task right below a plan that has nothing below it."""
    return await _synced(few)


async def _synced(made: Bench) -> Bench:
    await made.connect()
    run = await made.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    return made


async def _in_step(made: Bench) -> None:
    """Two runs later nothing is left to do, and the independent check agrees."""
    await made.full_sync()
    run = await made.full_sync()
    assert (run.state, run.counts["failures"], run.counts.get("drifted", 0)) == ("done", 0, 0)
    assert (await made.compare()).problems == []


def _parent(made: Bench, number: int) -> int | None:
    relations = made.devops.organization.items[number].relations
    return next((one.target for one in relations if one.rel == PARENT), None)


async def _epics(made: Bench) -> list[int]:
    """Linked Epics, and none of them above the other."""
    found = []
    async for link in made.parts.engine.links.list(made.connection):
        number = int(link.key[1:])
        if link.kind == "plan" and made.devops.organization.items[number].type == "Epic":
            found.append(number)
    return found


async def _elsewhere(made: Bench, number: int) -> tuple[int, str]:
    """Another Epic than the one above the item, and its plan."""
    above = _parent(made, number)
    other = next(one for one in await _epics(made) if one != above)
    return other, (await link_of(made, other)).target


async def test_a_plan_moved_in_oneplan_moves_its_work_item(synced: Bench) -> None:
    number = await linked(synced, "plan", "feature-under-epic")
    other, plan = await _elsewhere(synced, number)
    link = await link_of(synced, number)
    await act(synced.oneplan_url, act="move-plan", plan=link.target, parent=plan)
    await notified(synced, number)
    assert _parent(synced, number) == other
    assert (await link_of(synced, number)).target == link.target
    await _in_step(synced)


@pytest.mark.parametrize("by", ["hook", "run"])
async def test_a_task_moved_to_another_plan_in_oneplan_moves_its_work_item(leafy: Bench, by: str) -> None:
    number = await linked(leafy, "task", "task-under-plan")
    before = await link_of(leafy, number)
    plans = [one async for one in leafy.parts.engine.links.list(leafy.connection) if one.kind == "plan"]
    other = next(one for one in plans if one.target != before.plan)
    await act(leafy.oneplan_url, act="move-task", task=before.target, plan=other.target)
    await (notified(leafy, number) if by == "hook" else leafy.full_sync())
    after = await link_of(leafy, number)
    assert (after.state, after.target, after.plan) == ("linked", before.target, other.target)
    assert _parent(leafy, number) == int(other.key[1:])
    await _in_step(leafy)


async def test_a_task_moved_to_a_plan_of_nobody_stays_connected_and_says_why(leafy: Bench) -> None:
    number = await linked(leafy, "task", "task-under-plan")
    before, above = await link_of(leafy, number), _parent(leafy, number)
    types = leafy.oneplan.groups[0].plan_types
    plan = await act(leafy.oneplan_url, act="create-plan", name="A person's own", type=types[0]["Name"])
    await act(leafy.oneplan_url, act="move-task", task=before.target, plan=plan["id"])
    await notified(leafy, number)
    after = await link_of(leafy, number)
    assert (after.state, after.target, after.plan) == ("linked", before.target, plan["id"])
    assert _parent(leafy, number) == above
    assert after.base is not None
    assert "connected with no work item" in after.base.residues["parent"]


async def test_a_move_and_an_edit_in_oneplan_are_one_patch(synced: Bench) -> None:
    number = await linked(synced, "plan", "feature-under-epic")
    other, plan = await _elsewhere(synced, number)
    link = await link_of(synced, number)
    await act(synced.oneplan_url, act="move-plan", plan=link.target, parent=plan)
    await act(synced.oneplan_url, act="edit-plan", plan=link.target, name="Moved and renamed")
    synced.reset_calls()
    await notified(synced, number)
    assert _parent(synced, number) == other
    assert sum(count for route, count in synced.devops_calls.items() if route.startswith("PATCH")) == 1
    await _in_step(synced)


async def test_a_plan_moved_on_both_sides_is_held(synced: Bench) -> None:
    number = await linked(synced, "plan", "feature-under-epic")
    other, plan = await _elsewhere(synced, number)
    link = await link_of(synced, number)
    await act(synced.oneplan_url, act="move-plan", plan=link.target, parent=plan)
    await act(synced.devops_url, act="reparent", id=number, parent=None)
    await notified(synced, number)
    assert _parent(synced, number) is None
    there = plan_of(synced, link)
    assert there is not None
    assert there["PortfolioParentId"] == plan
    conflicts = await synced.parts.engine.conflicts.of_item(synced.connection, work_item_key(number))
    assert [(one.field, one.oneplan) for one in conflicts] == [("parent", work_item_key(other))]


async def test_a_choice_between_two_places_does_not_stand_for_others(synced: Bench) -> None:
    number = await linked(synced, "plan", "feature-under-epic")
    _, plan = await _elsewhere(synced, number)
    link, engine = await link_of(synced, number), synced.parts.engine
    await act(synced.oneplan_url, act="move-plan", plan=link.target, parent=plan)
    await act(synced.devops_url, act="reparent", id=number, parent=None)
    await notified(synced, number)
    (held,) = await engine.conflicts.of_item(synced.connection, link.key)

    project = synced.devops.organization.items[number].now.fields["System.TeamProject"]
    fields = {"System.Title": "A third one"}
    third = int((await act(synced.devops_url, act="create", project=project, type="Epic", fields=fields))["id"])
    await notified(synced, third)
    await act(synced.oneplan_url, act="move-plan", plan=link.target, parent=(await link_of(synced, third)).target)
    await settle(engine, synced.connection, held.reference, "azure-devops")
    await synced.pump()
    (held,) = await engine.conflicts.of_item(synced.connection, link.key)
    assert (held.azure_devops, held.oneplan, held.choice) == (None, work_item_key(third), "")

    await settle(engine, synced.connection, held.reference, "azure-devops")
    await synced.pump()
    there = plan_of(synced, link)
    assert there is not None
    assert there["PortfolioParentId"] == ZERO
    await _in_step(synced)


async def test_an_import_only_connection_leaves_a_move_in_oneplan_as_drift(dozen: Bench) -> None:
    await dozen.connect(options={"allowOnePlanEdits": False})
    await dozen.full_sync()
    number = await linked(dozen, "plan", "feature-under-epic")
    before, (_, plan) = _parent(dozen, number), await _elsewhere(dozen, number)
    link = await link_of(dozen, number)
    await act(dozen.oneplan_url, act="move-plan", plan=link.target, parent=plan)
    await notified(dozen, number)
    assert _parent(dozen, number) == before
    recorded = (await link_of(dozen, number)).base
    assert recorded is not None
    assert "import only" in recorded.residues["parent"]


async def test_an_edit_in_oneplan_is_put_back_where_an_import_only_connection_says_so(dozen: Bench) -> None:
    await dozen.connect(options={"allowOnePlanEdits": False}, onOnePlanEditWhenImportOnly="put-back")
    await dozen.full_sync()
    number = await linked(dozen, "plan", "feature-under-epic")
    link = await link_of(dozen, number)
    await act(dozen.oneplan_url, act="edit-plan", plan=link.target, name="Edited here")
    await notified(dozen, number)
    there = plan_of(dozen, link)
    assert there is not None
    assert there["Name"] == dozen.devops.organization.items[number].now.fields["System.Title"]
    lost = [one.before for one in await activity_of(dozen, number) if one.action == "overwritten"]
    assert lost == ["Edited here"]


@pytest.mark.parametrize("route", [True, False])
async def test_a_task_moved_to_another_feature_goes_to_its_plan(few: Bench, route: bool) -> None:
    few.oneplan.faults.apply({"switches": {"move_task_route": route}})
    await few.connect()
    await few.full_sync()
    number = await linked(few, "task", "task-under-plan")
    before = await link_of(few, number)
    plans = [one async for one in few.parts.engine.links.list(few.connection) if one.kind == "plan"]
    other = next(one for one in plans if one.target != before.plan)
    await act(few.devops_url, act="reparent", id=number, parent=int(other.key[1:]))
    await notified(few, number)
    after = await link_of(few, number)
    assert after.plan == other.target
    assert (after.target == before.target) is route
    if not route:
        assert counterpart(few, before) is None
    await _in_step(few)


async def test_a_task_with_hours_is_kept_where_another_takes_its_place(few: Bench) -> None:
    few.oneplan.faults.apply({"switches": {"move_task_route": False}})
    await few.connect()
    await few.full_sync()
    number = await linked(few, "task", "task-under-plan")
    before = await link_of(few, number)
    await act(few.oneplan_url, act="log-hours", task=before.target, hours=2)
    plans = [one async for one in few.parts.engine.links.list(few.connection) if one.kind == "plan"]
    other = next(one for one in plans if one.target != before.plan)
    await act(few.devops_url, act="reparent", id=number, parent=int(other.key[1:]))
    await notified(few, number)
    old = counterpart(few, before)
    assert old is not None
    assert old["Name"].endswith(" (replaced)")
    assert (await link_of(few, number)).target != before.target
    await few.full_sync()
    assert (await few.full_sync()).counts.get("drifted", 0) == 0


async def test_what_only_oneplan_has_goes_over_to_the_task_that_takes_the_place(few: Bench) -> None:
    few.oneplan.faults.apply({"switches": {"move_task_route": False}})
    await few.connect()
    await remap(few.parts, few.connection)
    await few.full_sync()
    number = await linked(few, "task", "task-under-plan")
    before = await link_of(few, number)
    await act(few.oneplan_url, act="edit-task", task=before.target, fields={"DueDate": "2031-05-06"})
    plans = [one async for one in few.parts.engine.links.list(few.connection) if one.kind == "plan"]
    other = next(one for one in plans if one.target != before.plan)
    await act(few.devops_url, act="reparent", id=number, parent=int(other.key[1:]))
    await notified(few, number)
    after = await link_of(few, number)
    assert after.target != before.target
    task = counterpart(few, after)
    assert task is not None
    assert task["DueDate"].startswith("2031-05-06")


async def test_an_item_that_moves_to_another_team_project_goes_below_its_plan(dozen: Bench) -> None:
    await dozen.connect(options={"teamProjectAsParentPlan": True}, teamProjectPlanType="Project")
    assert (await dozen.full_sync()).counts["failures"] == 0
    number = await linked(dozen, "plan", "epic-without-parent")
    before = await link_of(dozen, number)
    item = dozen.devops.organization.items[number]
    other = next(one for one in dozen.devops.organization.projects if one.id != item.project_id)
    moved = dict.fromkeys(("System.TeamProject", "System.AreaPath", "System.IterationPath"), other.name)
    await act(dozen.devops_url, act="update", id=number, fields=moved)
    await notified(dozen, number)
    after = await link_of(dozen, number)
    assert after.target == before.target
    project = await dozen.parts.engine.links.get(dozen.connection, f"p{other.id}")
    assert project is not None
    there = plan_of(dozen, after)
    assert there is not None
    assert there["PortfolioParentId"] == project.target


async def test_a_plan_of_a_team_project_that_could_not_be_made_at_once_is_made_with_the_next_attempt(
    dozen: Bench,
) -> None:
    """The item that needs it comes again; that a link had been begun kept it waiting until the nightly run."""
    await dozen.connect(options={"teamProjectAsParentPlan": True}, teamProjectPlanType="Project")
    await dozen.full_sync()
    number = await linked(dozen, "plan", "epic-without-parent")
    item = dozen.devops.organization.items[number]
    other = next(one for one in dozen.devops.organization.projects if one.id != item.project_id)
    assert await dozen.parts.engine.links.get(dozen.connection, f"p{other.id}") is None
    moved = dict.fromkeys(("System.TeamProject", "System.AreaPath", "System.IterationPath"), other.name)
    await act(dozen.devops_url, act="update", id=number, fields=moved)
    limit = {"kind": "status", "method": "POST", "path": "/workplan$", "status": 429, "retry_after": 1}
    dozen.oneplan.faults.apply({"rules": [limit]})
    await notified(dozen, number)
    begun = await dozen.parts.engine.links.get(dozen.connection, f"p{other.id}")
    assert (begun and begun.state, begun and begun.target) == ("linking", "")
    dozen.oneplan.faults.rules.clear()
    await notified(dozen, number)
    project = await dozen.parts.engine.links.get(dozen.connection, f"p{other.id}")
    assert project is not None
    assert project.target
    there = plan_of(dozen, await link_of(dozen, number))
    assert there is not None
    assert there["PortfolioParentId"] == project.target


async def _typed(made: Bench, number: int, kind: str) -> None:
    await act(made.devops_url, act="update", id=number, fields={"System.WorkItemType": kind})
    await notified(made, number)


def _story(made: Bench, number: int) -> str:
    project = made.devops.organization.items[number].project_id
    named = next(one for one in made.devops.organization.projects if one.id == project)
    kinds: Any = {one.name for one in made.devops.organization.process_of(named).types}
    return next(kind for kind in ("User Story", "Product Backlog Item", "Requirement", "Issue") if kind in kinds)


async def test_a_feature_that_turns_story_becomes_a_task_and_its_plan_is_archived(synced: Bench) -> None:
    number = await linked(synced, "plan", "feature-under-epic")
    before = await link_of(synced, number)
    await _typed(synced, number, _story(synced, number))
    after = await link_of(synced, number)
    assert (after.kind, after.state) == ("task", "linked")
    await synced.full_sync()
    old = plan_of(synced, before)
    assert old is not None
    assert old["Archived"]
    assert (await link_of(synced, number)).retired is None
    assert (await synced.full_sync()).counts.get("drifted", 0) == 0

    await _typed(synced, number, "Feature")
    again = await link_of(synced, number)
    assert again.kind == "plan"
    assert again.target != before.target
    await synced.full_sync()
    assert (await synced.full_sync()).counts.get("drifted", 0) == 0


async def _below(made: Bench, number: int) -> list[int]:
    """The linked items directly below it."""
    linked_ones = [one.key async for one in made.parts.engine.links.list(made.connection) if one.state == "linked"]
    items = made.devops.organization.items
    return [one for one in items if _parent(made, one) == number and work_item_key(one) in linked_ones]


async def _above_others(made: Bench, kind: str) -> int:
    """A linked item of the kind with linked tasks below it."""
    async for link in made.parts.engine.links.list(made.connection):
        if link.kind == kind and link.key.startswith("w"):
            below = [await link_of(made, one) for one in await _below(made, int(link.key[1:]))]
            if below and all(one.kind == "task" for one in below):
                return int(link.key[1:])
    raise AssertionError(f"no {kind} with tasks below it")


async def test_a_task_below_that_is_held_in_another_plan_stays_with_it(synced: Bench) -> None:
    above = await _above_others(synced, "task")
    below = (await _below(synced, above))[0]
    before = await link_of(synced, above)
    plans = [one async for one in synced.parts.engine.links.list(synced.connection) if one.kind == "plan"]
    there, here = [one for one in plans if one.target != before.plan and one.key.startswith("w")][:2]
    await act(synced.devops_url, act="reparent", id=above, parent=int(there.key[1:]))
    await act(synced.oneplan_url, act="move-task", task=before.target, plan=here.target, parent=None)
    await notified(synced, above)
    assert (await link_of(synced, above)).held
    await act(synced.devops_url, act="update", id=below, fields={"System.Title": "Edited below"})
    await notified(synced, below)
    await synced.full_sync()
    link = await link_of(synced, below)
    found = counterpart(synced, link)
    assert found is not None
    assert (found["Name"], found["WorkPlanId"], found["ParentId"]) == ("Edited below", here.target, before.target)
    assert await synced.parts.engine.failures.list(synced.connection) == []


async def test_a_plan_that_turned_task_is_archived_as_soon_as_its_last_task_has_gone(synced: Bench) -> None:
    number = await _above_others(synced, "plan")
    before, tasks = await link_of(synced, number), await _below(synced, number)
    await _typed(synced, number, _story(synced, number))
    assert {(await link_of(synced, one)).plan for one in tasks} == {(await link_of(synced, number)).plan}
    old = plan_of(synced, before)
    assert old is not None
    assert old["Archived"]
    assert (await link_of(synced, number)).retired is None


async def _new_story(made: Bench, above: int) -> int:
    """A new story below the item, with its task."""
    project = str(made.devops.organization.items[above].now.fields["System.TeamProject"])
    fields, kind = {"System.Title": "New"}, _story(made, above)
    found = await act(made.devops_url, act="create", project=project, type=kind, parent=above, fields=fields)
    await notified(made, int(found["id"]))
    return int(found["id"])


@pytest.mark.parametrize("policy", ["azure-devops", "oneplan", "latest"])
@pytest.mark.parametrize("first", ["above", "below"])
async def test_two_tasks_moved_below_each_other_make_no_cycle(dozen: Bench, policy: str, first: str) -> None:
    await dozen.connect(conflictPolicy=policy)
    await dozen.full_sync()
    plan = await linked(dozen, "plan", "feature-under-epic")
    above, below = [await _new_story(dozen, plan) for _ in range(2)]
    there = await link_of(dozen, above)
    await act(dozen.devops_url, act="reparent", id=below, parent=above)
    await act(dozen.oneplan_url, act="move-task", task=there.target, parent=(await link_of(dozen, below)).target)
    for number in (above, below) if first == "above" else (below, above):
        await notified(dozen, number)
    assert await dozen.parts.engine.failures.list(dozen.connection) == []
    parents = {one: _parent(dozen, one) for one in (above, below)}
    match policy:
        case "azure-devops":
            assert parents == {above: plan, below: above}
        case "oneplan":
            assert parents == {above: below, below: plan}
        case _:
            assert parents == {above: plan, below: above}
            assert all([(await link_of(dozen, one)).held for one in (above, below)])
            return
    await _in_step(dozen)


async def test_a_plan_that_turned_task_is_archived_where_its_last_tasks_were_removed(synced: Bench) -> None:
    number = await _above_others(synced, "plan")
    before, tasks = await link_of(synced, number), await _below(synced, number)
    for one in tasks:
        await act(synced.oneplan_url, act="remove-task", task=(await link_of(synced, one)).target)
    await _typed(synced, number, _story(synced, number))
    old = plan_of(synced, before)
    assert old is not None
    assert old["Archived"]
    assert (await link_of(synced, number)).retired is None


async def test_what_was_replaced_is_put_away_once_the_last_below_it_is_however_often_that_fails(dozen: Bench) -> None:
    """The old task above is kept for the one below it, whose own old task OnePlan removes at the second try only."""
    dozen.oneplan.faults.apply({"switches": {"move_task_route": False}})
    await dozen.connect()
    await dozen.full_sync()
    above = await _above_others(dozen, "task")
    below = [await link_of(dozen, one) for one in await _below(dozen, above)]
    before = await link_of(dozen, above)
    others = [one for one in await _epics(dozen) if (await link_of(dozen, one)).target != before.plan]
    limit = {"kind": "status", "method": "DELETE", "path": f"tasks/{below[-1].target}$", "status": 429}
    dozen.oneplan.faults.apply({"rules": [{**limit, "retry_after": 1}]})
    await act(dozen.devops_url, act="reparent", id=above, parent=others[0])
    await notified(dozen, above)
    assert counterpart(dozen, before) is not None
    assert (await link_of(dozen, above)).retired is not None
    dozen.oneplan.faults.rules.clear()
    await notified(dozen, int(below[-1].key[1:]))
    assert [counterpart(dozen, one) for one in (before, *below)] == [None] * (1 + len(below))
    assert (await link_of(dozen, above)).retired is None
    await _in_step(dozen)


@pytest.mark.parametrize("end", ["deleted", "out-of-scope"])
async def test_what_was_replaced_is_put_away_where_the_pair_ends_before_that_was_done(dozen: Bench, end: str) -> None:
    """Seed 103: a worker died between the record of the new plan and the removal of the old task."""
    await dozen.connect(scope={"wiql": "[System.Title] <> 'Elsewhere'"})
    await dozen.full_sync()
    number = await _new_story(dozen, (await _epics(dozen))[0])
    before = await link_of(dozen, number)
    limit = {"kind": "status", "method": "DELETE", "path": f"tasks/{before.target}$", "status": 429, "retry_after": 1}
    dozen.oneplan.faults.apply({"rules": [limit]})
    await _typed(dozen, number, "Feature")
    assert (await link_of(dozen, number)).retired is not None
    dozen.oneplan.faults.rules.clear()
    if end == "deleted":
        await act(dozen.devops_url, act="delete", id=number)
    else:
        await act(dozen.devops_url, act="update", id=number, fields={"System.Title": "Elsewhere"})
    await notified(dozen, number, end)
    after = await link_of(dozen, number)
    assert (counterpart(dozen, before), after.retired, after.state != "linked") == (None, None, True)


async def test_an_edit_of_a_plan_that_is_still_to_be_archived_is_in_the_activity(dozen: Bench) -> None:
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "plan", "feature-under-epic")
    before = await link_of(dozen, number)
    fault = {"kind": "status", "method": "DELETE", "path": f"workplan/{before.target}$", "status": 504}
    dozen.oneplan.faults.apply({"rules": [fault]})
    await _typed(dozen, number, _story(dozen, number))
    assert (await link_of(dozen, number)).retired is not None
    dozen.oneplan.faults.rules.clear()
    await act(dozen.oneplan_url, act="edit-plan", plan=before.target, name="Edited late")
    await notified(dozen, number)
    plan = counterpart(dozen, before)
    assert plan is not None
    assert plan["Archived"]
    assert "Edited late" in [one.before for one in await activity_of(dozen, number) if one.action == "overwritten"]


async def test_an_edit_that_goes_over_as_a_plan_turns_task_is_in_the_activity(dozen: Bench) -> None:
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "plan", "feature-under-epic")
    name = str(dozen.devops.organization.items[number].now.fields["System.Title"])
    await act(dozen.oneplan_url, act="edit-plan", plan=(await link_of(dozen, number)).target, name="Edited here")
    await _typed(dozen, number, _story(dozen, number))
    told = [(one.before, one.after) for one in await activity_of(dozen, number) if one.side == "azure-devops"]
    assert (name, "Edited here") in told


async def test_what_loses_as_a_plan_turns_task_is_in_the_activity_before_the_plan_is_archived(dozen: Bench) -> None:
    """Seed 103: the plan waited for the last task in it to leave."""
    await dozen.connect(conflictPolicy="azure-devops")
    await dozen.full_sync()
    number, *_ = [one for one in await _features(dozen) if await _below(dozen, one)]
    link = await link_of(dozen, number)
    dozen.oneplan.faults.apply({"rules": [{"kind": "status", "method": "POST", "path": "/move$", "status": 504}]})
    await act(dozen.oneplan_url, act="edit-plan", plan=link.target, name="Loses here")
    await act(dozen.devops_url, act="update", id=number, fields={"System.Title": "Wins there"})
    await _typed(dozen, number, _story(dozen, number))
    plan = counterpart(dozen, link)
    assert plan is not None
    assert not plan["Archived"]
    assert "Loses here" in [one.before for one in await activity_of(dozen, number) if one.action == "overwritten"]


async def test_a_plan_that_was_replaced_goes_with_a_task_whose_place_in_it_was_held(dozen: Bench) -> None:
    """Seed 101: the agreed place of the last task in it was in another plan, so nobody looked at the plan again."""
    await dozen.connect(conflictPolicy="hold")
    await dozen.full_sync()
    number, other, *_ = await _features(dozen)
    story, link = await _new_story(dozen, other), await link_of(dozen, number)
    task = (await link_of(dozen, story)).target
    await act(dozen.oneplan_url, act="move-task", task=task, plan=link.target, parent=None)
    await act(dozen.devops_url, act="reparent", id=story, parent=(await _epics(dozen))[0])
    await notified(dozen, story)
    assert (await link_of(dozen, story)).held
    await _typed(dozen, number, _story(dozen, number))
    assert (await link_of(dozen, number)).retired is not None
    await act(dozen.oneplan_url, act="remove-task", task=task)
    await notified(dozen, story)
    assert (await link_of(dozen, number)).retired is None
    plan = counterpart(dozen, link)
    assert plan is not None
    assert plan["Archived"]


async def _features(made: Bench) -> list[int]:
    """Linked features below an epic."""
    found = [link async for link in made.parts.engine.links.list(made.connection) if link.kind == "plan"]
    return [int(one.key[1:]) for one in found if one.base is not None and one.base.parent.startswith("w")]


async def test_what_waited_for_a_person_is_in_the_activity_where_a_plan_turns_task(dozen: Bench) -> None:
    """Seed 102: the archived plan alone had the value that OnePlan's people had given."""
    await dozen.connect(conflictPolicy="hold")
    await dozen.full_sync()
    number = await linked(dozen, "plan", "feature-under-epic")
    link = await link_of(dozen, number)
    await act(dozen.oneplan_url, act="edit-plan", plan=link.target, name="Named here")
    await act(dozen.devops_url, act="update", id=number, fields={"System.Title": "Named there"})
    await notified(dozen, number)
    assert (await link_of(dozen, number)).held
    await _typed(dozen, number, _story(dozen, number))
    after = await link_of(dozen, number)
    task = counterpart(dozen, after)
    assert task is not None
    assert (after.kind, after.held, task["Name"]) == ("task", False, "Named there")
    assert "Named here" in [one.before for one in await activity_of(dozen, number) if one.action == "overwritten"]
