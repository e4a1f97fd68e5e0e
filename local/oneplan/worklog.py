"""The work log: hours on tasks, and the one documented look-up of a task by its external id (section 7.1)."""

from typing import Any

from local.oneplan.call import Call, identifier
from local.oneplan.model import Group, Record
from local.oneplan.plans import shown


def _task(group: Group, task: Any, integration: Any, item: Any) -> Record | None:
    """The task by its id, else by its marker."""
    if task:
        return group.tasks.get(identifier(task))
    wanted = (identifier(integration), str(item or ""))
    return next((one for one in group.tasks.values() if wanted[1] and _marked(one) == wanted), None)


def _marked(task: Record) -> tuple[str, str]:
    mark = task["Integration"] or {}
    return mark.get("IntegrationId", ""), mark.get("ExternalItemId", "")


async def read(call: Call) -> Any:
    asked = (call.query.get(name) for name in ("taskid", "integrationid", "externalid"))
    found = _task(call.group, *asked)
    hours = call.group.hours.get(found["id"], {}) if found else {}
    return {
        "Task": found,
        "Plan": shown(call, call.group.plans[found["WorkPlanId"]]) if found else None,
        "PeriodFound": False,
        "PeriodClosed": False,
        "TaskFound": found is not None,
        "RowFound": bool(hours),
        "TotalUsedHours": sum(hours.values()),
        "Hours": dict(hours),
    }


async def create(call: Call) -> Any:
    """The hours are added to the task's; nothing is done where there is no such task."""
    body = call.object("OnePlan.WorkLogController.Post")
    found = _task(call.group, body.get("TaskId"), body.get("IntegrationId"), body.get("ExternalId"))
    before = call.group.hours.get(found["id"], {}) if found else {}
    for kind, number in (body.get("Hours") or {}).items():
        if found:
            add_hours(call.group, found, str(kind), float(number))
    return {
        "Success": found is not None,
        "TaskFound": found is not None,
        "NewRow": found is not None and not before,
        "TotalUsedHours": sum(call.group.hours.get(found["id"], {}).values()) if found else 0.0,
        "PeriodFound": False,
        "PeriodClosed": False,
    }


def add_hours(group: Group, task: Record, kind: str, number: float) -> None:
    hours = group.hours.setdefault(task["id"], {})
    hours[kind] = hours.get(kind, 0.0) + number
