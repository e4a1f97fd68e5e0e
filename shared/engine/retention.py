"""The activity, and the runs, are kept for the days that their connection says (R33)."""

from datetime import date, timedelta

from shared.engine.parts import Engine
from shared.ports import StoredConnection

# Of a connection that is deleted, as long as its links (R10).
OF_DELETED = 90
# So many runs are kept whatever their age.
LATEST_RUNS = 20


async def purge_activity(engine: Engine, today: date) -> int:
    """Nothing older is kept; how many entries went. What it was cut off from, the next time does."""
    stored = {one.id: one for one in await engine.connections.list()}
    gone = 0
    for connection in await engine.activity.connections():
        gone += await engine.activity.purge(connection, today - timedelta(days=_days(stored.get(connection))))
    return gone


async def purge_runs(engine: Engine, today: date) -> int:
    """No older run that is over has a row, but for the latest ones; how many went."""
    stored = [one for one in await engine.connections.list() if one.state == "ready"]
    days = {one.id: today - timedelta(days=_days(one)) for one in stored}
    return sum([await engine.runs.purge(connection, before, LATEST_RUNS) for connection, before in days.items()])


def _days(stored: StoredConnection | None) -> int:
    return stored.configuration.retention_days if stored else OF_DELETED
