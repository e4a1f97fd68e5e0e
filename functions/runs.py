"""The configuration API: runs, and what they left behind (contracts.md, Function app)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered, json_body
from shared import connections
from shared.bootstrap import Parts, parts
from shared.engine.progress import Progress, progress
from shared.engine.requests import release, request_full_sync, request_incremental, request_items
from shared.engine.trees import work_item_of
from shared.ports import Change, Run, StoredConnection
from shared.ports.runs import RunKind
from shared.refusals import FieldError, InvalidInput, UnknownRun

bp = func.Blueprint()

LIMIT = 64 * 1024
KINDS: tuple[RunKind, ...] = ("full", "incremental", "tree", "item")
SIDES = ("azure-devops", "oneplan")
MOST_WORK_ITEMS = 2**31
TARGET = re.compile(r"[0-9a-fA-F-]{1,64}")


async def _connection(req: func.HttpRequest, app: Parts) -> StoredConnection:
    return await connections.get(app.connections, req.route_params["connection"])


@bp.function_name("start_sync")
@bp.route("connections/{connection}/sync", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def start_sync(req: func.HttpRequest) -> func.HttpResponse:
    """202 with the run that is under way now; a full or incremental run that was under way already goes on.

    `side` and `itemId` name the item of an item or tree sync: a work item, or a connected plan or task.
    """
    app = parts()
    require(req, app.settings, "Editor")
    body = json_body(req, LIMIT)
    kind = _kind(body)
    stored = await _connection(req, app)
    match kind:
        case "full":
            run = await request_full_sync(app.engine, stored.id, "person")
        case "incremental":
            run = await request_incremental(app.engine, stored.id, "person")
        case "tree" | "item":
            run = await request_items(app.engine, stored.id, kind, await _work_item(app, stored.id, body))
    return _under_way(run)


def _under_way(run: Run) -> func.HttpResponse:
    return answer_json({"run": run.id}, 202, {"Location": f"/api/connections/{run.connection}/runs/{run.id}"})


def _kind(body: Any) -> RunKind:
    found = body.get("kind") if isinstance(body, dict) else None
    for kind in KINDS:
        if found == kind:
            return kind
    raise InvalidInput((FieldError("/kind", f"is {found!r}", KINDS),))


async def _work_item(app: Parts, connection: str, body: Mapping[str, Any]) -> int:
    """The number of the work item that is meant; InvalidInput where the members name none."""
    side, item = body.get("side"), str(body.get("itemId") or "").strip()
    if side not in SIDES:
        raise InvalidInput((FieldError("/side", f"is {side!r}", SIDES),))
    if side == "azure-devops":
        if not item.isdecimal() or not 0 < int(item) < MOST_WORK_ITEMS:
            raise InvalidInput((FieldError("/itemId", "must be the number of a work item"),))
        return int(item)
    found = await work_item_of(app.engine, connection, item) if TARGET.fullmatch(item) else None
    if found is None:
        raise InvalidInput((FieldError("/itemId", "must be the id of a plan or task that is connected"),))
    return found


@bp.function_name("list_runs")
@bp.route("connections/{connection}/runs", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_runs(req: func.HttpRequest) -> func.HttpResponse:
    """The last runs, the newest first."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await _connection(req, app)
    return answer_json({"runs": [_shown(run) for run in await app.engine.runs.list(stored.id)]})


@bp.function_name("get_run")
@bp.route("connections/{connection}/runs/{run}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_run(req: func.HttpRequest) -> func.HttpResponse:
    """The run with its progress and the time that it still needs."""
    app = parts()
    require(req, app.settings, "Reader")
    run = await _run(req, app)
    return answer_json({**_shown(run), "progress": _progress(await progress(app.engine, run))})


async def _run(req: func.HttpRequest, app: Parts) -> Run:
    stored = await _connection(req, app)
    run = await app.engine.runs.get(stored.id, req.route_params["run"])
    if run is None:
        raise UnknownRun(f"connection {stored.id} has no run {req.route_params['run'][:80]!r}")
    return run


@bp.function_name("release_run")
@bp.route("connections/{connection}/runs/{run}/release", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def release_run(req: func.HttpRequest) -> func.HttpResponse:
    """202 with a run that does what the brake kept this one from doing (R21)."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    run = await release(app.engine, await _run(req, app))
    change = Change(datetime.now(UTC), caller.name, "released the brake")
    await app.engine.audit.add(run.connection, change)
    return _under_way(run)


@bp.function_name("list_failures")
@bp.route("connections/{connection}/failures", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_failures(req: func.HttpRequest) -> func.HttpResponse:
    """The items that could not be brought over, each with its reason and what to do (R35)."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await _connection(req, app)
    failures = await app.engine.failures.list(stored.id)
    shown = [
        {
            "item": one.key[1:].lstrip("0"),
            "title": one.title,
            "reason": one.reason,
            "field": one.field,
            "whatToDo": one.steps,
            "attempts": one.attempts,
            "run": one.run,
        }
        for one in failures
    ]
    return answer_json({"failures": shown})


@bp.function_name("list_waiting")
@bp.route("connections/{connection}/waiting", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_waiting(req: func.HttpRequest) -> func.HttpResponse:
    """The items that wait for the one above them (R18)."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await _connection(req, app)
    waiting = await app.engine.waiting.list(stored.id)
    shown = [
        {"item": one.key[1:].lstrip("0"), "title": one.title, "waitsFor": one.parent[1:].lstrip("0")} for one in waiting
    ]
    return answer_json({"waiting": shown})


def _shown(run: Run) -> dict[str, Any]:
    times = {"requested": run.requested, "started": run.started, "ended": run.ended}
    return {
        "id": run.id,
        "kind": run.kind,
        "cause": run.cause,
        "state": run.state,
        "stage": run.stage,
        "counts": dict(run.counts),
        "leftOut": dict(run.reasons),
        "unmatchedUsers": list(run.unmatched),
        "problem": run.problem,
        "report": run.report,
        "notes": list(run.notes),
        **{name: moment.isoformat() for name, moment in times.items() if moment is not None},
    }


def _progress(one: Progress) -> dict[str, Any]:
    return {"done": one.done, "total": one.total, "remainingSeconds": one.remaining_seconds}
