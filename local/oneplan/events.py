"""The registrations of events and their log (section 7.3)."""

import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, identifier, null_reference, number_or_name

LISTS = ("WorkPlan", "FlowStage", "Resource", "SharedWith", "StatusReport")
TRIGGERS = ("Add", "Update", "Delete", "UpdateIfConnected", "Submit", "ApproveReject")
TYPES = ("synch", "asynch")


async def read_all(call: Call) -> Any:
    rows, wanted = list(call.group.events.values()), call.query.get("list")
    if not wanted:
        return rows
    number = call.enum(number_or_name(wanted), LISTS)
    return [one for one in rows if one["List"] == number]


async def save(call: Call) -> Any:
    """POST /events, /events/{id} or /events/bylist/{list}."""
    body = call.object("OnePlan.EventsController.Post")
    key = call.request.path_params.get("event", "").lower() or str(uuid.uuid4())
    if "event" in call.request.path_params and key not in call.group.events:
        raise Failure(404, "The requested event was not found.")
    before = call.group.events.get(key, {})
    in_path = call.request.path_params.get("list")
    wanted = number_or_name(in_path) if in_path else body.get("List", before.get("List"))
    made = {
        "id": key,
        "ConfigId": call.group.id,
        "EventUrl": str(body.get("EventUrl") or before.get("EventUrl") or ""),
        "Strategy": str(body.get("Strategy") or before.get("Strategy") or ""),
        "IntegrationId": identifier(body.get("IntegrationId") or before.get("IntegrationId")),
        "List": call.enum(wanted, LISTS),
        "Triggers": [call.enum(one, TRIGGERS) for one in body.get("Triggers") or before.get("Triggers") or []],
        "Type": call.enum(body.get("Type", before.get("Type")), TYPES),
        "Filter": str(body.get("Filter") or ""),
    }
    if not made["EventUrl"]:
        raise null_reference("OnePlan.EventsController.Post")
    call.group.events[key] = made
    return made


async def delete(call: Call) -> Any:
    if call.group.events.pop(call.path("event"), None) is None:
        raise Failure(404, "The requested event was not found.")
    return Response(status_code=200)


async def log(call: Call) -> Any:
    return [one for one in call.group.event_log if one["EventId"] == call.path("event")]
