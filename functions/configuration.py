"""The configuration API: connections (contracts.md, Function app)."""

from datetime import UTC, datetime

import azure.functions as func

from functions.access import Caller, require
from functions.answers import answer_json, answered, json_body
from functions.connection_answers import (
    LIMIT,
    answer_connection,
    answer_saved,
    must_match,
    outdated,
    shown,
    shown_steps,
)
from shared import connections
from shared.bootstrap import Parts, parts
from shared.configuration import parse_connection
from shared.connections.changes import changed_paths
from shared.engine import removal, saving
from shared.engine.check import checked
from shared.engine.incremental import feed_in_use
from shared.ports import Change, StoredConnection
from shared.refusals import Conflict

bp = func.Blueprint()


@bp.function_name("list_connections")
@bp.route("connections", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_connections(req: func.HttpRequest) -> func.HttpResponse:
    """Every connection, without its secrets."""
    app = parts()
    require(req, app.settings, "Reader")
    return answer_json({"connections": [shown(one) for one in await connections.known(app.connections)]})


@bp.function_name("create_connection")
@bp.route("connections", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def create_connection(req: func.HttpRequest) -> func.HttpResponse:
    """201 with the stored connection, the steps of its save and its first run. Both systems are asked first; nothing
    is stored where they or the members say that it cannot work."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    saved = await saving.create(app.engine, parse_connection(json_body(req, LIMIT)))
    await note(app, saved.connection, caller, "created")
    return answer_saved(saved, 201)


@bp.function_name("check_connection")
@bp.route("connections/check", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def check_connection(req: func.HttpRequest) -> func.HttpResponse:
    """200 with the checks of a save, of which none is stored; 400 naming every member that cannot work."""
    app = parts()
    require(req, app.settings, "Administrator")
    configuration = parse_connection(json_body(req, LIMIT))
    await connections.check_unique(app.connections, configuration)
    found = await checked(app.remotes, configuration, datetime.now(UTC).date())
    return answer_json({"steps": shown_steps(found.steps)})


@bp.function_name("get_connection")
@bp.route("connections/{connection}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_connection(req: func.HttpRequest) -> func.HttpResponse:
    """One connection, without its secrets, with its ETag, and by which feed it finds what changes in OnePlan."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    feed = await feed_in_use(app.engine, stored.id)
    in_use = {"changeFeedInUse": dict(feed)} if feed else {}
    return answer_connection(stored, body={**shown(stored), **in_use})


@bp.function_name("replace_connection")
@bp.route("connections/{connection}", methods=["PUT"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def replace_connection(req: func.HttpRequest) -> func.HttpResponse:
    """The connection is as sent; without key or PAT the stored ones stay. 428 without If-Match, 412 where it is not
    the present version."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    stored = await connections.get(app.connections, req.route_params["connection"])
    must_match(req, stored, required=True)
    wanted = parse_connection(json_body(req, LIMIT), secrets_required=False)
    try:
        saved = await saving.save(app.engine, stored, wanted)
    except Conflict as conflict:
        current = await connections.get(app.connections, stored.id)
        raise (conflict if current.version == stored.version else outdated(current)) from None
    await note(app, saved.connection, caller, "changed", changed_paths(stored.configuration, wanted))
    return answer_saved(saved)


@bp.function_name("delete_connection")
@bp.route("connections/{connection}", methods=["DELETE"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def delete_connection(req: func.HttpRequest) -> func.HttpResponse:
    """200 where nothing of it is left in either system, 202 where that goes on; `steps` say what to do by hand."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    stored = await connections.get(app.connections, req.route_params["connection"])
    must_match(req, stored)
    await note(app, stored, caller, "deleted")
    deleted = await removal.delete(app.engine, stored)
    body = {
        "id": deleted.id,
        "state": deleted.state,
        "steps": shown_steps(deleted.steps),
        "linksUntil": _until(deleted),
    }
    return answer_json(body, 200 if deleted.state == "deleted" else 202)


def _until(deleted: StoredConnection) -> str:
    """Until when its links are kept, so that the same connection made again finds them."""
    return ((deleted.deleted or deleted.created) + removal.KEPT).date().isoformat()


async def note(app: Parts, stored: StoredConnection, caller: Caller, action: str, paths: tuple[str, ...] = ()) -> None:
    """The audit has it: who, what and when, never a value."""
    await app.engine.audit.add(stored.id, Change(datetime.now(UTC), caller.name, action, paths))
