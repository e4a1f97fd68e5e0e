"""The web app's own route for the schedule (sections 5 and 9 [OBSERVED]); undocumented, so behind a switch."""

from typing import Any

from local.oneplan.call import Call, Failure, NoRoute, identifier, null_reference
from local.oneplan.model import ZERO, Record
from local.oneplan.plans import refuse_name
from local.oneplan.records import new_task
from local.oneplan.saving import Saving
from local.oneplan.tasks import check_parent, of_plan, write_fields

NOTHING: Record = {"added": [], "updated": [], "removed": []}
# Members of a grid item that are fields of the task; dates come as "YYYY-MM-DD HH:MM:SS".
FIELDS = {"StartDate": "StartDate", "EndDate": "DueDate", "Effort": "Effort", "PercentDone": "PercentComplete"}


def _plan(call: Call) -> Record:
    if not call.world.on("grid_route"):
        raise NoRoute
    return call.plan()


async def read(call: Call) -> Any:
    plan, work_type = _plan(call), call.need_id("WorkTypeId")
    rows = [one for one in of_plan(call.group, plan["id"]) if work_type in (ZERO, one["WorkTypeId"])]
    return {"tasks": {"rows": [_row(one) for one in rows]}}


def _row(task: Record) -> Record:
    parent = task["WorkPlanId"] if task["ParentId"] == ZERO else task["ParentId"]
    return {
        "Id": task["id"],
        "Name": task["Name"],
        "StartDate": task["StartDate"],
        "EndDate": task["DueDate"],
        "parentId": parent,
        "WorkTypeId": task["WorkTypeId"],
        "WorkPlanId": task["WorkPlanId"],
        "PercentDone": task["Fields"].get("PercentComplete", 0),
        "Effort": task["Fields"].get("Effort", 0),
        "Complete": task["Complete"],
        "TaskScheduleType": task["TaskScheduleType"],
        "IsScheduled": task["IsScheduled"],
    }


async def sync(call: Call) -> Any:
    """Adds and updates tasks; the reply names each new task by its phantom id too."""
    plan, work_type = _plan(call), call.need_id("WorkTypeId")
    body = call.object("OnePlan.BaseGridController.Sync")
    if body.get("type") != "sync" or not isinstance(body.get("tasks"), dict):
        raise null_reference("OnePlan.BaseGridController.Sync")
    added = [_add(call, plan, work_type, one) for one in body["tasks"].get("added") or []]
    updated = [_update(call, plan, one) for one in body["tasks"].get("updated") or []]
    return {
        "tasks": {"rows": [*added, *updated], "removed": []},
        "assignments": NOTHING,
        "dependencies": NOTHING,
        "resources": NOTHING,
        "Process": None,
        "revision": int(body.get("revision") or 0) + 1,
        "NeedRefresh": False,
        "success": True,
        "Message": "",
        "requestId": body.get("requestId"),
    }


def _add(call: Call, plan: Record, work_type: str, item: Record) -> Record:
    refuse_name(call, item.get("Name"))
    kind = call.work_type(item.get("WorkTypeId") or work_type)
    task = new_task(call.group, plan["id"], str(item["Name"]), kind["Id"], actor=call.actor)
    written = {"Name": task["Name"], **_write(call, task, item)}
    call.group.tasks[task["id"]] = task
    call.group.tasks_of[plan["id"]][task["id"]] = None
    Saving(call.world, call.group, call.actor).task_saved(task, "Add", written)
    return {**_row(task), "$PhantomId": item.get("$PhantomId")}


def _update(call: Call, plan: Record, item: Record) -> Record:
    task = call.group.tasks.get(identifier(item.get("Id")))
    if task is None or task["WorkPlanId"] != plan["id"]:
        raise Failure(404, "The requested task was not found.")
    refuse_name(call, item.get("Name"))
    written, saving = _write(call, task, item), Saving(call.world, call.group, call.actor)
    if item.get("Name"):
        task["Name"] = written["Name"] = str(item["Name"])
    saving.touched(task)
    saving.task_saved(task, "Update", written)
    return _row(task)


def _write(call: Call, task: Record, item: Record) -> Record:
    saving = Saving(call.world, call.group, call.actor)
    written = write_fields(saving, task, {name: item[key] for key, name in FIELDS.items() if key in item})
    parent = identifier(item.get("parentId") or ZERO)
    if "parentId" in item:
        above = ZERO if parent == task["WorkPlanId"] else parent
        task["ParentId"] = written["ParentId"] = check_parent(call.group, task, above)
    for name in ("Complete", "IsScheduled"):
        if name in item:
            task[name] = written[name] = bool(item[name])
    return written
