"""The configuration API: who is who (contracts.md, Function app; R23)."""

from typing import Any

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered, json_body
from functions.configuration import note
from functions.preconditions import check_version, etag
from shared import connections
from shared.bootstrap import Parts, parts
from shared.configuration_document import parse_people
from shared.core.people import Resource
from shared.engine.people import matches, put_overrides, resolved
from shared.ports import StoredConnection

bp = func.Blueprint()

LIMIT = 1024 * 1024


@bp.function_name("get_users")
@bp.route("connections/{connection}/users", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_users(req: func.HttpRequest) -> func.HttpResponse:
    """Who was matched and by what, the connection's own table, and whom OnePlan does not know, each once."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    return answer_json(await _shown(app, stored), headers={"ETag": etag(stored)})


@bp.function_name("put_users")
@bp.route("connections/{connection}/users", methods=["PUT"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def replace_users(req: func.HttpRequest) -> func.HttpResponse:
    """The connection's own table is as sent, and a full sync takes it over."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    stored = await connections.get(app.connections, req.route_params["connection"])
    wanted = parse_people(json_body(req, LIMIT))
    check_version(req, stored)
    overrides = await resolved(app.engine, stored, wanted.overrides)
    after, run = await put_overrides(app.engine, stored, overrides)
    if after.version != stored.version:
        await note(app, after, caller, "people changed", ("/people/overrides",))
    body = {**await _shown(app, after), **({"run": run} if run else {})}
    return answer_json(body, headers={"ETag": etag(after)})


async def _shown(app: Parts, stored: StoredConnection) -> dict[str, Any]:
    found = await matches(app.engine, stored)
    return {
        "defaultOwner": stored.configuration.default_owner,
        "overrides": dict(stored.overrides),
        "matches": [
            {**_person(one.name, one.unique_name), "oneplan": _resource(one.resource), "by": one.by}
            for one in found
            if one.resource is not None
        ],
        "unmatched": [_person(one.name, one.unique_name) for one in found if one.resource is None],
    }


def _person(name: str, unique_name: str) -> dict[str, str]:
    return {"name": name, "uniqueName": unique_name}


def _resource(one: Resource) -> dict[str, str]:
    return {"id": one.id, "name": one.name, "mail": one.mail}
