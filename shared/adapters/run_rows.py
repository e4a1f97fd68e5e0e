"""The `runs` table: a row per run, and one row per connection that names the run under way."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table
from shared.ports.runs import OVER, Run

# Connection ids hold no "~", so this partition is no connection's.
ACTIVE, BEHIND = "~active", "~"
# Names of people that a row holds: as many as surely fit a property.
UNMATCHED = 100


class RunTable:
    """Fulfils `ports.Runs`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "runs")

    async def insert(self, run: Run) -> Run:
        return replace(run, etag=await self._table.insert(run.connection, run.id, _members(run)))

    async def get(self, connection: str, run: str) -> Run | None:
        found = await self._table.get(connection, run)
        return _run(connection, run, *found) if found else None

    async def list(self, connection: str, most: int = 50) -> Sequence[Run]:
        """Ids begin with the time, so the newest come last in the table."""
        rows = [(row, members, etag) async for row, members, etag in self._table.list(connection)]
        return [_run(connection, *row) for row in reversed(rows[-most:])]

    async def replace(self, run: Run) -> Run | None:
        try:
            etag = await self._table.replace(run.connection, run.id, _members(run), run.etag)
        except ResourceModifiedError:
            return None
        return replace(run, etag=etag)

    async def current(self, connection: str, run: Run) -> Run:
        """The run's own row comes first: a name under way always leads to a row."""
        stored, slot = await self.insert(run), _slot(run)
        try:
            await self._table.insert(ACTIVE, slot, {"run": run.id})
        except ResourceExistsError:
            found = await self._under_way(connection, slot)
            if found is not None:
                await self._table.delete(connection, run.id)
                return found
            await self._table.upsert(ACTIVE, slot, {"run": run.id})
        return stored

    async def _under_way(self, connection: str, slot: str) -> Run | None:
        named = await self._table.get(ACTIVE, slot)
        found = await self.get(connection, named[0]["run"]) if named else None
        return found if found is not None and not found.over else None

    async def over(self, run: Run) -> None:
        named = await self._table.get(ACTIVE, _slot(run))
        if named and named[0]["run"] == run.id:
            try:
                await self._table.delete(ACTIVE, _slot(run))
            except ResourceNotFoundError:
                return

    async def forget(self, run: Run) -> None:
        await self._table.delete(run.connection, run.id)

    async def purge(self, connection: str, before: date, keep: int) -> int:
        """Mostly there is nothing so old: then it costs one read of nothing."""
        older = self._table.list(connection, before=f"{before:%Y%m%d}")
        over = [row async for row, members, _ in older if members["state"] in OVER]
        latest = {one.id for one in await self.list(connection, keep)} if over else set()
        gone = [row for row in over if row not in latest]
        await self._table.clear(connection, gone)
        return len(gone)

    async def is_full_under_way(self, connection: str) -> bool:
        return await self._table.get(ACTIVE, connection) is not None

    async def active(self) -> Sequence[tuple[str, str]]:
        rows = [(slot, members["run"]) async for slot, members, _ in self._table.list(ACTIVE)]
        return [(slot.partition(BEHIND)[0], run) for slot, run in rows]


def _slot(run: Run) -> str:
    """What only one run at a time has: the connection for a full one, and the connection's incremental ones."""
    kind = {"full": "", "incremental": f"{BEHIND}incremental"}.get(run.kind, f"{BEHIND}{run.id}")
    return f"{run.connection}{kind}"


def _members(run: Run) -> dict[str, Any]:
    times = {"requested": run.requested, "started": run.started, "ended": run.ended}
    return {
        "kind": run.kind,
        "cause": run.cause,
        "state": run.state,
        "stage": run.stage,
        "counts": json.dumps(dict(run.counts)),
        "reasons": json.dumps(dict(run.reasons), ensure_ascii=False)[:30_000],
        "unmatched": json.dumps(run.unmatched[:UNMATCHED], ensure_ascii=False),
        "problem": run.problem[:4000],
        "released": run.released,
        "report": run.report,
        "notes": json.dumps(run.notes, ensure_ascii=False),
        "mapping": run.mapping,
        "settings": run.settings,
        **{name: moment for name, moment in times.items() if moment is not None},
    }


def _run(connection: str, run: str, members: dict[str, Any], etag: str) -> Run:
    return Run(
        id=run,
        connection=connection,
        kind=members["kind"],
        cause=members["cause"],
        state=members["state"],
        stage=members["stage"],
        counts=json.loads(members["counts"]),
        reasons=json.loads(members["reasons"]),
        unmatched=tuple(json.loads(members["unmatched"])),
        problem=members["problem"],
        requested=members.get("requested"),
        started=members.get("started"),
        ended=members.get("ended"),
        released=members["released"],
        report=members.get("report", ""),
        notes=tuple(json.loads(members.get("notes", "[]"))),
        mapping=members.get("mapping", 1),
        settings=members.get("settings", ""),
        etag=etag,
    )
