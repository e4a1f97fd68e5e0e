"""The audit, the nearest thing to a change feed (oneplan-api.md section 8). It may be switched off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.adapters.members import listed, member, moment, table, text
from shared.adapters.oneplan.model import guid
from shared.adapters.oneplan.service import Service


@dataclass(frozen=True)
class AuditRow:
    """One audited write, with the values written and, where a key wrote, that key (section 8)."""

    plan: str | None
    task: str | None
    user: str | None
    key: str
    action: str
    at: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "AuditRow":
        return cls(
            plan=guid(member(raw, "PlanId")),
            task=guid(member(raw, "TaskId")),
            user=guid(member(raw, "UserId")),
            key=text(raw, "AuthKey"),
            action=text(raw, "Action"),
            at=text(raw, "Timestamp"),
            values=table(raw, "UpdatedFieldValues"),
        )

    @property
    def moment(self) -> datetime | None:
        """To the microsecond."""
        return moment(self.at)


class Audit(Service):
    """Rows of whole days, since dates are sent day-grained; both days are included."""

    async def plans(self, first: date, last: date, *, plan: str | None = None) -> list[AuditRow]:
        """Writes of plans; of one plan where it is named."""
        return await self._rows("audit/plan", "reading the audit of plans", first, last, {"PlanId": plan})

    async def tasks(
        self, first: date, last: date, *, plan: str | None = None, task: str | None = None
    ) -> list[AuditRow]:
        """Writes of tasks; of one plan's, or of one, where it is named."""
        narrowed = {"PlanId": plan, "TaskId": task}
        return await self._rows("audit/tasks", "reading the audit of tasks", first, last, narrowed)

    async def deleted_plans(self, first: date, last: date) -> list[AuditRow]:
        return await self._rows("audit/plans/deleted", "reading deleted plans", first, last, {})

    async def _rows(
        self, route: str, what: str, first: date, last: date, narrowed: Mapping[str, str | None]
    ) -> list[AuditRow]:
        body = {
            "DateBetweenStart": f"{first.isoformat()}T00:00:00Z",
            "DateBetweenEnd": f"{last.isoformat()}T23:59:59Z",
            "HourOffset": 0,
            **{name: value for name, value in narrowed.items() if value},
        }
        return [AuditRow.of(row) for row in listed(await self.post(route, what, body, safe=True), what)]
