"""The configuration API: the field mapping of a connection (contracts.md, Function app; R11)."""

from collections.abc import Mapping
from typing import Any

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered, json_body
from functions.configuration import note
from functions.preconditions import check_version, etag
from shared import connections
from shared.bootstrap import Parts, parts
from shared.core.difference import differences
from shared.core.fields import SideField
from shared.core.mapping import OPTIONAL
from shared.core.model import Side
from shared.core.snapshots import TargetKind
from shared.engine.live_fields import with_values
from shared.engine.remapping import Proposal, Trial, live_fields, propose, put_mapping, try_mapping
from shared.mapping_check import TableFields
from shared.mapping_configuration import StoredMapping, parse_mapping, shown_pair
from shared.ports import StoredConnection
from shared.refusals import FieldError, InvalidInput

bp = func.Blueprint()

LIMIT = 1024 * 1024


@bp.function_name("get_mapping")
@bp.route("connections/{connection}/mapping", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_mapping(req: func.HttpRequest) -> func.HttpResponse:
    """The mapping in force, with the ETag of the configuration."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    return answer_json(shown(stored, stored.mapping), headers={"ETag": etag(stored)})


@bp.function_name("put_mapping")
@bp.route("connections/{connection}/mapping", methods=["PUT"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def replace_mapping(req: func.HttpRequest) -> func.HttpResponse:
    """200 with the mapping in force and the run that agrees on it anew. `dryRun=true` stores nothing, tells how many
    linked items it touches, and with `workItem` what it would write for that one."""
    app = parts()
    caller = require(req, app.settings, "Administrator")
    dry, number = _asked(req)
    stored = await connections.get(app.connections, req.route_params["connection"])
    wanted = parse_mapping(json_body(req, LIMIT))
    check_version(req, stored)
    proposal = await propose(app.engine, stored, wanted)
    if dry:
        return answer_json(await _tried(app, stored, proposal, number), headers={"ETag": etag(stored)})
    after, run = await put_mapping(app.engine, stored, proposal)
    if after.version != stored.version:
        await note(app, after, caller, "mapping changed", _paths(stored, after))
    body = {"mapping": shown(after, after.mapping), **_told(proposal), **({"run": run} if run else {})}
    return answer_json(body, headers={"ETag": etag(after)})


def _paths(before: StoredConnection, after: StoredConnection) -> tuple[str, ...]:
    return tuple(one.path for one in differences(before.document, after.document))


def _asked(req: func.HttpRequest) -> tuple[bool, int | None]:
    """Whether it is only a trial, and on which work item."""
    dry, item = req.params.get("dryRun") or "false", req.params.get("workItem") or ""
    if dry not in ("true", "false"):
        raise InvalidInput((FieldError("/dryRun", f"is {dry[:40]!r}", ("true", "false")),))
    if item and not (item.isascii() and item.isdecimal() and 0 < int(item[:20]) < 2**31):
        raise InvalidInput((FieldError("/workItem", f"is {item[:40]!r}; a work item's number is needed"),))
    if item and dry == "false":
        raise InvalidInput((FieldError("/workItem", "is tried with dryRun=true only"),))
    return dry == "true", int(item) if item else None


async def _tried(app: Parts, stored: StoredConnection, proposal: Proposal, number: int | None) -> dict[str, Any]:
    body = {"mapping": shown(stored, proposal.mapping), **_told(proposal)}
    if number is not None:
        body["trial"] = _trial(await try_mapping(app.engine, stored, proposal.mapping, number))
    return body


def _told(proposal: Proposal) -> dict[str, Any]:
    return {"touchedItems": proposal.touched, "warnings": list(proposal.warnings)}


def _trial(one: Trial) -> dict[str, Any]:
    fields = [
        {
            "azureDevOps": field.azure_devops,
            "oneplan": field.oneplan,
            "held": {"azureDevOps": field.held.azure_devops, "oneplan": field.held.oneplan},
            "written": {_member(side): value for side, value in field.written.items()},
            **({"residue": field.residue} if field.residue else {}),
        }
        for field in one.fields
    ]
    return {"workItem": one.work_item, "created": one.created, "fields": fields}


def _member(side: Side) -> str:
    return "azureDevOps" if side is Side.AZURE_DEVOPS else "oneplan"


def shown(stored: StoredConnection, mapping: StoredMapping) -> dict[str, Any]:
    """The mapping as it may be sent again."""
    types = (*stored.configuration.plan_level_types, *stored.configuration.task_types)
    return mapping.shown(types).model_dump(mode="json", by_alias=True)


@bp.function_name("get_fields")
@bp.route("connections/{connection}/fields", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_fields(req: func.HttpRequest) -> func.HttpResponse:
    """The fields of both systems as they are now, and the pairs that are offered with one click."""
    app = parts()
    require(req, app.settings, "Editor")
    stored = await connections.get(app.connections, req.route_params["connection"])
    live = await live_fields(app.engine, stored)
    return answer_json({"plans": _table("plan", live.plans), "tasks": _table("task", live.tasks)})


def _table(kind: TargetKind, table: TableFields) -> dict[str, Any]:
    pairs = [found for pair in OPTIONAL[kind].values() if (found := with_values(pair, table)) is not None]
    labels = {choice.id: choice.label for field in table.oneplan.values() for choice in field.choices}
    return {
        "azureDevOps": _fields(table.azure_devops, table.types),
        "oneplan": _fields(table.oneplan, ()),
        "suggestions": [shown_pair(pair, labels).model_dump(mode="json", by_alias=True) for pair in pairs],
    }


def _fields(fields: Mapping[str, SideField], types: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_field(one, types) for one in sorted(fields.values(), key=lambda one: one.label.casefold())]


def _field(one: SideField, types: tuple[str, ...]) -> dict[str, Any]:
    members: dict[str, Any] = {"name": one.name, "label": one.label, "type": one.type, "required": one.required}
    members["readOnly"] = bool(one.read_only)
    if one.read_only:
        members["whyReadOnly"] = one.read_only
    if one.choices:
        members["choices"] = [
            {
                "id": choice.id,
                "label": choice.label,
                **({"category": choice.category} if choice.category else {}),
                **({"types": list(choice.types)} if choice.types and len(choice.types) < len(one.types) else {}),
            }
            for choice in one.choices
        ]
    if one.types and len(one.types) < len(types):
        members["types"] = list(one.types)
    return members
