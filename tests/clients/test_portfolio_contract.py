"""Plans and tasks as the engine sees them, over the stand-in: archived, deleted, disconnected, moved, edited."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from local.oneplan.acts import act
from shared.adapters.oneplan.portfolio import Portfolio
from shared.core.errors import NotFound, NotOffered, Rejected, UnknownOutcome
from shared.core.snapshots import Counterpart, Target
from tests.clients.oneplan_stand_in import POSITIONS, StandIn, standing_in

LINE = str(uuid4())
URL = "https://dev.azure.com/contoso/_workitems/edit/"


@pytest.fixture
async def remote() -> AsyncIterator[StandIn]:
    async with standing_in() as made:
        yield made


@pytest.fixture
async def unjudged() -> AsyncIterator[StandIn]:
    async with standing_in(judge=False) as made:
        yield made


def portfolio(remote: StandIn) -> Portfolio:
    return Portfolio(remote.client)


async def new_plan(remote: StandIn, name: str = "Alpha", item: str = "42", parent: str | None = None) -> Counterpart:
    kind = (await remote.plan_type("Epic")).id
    group = portfolio(remote)
    made = await group.create_plan(Target("plan", kind, None, parent), {"Name": name, "Priority": 2})
    if made.target.parent != parent:
        await group.move(made, Target("plan", kind, None, parent))
    await group.mark_plan(made.id, LINE, item, f"{URL}{item}")
    return await group.plan(made.id)


async def new_task(
    remote: StandIn, plan: Counterpart, name: str = "Story", item: str = "7", parent: str | None = None
) -> Counterpart:
    kind = (await remote.work_type("User Story")).id
    target = Target("task", kind, plan.id, parent)
    return await portfolio(remote).create_task(target, {"Name": name, "Priority": 2}, LINE, item, f"{URL}{item}")


async def by_person(remote: StandIn, what: str, /, **members: Any) -> Mapping[str, Any]:
    return await act(remote.world, {"act": what, **members})


async def test_a_plan_is_archived_and_that_may_be_said_again(remote: StandIn) -> None:
    plan = await new_plan(remote)
    task = await new_task(remote, plan)
    for _ in range(2):
        await portfolio(remote).archive(plan.id)
    read = await portfolio(remote).plan(plan.id)
    assert (read.archived, read.values, read.markers) == (True, plan.values, plan.markers)
    (listed,) = [one for one in await portfolio(remote).plans() if one.id == plan.id]
    assert listed.archived
    assert [one.id for one in await portfolio(remote).tasks(plan.id)] == [task.id]
    assert await portfolio(remote).find_plan(LINE, "42") == plan.id


async def test_an_archived_plan_that_is_read_by_no_id_is_found_in_the_list(remote: StandIn) -> None:
    remote.set("archived_plan_read", False)
    plan = await new_plan(remote)
    await portfolio(remote).archive(plan.id)
    read = await portfolio(remote).plan(plan.id)
    assert (read.archived, read.whole, read.markers) == (True, False, ((LINE, "42"),))
    with pytest.raises(NotFound):
        await portfolio(remote).plan(str(uuid4()))


async def test_the_tasks_of_an_archived_plan_that_shows_none_are_never_taken_for_gone(remote: StandIn) -> None:
    remote.set("archived_plan_read", False)
    plan, group = await new_plan(remote), portfolio(remote)
    task = await new_task(remote, plan)
    await group.archive(plan.id)
    for reading in (group.tasks(plan.id), group.task(plan.id, task.id)):
        with pytest.raises(Rejected, match="archive") as refused:
            await reading
        assert not isinstance(refused.value, NotFound)
    assert not await group.delete(task)
    assert task.id in remote.group.tasks
    for missing in (group.tasks(str(uuid4())), group.task(str(uuid4()), task.id)):
        with pytest.raises(NotFound):
            await missing


async def test_the_list_is_asked_for_a_missing_plan_only_until_archived_plans_are_known_to_be_read(
    remote: StandIn,
) -> None:
    plan, group = await new_plan(remote), portfolio(remote)
    await group.archive(plan.id)
    for expected in (3, 1, 1):
        before = remote.world.calls.total
        with pytest.raises(NotFound):
            await group.plan(str(uuid4()))
        assert remote.world.calls.total - before == expected
    remote.set("archived_plan_read", False)
    other = portfolio(remote)
    for _ in range(2):
        with pytest.raises(NotFound):
            await other.plan(str(uuid4()))
        assert (await other.plan(plan.id)).archived


async def test_archiving_a_plan_that_is_gone_says_so(remote: StandIn) -> None:
    with pytest.raises(NotFound):
        await portfolio(remote).archive(str(uuid4()))


async def test_an_archiving_without_a_clear_answer_is_proved_by_reading(remote: StandIn) -> None:
    plan, other = await new_plan(remote), await new_plan(remote, "Other", "43")
    remote.fault(kind="answer-replaced", method="DELETE", path="/workplan/", status=504, times=1)
    await portfolio(remote).archive(plan.id)
    assert (await portfolio(remote).plan(plan.id)).archived
    remote.fault(kind="status", method="DELETE", path="/workplan/", status=504, times=1)
    with pytest.raises(UnknownOutcome):
        await portfolio(remote).archive(other.id)
    assert not (await portfolio(remote).plan(other.id)).archived


async def test_a_plan_is_deleted_and_that_may_be_said_again(remote: StandIn) -> None:
    plan = await new_plan(remote)
    assert await portfolio(remote).delete(plan)
    assert await portfolio(remote).delete(plan)
    assert plan.id not in remote.group.plans
    with pytest.raises(NotFound):
        await portfolio(remote).plan(plan.id)


@pytest.mark.parametrize("what", ["comment", "task", "task of an archived plan", "plan below"])
async def test_a_plan_that_others_would_be_deleted_with_is_kept(remote: StandIn, what: str) -> None:
    """OnePlan deletes its tasks with it: those of other work items, and of people."""
    plan = await new_plan(remote)
    match what:
        case "comment":
            await by_person(remote, "comment", plan=plan.id, text="Keep me")
        case "plan below":
            await new_plan(remote, "Below", "43", parent=plan.id)
        case _:
            await new_task(remote, plan)
    if "archived" in what:
        remote.set("archived_plan_read", False)
        await portfolio(remote).archive(plan.id)
    assert not await portfolio(remote).delete(plan)
    assert plan.id in remote.group.plans


async def test_a_plan_that_oneplan_says_it_moved_and_did_not_is_told(unjudged: StandIn) -> None:
    plan, above = await new_plan(unjudged), await new_plan(unjudged, "Above", "43")
    unjudged.fault(kind="no-op", method="POST", path="/changetype", times=1)
    with pytest.raises(Rejected, match="left it where it was"):
        await portfolio(unjudged).move(plan, replace(plan.target, parent=above.id))
    moved = await portfolio(unjudged).move(plan, replace(plan.target, parent=above.id))
    assert moved.target.parent == above.id


@pytest.mark.parametrize("refusal", ["500", "200-nothing"])
@pytest.mark.parametrize("what", ["comment", "hours", "task below"])
async def test_a_task_that_holds_something_of_a_persons_is_kept(remote: StandIn, what: str, refusal: str) -> None:
    remote.set("hours_refusal", refusal)
    plan = await new_plan(remote)
    task = await new_task(remote, plan)
    match what:
        case "comment":
            await by_person(remote, "comment", task=task.id, text="Keep me")
        case "hours":
            await by_person(remote, "log-hours", task=task.id, hours=3)
        case _:
            await new_task(remote, plan, "Below", "8", parent=task.id)
    assert not await portfolio(remote).delete(task)
    assert task.id in remote.group.tasks


async def test_a_task_is_deleted_and_that_may_be_said_again(remote: StandIn) -> None:
    plan = await new_plan(remote)
    task, other = await new_task(remote, plan), await new_task(remote, plan, "Other", "8")
    assert await portfolio(remote).delete(task)
    assert await portfolio(remote).delete(task)
    assert [one.id for one in await portfolio(remote).tasks(plan.id)] == [other.id]
    await by_person(remote, "remove-plan", plan=plan.id)
    assert await portfolio(remote).delete(other)


async def test_a_deletion_without_a_clear_answer_is_proved_by_reading(remote: StandIn) -> None:
    plan = await new_plan(remote)
    task, other = await new_task(remote, plan), await new_task(remote, plan, "Other", "8")
    remote.fault(kind="answer-replaced", method="DELETE", path="/tasks/", status=504, times=1)
    assert await portfolio(remote).delete(task)
    remote.fault(kind="status", method="DELETE", path="/tasks/", status=504, times=1)
    with pytest.raises(UnknownOutcome):
        await portfolio(remote).delete(other)
    assert await portfolio(remote).delete(other)


async def test_a_marker_that_names_another_item_is_not_found_any_more(remote: StandIn) -> None:
    plan = await new_plan(remote)
    task = await new_task(remote, plan)
    await portfolio(remote).mark_plan(plan.id, LINE, "42 (replaced)", f"{URL}42")
    assert await portfolio(remote).find_plan(LINE, "42") is None
    assert await portfolio(remote).find_plan(LINE, "42 (replaced)") == plan.id
    assert (await portfolio(remote).plan(plan.id)).markers == ((LINE, "42 (replaced)"),)
    marked = await portfolio(remote).mark_task(task, LINE, "7 (replaced)", f"{URL}7")
    assert marked.markers == ((LINE, "7 (replaced)"),)
    (read,) = await portfolio(remote).tasks(plan.id)
    assert (read.markers, read.values) == (((LINE, "7 (replaced)"),), task.values)


async def test_a_plan_is_disconnected_where_oneplan_offers_it(unjudged: StandIn) -> None:
    plan = await new_plan(unjudged)
    with pytest.raises(NotOffered) as refused:
        await portfolio(unjudged).detach(plan, LINE)
    assert "Disconnect" in refused.value.steps
    unjudged.set("detach_route", True)
    other = str(uuid4())
    await portfolio(unjudged).mark_plan(plan.id, other, "9", "https://other.example")
    for _ in range(2):
        await portfolio(unjudged).detach(plan, LINE)
    assert (await portfolio(unjudged).plan(plan.id)).markers == ((other, "9"),)


@pytest.mark.parametrize("partial", [True, False])
@pytest.mark.parametrize("clears", ["zero", "empty"])
async def test_a_task_is_disconnected_and_keeps_its_values(remote: StandIn, clears: str, partial: bool) -> None:
    remote.set("task_marker_clear", clears)
    remote.set("task_update_partial", partial)
    plan = await new_plan(remote)
    task = await new_task(remote, plan)
    for _ in range(2):
        await portfolio(remote).detach(task, LINE)
    (read,) = await portfolio(remote).tasks(plan.id)
    assert (read.markers, read.values, read.target) == ((), task.values, task.target)


async def test_a_task_whose_marker_stays_must_be_disconnected_by_hand(remote: StandIn) -> None:
    remote.set("task_marker_clear", "never")
    plan = await new_plan(remote)
    task = await new_task(remote, plan)
    with pytest.raises(NotOffered) as refused:
        await portfolio(remote).detach(task, LINE)
    assert "Disconnect" in refused.value.steps
    assert (await portfolio(remote).task(plan.id, task.id)).markers == ((LINE, "7"),)


async def test_the_marker_of_another_integration_is_left_alone(remote: StandIn) -> None:
    plan = await new_plan(remote)
    task = await new_task(remote, plan)
    await portfolio(remote).detach(task, str(uuid4()))
    assert (await portfolio(remote).task(plan.id, task.id)).markers == ((LINE, "7"),)


@pytest.mark.parametrize(
    ("may_plan", "may_type", "wrong_path"), [*product([False, True], [False, True], ["404", "200-nothing"])]
)
async def test_a_task_stays_untouched_where_no_route_moves_it_to_another_plan(
    unjudged: StandIn, may_plan: bool, may_type: bool, wrong_path: str
) -> None:
    unjudged.world.faults.apply(
        {"switches": {"task_may_change_plan": may_plan, "task_may_change_type": may_type, "wrong_path": wrong_path}}
    )
    plan, other = await new_plan(unjudged), await new_plan(unjudged, "Other", "43")
    task = await new_task(unjudged, plan)
    bug = (await unjudged.work_type("Bug")).id
    with pytest.raises(NotOffered) as refused:
        await portfolio(unjudged).move(task, Target("task", bug, other.id))
    assert refused.value.steps
    assert await portfolio(unjudged).tasks(plan.id) == [task]
    assert await portfolio(unjudged).tasks(other.id) == []


@pytest.mark.parametrize(("may_plan", "may_type"), [*product([False, True], [False, True])])
async def test_a_task_moves_to_another_plan_with_what_is_below_it(
    unjudged: StandIn, may_plan: bool, may_type: bool
) -> None:
    unjudged.world.faults.apply(
        {
            "switches": {
                "task_may_change_plan": may_plan,
                "task_may_change_type": may_type,
                "move_task_route": True,
            }
        }
    )
    plan, other = await new_plan(unjudged), await new_plan(unjudged, "Other", "43")
    above = await new_task(unjudged, other, "Above", "6")
    task = await new_task(unjudged, plan)
    below = await new_task(unjudged, plan, "Below", "8", parent=task.id)
    bug = (await unjudged.work_type("Bug")).id
    moved = await portfolio(unjudged).move(task, Target("task", bug, other.id, above.id))
    assert (moved.id, moved.target.plan) == (task.id, other.id)
    assert moved.target == Target("task", bug if may_type else task.target.type, other.id, above.id)
    assert {one.id: one.target.parent for one in await portfolio(unjudged).tasks(other.id)} == {
        above.id: None,
        task.id: above.id,
        below.id: task.id,
    }


async def test_a_type_that_oneplan_does_not_change_is_told(remote: StandIn) -> None:
    remote.set("task_may_change_type", False)
    plan = await new_plan(remote)
    task = await new_task(remote, plan)
    bug = (await remote.work_type("Bug")).id
    with pytest.raises(Rejected, match="type"):
        await portfolio(remote).move(task, Target("task", bug, plan.id))
    assert (await portfolio(remote).task(plan.id, task.id)).target == task.target


async def test_a_move_without_an_answer_is_never_taken_for_one_that_is_not_offered(unjudged: StandIn) -> None:
    unjudged.set("move_task_route", True)
    plan, other = await new_plan(unjudged), await new_plan(unjudged, "Other", "43")
    task = await new_task(unjudged, plan)
    target = Target("task", task.target.type, other.id)
    unjudged.fault(kind="status", method="POST", path="/move", status=504, times=1)
    with pytest.raises(UnknownOutcome):
        await portfolio(unjudged).move(task, target)
    unjudged.fault(kind="answer-replaced", method="POST", path="/move", status=504, times=1)
    assert (await portfolio(unjudged).move(task, target)).target == target


@pytest.mark.parametrize("auth_key", ["name", "id"])
async def test_the_time_of_a_persons_last_edit_is_told_and_ours_is_not(remote: StandIn, auth_key: str) -> None:
    remote.set("audit_auth_key", auth_key)
    plan = await new_plan(remote)
    task = await new_task(remote, plan)
    start = datetime.now(UTC) - timedelta(minutes=1)
    await by_person(remote, "edit-plan", plan=plan.id, name="Beta", fields={"Priority": 3})
    await by_person(remote, "edit-task", task=task.id, name="Saga", fields={"StartDate": "2027-01-04T00:00:00Z"})
    await portfolio(remote).update(await portfolio(remote).plan(plan.id), {"Effort": 4, "Priority": 1})
    await portfolio(remote).update(await portfolio(remote).task(plan.id, task.id), {"Effort": 4, "Name": "Ours"})
    names = ["Name", "Priority", "Effort", "StartDate", "Owner", "AssignedTo"]
    of_plan = await portfolio(remote).changed_at(await portfolio(remote).plan(plan.id), names, plan.modified)
    of_task = await portfolio(remote).changed_at(task, names, task.modified)
    assert of_plan.keys() == {"Name", "Priority"}
    assert of_task.keys() == {"Name", "StartDate"}
    for at in (*of_plan.values(), *of_task.values()):
        assert start < at < datetime.now(UTC) + timedelta(minutes=1)
        assert at.utcoffset() == timedelta(0)


async def test_the_last_of_several_edits_counts_and_none_from_before(remote: StandIn) -> None:
    plan = await new_plan(remote)
    await by_person(remote, "edit-plan", plan=plan.id, fields={"Priority": 3})
    between = (await portfolio(remote).plan(plan.id)).modified
    first = await portfolio(remote).changed_at(plan, ["Priority"], plan.modified)
    await by_person(remote, "edit-plan", plan=plan.id, name="Later")
    await by_person(remote, "edit-plan", plan=plan.id, fields={"Priority": 1})
    last = await portfolio(remote).changed_at(plan, ["Priority", "Name"], plan.modified)
    assert last["Priority"] > last["Name"] > first["Priority"]
    after = (await portfolio(remote).plan(plan.id)).modified
    assert (await portfolio(remote).changed_at(plan, ["Priority"], between)).keys() == {"Priority"}
    assert await portfolio(remote).changed_at(plan, ["Name"], after) == {}
    assert await portfolio(remote).changed_at(plan, ["Name"], "") == {}
    assert await portfolio(remote).changed_at(plan, [], plan.modified) == {}


async def test_the_edits_of_one_record_are_not_those_of_another(remote: StandIn) -> None:
    plan, other = await new_plan(remote), await new_plan(remote, "Other", "43")
    task, sibling = await new_task(remote, plan), await new_task(remote, plan, "Sibling", "8")
    await by_person(remote, "edit-plan", plan=other.id, name="Changed")
    await by_person(remote, "edit-task", task=sibling.id, name="Changed")
    assert await portfolio(remote).changed_at(plan, ["Name"], plan.modified) == {}
    assert await portfolio(remote).changed_at(task, ["Name"], task.modified) == {}


async def test_a_move_and_a_change_of_type_have_their_times(remote: StandIn) -> None:
    plan, other = await new_plan(remote), await new_plan(remote, "Other", "43")
    task, above = await new_task(remote, plan), await new_task(remote, plan, "Above", "8")
    await by_person(remote, "move-plan", plan=plan.id, parent=other.id)
    await by_person(remote, "move-task", task=task.id, parent=above.id)
    assert (await portfolio(remote).changed_at(plan, ["parent", "type"], plan.modified)).keys() == {"parent"}
    assert (await portfolio(remote).changed_at(task, ["parent", "type"], task.modified)).keys() == {"parent"}
    await by_person(remote, "change-plan-type", plan=plan.id, type="Feature")
    assert (await portfolio(remote).changed_at(plan, ["type"], plan.modified)).keys() == {"type"}


@pytest.mark.parametrize("answer", ["500", "empty"])
async def test_nothing_is_told_where_auditing_is_off_and_it_is_asked_once(remote: StandIn, answer: str) -> None:
    plan = await new_plan(remote)
    remote.set("auditing", False)
    remote.set("auditing_off_answer", answer)
    remote.group.audit.clear()
    await by_person(remote, "edit-plan", plan=plan.id, name="Beta")
    group = portfolio(remote)
    assert await group.changed_at(plan, ["Name"], plan.modified) == {}
    before = remote.world.calls.total
    assert await group.changed_at(plan, ["Name"], plan.modified) == {}
    assert remote.world.calls.total - before <= 1


async def _everything(remote: StandIn) -> None:
    """A plan and a task that turns into another; what OnePlan does not tell or offer is said so."""
    group = portfolio(remote)
    plan = await new_plan(remote)
    task, other = await new_task(remote, plan), await new_task(remote, plan, "Other", "8")
    await by_person(remote, "edit-task", task=task.id, name="Saga")
    told = await group.changed_at(task, ["Name"], task.modified)
    assert told.keys() == ({"Name"} if remote.world.on("auditing") else set())
    marked = await group.mark_task(await group.task(plan.id, task.id), LINE, "7 (replaced)", f"{URL}7")
    assert (marked.markers, marked.values["Name"]) == (((LINE, "7 (replaced)"),), "Saga")
    try:
        await group.detach(marked, LINE)
    except NotOffered:
        assert remote.world.position("task_marker_clear") == "never"
    assert await group.delete(marked)
    assert [one.id for one in await group.tasks(plan.id)] == [other.id]
    await group.mark_plan(plan.id, LINE, "42 (replaced)", f"{URL}42")
    assert await group.find_plan(LINE, "42") is None
    spare = await new_plan(remote, "Spare", "44")
    await group.archive(spare.id)
    assert (await group.plan(spare.id)).archived
    assert await group.delete(other)
    assert await group.delete(plan)
    with pytest.raises(NotFound):
        await group.plan(plan.id)


@pytest.mark.parametrize(("switch", "position"), POSITIONS, ids=lambda value: str(value) or "empty")
async def test_all_of_it_works_in_every_position(switch: str, position: Any) -> None:
    async with standing_in(switches={switch: position}) as remote:
        await remote.client.integrations.create(LINE, {"Name": "Contoso DevOps"})
        await _everything(remote)


@pytest.mark.parametrize("edit", [{"name": "By hand"}, {"fields": {"Priority": 5}}, {"assigned": []}])
async def test_what_a_person_edited_since_the_last_read_is_not_written_back(
    remote: StandIn, edit: dict[str, Any]
) -> None:
    task = await new_task(remote, await new_plan(remote))
    await by_person(remote, "edit-task", task=task.id, **edit)
    before = await portfolio(remote).task(task.target.plan or "", task.id)
    after = await portfolio(remote).update(task, {"StartDate": "2026-11-24T00:00:00Z"})
    assert {**after.values, "StartDate": None} == {**before.values, "StartDate": None}
