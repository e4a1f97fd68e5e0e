"""The configuration API: what was written, and what waits for a person (R16, R33, R35; contracts.md)."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args
from uuid import UUID

import azure.functions as func

from functions.access import require
from functions.answers import answer_json, answered, json_body
from shared import connections
from shared.bootstrap import parts
from shared.core.model import Raw
from shared.core.snapshots import marker_item, project_key, work_item_key
from shared.engine.by_person import retry, settle
from shared.engine.undo import undo
from shared.messages import Cause, Side
from shared.ports import ActivityEntry, Conflict, Wanted
from shared.refusals import FieldError, InvalidInput, UnknownConflict, UnknownEntry

bp = func.Blueprint()

LIMIT = 256 * 1024
MOST, USUAL = 200, 50
CAUSES: tuple[str, ...] = get_args(Cause.__value__)
SIDES: tuple[str, ...] = get_args(Side.__value__)
_REFERENCE = re.compile(r"\d{17}-[0-9a-f]{16}")
_EVER = (datetime(1970, 1, 2, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC))


@bp.function_name("list_activity")
@bp.route("connections/{connection}/activity", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_activity(req: func.HttpRequest) -> func.HttpResponse:
    """What happened, the newest first: narrowed by `item`, `field`, `cause`, `run` and `day` (UTC); `most` a page, the
    next page `after`. A value may be only its beginning: then `whole` is false."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    asked = _Asked(req)
    wanted, most, after = asked.wanted(), asked.most(), asked.after()
    asked.check()
    page = await app.engine.activity.list(stored.id, wanted, most, after)
    return answer_json({"entries": [_shown(one) for one in page.entries], "after": page.after or None})


@bp.function_name("get_activity")
@bp.route("connections/{connection}/activity/{entry}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_activity(req: func.HttpRequest) -> func.HttpResponse:
    """One entry with its values whole."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    reference = req.route_params["entry"]
    found = await app.engine.activity.get(stored.id, reference) if _REFERENCE.fullmatch(reference) else None
    if found is None:
        raise UnknownEntry(f"connection {stored.id} has no activity {reference[:80]!r}; it may be too old")
    return answer_json(_shown(found))


@bp.function_name("undo_activity")
@bp.route("connections/{connection}/activity/{entry}/undo", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def undo_activity(req: func.HttpRequest) -> func.HttpResponse:
    """202 with the entry of the undoing: the field holds again what it held before, and the other side follows."""
    app = parts()
    require(req, app.settings, "Editor")
    stored = await connections.get(app.connections, req.route_params["connection"])
    reference = req.route_params["entry"]
    if not _REFERENCE.fullmatch(reference):
        raise UnknownEntry(f"connection {stored.id} has no activity {reference[:80]!r}")
    return answer_json(_shown(await undo(app.engine, stored, reference)), 202)


@bp.function_name("list_conflicts")
@bp.route("connections/{connection}/conflicts", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_conflicts(req: func.HttpRequest) -> func.HttpResponse:
    """The fields that both sides changed and that wait for a person, with both values (R16)."""
    app = parts()
    require(req, app.settings, "Reader")
    stored = await connections.get(app.connections, req.route_params["connection"])
    return answer_json({"conflicts": [_held(one) for one in await app.engine.conflicts.list(stored.id)]})


@bp.function_name("settle_conflict")
@bp.route("connections/{connection}/conflicts/{conflict}/settle", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def settle_conflict(req: func.HttpRequest) -> func.HttpResponse:
    """202 with the conflict: the value of the side that `winner` names will be written to the other side."""
    app = parts()
    require(req, app.settings, "Editor")
    winner = _winner(json_body(req, LIMIT))
    stored = await connections.get(app.connections, req.route_params["connection"])
    chosen = await settle(app.engine, stored.id, req.route_params["conflict"], winner)
    if chosen is None:
        raise UnknownConflict(f"connection {stored.id} holds no conflict {req.route_params['conflict'][:80]!r}")
    return answer_json(_held(chosen), 202)


@bp.function_name("retry_failures")
@bp.route("connections/{connection}/failures/retry", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def retry_failures(req: func.HttpRequest) -> func.HttpResponse:
    """202 with how many will be tried again: those that `items` names, or all of them without it (R35)."""
    app = parts()
    require(req, app.settings, "Editor")
    items = _items(json_body(req, LIMIT))
    stored = await connections.get(app.connections, req.route_params["connection"])
    return answer_json({"retried": await retry(app.engine, stored.id, items)}, 202)


def _winner(body: Any) -> Side:
    winner = body.get("winner") if isinstance(body, dict) else None
    if winner not in SIDES:
        raise InvalidInput((FieldError("/winner", f"is {winner!r}", SIDES),))
    return "oneplan" if winner == "oneplan" else "azure-devops"


def _items(body: Any) -> frozenset[str] | None:
    """The keys of the items that the body names; None for all."""
    items = body.get("items") if isinstance(body, dict) else body
    if items is None and isinstance(body, dict):
        return None
    if not isinstance(items, list):
        raise InvalidInput((FieldError("/items", "is no list of the items of failures"),))
    keys = [_key(str(one)) for one in items]
    wrong = [
        FieldError(f"/items/{index}", f"is {str(items[index])[:40]!r}; a work item's number is needed")
        for index, key in enumerate(keys)
        if not key
    ]
    if wrong:
        raise InvalidInput(tuple(wrong))
    return frozenset(keys)


def _key(text: str) -> str:
    """The key of what a person names: a work item's number, or a team project's id; "" where it is neither."""
    if text.isascii() and text.isdecimal() and len(text) <= 10:
        return work_item_key(int(text))
    try:
        return project_key(str(UUID(text)))
    except ValueError:
        return ""


@dataclass
class _Asked:
    """The parameters of a query; what is wrong with them is told at once by `check`."""

    req: func.HttpRequest
    wrong: list[FieldError] = field(default_factory=list)

    def text(self, name: str) -> str:
        return str(self.req.params.get(name) or "")

    def refuse(self, name: str, message: str, allowed: tuple[str, ...] = ()) -> None:
        self.wrong.append(FieldError(f"/{name}", f"is {self.text(name)[:40]!r}; {message}", allowed))

    def check(self) -> None:
        if self.wrong:
            raise InvalidInput(tuple(self.wrong))

    def wanted(self) -> Wanted:
        since, until = self.span()
        key, cause = _key(self.text("item")), self.text("cause")
        if self.text("item") and not key:
            self.refuse("item", "a work item's number, or the id of a team project, is needed")
        if cause and cause not in CAUSES:
            self.refuse("cause", "it is none of the causes", CAUSES)
        return Wanted(since, until, key, self.text("field"), cause, self.text("run"))

    def span(self) -> tuple[datetime, datetime]:
        if not self.text("day"):
            return _EVER
        try:
            day = date.fromisoformat(self.text("day"))
            start = datetime.combine(day, time(), UTC)
            if not _EVER[0] <= start < _EVER[1]:
                raise ValueError
        except ValueError:
            self.refuse("day", "a day as 2027-01-31 is needed")
            return _EVER
        return start, start + timedelta(days=1)

    def most(self) -> int:
        text = self.text("most") or str(USUAL)
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST):
            self.refuse("most", f"a number from 1 to {MOST} is needed")
            return USUAL
        return int(text)

    def after(self) -> str:
        text = self.text("after")
        if text and not _REFERENCE.fullmatch(text):
            self.refuse("after", "it is not what the page before gave as `after`")
        return text


def _shown(one: ActivityEntry) -> dict[str, Any]:
    return {
        "id": one.reference,
        "item": marker_item(one.key),
        "title": one.title,
        "field": one.field or None,
        "side": one.side,
        "action": one.action,
        "before": _value(one.before),
        "after": _value(one.after),
        "whole": one.whole,
        "cause": one.cause,
        "run": one.run or None,
        "at": one.at.isoformat(),
        "note": one.note,
    }


def _held(one: Conflict) -> dict[str, Any]:
    return {
        "id": one.reference,
        "item": marker_item(one.key),
        "title": one.title,
        "field": one.field,
        "azureDevOps": _value(one.azure_devops),
        "oneplan": _value(one.oneplan),
        "whole": one.whole,
        "since": one.since.isoformat(),
        "winner": one.choice or None,
    }


def _value(raw: Raw) -> Any:
    return list(raw) if isinstance(raw, tuple) else raw
