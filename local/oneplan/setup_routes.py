"""Fields, plan types, people, teams and iterations (sections 4 to 6, 10)."""

import copy
import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, Handler, identifier, null_reference
from local.oneplan.columns import NAMES, TEXT, column
from local.oneplan.model import Group, Record
from local.oneplan.records import CLOCK
from local.oneplan.seed import resource


def _level(group: Group, level: str) -> list[Record]:
    return {"plan": group.plan_fields, "task": group.task_fields, "resource": group.resource_fields}[level]


def fields_of(level: str) -> Handler:
    async def read_fields(call: Call) -> Any:
        hide = call.flag("HideSystem")
        return [one for one in _level(call.group, level) if not (hide and one["System"])]

    return read_fields


def create_field(level: str) -> Handler:
    async def create(call: Call) -> Any:
        body = call.object("OnePlan.ColumnsController.Post")
        label = str(body.get("DisplayName") or "")
        rows = _level(call.group, level)
        if any(one["DisplayName"].lower() == label.lower() for one in rows):
            raise Failure(500, "Column with same name already exists", "System.Exception")
        # The server derives a plan field's internal name; a task field keeps what it gets, even nothing (section 6).
        derived = "".join(part for part in label.title() if part.isalnum())
        name = derived if level == "plan" else str(body.get("InternalName") or "")
        kind = body.get("ColumnType", TEXT)
        number = NAMES.get(kind, TEXT) if isinstance(kind, str) else int(kind)
        made = column(level, name, number, label)
        made |= {key: value for key, value in body.items() if key in made and key not in ("Id", "InternalName")}
        made |= {"Id": str(uuid.uuid4()), "ColumnType": number}
        local = call.query.get("workplanid", "").lower()
        (call.group.local_fields.setdefault(local, []) if local else rows).append(made)
        return made

    return create


def update_field(level: str) -> Handler:
    async def update(call: Call) -> Any:
        """The whole definition is posted back; an unknown id is 200 `null` (section 3 [OBSERVED])."""
        body = call.object("OnePlan.ColumnsController.Post")
        found = next((one for one in _level(call.group, level) if one["Id"] == call.path("field")), None)
        if found is None:
            return None
        found |= {key: value for key, value in body.items() if key in found and key not in ("Id", "InternalName")}
        return found

    return update


async def delete_task_field(call: Call) -> Any:
    rows = call.group.task_fields
    rows[:] = [one for one in rows if one["Id"] != call.path("field")]
    return rows


async def local_fields(call: Call) -> Any:
    return call.group.local_fields.get(call.need("WorkPlanId").lower(), [])


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


async def resources(call: Call) -> Any:
    """All, or those whose mail or field has the value asked for; generic ones only where asked."""
    mail, name, value = (call.query.get(key, "").lower() for key in ("email", "field", "value"))
    rows = [one for one in call.group.resources.values() if call.flag("Generics") or not one["Generic"]]
    if mail:
        rows = [one for one in rows if str(one["Fields"].get("mail", "")).lower() == mail]
    if name:
        held = ((one, {key.lower(): text for key, text in one["Fields"].items()}) for one in rows)
        rows = [one for one, fields in held if str(fields.get(name, "")).lower() == value]
    return copy.deepcopy(rows)


async def one_resource(call: Call) -> Any:
    found = call.group.resources.get(call.path("resource"))
    if found is None:
        raise Failure(404, "The requested resource was not found.")
    return found


async def me(call: Call) -> Any:
    return call.group.resources.get(call.actor.user)


async def resource_id(call: Call) -> Any:
    name, mail = call.query.get("name", "").lower(), (call.query.get("email") or call.query.get("email ") or "").lower()
    rows = call.group.resources.values()
    found = next(
        (one["id"] for one in rows if mail and str(one["Fields"].get("mail", "")).lower() == mail),
        next((one["id"] for one in rows if name and one["name"].lower() == name), None),
    )
    return found


async def find_resources(call: Call) -> Any:
    name, mail = call.query.get("name", "").lower(), call.query.get("email", "").lower()
    rows = call.group.resources.values()
    return [
        one
        for one in rows
        if name in one["name"].lower() and (not mail or str(one["Fields"].get("mail", "")).lower() == mail)
    ]


async def create_resource(call: Call) -> Any:
    body = call.object("OnePlan.ResourcesController.Post").get("Resource")
    if not isinstance(body, dict):
        raise null_reference("OnePlan.ResourcesController.Post")
    made = resource(call.group, str(body.get("Name") or ""), str(body.get("Mail") or ""))
    made["Generic"] = bool(body.get("Generic"))
    call.group.resources[made["id"]] = made
    return made


async def update_resource(call: Call) -> Any:
    found: Record = await one_resource(call)
    body = call.object("OnePlan.ResourcesController.Post").get("Resource") or {}
    found["name"] = body.get("Name") or found["name"]
    found["Fields"] |= body.get("Fields") or {}
    return found


async def teams(call: Call) -> Any:
    return call.group.teams


async def iterations(call: Call) -> Any:
    plan = call.need("PlannerId").lower()
    return [one for one in call.group.iterations.values() if one["PlanId"] == plan]


async def save_iteration(call: Call) -> Any:
    body = call.object("OnePlan.AgileController.Post")
    key = call.request.path_params.get("iteration", str(uuid.uuid4())).lower()
    before = call.group.iterations.get(key, {"id": key, "ConfigId": call.group.id, "TargetPoints": 0, "TargetHours": 0})
    made = {**before, **{name: value for name, value in body.items() if name not in ("id", "ConfigId")}}
    made["PlanId"] = identifier(made.get("PlanId"))
    made.setdefault("Start", CLOCK.now())
    call.group.iterations[key] = made
    return made


async def delete_iteration(call: Call) -> Any:
    if call.group.iterations.pop(call.path("iteration"), None) is None:
        raise Failure(404, "The requested iteration was not found.")
    return Response(status_code=200)
