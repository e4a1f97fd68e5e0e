"""When a field of a plan or task was last changed by somebody else, by the audit (oneplan-api.md section 8)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.adapters.oneplan.audit import Audit, AuditRow
from shared.core.errors import Rejected
from shared.core.snapshots import Counterpart

DAY = timedelta(days=1)


@dataclass
class History:
    """The audit of one group. `off` is learned: it answers an error where auditing is switched off."""

    audit: Audit
    key_name: str
    off: bool = False

    async def changed_at(
        self, there: Counterpart, names: Mapping[str, Collection[str]], since: datetime
    ) -> dict[str, datetime]:
        """For each name the last change (UTC) after `since` of one of the members of OnePlan that it stands for."""
        found: dict[str, datetime] = {}
        for row in await self._rows(there, since):
            at = row.moment
            if at is None or at <= since or self._ours(row):
                continue
            written = {name.casefold() for name in row.values}
            for name, members in names.items():
                if any(one.casefold() in written for one in members):
                    found[name] = max(at.astimezone(UTC), found.get(name, at))
        return found

    async def _rows(self, there: Counterpart, since: datetime) -> Iterable[AuditRow]:
        """Dates are sent day-grained, and whose day is not documented: a day more at both ends."""
        if self.off:
            return ()
        first, last = (since - DAY).date(), (datetime.now(UTC) + DAY).date()
        try:
            if there.target.kind == "plan":
                return [one for one in await self.audit.plans(first, last, plan=there.id) if one.plan == there.id]
            rows = await self.audit.tasks(first, last, plan=there.target.plan, task=there.id)
            return [one for one in rows if one.task == there.id]
        except Rejected:
            self.off = True
            return ()

    def _ours(self, row: AuditRow) -> bool:
        """Whether our key wrote it. A key that shows as an id cannot be told from another integration's and is taken
        for ours: a write of ours must never count as an edit."""
        return row.key.casefold() == self.key_name.casefold() or _is_id(row.key)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
