"""How one connection is (R36): from stored state only, nothing remote is called."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered
from functions.connection_answers import shown_steps
from functions.maintenance import shown_pause
from shared import connections
from shared.bootstrap import parts
from shared.engine.incremental import feed_in_use
from shared.engine.parts import Engine
from shared.engine.pausing import pause_of
from shared.messages import Side
from shared.ports import Run, StoredConnection

bp = func.Blueprint()

# Days before the access token expires at which it is warned anew, the nearest first (R36).
WARNED = (1, 7, 14, 30)
SIDES: Mapping[Side, str] = {"azure-devops": "azureDevOps", "oneplan": "oneplan"}


@bp.function_name("connection_health")
@bp.route("connections/{connection}/health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def connection_health(req: func.HttpRequest) -> func.HttpResponse:
    """What works, what waits, what needs a person."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    return answer_json(await _health(app.engine, stored, datetime.now(UTC)))


async def _health(engine: Engine, stored: StoredConnection, now: datetime) -> dict[str, Any]:
    pause, heard = await pause_of(engine, stored.id), await engine.heard.last(stored.id)
    token = pat(stored.configuration.azure_dev_ops.pat_expires, now.date())
    steps = shown_steps(stored.steps)
    return {
        "id": stored.id,
        "state": stored.state,
        "enabled": stored.configuration.enabled,
        "paused": shown_pause(pause),
        "pat": token,
        "key": {"name": stored.configuration.oneplan.key_name, "expires": None},
        "lastEvent": {name: heard[side].isoformat() if side in heard else None for side, name in SIDES.items()},
        "registration": {name: steps[name] for name in ("event", "connectedSystem", "subscriptions") if name in steps},
        "waiting": len(await engine.waiting.list(stored.id)),
        "failures": len(await engine.failures.list(stored.id)),
        "conflicts": len(await engine.conflicts.list(stored.id)),
        "changeFeed": {
            "configured": stored.configuration.change_feed,
            "inUse": await feed_in_use(engine, stored.id),
        },
        "lastRuns": [_run(one) for one in await engine.runs.list(stored.id, 5)],
        "attention": _attention(stored, pause.reason if pause else "", token),
    }


def pat(expires: date, today: date) -> dict[str, Any]:
    """When the access token expires; `warning` is the mark that was passed last, of 30, 14, 7 and 1 days before."""
    days = (expires - today).days
    passed = next((mark for mark in WARNED if days <= mark), None)
    return {"expires": expires.isoformat(), "days": days, "expired": days < 0, "warning": passed}


def _attention(stored: StoredConnection, paused: str, token: Mapping[str, Any]) -> list[str]:
    """What a person should do, in sentences."""
    name, sentences = stored.configuration.azure_dev_ops.pat_name, []
    if paused:
        sentences.append(f"Nothing is synced: {paused}")
    if token["expired"]:
        sentences.append(f"The access token {name!r} has expired on {token['expires']}: enter a new one.")
    elif token["warning"]:
        sentences.append(f"The access token {name!r} expires on {token['expires']}: enter a new one before that day.")
    open_steps = [step for step in stored.steps.values() if step.state != "done" and step.what_to_do]
    return sentences + [f"{step.detail} {step.what_to_do}".strip() for step in open_steps]


def _run(run: Run) -> dict[str, Any]:
    ended = run.ended.isoformat() if run.ended else None
    return {"id": run.id, "kind": run.kind, "state": run.state, "ended": ended, "problem": run.problem or None}
