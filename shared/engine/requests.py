"""Asking for a run, and sending its messages."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from shared.engine.finish import supersede
from shared.engine.parts import Engine
from shared.engine.stamps import is_outdated, stamped
from shared.messages import Cause, QueueName, SyncMessage
from shared.ports import Run
from shared.ports.remotes import Class
from shared.ports.runs import RunKind
from shared.refusals import Conflict

# The queue of a run's pages, and the class of its calls: a person waits on an item.
RUNS_ON: Mapping[RunKind, tuple[QueueName, Class]] = {
    "full": ("sync-bulk", "bulk"),
    "incremental": ("sync-timers", "timers"),
    "tree": ("sync-bulk", "bulk"),
    "item": ("sync-interactive", "interactive"),
}
ASKED = "asked"

# The events of our own messages about an item, which never end early: it is looked at once more; or what stood above it
# has left the scope or was deleted, so that only what was never connected has to pass it on to what hangs below.
REVISIT, ABOVE_LEFT = "revisit", "above-left"


async def request_full_sync(engine: Engine, connection: str, cause: Cause) -> Run:
    """The run that is under way: a new one, or the one there is. It goes on by itself.

    A run that began under other settings is replaced: what it has read lacks the fields that are mapped now, and its
    work was laid out for another scope.
    """
    stored = await engine.connections.get(connection)
    wanted = stamped(_new(connection, "full", cause), stored)
    run = await engine.runs.current(connection, wanted)
    if stored is not None and is_outdated(run, stored):
        await supersede(engine, run)
        run = await engine.runs.current(connection, wanted)
    await send_run(engine, connection, run.id)
    return run


async def request_incremental(engine: Engine, connection: str, cause: Cause) -> Run:
    """The incremental run that is under way: a new one, or the one there is, which finds what has changed since."""
    run = await engine.runs.current(connection, _new(connection, "incremental", cause))
    await send_run(engine, connection, run.id, run.kind)
    return run


async def release(engine: Engine, stopped: Run) -> Run:
    """A run of the same kind is under way that the brake does not stop (R21); asked for twice, it is the same one.

    Conflict where the run is not one that the brake stopped, where it was released before and that run is over, or
    where another of its kind has begun meanwhile: that one reads both systems anew, and is stopped itself where there
    is still reason to.
    """
    if stopped.state != "stopped":
        raise Conflict(f"the run is {stopped.state}; only a run that the brake stopped can be released")
    if stopped.released and not await _is_release_under_way(engine, stopped):
        raise Conflict(f"run {stopped.id} was released before; a run that the brake stops is released once")
    stored = await engine.connections.get(stopped.connection)
    wanted = replace(stamped(_new(stopped.connection, stopped.kind, "person"), stored), released=True)
    run = await engine.runs.current(stopped.connection, wanted)
    if not run.released:
        raise Conflict(f"run {run.id} has begun meanwhile; wait for what it finds")
    await engine.runs.replace(replace(stopped, released=True))
    await send_run(engine, run.connection, run.id, run.kind)
    return run


async def _is_release_under_way(engine: Engine, stopped: Run) -> bool:
    active = [run for connection, run in await engine.runs.active() if connection == stopped.connection]
    found = [await engine.runs.get(stopped.connection, run) for run in active]
    return any(one is not None and one.kind == stopped.kind and one.released and not one.over for one in found)


async def request_items(engine: Engine, connection: str, kind: Literal["tree", "item"], work_item: int) -> Run:
    """A run of one work item, or of it and all below it. What it is about is stored before it is under way."""
    wanted = _new(connection, kind, "person")
    await engine.bodies.put(connection, wanted.id, ASKED, {"item": work_item})
    run = await engine.runs.current(connection, wanted)
    await send_run(engine, connection, run.id, run.kind)
    return run


def _new(connection: str, kind: RunKind, cause: Cause) -> Run:
    now = datetime.now(UTC)
    return Run(f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}", connection, kind, cause, requested=now)


def class_of(kind: RunKind) -> Class:
    """Whose share of the budgets a run draws on."""
    return RUNS_ON[kind][1]


def queue_of(kind: RunKind) -> QueueName:
    """Where the pages of a run are queued."""
    return RUNS_ON[kind][0]


async def send_run(engine: Engine, connection: str, run: str, kind: RunKind = "full") -> None:
    message = SyncMessage(connection=connection, cause="timer", kind="run", run=run)
    await engine.queue.send(RUNS_ON[kind][0], message)


async def send_page(
    engine: Engine, connection: str, run: str, number: int, delay: float = 0.0, kind: RunKind = "full"
) -> None:
    message = SyncMessage(connection=connection, cause="timer", kind="page", run=run, item=str(number))
    await engine.queue.send(RUNS_ON[kind][0], message, delay)


async def send_item(
    engine: Engine,
    connection: str,
    work_item: int,
    *,
    queue: QueueName = "sync-bulk",
    cause: Cause = "timer",
    delay: float = 0.0,
    event: str = REVISIT,
) -> None:
    """The work item is looked at, whatever was seen of it before."""
    message = SyncMessage(
        connection=connection, cause=cause, kind="item", side="azure-devops", item=str(work_item), event=event
    )
    await engine.queue.send(queue, message, delay)
