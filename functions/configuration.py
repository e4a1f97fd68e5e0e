"""The configuration API: connections (contracts.md, Function app)."""

from datetime import UTC, datetime
from typing import Any

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered, json_body
from shared import connections
from shared.bootstrap import parts
from shared.configuration import parse_connection
from shared.engine.check import check
from shared.engine.requests import request_full_sync
from shared.engine.setup import keep_setup
from shared.ports import StoredConnection

bp = func.Blueprint()

LIMIT = 1024 * 1024


@bp.function_name("list_connections")
@bp.route("connections", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_connections(req: func.HttpRequest) -> func.HttpResponse:
    """Every connection, without its secrets."""
    app = parts()
    require(req, app.settings, "Reader")
    return answer_json({"connections": [_shown(one) for one in await app.connections.list()]})


@bp.function_name("create_connection")
@bp.route("connections", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def create_connection(req: func.HttpRequest) -> func.HttpResponse:
    """201 with the stored connection and its first run. Both systems are asked first; nothing is stored where they
    or the members say that it cannot work."""
    app = parts()
    require(req, app.settings, "Administrator")
    configuration = parse_connection(json_body(req, LIMIT))
    await connections.check_unique(app.connections, configuration)
    setup = await check(app.remotes, configuration, datetime.now(UTC).date())
    stored = await connections.create(app.connections, app.secrets, configuration)
    await keep_setup(app.engine, stored.id, setup)
    body = _shown(stored)
    if configuration.enabled:
        body["run"] = (await request_full_sync(app.engine, stored.id, "person")).id
    return answer_json(body, 201, {"Location": f"/api/connections/{stored.id}", "ETag": stored.etag})


@bp.function_name("get_connection")
@bp.route("connections/{connection}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_connection(req: func.HttpRequest) -> func.HttpResponse:
    """One connection, without its secrets, with its ETag."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    return answer_json(_shown(stored), headers={"ETag": stored.etag})


def _shown(stored: StoredConnection) -> dict[str, Any]:
    return {"id": stored.id, "state": stored.state, **stored.configuration.public()}
