"""A connection in answers, and the conditions under which it is changed."""

from collections.abc import Mapping
from typing import Any

import azure.functions as func

from functions.answers import answer_json
from functions.preconditions import check_version, etag
from shared.connections.steps import STEPS
from shared.engine.saving import Saved
from shared.not_offered import not_offered
from shared.ports import Step, StoredConnection
from shared.refusals import ChangedMeanwhile

LIMIT = 1024 * 1024


def must_match(req: func.HttpRequest, stored: StoredConnection, *, required: bool = False) -> None:
    """Returns where the request changes the present version; ChangedMeanwhile otherwise, with the present one."""
    if not required and "if-match" not in req.headers:
        return
    try:
        check_version(req, stored)
    except ChangedMeanwhile:
        raise outdated(stored) from None


def outdated(stored: StoredConnection) -> ChangedMeanwhile:
    """Somebody was quicker: this is the connection now."""
    return ChangedMeanwhile(f"it has version {stored.version} now; read it again", stored.version, shown(stored))


def answer_saved(saved: Saved, status: int = 200) -> func.HttpResponse:
    """The connection with its steps, and the run that began."""
    body = {**shown(saved.connection), **({"run": saved.run} if saved.run else {})}
    return answer_connection(saved.connection, status, body)


def answer_connection(
    stored: StoredConnection, status: int = 200, body: dict[str, Any] | None = None
) -> func.HttpResponse:
    headers = {"Location": f"/api/connections/{stored.id}"} if status == 201 else {}
    return answer_json(body or shown(stored), status, {**headers, "ETag": etag(stored)})


def shown(stored: StoredConnection) -> dict[str, Any]:
    """Without the secrets; `warnings` are members that have no effect in this version."""
    warnings = [{"path": one.path, "message": one.message} for one in not_offered(stored.configuration)]
    return {
        "id": stored.id,
        "state": stored.state,
        **stored.configuration.public(),
        "steps": shown_steps(stored.steps),
        "warnings": warnings,
    }


def shown_steps(steps: Mapping[str, Step]) -> dict[str, dict[str, str]]:
    """In the order in which they are done."""
    return {name: _step(steps[name]) for name in STEPS if name in steps}


def _step(step: Step) -> dict[str, str]:
    members = {"state": step.state, "detail": step.detail, "whatToDo": step.what_to_do, "note": step.note}
    return {name: value for name, value in members.items() if value}
