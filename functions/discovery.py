"""The configuration API: what both systems offer before a connection is saved (contracts.md, Function app)."""

from typing import Any

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered, json_body
from shared import connections
from shared.bootstrap import parts
from shared.core.types import BacklogLevel
from shared.discovery import parse_discovery
from shared.engine.discover import Discovery, FoundProject, discover, discover_stored

bp = func.Blueprint()

LIMIT = 64 * 1024


@bp.function_name("discover")
@bp.route("discover", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def discover_systems(req: func.HttpRequest) -> func.HttpResponse:
    """Projects with their types, backlog levels and areas, plan and work types of OnePlan; nothing is stored."""
    app = parts()
    require(req, app.settings, "Administrator")
    wanted = parse_discovery(json_body(req, LIMIT))
    if wanted.connection is None:
        return answer_json(_shown(await discover(app.remotes, wanted)))
    stored = await connections.get(app.connections, wanted.connection)
    return answer_json(_shown(await discover_stored(app.remotes, stored)))


def _shown(found: Discovery) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if found.projects is not None:
        body["azureDevOps"] = {"projects": [_project(one) for one in found.projects]}
    if found.group is not None:
        body["oneplan"] = {"planTypes": list(found.group.plan_types), "workTypes": list(found.group.work_types)}
    return body


def _project(one: FoundProject) -> dict[str, Any]:
    types = one.types
    levels = sorted(types.levels, key=lambda level: -level.rank)
    return {
        "id": one.id,
        "name": types.project,
        "types": list(types.types),
        "levels": [_level(level) for level in levels],
        "bugTypes": list(types.bugs),
        "areas": list(one.areas),
    }


def _level(one: BacklogLevel) -> dict[str, Any]:
    return {"name": one.name, "kind": one.kind, "types": list(one.types)}
