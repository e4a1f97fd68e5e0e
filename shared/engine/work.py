"""What each message on a work queue means."""

import logging
from collections.abc import Awaitable
from contextlib import nullcontext
from dataclasses import replace

from shared.core.errors import Fatal, RateLimited, Retriable, Stale
from shared.engine.conduct import conduct
from shared.engine.item import Asked, reconcile_item
from shared.engine.page import work_page
from shared.engine.parts import Engine
from shared.engine.plan_event import plan_saved
from shared.engine.registration import keep_hooks
from shared.engine.requests import request_full_sync, request_incremental
from shared.engine.setup import keep_projects
from shared.messages import QueueName, SyncMessage
from shared.ports import LostLease
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


class NotHandled(Exception):
    """This version has no use case for the message; the text says for which."""


async def work(engine: Engine, queue: QueueName, message: SyncMessage) -> None:
    """The message is done with, or a later one was sent in its place. NotHandled where there is no use case."""
    connection = await engine.connections.get(message.connection)
    if connection is None or connection.state != "ready":
        return
    match message:
        case SyncMessage(kind="page", run=str(run), item=str(number)):
            await work_page(engine, connection.id, run, int(number))
        case SyncMessage(kind="run", run=str(run)):
            await conduct(engine, connection.id, run)
        case SyncMessage(kind="full", cause=cause):
            await request_full_sync(engine, connection.id, cause)
        case SyncMessage(kind="incremental", cause=cause):
            await request_incremental(engine, connection.id, cause)
        case SyncMessage(kind="hooks"):
            await _tried(engine, queue, message, keep_hooks(engine, connection))
        case SyncMessage(kind="projects"):
            await _tried(engine, queue, message, keep_projects(engine, connection))
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


async def _tried(engine: Engine, queue: QueueName, message: SyncMessage, call: Awaitable[object]) -> None:
    """Back-off is our own delayed message: raising would burn the message's dequeue count (decision 13).

    Chores of a timer come again by themselves.
    """
    try:
        await call
    except LostLease:
        # Whoever holds the pair goes round once more; should he be dead, this message finds the lease run out.
        await _later(engine, queue, message, engine.lease_seconds + 1)
    except Fatal:
        await _later(engine, queue, message, LONGEST_DELAY)  # until somebody has mended the connection
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
