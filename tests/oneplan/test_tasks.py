"""Task routes: what the record documents and the traps that were seen."""

from typing import Any

import pytest

from local.oneplan.model import ZERO
from tests.oneplan.conftest import STORY, OnePlan


async def test_a_created_task_reads_back_whole_with_its_dates(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    made = await oneplan.task(plan, "One", STORY, Fields={"StartDate": "2026-01-05", "Effort": 3})
    read = (await oneplan.get(f"workplan/{plan['id'].upper()}/tasks/{made['id'].upper()}")).json()
    assert read == made
    assert read["StartDate"] == read["Fields"]["StartDate"] == "2026-01-05T00:00:00.0000000+00:00"
    assert (read["Fields"]["Effort"], read["ParentId"], read["WorkPlanId"]) == (3, ZERO, plan["id"])


async def test_an_array_is_a_null_reference_in_add_task(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    answer = await oneplan.post(f"workplan/{plan['id']}/tasks", [{"Name": "x"}])
    assert (answer.status_code, answer.json()["ExceptionType"]) == (500, "System.NullReferenceException")
    assert "AddTask" in answer.json()["ExceptionMessage"]
    assert (await oneplan.get(f"workplan/{plan['id']}/tasks")).json() == []


async def test_a_work_type_is_an_id_and_never_a_name(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    answer = await oneplan.post(f"workplan/{plan['id']}/tasks", {"Name": "x", "WorkTypeId": "Task"})
    assert answer.status_code == 500


@pytest.mark.parametrize("partial", [True, False])
async def test_an_update_leaves_what_is_absent_or_replaces_all(oneplan: OnePlan, partial: bool) -> None:
    oneplan.switch("task_update_partial", partial)
    plan = await oneplan.plan()
    marker = {
        "IntegrationId": "5c9c4b1e-3f6e-4a53-9a55-0f4f1f6b7a01",
        "ExternalItemId": "7",
        "ExternalUrl": "u",
        "ReadOnlyFields": [],
    }
    fields = {"Effort": 3, "Priority": 1, "StartDate": "2026-01-05"}
    task = await oneplan.task(plan, Fields=fields, Integration=marker)
    await oneplan.post(f"workplan/{plan['id']}/tasks/{task['id']}", {"Fields": {"Effort": 5}})
    read = (await oneplan.get(f"workplan/{plan['id']}/tasks/{task['id']}")).json()
    assert read["Name"] == "A task"
    assert read["Fields"]["Effort"] == 5
    assert (read["Fields"].get("Priority"), read["Integration"]) == ((1, marker) if partial else (None, None))
    assert (read["StartDate"] is not None) == partial


@pytest.mark.parametrize(
    ("position", "empty", "status"), [("body", False, 200), ("empty", True, 200), ("204", True, 204)]
)
async def test_an_update_may_answer_without_a_body(oneplan: OnePlan, position: str, empty: bool, status: int) -> None:
    oneplan.switch("update_answer", position)
    plan = await oneplan.plan()
    task = await oneplan.task(plan)
    answer = await oneplan.post(f"workplan/{plan['id']}/tasks/{task['id']}", {"Name": "New"})
    assert (answer.status_code, answer.content == b"") == (status, empty)


@pytest.mark.parametrize("touches", [False, True])
async def test_a_task_save_may_touch_the_plan(oneplan: OnePlan, touches: bool) -> None:
    oneplan.switch("task_save_touches_plan", touches)
    plan = await oneplan.plan()
    await oneplan.task(plan)
    read = (await oneplan.get(f"workplan/{plan['id']}")).json()
    assert (read["Modified"] > plan["Modified"]) == touches


@pytest.mark.parametrize("may", [False, True])
async def test_a_task_may_change_its_plan_by_update(oneplan: OnePlan, may: bool) -> None:
    oneplan.switch("task_may_change_plan", may)
    here, there = await oneplan.plan("Here"), await oneplan.plan("There")
    task = await oneplan.task(here)
    below = await oneplan.task(here, "Below", ParentTaskId=task["id"])
    await oneplan.post(f"workplan/{here['id']}/tasks/{task['id']}", {"WorkPlanId": there["id"]})
    left = [one["id"] for one in (await oneplan.get(f"workplan/{here['id']}/tasks")).json()]
    gone = {one["id"] for one in (await oneplan.get(f"workplan/{there['id']}/tasks")).json()}
    assert (left, gone) == (([], {task["id"], below["id"]}) if may else ([task["id"], below["id"]], set()))


@pytest.mark.parametrize("may", [True, False])
async def test_a_task_may_change_its_work_type_by_update(oneplan: OnePlan, may: bool) -> None:
    oneplan.switch("task_may_change_type", may)
    plan = await oneplan.plan()
    task, story = await oneplan.task(plan), oneplan.group.work_type(STORY)["Id"]
    await oneplan.post(f"workplan/{plan['id']}/tasks/{task['id']}", {"WorkTypeId": story})
    read = (await oneplan.get(f"workplan/{plan['id']}/tasks/{task['id']}")).json()
    assert (read["WorkTypeId"] == story) == may


@pytest.mark.parametrize("member", ["id", "userid"])
async def test_people_are_assigned_by_the_id_of_the_switch(oneplan: OnePlan, member: str) -> None:
    oneplan.switch("assign_by", member)
    person = (await oneplan.get("resources", email="JAMAL@contoso.com")).json()[0]
    plan = await oneplan.plan()
    path = f"workplan/{plan['id']}/tasks/{(await oneplan.task(plan))['id']}"
    other = "userid" if member == "id" else "id"
    assert (await oneplan.post(f"{path}/updateassignments", [{"UserId": person[other], "Unit": 50}])).status_code == 500
    assert (await oneplan.post(f"{path}/updateassignments", [{"UserId": person[member], "Unit": 50}])).is_success
    read = (await oneplan.get(path)).json()
    assert (read["AssignedTo"], read["Assignments"][0]["Units"]) == ([person["id"]], 50)


async def test_assignments_are_one_complete_list_or_single_people(oneplan: OnePlan) -> None:
    people = [one["id"] for one in (await oneplan.get("resources")).json()[:3]]
    plan = await oneplan.plan()
    path = f"workplan/{plan['id']}/tasks/{(await oneplan.task(plan, Assignments={people[0]: 100}))['id']}"
    await oneplan.post(f"{path}/assignments", UserId=people[1], Units=20)
    assert (await oneplan.get(path)).json()["AssignedTo"] == people[:2]
    await oneplan.delete(f"{path}/assignments/{people[0]}")
    assert (await oneplan.get(path)).json()["AssignedTo"] == [people[1]]
    await oneplan.post(f"{path}/updateassignments", [{"UserId": people[2], "Unit": 100}])
    assert (await oneplan.get(path)).json()["AssignedTo"] == [people[2]]
    await oneplan.post(f"{path}/updateassignments", [])
    assert (await oneplan.get(path)).json()["AssignedTo"] == []


async def test_a_parent_task_is_of_the_same_plan_and_makes_no_circle(oneplan: OnePlan) -> None:
    plan, other = await oneplan.plan(), await oneplan.plan("Other")
    top = await oneplan.task(plan, "Top")
    below = await oneplan.task(plan, "Below", ParentTaskId=top["id"])
    far = await oneplan.task(other, "Far")
    path = f"workplan/{plan['id']}/tasks/{top['id']}"
    for parent in (below["id"], far["id"], top["id"]):
        refused = await oneplan.post(path, {"ParentTaskId": parent, "Fields": {"Effort": 9}})
        assert refused.status_code == 500
    assert (await oneplan.get(path)).json() == top


async def test_a_task_with_hours_is_deleted_only_where_they_may_be_lost(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    top = await oneplan.task(plan, "Top")
    below = await oneplan.task(plan, "Below", ParentTaskId=top["id"])
    await oneplan.act("log-hours", task=below["id"], hours=2)
    path = f"workplan/{plan['id']}/tasks/{top['id']}"
    assert (await oneplan.delete(path)).status_code == 500
    assert (await oneplan.delete(path, ignoreTimesheetHours="true")).status_code == 200
    assert (await oneplan.get(f"workplan/{plan['id']}/tasks")).json() == []


async def test_lists_filter_by_a_field_or_a_built_in_member(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    await oneplan.task(plan, "One", Fields={"Tags": "a"})
    story = await oneplan.task(plan, "Two", STORY)
    path = f"workplan/{plan['id']}/tasks"
    by_field = (await oneplan.get(path, FilterField="Tags", FilterValue="a")).json()
    query = {"FilterField": "WorkTypeId", "FilterValue": story["WorkTypeId"].upper(), "BuiltInField": "true"}
    by_type = (await oneplan.get(path, **query)).json()
    assert ([one["Name"] for one in by_field], [one["Name"] for one in by_type]) == (["One"], ["Two"])
    assert (await oneplan.get(path, HasUpdates="true")).json() == []


@pytest.mark.parametrize(("switch", "query"), [("sibling_order_route", "Index"), ("move_task_route", "PlanId")])
async def test_the_undocumented_move_route_is_a_404_unless_switched_on(
    oneplan: OnePlan, switch: str, query: str
) -> None:
    plan, other = await oneplan.plan(), await oneplan.plan("Other")
    first, second = await oneplan.task(plan, "1"), await oneplan.task(plan, "2")
    path, value = f"workplan/{plan['id']}/tasks/{second['id']}/move", {"Index": 0, "PlanId": other["id"]}[query]
    assert (await oneplan.post(path, **{query: value})).status_code == 404
    oneplan.switch(switch, True)
    moved: Any = (await oneplan.post(path, **{query: value})).json()
    order = [one["id"] for one in (await oneplan.get(f"workplan/{moved['WorkPlanId']}/tasks")).json()]
    assert order == ([second["id"], first["id"]] if query == "Index" else [second["id"]])


async def test_a_refused_name_is_500_on_create_and_update(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    task = await oneplan.task(plan, "⛔ before")
    oneplan.switch("refuse_name_prefix", "⛔")
    body = {"Name": "⛔", "WorkTypeId": task["WorkTypeId"]}
    assert (await oneplan.post(f"workplan/{plan['id']}/tasks", body)).status_code == 500
    assert (await oneplan.post(f"workplan/{plan['id']}/tasks/{task['id']}", {"Name": "⛔"})).status_code == 500


@pytest.mark.parametrize(("in_utc", "shown"), [(True, "22:00:00.0000000+00:00"), (False, "00:00:00.0000000+02:00")])
async def test_dates_may_keep_their_offset(oneplan: OnePlan, in_utc: bool, shown: str) -> None:
    oneplan.switch("dates_in_utc", in_utc)
    made = await oneplan.task(await oneplan.plan(), Fields={"DueDate": "2026-01-06T00:00:00+02:00"})
    assert made["DueDate"].endswith(shown)


@pytest.mark.parametrize("needed", [False, True])
async def test_assignments_of_a_task_may_need_to_be_processed(oneplan: OnePlan, needed: bool) -> None:
    oneplan.switch("assignments_need_processing", needed)
    person = (await oneplan.get("resources")).json()[0]["id"]
    plan = await oneplan.plan()
    unasked = await oneplan.task(plan, Assignments={person: 100})
    asked = await oneplan.task(plan, Assignments={person: 100}, ProcessAssignments=True)
    assert (unasked["AssignedTo"], asked["AssignedTo"]) == ([] if needed else [person], [person])
