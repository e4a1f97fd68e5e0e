"""The configuration API: single items (contracts.md, Function app)."""

from dataclasses import asdict

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered
from shared import connections
from shared.bootstrap import parts
from shared.engine.explain import explain
from shared.refusals import FieldError, InvalidInput

bp = func.Blueprint()


@bp.function_name("explain_item")
@bp.route("connections/{connection}/items/explain", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def explain_item(req: func.HttpRequest) -> func.HttpResponse:
    """What became of a work item, and the rule that decided (R34)."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    text = req.params.get("workItem") or ""
    if not text.isdecimal() or len(text) > 10:
        raise InvalidInput((FieldError("/workItem", f"is {text[:40]!r}; a work item's number is needed"),))
    explanation = await explain(app.engine, stored.id, int(text))
    return answer_json({"workItem": int(text), **asdict(explanation)})
