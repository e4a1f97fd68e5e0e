"""Line items and markers on plans (sections 7.1 and 7.2)."""

import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, NoRoute, identifier, null_reference
from local.oneplan.model import ZERO, Record
from local.oneplan.records import CLOCK
from local.oneplan.saving import Saving

SYSTEMS = ("ProjectForTheWeb", "Jira", "AzureDevOps")  # the first of section 9; the rest are known as numbers only
AZURE_DEVOPS = 2
WORK_LISTS = ("Backlog", "Both", "CustomList", "Documents", "Plan", "Task")
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
        "SystemType": call.enum(body.get("SystemType"), SYSTEMS, AZURE_DEVOPS),
        "ListType": call.enum(body.get("ListType"), WORK_LISTS),
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
    call.need("IsImport")
    importing = call.flag("IsImport")
    body = call.object("OnePlan.IntegrationController.UpdatePlanIntegration")
    plan = _plan_of(call, identifier(body.get("PlanId")))
    mark = marker(plan, _known(call, identifier(body.get("IntegrationId"))))
    mark["LastImport" if importing else "LastExport"] = CLOCK.now()
    if importing:
        mark["ItemId"], mark["ItemUrl"] = str(body.get("ItemId") or ""), str(body.get("ItemUrl") or "")
        mark["IntegrationVersion"] = int(body.get("IntegrationVersion") or 0)
    if call.world.on("marker_is_a_save"):
        saving = Saving(call.world, call.group, call.actor)
        saving.touched(plan)
        saving.plan_saved(plan, "Update", {})
    return Response(status_code=200)


async def connect_plan(call: Call) -> Any:
    plan, integration = call.need_id("PlanId"), call.need_id("IntegrationId")
    marker(_plan_of(call, plan), _known(call, integration))
    return Response(status_code=200)


async def disconnect_plan(call: Call) -> Any:
    """Not documented; behind its switch."""
    if not call.world.on("detach_route"):
        raise NoRoute
    wanted, integration = call.need_id("PlanId"), call.need_id("IntegrationId")
    plan = _plan_of(call, wanted)
    plan["Integrations"] = [one for one in plan["Integrations"] if one["IntegrationId"] != integration]
    return Response(status_code=200)


async def plan_id(call: Call) -> Any:
    """The plan with the marker, in one of the forms that the switches give (section 7.1 UNKNOWN)."""
    integration, item = call.need_id("IntegrationId"), call.need("ExternalItemId")
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
    plan, wanted = call.need_id("PlanId"), call.need_id("IntegrationId")
    return next((one for one in _plan_of(call, plan)["Integrations"] if one["IntegrationId"] == wanted), None)


def _connected_systems(call: Call) -> list[Record]:
    """Not documented: the entries of the Connected Systems window, with their button names."""
    if not call.world.on("connected_systems_route"):
        raise NoRoute
    return call.group.connected_systems


async def connected_systems(call: Call) -> Any:
    return _connected_systems(call)


async def connect_system(call: Call) -> Any:
    """An integration has one entry: a second one takes the place of the first."""
    rows, made = _connected_systems(call), call.object("ConnectedSystems")
    rows[:] = [one for one in rows if identifier(one["IntegrationId"]) != identifier(made["IntegrationId"])]
    rows.append(made)
    return rows


async def disconnect_system(call: Call) -> Any:
    rows, gone = _connected_systems(call), call.path("integration")
    kept = [one for one in rows if identifier(one["IntegrationId"]) != gone]
    if len(kept) == len(rows):
        raise Failure(404, "The requested connected system was not found.")
    rows[:] = kept
    return Response(status_code=200)
