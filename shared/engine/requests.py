"""Asking for a run, and sending its messages."""

import secrets
from datetime import UTC, datetime

from shared.engine.finish import supersede
from shared.engine.parts import Engine
from shared.messages import Cause, SyncMessage
from shared.ports import Run


async def request_full_sync(engine: Engine, connection: str, cause: Cause) -> Run:
    """The run that is under way: a new one, or the one there is. It goes on by itself.

    A run that began under another mapping is replaced: what it has read lacks the fields that are mapped now.
    """
    now, stored = datetime.now(UTC), await engine.connections.get(connection)
    mapping = stored.mapping.fields.version if stored else 1
    identity = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    wanted = Run(identity, connection, "full", cause, requested=now, mapping=mapping)
    run = await engine.runs.current(connection, wanted)
    if run.mapping != mapping:
        await supersede(engine, run)
        run = await engine.runs.current(connection, wanted)
    await send_run(engine, connection, run.id)
    return run


async def request_incremental_sync(engine: Engine, connection: str, cause: Cause) -> None:
    """What happened since the watermarks is looked for."""
    await engine.queue.send("sync-timers", SyncMessage(connection=connection, cause=cause, kind="incremental"))


async def send_run(engine: Engine, connection: str, run: str) -> None:
    message = SyncMessage(connection=connection, cause="timer", kind="run", run=run)
    await engine.queue.send("sync-bulk", message)


async def send_page(engine: Engine, connection: str, run: str, number: int, delay: float = 0.0) -> None:
    message = SyncMessage(connection=connection, cause="timer", kind="page", run=run, item=str(number))
    await engine.queue.send("sync-bulk", message, delay)


async def send_item(engine: Engine, connection: str, work_item: int) -> None:
    message = SyncMessage(
        connection=connection, cause="timer", kind="item", side="azure-devops", item=str(work_item), event="released"
    )
    await engine.queue.send("sync-bulk", message)
