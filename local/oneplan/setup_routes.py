"""Fields, plan types, iterations (sections 4 to 6)."""

import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, Handler, identifier
from local.oneplan.columns import FUNCTIONS, TEXT, TYPE_NAMES, column
from local.oneplan.model import ZERO, Group, Record, stamp


def _level(group: Group, level: str) -> list[Record]:
    return {"plan": group.plan_fields, "task": group.task_fields, "resource": group.resource_fields}[level]


def fields_of(level: str) -> Handler:
    async def read_fields(call: Call) -> Any:
        hide = call.flag("HideSystem")
        return [one for one in _level(call.group, level) if not (hide and one["System"])]

    return read_fields


KEPT = {"Id", "InternalName", "System", "BuiltIn", "Locked"}  # never taken from a posted definition


def _rows(call: Call, level: str) -> list[Record]:
    """The definitions of the level, or the local ones of the plan that the query names."""
    local = identifier(call.query.get("workplanid"))
    if level != "task" or local == ZERO:
        return _level(call.group, level)
    return call.group.local_fields.setdefault(local, [])


def _defined(call: Call, body: Record) -> Record:
    """The posted members of a definition, its enumerations as numbers."""
    members = {key: value for key, value in body.items() if key not in KEPT}
    if "ColumnType" in body:
        members["ColumnType"] = call.enum(body["ColumnType"], TYPE_NAMES, TEXT)
    if "Function" in body:
        members["Function"] = call.enum(body["Function"], FUNCTIONS)
    return members


def _check_name(rows: list[Record], label: str, field: str = "") -> None:
    """A DisplayName is unique within its level (section 6 [OBSERVED])."""
    if any(one["DisplayName"].lower() == label.lower() and one["Id"] != field for one in rows):
        raise Failure(500, "Column with same name already exists", "System.Exception")


def create_field(level: str) -> Handler:
    async def create(call: Call) -> Any:
        body = call.object("OnePlan.ColumnsController.Post")
        label, rows = str(body.get("DisplayName") or ""), _rows(call, level)
        _check_name(rows, label)
        # The server derives a plan field's internal name; a task field keeps what it gets, even nothing (section 6).
        derived = "".join(part for part in label.title() if part.isalnum())
        name = derived if level == "plan" else str(body.get("InternalName") or "")
        members = {"ColumnType": TEXT, **_defined(call, body)}
        blank = column(level, name, int(members["ColumnType"]), label)
        made = {**blank, **{key: value for key, value in members.items() if key in blank}, "Id": str(uuid.uuid4())}
        rows.append(made)
        return made

    return create


def update_field(level: str) -> Handler:
    async def update(call: Call) -> Any:
        """The whole definition is posted back; an unknown id is 200 `null` (section 3 [OBSERVED])."""
        body, rows = call.object("OnePlan.ColumnsController.Post"), _rows(call, level)
        found = next((one for one in rows if one["Id"] == call.path("field")), None)
        if found is None:
            return None
        _check_name(rows, str(body.get("DisplayName") or found["DisplayName"]), found["Id"])
        found |= {key: value for key, value in _defined(call, body).items() if key in found}
        return found

    return update


async def delete_task_field(call: Call) -> Any:
    rows = _rows(call, "task")
    rows[:] = [one for one in rows if one["Id"] != call.path("field")]
    return rows


async def local_fields(call: Call) -> Any:
    return call.group.local_fields.get(call.need_id("WorkPlanId"), [])


async def config(call: Call) -> Any:
    group = call.group
    return {
        "WorkTypes": group.work_types,
        "PlanFields": group.plan_fields,
        "CustomColumns": group.task_fields,
        "ResourceFields": group.resource_fields,
        "BacklogFields": [],
    }


async def plan_types(call: Call) -> Any:
    return call.group.plan_types


async def plan_type_by_name(call: Call) -> Any:
    wanted = call.need("Name")
    return next((one["id"] for one in call.group.plan_types if one["Name"] == wanted), None)


NEW_ITERATION: Record = {
    "id": ZERO,
    "ConfigId": ZERO,
    "PlanId": ZERO,
    "Name": "",
    "Start": None,
    "End": None,
    "TargetPoints": 0,
    "TargetHours": 0,
    "ExternalId": "",
    "ExternalUrl": "",
}


async def iterations(call: Call) -> Any:
    plan = call.need_id("PlannerId")
    return [one for one in call.group.iterations.values() if one["PlanId"] == plan]


async def save_iteration(call: Call) -> Any:
    body = call.object("OnePlan.AgileController.Post")
    known = "iteration" in call.request.path_params
    key = call.path("iteration") if known else str(uuid.uuid4())
    if known and key not in call.group.iterations:
        raise Failure(404, "The requested iteration was not found.")
    before = call.group.iterations.get(key, NEW_ITERATION)
    made = {name: body.get(name, value) for name, value in before.items()}
    made |= {"id": key, "ConfigId": call.group.id, "PlanId": identifier(made["PlanId"])}
    made |= {name: stamp(str(made[name])) for name in ("Start", "End") if made[name]}
    call.group.iterations[key] = made
    return made


async def delete_iteration(call: Call) -> Any:
    if call.group.iterations.pop(call.path("iteration"), None) is None:
        raise Failure(404, "The requested iteration was not found.")
    return Response(status_code=200)
