"""Who is assigned to a task (section 5)."""

import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, identifier, null_reference
from local.oneplan.model import Record
from local.oneplan.saving import Saving


def assign(call: Call, task: Record, units: dict[str, float]) -> None:
    """The task is assigned to these people and nobody else; the id is a resource's `id` or `userid` by switch."""
    member = str(call.world.position("assign_by"))
    known = {one[member]: one["id"] for one in call.group.resources.values()}
    unknown = [who for who in units if who not in known]
    if unknown:
        raise null_reference("OnePlan.WorkPlanTasksController.UpdateAssignments")
    assign_resources(task, {known[who]: share for who, share in units.items()})


def assign_resources(task: Record, units: dict[str, float]) -> None:
    """The task is assigned to these resources, by their `id`, and nobody else."""
    task["Assignments"] = [
        {"Id": str(uuid.uuid4()), "Type": 0, "ResourceId": who, "Units": share} for who, share in units.items()
    ]
    task["AssignedTo"] = list(units)


async def update(call: Call) -> Any:
    """The complete wanted list (section 5 [DOCUMENTED])."""
    task = call.task_of_plan()
    if not isinstance(call.body, list):
        raise null_reference("OnePlan.WorkPlanTasksController.UpdateAssignments")
    assign(call, task, {identifier(one["UserId"]): float(one.get("Unit", 100)) for one in call.body})
    return _assigned(call, task)


def _units(task: Record) -> dict[str, float]:
    return {one["ResourceId"]: float(one["Units"]) for one in task["Assignments"]}


def _resource(call: Call, who: str) -> str | None:
    member = str(call.world.position("assign_by"))
    return next((str(one["id"]) for one in call.group.resources.values() if one[member] == who), None)


async def add(call: Call) -> Any:
    """One more person; the others stay."""
    task, who = call.task_of_plan(), _resource(call, call.need_id("UserId"))
    if who is None:
        raise null_reference("OnePlan.WorkPlanTasksController.AddAssignment")
    assign_resources(task, {**_units(task), who: float(call.query.get("units", "100"))})
    return _assigned(call, task)


async def remove(call: Call) -> Any:
    """One person less; somebody who was not assigned changes nothing."""
    task, gone = call.task_of_plan(), _resource(call, call.path("user"))
    assign_resources(task, {who: share for who, share in _units(task).items() if who != gone})
    return _assigned(call, task)


def _assigned(call: Call, task: Record) -> Response:
    saving = Saving(call.world, call.group, call.actor)
    saving.touched(task)
    saving.task_saved(task, "Update", {"AssignedTo": task["AssignedTo"]})
    return Response(status_code=200)
