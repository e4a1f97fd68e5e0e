"""Pausing and resuming everything, for maintenance (R10)."""

from datetime import UTC, datetime
from typing import Any

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered
from shared.bootstrap import parts
from shared.engine.pausing import pause_everything, resume_everything
from shared.ports import EVERYTHING, Change, Pause

bp = func.Blueprint()


@bp.function_name("pause_everything")
@bp.route("pause", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def pause_all(req: func.HttpRequest) -> func.HttpResponse:
    """Nothing is synced until it is resumed; notifications are stored and put off. Saying it again changes nothing."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    pause = await pause_everything(app.engine, caller.name)
    await app.engine.audit.add(EVERYTHING, Change(datetime.now(UTC), caller.name, "paused"))
    return answer_json({"paused": shown_pause(pause)})


@bp.function_name("resume_everything")
@bp.route("resume", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def resume_all(req: func.HttpRequest) -> func.HttpResponse:
    """Everything goes on, and what was missed is looked for."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    await resume_everything(app.engine)
    await app.engine.audit.add(EVERYTHING, Change(datetime.now(UTC), caller.name, "resumed"))
    return answer_json({"paused": None})


def shown_pause(pause: Pause | None) -> dict[str, Any] | None:
    """Why, since when, and when it is tried again by itself."""
    if pause is None:
        return None
    again = {"nextTry": pause.probe.isoformat(), "tries": pause.probes} if pause.probe else {}
    return {"reason": pause.reason, "since": pause.since.isoformat(), **again}
