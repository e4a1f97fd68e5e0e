"""Azure DevOps service hooks (R14): `POST /api/hooks/azure-devops/{connection}`."""

import azure.functions as func

from functions.answers import accepted, answered, json_body
from shared.bootstrap import parts
from shared.notifications import azure_devops_notification
from shared.receive import authenticate, basic_password

bp = func.Blueprint()

# A notification holds whole items, each long text up to 1,048,576 characters (ado-api.md section 7) and, where the
# subscription asks for messages, several times: refusing one would put the subscription on probation.
LIMIT = 32 * 1024 * 1024


@bp.function_name("azure_devops_hook")
@bp.route("hooks/azure-devops/{connection}", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def azure_devops_hook(req: func.HttpRequest) -> func.HttpResponse:
    """202 after the item's message is stored; 401, 404, 413, 415, 400; 503 for everything else."""
    app, connection = parts(), req.route_params["connection"]
    given = basic_password(req.headers.get("authorization"))
    await authenticate(app.connections, app.secrets, connection, given)
    notification = azure_devops_notification(json_body(req, LIMIT, strict=False))
    await app.receiver(connection, "azure-devops").take(notification, req.headers.get("traceparent"))
    return accepted()
