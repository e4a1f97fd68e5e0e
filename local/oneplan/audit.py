"""The audit routes (section 8): day-grained dates, where auditing is on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from local.oneplan.call import Call, Failure, Handler, identifier
from local.oneplan.model import Record

IDS = ("PlanId", "TaskId", "UserId", "ResourceId")
FIRST, LAST = "0001-01-01", "9999-12-31"


def rows(keep: Callable[[Record], bool]) -> Handler:
    """A route over those audit rows that `keep` takes."""

    async def read(call: Call) -> Any:
        if not call.world.on("auditing"):
            if call.world.position("auditing_off_answer") == "empty":
                return []
            raise Failure(500, "Auditing is not enabled.", "System.InvalidOperationException")
        body = call.body if isinstance(call.body, dict) else {}
        first, last = (_day(body.get(f"DateBetween{end}"), end, body.get("HourOffset")) for end in ("Start", "End"))
        found = [
            row
            for row in call.group.audit
            if keep(row) and first <= row["Timestamp"][:10] <= last and _asked(row, body)
        ]
        limit = int(call.world.position("audit_row_limit"))
        return found[:limit] if limit else found

    return read


def _day(text: Any, end: str, offset: Any) -> str:
    """The day that a date falls on, shifted by the caller's offset in hours."""
    if not text:
        return FIRST if end == "Start" else LAST
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise Failure(400, "The request is invalid.") from None
    return (moment + timedelta(hours=int(offset or 0))).date().isoformat()


def _asked(row: Record, body: Record) -> bool:
    wanted = {name: identifier(body[name]) for name in IDS if body.get(name)}
    if body.get("Action") and row["Action"].lower() != str(body["Action"]).lower():
        return False
    fields = {name.strip() for name in str(body.get("Fields") or "").split(",") if name.strip()}
    if fields and not fields & row["UpdatedFieldValues"].keys():
        return False
    return all(row.get(name) == value for name, value in wanted.items())


def of_plan(row: Record) -> bool:
    return "PlanName" in row


def of_task(row: Record) -> bool:
    return "TaskId" in row


def of_resource(row: Record) -> bool:
    return "ResourceId" in row


def of_deleted_plan(row: Record) -> bool:
    return of_plan(row) and row["Action"] == "Delete"


def of_deleted_resource(row: Record) -> bool:
    return of_resource(row) and row["Action"] == "Delete"
