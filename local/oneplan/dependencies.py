"""Dependencies between tasks (section 5; `Type` is an integer whose order is UNKNOWN, section 9)."""

import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, null_reference, number_or_name
from local.oneplan.model import Record

TYPES = ("FinishToStart", "FinishToFinish", "StartToStart", "StartToFinish")


async def read_all(call: Call) -> Any:
    return list(call.group.dependencies.values())


async def read(call: Call) -> Any:
    task = call.task()["id"]
    return [one for one in call.group.dependencies.values() if task in (one["From"], one["To"])]


def _key(call: Call) -> str:
    return f"{call.path('other')}>{call.path('task')}"


async def create(call: Call) -> Any:
    """The task depends on the other: a link from the other to it. The same pair again changes the link."""
    task, other = call.task(), call.task("other")
    if task["id"] == other["id"] or _reaches(call, task["id"], other["id"]):
        raise null_reference("OnePlan.DependencyController.Post")
    before = call.group.dependencies.get(_key(call), {"id": str(uuid.uuid4())})
    made: Record = {
        "id": before["id"],
        "ConfigId": call.group.id,
        "WorkPlanId": task["WorkPlanId"],
        "From": other["id"],
        "To": task["id"],
        "Type": call.enum(number_or_name(call.need("Type")), TYPES),
        "Lag": int(call.query.get("lag", "0")),
        "LagUnit": call.query.get("lagunit", "d"),
        "Bidirectional": False,
    }
    call.group.dependencies[_key(call)] = made
    return made


def _reaches(call: Call, start: str, goal: str) -> bool:
    """Whether the goal already waits for the start, so that a new link would close a circle."""
    waiting, seen = [start], {start}
    while waiting:
        at = waiting.pop()
        nexts = {one["To"] for one in call.group.dependencies.values() if one["From"] == at} - seen
        seen |= nexts
        waiting += nexts
    return goal in seen


async def delete(call: Call) -> Any:
    if call.group.dependencies.pop(_key(call), None) is None:
        raise Failure(404, "The requested dependency was not found.")
    return Response(status_code=200)
