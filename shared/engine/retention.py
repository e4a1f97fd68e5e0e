"""The activity is kept for the days that its connection says (R33)."""

from datetime import date, timedelta

from shared.engine.parts import Engine
from shared.ports import StoredConnection

# Of a connection that is deleted, as long as its links (R10).
OF_DELETED = 90


async def purge_activity(engine: Engine, today: date) -> int:
    """Nothing older is kept; how many entries went. What it was cut off from, the next time does."""
    stored = {one.id: one for one in await engine.connections.list()}
    gone = 0
    for connection in await engine.activity.connections():
        gone += await engine.activity.purge(connection, today - timedelta(days=_days(stored.get(connection))))
    return gone


def _days(stored: StoredConnection | None) -> int:
    return stored.configuration.retention_days if stored else OF_DELETED
