"""What is done to a connection besides changing its members: enabling, disabling, rotating; and who did what."""

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered
from functions.configuration import note
from functions.connection_answers import answer_connection, answer_saved, must_match, shown
from shared import connections
from shared.bootstrap import parts
from shared.engine import saving

bp = func.Blueprint()


@bp.function_name("enable_connection")
@bp.route("connections/{connection}/enable", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def enable_connection(req: func.HttpRequest) -> func.HttpResponse:
    """The connection is synced, and what an earlier save left is done."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    stored = await connections.get(app.connections, req.route_params["connection"])
    must_match(req, stored)
    saved = await saving.enable(app.engine, stored)
    await note(app, stored, caller, "enabled")
    return answer_saved(saved)


@bp.function_name("disable_connection")
@bp.route("connections/{connection}/disable", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def disable_connection(req: func.HttpRequest) -> func.HttpResponse:
    """Nothing of the connection is synced until it is enabled."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    stored = await connections.get(app.connections, req.route_params["connection"])
    must_match(req, stored)
    disabled = await saving.disable(app.engine, stored)
    await note(app, stored, caller, "disabled")
    return answer_connection(disabled)


@bp.function_name("rotate_hook_secret")
@bp.route("connections/{connection}/rotate", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def rotate_hook_secret(req: func.HttpRequest) -> func.HttpResponse:
    """The new hook secret, this once; the one before it is taken for another hour."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    stored = await connections.get(app.connections, req.route_params["connection"])
    must_match(req, stored)
    rotated, secret = await saving.rotate_hook_secret(app.engine, stored)
    await note(app, stored, caller, "rotated")
    return answer_connection(rotated, body={**shown(rotated), "hookSecret": secret})


@bp.function_name("list_audit")
@bp.route("connections/{connection}/audit", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_audit(req: func.HttpRequest) -> func.HttpResponse:
    """Who changed what of the connection, the newest first."""
    app = parts()
    require(req, app.settings, "Administrator")
    stored = await connections.get(app.connections, req.route_params["connection"])
    changes = await app.engine.audit.list(stored.id)
    rows = [
        {"at": one.at.isoformat(), "who": one.who, "action": one.action, "paths": list(one.paths)} for one in changes
    ]
    return answer_json({"changes": rows})
