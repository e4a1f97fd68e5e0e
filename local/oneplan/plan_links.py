"""Dependencies between plans (section 4)."""

import uuid
from typing import Any

from starlette.responses import Response

from local.oneplan.call import Call, Failure, identifier, null_reference
from local.oneplan.model import ZERO, Record

NEW: Record = {
    "id": ZERO,
    "ConfigId": ZERO,
    "From": ZERO,
    "To": ZERO,
    "Type": 0,
    "Style": 0,
    "Lag": 0,
    "LagUnit": "d",
    "Bidirectional": False,
    "Description": "",
}


async def save(call: Call) -> Any:
    """A new link, or changes of one; both its plans are there."""
    body = call.object("OnePlan.PlanDependencyController.Post")
    known = "link" in call.request.path_params
    key = call.path("link") if known else str(uuid.uuid4())
    if known and key not in call.group.plan_links:
        raise Failure(404, "The requested dependency was not found.")
    before = call.group.plan_links.get(key, NEW)
    made = {name: body.get(name, value) for name, value in before.items()}
    made |= {"id": key, "ConfigId": call.group.id, "From": identifier(made["From"]), "To": identifier(made["To"])}
    if not {made["From"], made["To"]} <= call.group.plans.keys() or made["From"] == made["To"]:
        raise null_reference("OnePlan.PlanDependencyController.Post")
    call.group.plan_links[key] = made
    return made


async def delete(call: Call) -> Any:
    if call.group.plan_links.pop(call.path("link"), None) is None:
        raise Failure(404, "The requested dependency was not found.")
    return Response(status_code=200)
