"""What the timer looks after besides syncs: connections that rest, and those that are being removed."""

from datetime import datetime

from shared.engine.parts import Engine
from shared.engine.removal import is_over, purge
from shared.messages import Kind, SyncMessage
from shared.ports import EVERYTHING, Pause

# A removal that a system keeps from ending is gone on with so often.
REMOVAL_MINUTES = 5


async def resting_connections(engine: Engine) -> frozenset[str]:
    """Ids of the connections for which nothing is to be done now: disabled, being removed, or paused."""
    pauses = await engine.pauses.list()
    return frozenset(
        one.id
        for one in await engine.connections.list()
        if EVERYTHING in pauses or one.id in pauses or one.state != "ready" or not one.configuration.enabled
    )


async def look_after(engine: Engine, now: datetime) -> None:
    """Probes and removals that are due are queued, and what is kept of deleted connections is gone in time."""
    pauses = await engine.pauses.list()
    for one in await engine.connections.list():
        if one.state == "deleting" and now.minute % REMOVAL_MINUTES == 0:
            await _send(engine, one.id, "remove")
        if one.state == "ready" and EVERYTHING not in pauses and _is_due(pauses.get(one.id), now):
            await _send(engine, one.id, "probe")
        if is_over(one, now):
            await purge(engine, one)


def _is_due(pause: Pause | None, now: datetime) -> bool:
    return pause is not None and pause.probe is not None and pause.probe <= now


async def _send(engine: Engine, connection: str, kind: Kind) -> None:
    await engine.queue.send("sync-timers", SyncMessage(connection=connection, kind=kind, cause="timer"))
