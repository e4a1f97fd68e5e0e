"""The web app's route for the schedule, and dependencies between tasks (section 5)."""

from typing import Any

import pytest

from local.oneplan.model import ZERO
from tests.oneplan.conftest import STORY, TASK, OnePlan


def item(oneplan: OnePlan, **members: Any) -> dict[str, Any]:
    """An added item as the web app sends it."""
    usual = {"Name": "New", "StartDate": "2026-01-05 08:00:00", "EndDate": "2026-01-06 17:00:00", "Effort": 4}
    work_type = oneplan.group.work_type(TASK)["Id"]
    return {**usual, "WorkTypeId": work_type, "PercentDone": 10, "$PhantomId": "_generatedt_1", **members}


def sync(**tasks: Any) -> dict[str, Any]:
    return {"type": "sync", "requestId": 7, "revision": 2, "tasks": {"added": [], "updated": [], **tasks}}


@pytest.mark.parametrize("on", [False, True])
async def test_the_route_is_there_only_where_it_is_switched_on(oneplan: OnePlan, on: bool) -> None:
    oneplan.switch("grid_route", on)
    path = f"basegrid/{(await oneplan.plan())['id']}/gantt"
    answers = [await oneplan.get(path, WorkTypeId=ZERO), await oneplan.post(path, sync(), WorkTypeId=ZERO)]
    assert [one.status_code for one in answers] == [200 if on else 404] * 2


async def test_an_added_row_is_a_task_and_an_update_changes_what_is_sent(oneplan: OnePlan) -> None:
    oneplan.switch("grid_route", True)
    plan = await oneplan.plan()
    path, query = f"basegrid/{plan['id']}/gantt", {"WorkTypeId": ZERO}
    reply = (await oneplan.post(path, sync(added=[item(oneplan, parentId=plan["id"])]), **query)).json()
    [row] = reply["tasks"]["rows"]
    assert (reply["success"], reply["requestId"], reply["revision"]) == (True, 7, 3)
    assert (row["$PhantomId"], row["parentId"]) == ("_generatedt_1", plan["id"])
    [task] = (await oneplan.get(f"workplan/{plan['id']}/tasks")).json()
    assert (task["id"], task["ParentId"], task["Fields"]["Effort"]) == (row["Id"], ZERO, 4)
    assert task["StartDate"] == "2026-01-05T08:00:00.0000000+00:00"
    change = {"Id": row["Id"], "PercentDone": 60, "Complete": True}
    await oneplan.post(path, sync(updated=[change]), **query)
    [read] = (await oneplan.get(f"workplan/{plan['id']}/tasks")).json()
    assert (read["Fields"]["PercentComplete"], read["Complete"], read["Name"]) == (60, True, "New")


async def test_the_rows_are_those_of_the_work_type(oneplan: OnePlan) -> None:
    oneplan.switch("grid_route", True)
    plan = await oneplan.plan()
    await oneplan.task(plan, "Task")
    story = await oneplan.task(plan, "Story", STORY)
    path = f"basegrid/{plan['id']}/gantt"
    rows = (await oneplan.get(path, WorkTypeId=story["WorkTypeId"])).json()["tasks"]["rows"]
    assert [one["Name"] for one in rows] == ["Story"]
    assert len((await oneplan.get(path, WorkTypeId=ZERO)).json()["tasks"]["rows"]) == 2


@pytest.mark.parametrize("body", [{}, [], {"type": "sync"}, {"type": "load", "tasks": {}}])
async def test_a_wrong_sync_is_500(oneplan: OnePlan, body: Any) -> None:
    oneplan.switch("grid_route", True)
    path = f"basegrid/{(await oneplan.plan())['id']}/gantt"
    assert (await oneplan.post(path, body, WorkTypeId=ZERO)).status_code == 500


async def test_a_dependency_links_two_tasks_until_one_is_gone(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    first, second = await oneplan.task(plan, "1"), await oneplan.task(plan, "2")
    path = f"tasks/dependency/{second['id']}/{first['id']}"
    assert (await oneplan.post(path)).status_code == 400
    made = (await oneplan.post(path, Type=0, Lag=2, LagUnit="d")).json()
    assert (made["From"], made["To"], made["Lag"]) == (first["id"], second["id"], 2)
    assert (await oneplan.post(path, Type=2)).json() == {**made, "Type": 2, "Lag": 0}
    for asked in (f"tasks/dependency/{first['id']}", f"tasks/dependency/{second['id']}", "tasks/dependency/all"):
        assert [one["id"] for one in (await oneplan.get(asked)).json()] == [made["id"]]
    await oneplan.delete(f"workplan/{plan['id']}/tasks/{first['id']}")
    assert (await oneplan.get("tasks/dependency/all")).json() == []


async def test_a_dependency_is_deleted_and_makes_no_circle(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    one, two, three = [(await oneplan.task(plan, name))["id"] for name in "123"]
    await oneplan.post(f"tasks/dependency/{two}/{one}", Type=0)
    await oneplan.post(f"tasks/dependency/{three}/{two}", Type=0)
    assert (await oneplan.post(f"tasks/dependency/{one}/{three}", Type=0)).status_code == 500
    assert (await oneplan.post(f"tasks/dependency/{one}/{one}", Type=0)).status_code == 500
    assert (await oneplan.delete(f"tasks/dependency/{two}/{one}")).status_code == 200
    assert (await oneplan.delete(f"tasks/dependency/{two}/{one}")).status_code == 404
    assert (await oneplan.post(f"tasks/dependency/{one}/{three}", Type=0)).status_code == 200
