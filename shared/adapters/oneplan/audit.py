"""The audit, the nearest thing to a change feed (oneplan-api.md section 8). It may be switched off."""

from datetime import date

from shared.adapters.oneplan.model import AuditRow
from shared.adapters.oneplan.service import Service


class Audit(Service):
    """Rows of days, since the dates are day-grained; both days are included."""

    async def plans(self, first: date, last: date) -> list[AuditRow]:
        return await self._rows("audit/plan", "reading the audit of plans", first, last)

    async def tasks(self, first: date, last: date) -> list[AuditRow]:
        return await self._rows("audit/tasks", "reading the audit of tasks", first, last)

    async def deleted_plans(self, first: date, last: date) -> list[AuditRow]:
        return await self._rows("audit/plans/deleted", "reading deleted plans", first, last)

    async def _rows(self, route: str, what: str, first: date, last: date) -> list[AuditRow]:
        body = {
            "DateBetweenStart": f"{first.isoformat()}T00:00:00Z",
            "DateBetweenEnd": f"{last.isoformat()}T23:59:59Z",
            "HourOffset": 0,
        }
        rows = await self.post(route, what, body, safe=True)
        return [AuditRow.of(row) for row in rows or ()]
