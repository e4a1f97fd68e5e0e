"""What each message on a work queue means."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from shared.core.errors import Fatal, RateLimited, Retriable, Stale
from shared.engine.conduct import conduct
from shared.engine.item import Asked, reconcile_item
from shared.engine.page import work_page
from shared.engine.parts import Engine
from shared.engine.pausing import pause_for, pause_of, probe
from shared.engine.plan_event import plan_saved
from shared.engine.registration import keep_hooks
from shared.engine.removal import go_on_removing
from shared.engine.requests import request_full_sync, request_incremental
from shared.engine.setup import keep_projects
from shared.messages import Kind, QueueName, SyncMessage
from shared.ports import LostLease, StoredConnection
from shared.ports.remotes import Class

CLASSES: dict[QueueName, Class] = {
    "sync-interactive": "interactive",
    "sync-hooks": "hooks",
    "sync-timers": "timers",
    "sync-bulk": "bulk",
}
log = logging.getLogger("sync.work")

LONGEST_DELAY = 300.0
MOST_ATTEMPTS = 10


# What timers look after, besides syncs. Each comes again when it is due.
CHORES: Mapping[Kind, Callable[[Engine, StoredConnection], Awaitable[object]]] = {
    "hooks": keep_hooks,
    "projects": keep_projects,
    "probe": lambda engine, connection: probe(engine, connection, datetime.now(UTC)),
    "remove": go_on_removing,
}


class NotHandled(Exception):
    """This version has no use case for the message; the text says for which."""


async def work(engine: Engine, queue: QueueName, message: SyncMessage) -> None:
    """The message is done with, or a later one was sent in its place. NotHandled where there is no use case."""
    connection = await engine.connections.get(message.connection)
    if connection is None or not await _may_work(engine, queue, connection, message):
        return
    if message.side and message.cause in ("hook", "save"):
        await engine.heard.note(connection.id, message.side, datetime.now(UTC))
    match message:
        case SyncMessage(kind="page", run=str(run), item=str(number)):
            await work_page(engine, connection.id, run, int(number))
        case SyncMessage(kind="run", run=str(run)):
            await conduct(engine, connection.id, run)
        case SyncMessage(kind="full", cause=cause):
            await request_full_sync(engine, connection.id, cause)
        case SyncMessage(kind="incremental", cause=cause):
            await request_incremental(engine, connection.id, cause)
        case SyncMessage(kind=chore) if chore in CHORES:
            await _tried(engine, queue, message, CHORES[chore](engine, connection))
        case SyncMessage(kind="item", side="azure-devops", item=str(item)):
            asked = Asked(queue, message.cause, message.event, message.seen)
            async with engine.bulk_items if queue == "sync-bulk" else nullcontext():
                call = reconcile_item(engine, connection, int(item), CLASSES[queue], asked)
                await _tried(engine, queue, message, call)
        case SyncMessage(kind="item", side="oneplan", item=str(plan), cause=cause):
            saved = plan_saved(engine, connection, plan, CLASSES[queue], Asked(queue, cause, "saved"))
            await _tried(engine, queue, message, saved)
        case _:
            raise NotHandled(f"{message.kind} of {message.side or 'the connection'}")


async def _may_work(engine: Engine, queue: QueueName, connection: StoredConnection, message: SyncMessage) -> bool:
    """False where the message is done with already.

    What is for a disabled connection is dropped, since enabling it looks for what it missed. What is for a paused one
    is put off; its runs are gone on with by the timer.
    """
    if message.kind == "remove":
        return connection.state == "deleting"
    if connection.state != "ready" or not connection.configuration.enabled:
        return False
    if message.kind == "probe" or await pause_of(engine, connection.id) is None:
        return True
    if message.kind not in ("run", "page", *CHORES):
        await engine.queue.send(queue, message, LONGEST_DELAY)
    return False


async def _tried(engine: Engine, queue: QueueName, message: SyncMessage, call: Awaitable[object]) -> None:
    """Back-off is our own delayed message: raising would burn the message's dequeue count (decision 13).

    Chores of a timer come again by themselves.
    """
    try:
        await call
    except LostLease:
        # Whoever holds the pair goes round once more; should he be dead, this message finds the lease run out.
        await _later(engine, queue, message, engine.lease_seconds + 1)
    except Fatal as error:
        await pause_for(engine, message.connection, error)
        if message.kind == "item":
            await engine.queue.send(queue, message, LONGEST_DELAY)
    except (Retriable, Stale) as error:
        wait = error.retry_after if isinstance(error, RateLimited) else None
        await _later(engine, queue, message, wait or min(LONGEST_DELAY, 2.0**message.attempt))


async def _later(engine: Engine, queue: QueueName, message: SyncMessage, delay: float) -> None:
    if message.kind != "item":
        log.warning("%s of %s is put off until it is due again", message.kind, message.connection)
        return
    if message.attempt >= MOST_ATTEMPTS:
        raise TimeoutError(f"{message.side} {message.item} was tried {message.attempt} times without an end")
    await engine.queue.send(queue, replace(message, attempt=message.attempt + 1), delay)
