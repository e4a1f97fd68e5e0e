"""Queues the syncs that are due. It runs every minute and asks no remote system."""

from collections.abc import Callable, Container
from datetime import datetime

from shared.configuration import Schedule
from shared.core.schedule import next_full, next_incremental
from shared.messages import Kind, SyncMessage
from shared.ports import Connections, DueRows, Queue

# A hook that is on probation is sent to again after 20 minutes, and is disabled after 36 hours (ado-api.md section 10).
HOOKS_MINUTES = 15
PROJECTS_MINUTES = 60

NEXT_DUE: dict[Kind, Callable[[datetime, Schedule], datetime]] = {
    "incremental": lambda now, schedule: next_incremental(now, schedule.incremental_minutes),
    "full": lambda now, schedule: next_full(now, schedule.full_at, schedule.zone),
    "hooks": lambda now, _: next_incremental(now, HOOKS_MINUTES),
    "projects": lambda now, _: next_incremental(now, PROJECTS_MINUTES),
}


async def dispatch(
    connections: Connections, due_rows: DueRows, queue: Queue, now: datetime, resting: Container[str] = ()
) -> int:
    """Every due sync of every enabled connection is queued, but of those that rest; returns how many."""
    queued = 0
    for connection in await connections.list():
        ready = connection.state == "ready" and connection.configuration.enabled
        if ready and connection.id not in resting:
            for kind in NEXT_DUE:
                schedule = connection.configuration.schedule
                queued += await _dispatch_one(connection.id, kind, schedule, due_rows, queue, now)
    return queued


async def _dispatch_one(
    connection_id: str, kind: Kind, schedule: Schedule, due_rows: DueRows, queue: Queue, now: datetime
) -> int:
    """Sends before it moves the row: dying in between sends twice, which is harmless; the other way loses one."""
    found = await due_rows.get(connection_id, kind)
    following = NEXT_DUE[kind](now, schedule)
    if found is None:
        await due_rows.move(connection_id, kind, following, None)
        return 0
    due, etag = found
    if due > now:
        if _is_rescheduled(kind, due, following):
            await due_rows.move(connection_id, kind, following, etag)
        return 0
    await queue.send("sync-timers", SyncMessage(connection=connection_id, kind=kind, cause="timer"))
    await due_rows.move(connection_id, kind, following, etag)
    return 1


def _is_rescheduled(kind: Kind, due: datetime, following: datetime) -> bool:
    """The row is of a former schedule: what is due at a time of day has one next time, the others none later than now
    and their period."""
    return due != following if kind == "full" else due > following
