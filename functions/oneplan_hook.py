"""OnePlan events (R15): `POST /api/hooks/oneplan/{connection}?key={secret}`."""

import azure.functions as func

from functions.answers import accepted, answered, json_body
from shared.bootstrap import parts
from shared.notifications import oneplan_notification
from shared.receive import authenticate

bp = func.Blueprint()

LIMIT = 1024 * 1024  # an event holds an id and a name (oneplan-api.md section 7.3)
# Assumed: with which header OnePlan sends it is not known, so no likely one is refused; its API also writes text/json
# (section 2). Should it be another, the answer 415 in OnePlan's log names it.
MEDIA_TYPES = ("application/json", "text/json", "text/plain", "")


@bp.function_name("oneplan_hook")
@bp.route("hooks/oneplan/{connection}", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def oneplan_hook(req: func.HttpRequest) -> func.HttpResponse:
    """202 after the plan's message is stored; 401, 404, 413, 415, 400; 503 for everything else."""
    app, connection = parts(), req.route_params["connection"]
    await authenticate(app.connections, app.secrets, connection, req.params.get("key") or "")
    notification = oneplan_notification(json_body(req, LIMIT, strict=False, media_types=MEDIA_TYPES))
    await app.receiver(connection, "oneplan").take(notification, req.headers.get("traceparent"))
    return accepted()
