"""`GET /api/health` for monitors: stored state only, nothing remote, no secrets (R36)."""

import azure.functions as func

from functions.answers import answer_json, answered
from shared.bootstrap import parts

bp = func.Blueprint()


@bp.function_name("health")
@bp.route("health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def health(req: func.HttpRequest) -> func.HttpResponse:
    """200 where the app is set up and its storage answers; 503 otherwise."""
    stored = await parts().connections.list()
    enabled = sum(one.configuration.enabled for one in stored)
    return answer_json({"status": "ok", "connections": len(stored), "enabled": enabled})
