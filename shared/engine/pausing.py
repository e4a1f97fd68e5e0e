"""A connection whose credential is refused rests, for one clear reason, instead of failing a thousand times."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.core.errors import Fatal, Rejected, Retriable
from shared.engine.parts import Engine
from shared.engine.requests import request_incremental
from shared.ports import EVERYTHING, Pause, StoredConnection

# Between two probes: soon at first, since a token may be mended at once, and never longer than half an hour.
FIRST_PROBE, LONGEST_WAIT = timedelta(minutes=2), timedelta(minutes=30)

log = logging.getLogger("sync.connections")


async def pause_of(engine: Engine, connection: str) -> Pause | None:
    """Why nothing may be done for the connection now; None where it may."""
    pauses = await engine.pauses.list()
    return pauses.get(EVERYTHING) or pauses.get(connection)


async def pause_for(engine: Engine, connection: str, error: Fatal) -> None:
    """The connection rests until it works again; the first reason stays."""
    now = datetime.now(UTC)
    if await engine.pauses.begin(connection, Pause(str(error), now, now + FIRST_PROBE)):
        log.warning("connection %s is paused: %s", connection, error)


async def probe(engine: Engine, connection: StoredConnection, now: datetime) -> bool:
    """True where the connection works again: it goes on, and what it missed is looked for.

    Two cheap calls, one to each system; the second only where the first is answered.
    """
    pause = (await engine.pauses.list()).get(connection.id)
    if pause is None or pause.probe is None:
        return pause is None
    try:
        async with engine.remotes.open(connection, "timers") as sides:
            await sides.azure_devops.sign_in()
            await sides.oneplan.work_types()
    except (Fatal, Rejected, Retriable):
        wait = min(LONGEST_WAIT, FIRST_PROBE * 2 ** min(pause.probes + 1, 10))
        await engine.pauses.put(connection.id, replace(pause, probe=now + wait, probes=pause.probes + 1))
        return False
    await resume(engine, connection.id)
    return True


async def resume(engine: Engine, connection: str) -> None:
    """The catch-up is queued first: dying in between looks twice, the other way never."""
    await request_incremental(engine, connection, "timer")
    await engine.pauses.end(connection)
    log.info("connection %s goes on", connection)


async def pause_everything(engine: Engine, who: str) -> Pause:
    """Nothing is done for any connection until a person resumes it. What arrives is stored and put off."""
    await engine.pauses.begin(EVERYTHING, Pause(f"paused for maintenance by {who}", datetime.now(UTC)))
    return (await engine.pauses.list())[EVERYTHING]


async def resume_everything(engine: Engine) -> None:
    """What was missed is looked for. Saying it again looks again."""
    for one in await engine.connections.list():
        if one.state == "ready" and one.configuration.enabled:
            await request_incremental(engine, one.id, "person")
    await engine.pauses.end(EVERYTHING)
