"""Task routes (section 5): schedule and backlog alike."""

import copy
from typing import Any

from starlette.responses import Response

from local.oneplan.assignments import assign
from local.oneplan.call import Call, Failure, NoRoute, identifier, null_reference
from local.oneplan.model import ZERO, Group, Record
from local.oneplan.plans import answered, cut_dependencies, refuse_name
from local.oneplan.records import new_task
from local.oneplan.saving import Saving

DATES = ("StartDate", "DueDate")  # written in `Fields` (section 5, a guess), shown there and as members


def of_plan(group: Group, plan: str) -> list[Record]:
    return sorted((group.tasks[one] for one in group.tasks_of.get(plan, {})), key=lambda one: int(one["Index"]))


async def read_all(call: Call) -> Any:
    """All tasks of a plan. `HasUpdates` means a pending status update, not a change (section 8)."""
    plan = call.plan()
    if call.flag("HasUpdates"):
        return []
    name, value = call.query.get("filterfield", ""), call.query.get("filtervalue", "").lower()
    rows = of_plan(call.group, plan["id"])
    return [one for one in rows if not name or _held(one, name, built_in=call.flag("BuiltInField")) == value]


def _held(task: Record, name: str, *, built_in: bool) -> str:
    return str(task.get(name) if built_in else task["Fields"].get(name)).lower()


async def read(call: Call) -> Any:
    return call.task_of_plan()


async def create(call: Call) -> Any:
    """One object; an array is a null reference in AddTask (section 5 [OBSERVED])."""
    plan, body = call.plan(), call.body
    if not isinstance(body, dict) or not body.get("Name"):
        raise null_reference("OnePlan.WorkPlanTasksController.AddTask")
    refuse_name(call, body["Name"])
    kind = call.work_type(body.get("WorkTypeId"))
    task = new_task(call.group, plan["id"], str(body["Name"]), kind["Id"], actor=call.actor)
    saving = Saving(call.world, call.group, call.actor)
    fields = saving.with_defaults(call.group.task_fields, body.get("Fields") or {})
    written = _write(call, saving, task, {**body, "Fields": fields})
    call.group.tasks[task["id"]] = task
    call.group.tasks_of[plan["id"]][task["id"]] = None
    saving.task_saved(task, "Add", {"Name": task["Name"], **written})
    return task


async def update(call: Call) -> Any:
    """POST on a task: partial, or a full replace by switch. What is refused leaves the task as it was."""
    task, body = call.task_of_plan(), call.object("OnePlan.WorkPlanTasksController.UpdateTask")
    refuse_name(call, body.get("Name"))
    saving, draft = Saving(call.world, call.group, call.actor), copy.deepcopy(task)
    if not call.world.on("task_update_partial"):
        body = {"ParentTaskId": ZERO, "Assignments": {}, **body}
        draft |= {"Fields": {}, "StartDate": None, "DueDate": None, "Integration": None}
    written = _write(call, saving, draft, body) | _write_members(call, draft, body)
    plan = identifier(body.get("WorkPlanId") or task["WorkPlanId"])
    if plan != task["WorkPlanId"] and call.world.on("task_may_change_plan"):
        move_to(call.group, task, plan)
        draft |= {"WorkPlanId": plan, "ParentId": ZERO}
    task |= draft
    saving.touched(task)
    saving.task_saved(task, "Update", written)
    return answered(call, task)


def _write_members(call: Call, task: Record, body: Record) -> Record:
    written: Record = {}
    if body.get("Name"):
        written["Name"] = str(body["Name"])
    if body.get("WorkTypeId") and call.world.on("task_may_change_type"):
        written["WorkTypeId"] = call.work_type(body["WorkTypeId"])["Id"]
    task |= written
    return written


def _write(call: Call, saving: Saving, task: Record, body: Record) -> Record:
    written = write_fields(saving, task, body.get("Fields") or {})
    if "ParentTaskId" in body:
        task["ParentId"] = written["ParentId"] = check_parent(call.group, task, identifier(body["ParentTaskId"]))
    if "Integration" in body:
        task["Integration"] = _integration(call, body["Integration"], task["Integration"])
    processed = body.get("ProcessAssignments") or not call.world.on("assignments_need_processing")
    if "Assignments" in body and processed:
        assign(call, task, {identifier(who): float(units) for who, units in (body["Assignments"] or {}).items()})
        written["AssignedTo"] = task["AssignedTo"]
    return written


def write_fields(saving: Saving, task: Record, fields: Record) -> Record:
    """The task holds the values, its dates as members too; returns what was written."""
    local = saving.group.local_fields.get(task["WorkPlanId"], [])
    sent = {name: value for name, value in fields.items() if name != "Name"}
    written = saving.values([*saving.group.task_fields, *local], sent, task["Fields"])
    task |= {name: written[name] for name in DATES if name in written}
    return written


def check_parent(group: Group, task: Record, parent: str) -> str:
    """A task of the same plan that is not below this one."""
    at = parent
    while at != ZERO:
        above = group.tasks.get(at)
        if above is None or at == task["id"] or above["WorkPlanId"] != task["WorkPlanId"]:
            raise Failure(500, "The parent task is not valid.", "System.InvalidOperationException")
        at = above["ParentId"]
    return parent


def _integration(call: Call, marker: Any, held: Record | None) -> Record | None:
    """The marker sent; by switch, an empty one or one of nobody's takes off what is held, or leaves it (section 5)."""
    clears = call.world.position("task_marker_clear")
    if not marker:
        return None if clears == "empty" else held
    integration = identifier(marker.get("IntegrationId"))
    if integration == ZERO:
        return None if clears == "zero" else held
    if call.world.on("integration_must_exist") and integration not in call.group.integrations:
        raise Failure(500, "The integration does not exist.", "System.InvalidOperationException")
    return {
        "IntegrationId": integration,
        "ExternalItemId": str(marker.get("ExternalItemId") or ""),
        "ExternalUrl": str(marker.get("ExternalUrl") or ""),
        "ReadOnlyFields": list(marker.get("ReadOnlyFields") or []),
    }


async def delete(call: Call) -> Any:
    """Gone with the tasks below it; a task with hours only where ignoreTimesheetHours is true."""
    task = call.task_of_plan()
    if any(call.group.hours.get(one) for one in _subtree(call.group, task)) and not call.flag("ignoreTimesheetHours"):
        if call.world.position("hours_refusal") == "200-nothing":
            return Response(status_code=200)
        raise Failure(500, "The task has timesheet hours.", "System.InvalidOperationException")
    remove(call.group, task, Saving(call.world, call.group, call.actor))
    return Response(status_code=200)


def _subtree(group: Group, task: Record) -> list[str]:
    below = [one for one in of_plan(group, task["WorkPlanId"]) if one["ParentId"] == task["id"]]
    return [task["id"], *(found for one in below for found in _subtree(group, one))]


def remove(group: Group, task: Record, saving: Saving) -> None:
    for below in [one for one in of_plan(group, task["WorkPlanId"]) if one["ParentId"] == task["id"]]:
        remove(group, below, saving)
    group.tasks_of.get(task["WorkPlanId"], {}).pop(task["id"], None)
    group.tasks.pop(task["id"], None)
    cut_dependencies(group, task["id"])
    saving.task_saved(task, "Delete", {})


def move_to(group: Group, task: Record, plan: str) -> None:
    """The task is in another plan, at its top, with all below it."""
    if plan not in group.plans:
        raise Failure(500, "The plan is not valid.", "System.InvalidOperationException")
    moving = _subtree(group, task)
    task["ParentId"] = ZERO
    for one in moving:
        group.tasks_of[group.tasks[one]["WorkPlanId"]].pop(one)
        group.tasks_of[plan][one] = None
        group.tasks[one]["WorkPlanId"] = plan
    place(group, task, len(group.tasks_of[plan]))


def place(group: Group, task: Record, index: int) -> None:
    """The task stands at that index of its plan, the others before and after it as they were."""
    rows = [one for one in of_plan(group, task["WorkPlanId"]) if one is not task]
    rows.insert(index, task)
    for number, one in enumerate(rows):
        one["Index"] = one["WorkTypeIndex"] = number


async def move(call: Call) -> Any:
    """Not documented: among its siblings (`Index`), or to another plan (`PlanId`), each behind its switch."""
    task = call.task_of_plan()
    if "planid" in call.query and call.world.on("move_task_route"):
        move_to(call.group, task, identifier(call.query["planid"]))
    elif "index" in call.query and call.world.on("sibling_order_route"):
        place(call.group, task, int(call.query["index"]))
    else:
        raise NoRoute
    saving = Saving(call.world, call.group, call.actor)
    saving.touched(task)
    saving.task_saved(task, "Update", {"WorkPlanId": task["WorkPlanId"], "Index": task["Index"]})
    return task
