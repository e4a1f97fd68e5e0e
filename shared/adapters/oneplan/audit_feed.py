"""The audit as a change feed: rows of whole days, of which those since the last reading count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.adapters.members import moment
from shared.adapters.oneplan.audit import Audit, AuditRow
from shared.ports.changes import Known, Look, Place

# A row may be readable only some time after what it tells of; whole days are read anyway, so this costs no call.
OVERLAP = timedelta(minutes=15)
# Further back than this nobody looks: the nightly full sync has compared everything since.
FURTHEST = timedelta(days=2)
# An answer that holds a round number of rows may have been cut off (section 8 UNKNOWN).
LIMITS = 100
PROVEN = timedelta(hours=24)
SEEN = 1000


@dataclass(frozen=True)
class AuditFeed:
    """The audit of a group, read at `now`. What the key itself wrote is left out, to save looks."""

    audit: Audit
    key_name: str
    now: datetime

    async def changes(self, place: Place, known: Known) -> tuple[tuple[Look, ...] | None, Place]:
        """The plans to look at, and where to go on; None and the reason where the audit cannot be trusted.

        Rejected where it does not answer.
        """
        at = max(moment(place["at"]) or self.now, self.now - FURTHEST)
        first, last = (at - OVERLAP).date(), (self.now + timedelta(days=1)).date()
        plans = await self.audit.plans(first, last)
        tasks = await self.audit.tasks(first, last)
        deleted = await self.audit.deleted_plans(first, last)
        if any(len(rows) >= LIMITS and len(rows) % LIMITS == 0 for rows in (plans, tasks)):
            return None, {"unfit": "the audit's answer may be cut off: it holds a round number of rows"}
        proven = place.get("proven", "") > self.now.isoformat()
        if not proven and not plans and not tasks and not await self._is_proven(known):
            return None, {"unfit": "the audit is empty, though plans were saved"}
        seen = set(place.get("seen") or ())
        news = [row for row in (*plans, *tasks, *deleted) if self._is_new(row, at) and _name(row) not in seen]
        return _looks(news), self._place(place, at, (*plans, *tasks, *deleted), proven=proven)

    def _is_new(self, row: AuditRow, at: datetime) -> bool:
        return row.moment is not None and row.moment > at - OVERLAP and row.key != self.key_name

    async def _is_proven(self, known: Known) -> bool:
        """Whether the audit knows of the save of a plan that is known to have happened (section 8)."""
        saves = ((moment(saved), plan) for plan, saved in known.plans.items())
        dated = [(saved, plan) for saved, plan in saves if saved is not None]
        if not dated:
            return True
        saved, plan = max(dated)
        return bool(await self.audit.plans(saved.date(), saved.date(), plan=plan))

    def _place(self, place: Place, at: datetime, rows: Sequence[AuditRow], *, proven: bool) -> Mapping[str, Any]:
        """By the audit's own clock, and at least by an hour ago, so that quiet months are not read again and again."""
        moments = [row.moment for row in rows if row.moment is not None]
        reached = max([at, self.now - timedelta(hours=1), *moments])
        again = [_name(row) for row in rows if self._is_new(row, reached)]
        until = place.get("proven", "") if proven else (self.now + PROVEN).isoformat()
        return {"at": reached.astimezone(UTC).isoformat(), "seen": again[-SEEN:], "proven": until}


def _looks(rows: Sequence[AuditRow]) -> tuple[Look, ...]:
    """A look for each plan: at itself where it was written, at its tasks where one of them was, both where it is gone.

    A task that was moved is audited in its new plan, so it is named: its former plan is looked at as well.
    """
    itself = {row.plan for row in rows if row.plan and not row.task}
    tasks: dict[str, set[str]] = {}
    for row in rows:
        if row.plan and row.task:
            tasks.setdefault(row.plan, set()).add(row.task)
    gone = {row.plan for row in rows if row.plan and not row.task and row.action == "Delete"}
    plans = sorted({*itself, *tasks})
    return tuple(
        Look(one, one in itself, one in tasks or one in gone, tuple(sorted(tasks.get(one, ())))) for one in plans
    )


def _name(row: AuditRow) -> str:
    return f"{(row.task or row.plan or '')[:8]} {row.action} {row.at}"
