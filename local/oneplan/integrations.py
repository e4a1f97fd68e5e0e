"""Line items, markers on plans, events and the work log (section 7)."""

import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, identifier, null_reference
from local.oneplan.model import ZERO, Record
from local.oneplan.records import CLOCK
from local.oneplan.saving import Saving

LISTS = ("WorkPlan", "FlowStage", "Resource", "SharedWith", "StatusReport")
TRIGGERS = ("Add", "Update", "Delete", "UpdateIfConnected", "Submit", "ApproveReject")
TYPES = ("synch", "asynch")
NEVER = "0001-01-01T00:00:00.0000000+00:00"


async def read_all(call: Call) -> Any:
    return list(call.group.integrations.values())


async def save(call: Call) -> Any:
    """POST /integration or /integration/{id}: `{Id, SystemType, ListType, Properties}`."""
    body = call.object("OnePlan.IntegrationController.Post")
    key = call.request.path_params.get("integration") or body.get("Id")
    if not key or (not call.world.on("integration_id_kept") and "integration" not in call.request.path_params):
        key = str(uuid.uuid4())
    made = {
        "Id": identifier(key),
        "SystemType": call.enum(body.get("SystemType"), (), 2),
        "ListType": call.enum(body.get("ListType"), ()),
        "Properties": body.get("Properties") or {},
    }
    call.group.integrations[str(made["Id"])] = made
    return made


async def delete(call: Call) -> Any:
    if call.group.integrations.pop(call.path("integration"), None) is None:
        raise Failure(404, "The requested integration was not found.")
    return Response(status_code=200)


def _known(call: Call, integration: str) -> str:
    if call.world.on("integration_must_exist") and integration not in call.group.integrations:
        raise Failure(500, "The integration does not exist.", "System.InvalidOperationException")
    return integration


def _plan_of(call: Call, plan: str) -> Record:
    found = call.group.plans.get(plan)
    if found is None:
        raise null_reference("OnePlan.IntegrationController.UpdatePlanIntegration")
    return found


def marker(plan: Record, integration: str) -> Record:
    """The plan's marker of an integration; a new one where it has none."""
    found: Record | None = next((one for one in plan["Integrations"] if one["IntegrationId"] == integration), None)
    if found is None:
        found = {
            "IntegrationId": integration,
            "ItemId": "",
            "ItemUrl": "",
            "TransactionId": str(uuid.uuid4()),
            "LastExport": NEVER,
            "LastImport": NEVER,
            "IntegrationVersion": 0,
            "Properties": {},
        }
        plan["Integrations"].append(found)
    return found


async def update_plan(call: Call) -> Any:
    """IsImport=true stamps the import and saves item id and URL; false only stamps the export (section 7.1)."""
    importing = call.need("IsImport").lower() == "true"
    body = call.object("OnePlan.IntegrationController.UpdatePlanIntegration")
    plan = _plan_of(call, identifier(body.get("PlanId")))
    mark = marker(plan, _known(call, identifier(body.get("IntegrationId"))))
    mark["LastImport" if importing else "LastExport"] = CLOCK.now()
    if importing:
        mark["ItemId"], mark["ItemUrl"] = str(body.get("ItemId") or ""), str(body.get("ItemUrl") or "")
        mark["IntegrationVersion"] = int(body.get("IntegrationVersion") or 0)
    Saving(call.world, call.group, call.actor).plan_saved(plan, "Update", {})
    return Response(status_code=200)


async def connect_plan(call: Call) -> Any:
    plan = _plan_of(call, call.need("PlanId").lower())
    marker(plan, _known(call, call.need("IntegrationId").lower()))
    return Response(status_code=200)


async def disconnect_plan(call: Call) -> Any:
    """Not documented; behind its switch."""
    if not call.world.on("detach_route"):
        raise Failure(404, "No HTTP resource was found that matches the request URI.")
    plan, integration = _plan_of(call, call.need("PlanId").lower()), call.need("IntegrationId").lower()
    plan["Integrations"] = [one for one in plan["Integrations"] if one["IntegrationId"] != integration]
    return Response(status_code=200)


async def plan_id(call: Call) -> Any:
    """The plan with the marker, in one of the forms that the switches give (section 7.1 UNKNOWN)."""
    integration, item = call.need("IntegrationId").lower(), call.need("ExternalItemId")
    for plan in call.group.plans.values():
        if any((one["IntegrationId"], one["ItemId"]) == (integration, item) for one in plan["Integrations"]):
            return plan["id"] if call.world.position("plan_id_reply") == "string" else {"id": plan["id"]}
    match call.world.position("not_found_plan_id"):
        case "zero":
            return ZERO
        case "404":
            raise Failure(404, "The plan was not found.")
        case "empty":
            return Response(status_code=204)
        case _:
            return None


async def status(call: Call) -> Any:
    plan = _plan_of(call, call.need("PlanId").lower())
    wanted = call.need("IntegrationId").lower()
    return next((one for one in plan["Integrations"] if one["IntegrationId"] == wanted), None)


async def connected_systems(call: Call) -> Any:
    """Not documented: the entries of the Connected Systems window, with their button names."""
    if not call.world.on("connected_systems_route"):
        raise Failure(404, "No HTTP resource was found that matches the request URI.")
    if call.request.method == "POST":
        call.group.connected_systems.append(call.object("ConnectedSystems"))
    return call.group.connected_systems


async def events(call: Call) -> Any:
    wanted = call.query.get("list")
    rows = call.group.events.values()
    return [one for one in rows if wanted is None or str(one["List"]) == wanted]


async def save_event(call: Call) -> Any:
    """POST /events, /events/{id} or /events/bylist/{list}."""
    body = call.object("OnePlan.EventsController.Post")
    key = call.request.path_params.get("event", "").lower() or str(uuid.uuid4())
    if "event" in call.request.path_params and key not in call.group.events:
        raise Failure(404, "The requested event was not found.")
    before = call.group.events.get(key, {})
    list_number = call.request.path_params.get("list", body.get("List", before.get("List")))
    made = {
        "id": key,
        "ConfigId": call.group.id,
        "EventUrl": str(body.get("EventUrl") or before.get("EventUrl") or ""),
        "Strategy": str(body.get("Strategy") or before.get("Strategy") or ""),
        "IntegrationId": identifier(body.get("IntegrationId") or before.get("IntegrationId")),
        "List": call.enum(_number(list_number), LISTS),
        "Triggers": [call.enum(one, TRIGGERS) for one in body.get("Triggers") or before.get("Triggers") or []],
        "Type": call.enum(body.get("Type", before.get("Type")), TYPES),
        "Filter": str(body.get("Filter") or ""),
    }
    if not made["EventUrl"]:
        raise null_reference("OnePlan.EventsController.Post")
    call.group.events[key] = made
    return made


def _number(value: Any) -> Any:
    """A number in a path is a text; a name stays one."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


async def delete_event(call: Call) -> Any:
    if call.group.events.pop(call.path("event"), None) is None:
        raise Failure(404, "The requested event was not found.")
    return Response(status_code=200)


async def event_log(call: Call) -> Any:
    return [one for one in call.group.event_log if one["EventId"] == call.path("event")]


async def work_log(call: Call) -> Any:
    """The task of an external id, with its hours (section 7.1)."""
    wanted = (call.query.get("integrationid", "").lower(), call.query.get("externalid", ""))
    by_id = call.group.tasks.get(call.query.get("taskid", "").lower())
    found = by_id or next((one for one in call.group.tasks.values() if _marked(one) == wanted and wanted[1]), None)
    return {
        "Task": found,
        "Plan": call.group.plans.get(found["WorkPlanId"]) if found else None,
        "PeriodFound": False,
        "PeriodClosed": False,
        "TaskFound": found is not None,
        "RowFound": False,
        "TotalUsedHours": call.group.hours.get(found["id"], 0.0) if found else 0.0,
        "Hours": {},
    }


def _marked(task: Record) -> tuple[str, str]:
    mark = task["Integration"] or {}
    return mark.get("IntegrationId", ""), mark.get("ExternalItemId", "")
