"""The configuration API: connections (contracts.md, Function app)."""

from typing import Any

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered, json_body
from functions.preconditions import etag
from shared import connections
from shared.bootstrap import parts
from shared.configuration import parse_connection
from shared.connections.steps import STEPS
from shared.engine.saving import Saved, create
from shared.ports import Step, StoredConnection

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
    saved = await create(app.engine, parse_connection(json_body(req, LIMIT)))
    headers = {"Location": f"/api/connections/{saved.connection.id}", "ETag": etag(saved.connection)}
    return answer_json(_saved(saved), 201, headers)


@bp.function_name("get_connection")
@bp.route("connections/{connection}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_connection(req: func.HttpRequest) -> func.HttpResponse:
    """One connection, without its secrets, with its ETag."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    return answer_json(_shown(stored), headers={"ETag": etag(stored)})


def _saved(saved: Saved) -> dict[str, Any]:
    return {**_shown(saved.connection), **({"run": saved.run} if saved.run else {})}


def _shown(stored: StoredConnection) -> dict[str, Any]:
    steps = {name: _step(stored.steps[name]) for name in STEPS if name in stored.steps}
    return {"id": stored.id, "state": stored.state, **stored.configuration.public(), "steps": steps}


def _step(step: Step) -> dict[str, str]:
    members = {"state": step.state, "detail": step.detail, "whatToDo": step.what_to_do}
    return {name: value for name, value in members.items() if value}
