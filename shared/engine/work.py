"""What each message on a work queue means."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from shared.core.errors import Fatal, RateLimited, Rejected, Retriable, Stale, Unreachable
from shared.core.snapshots import work_item_key
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
from shared.ports import Failure, LostLease, StoredConnection
from shared.ports.remotes import Class

CLASSES: dict[QueueName, Class] = {
    "sync-interactive": "interactive",
    "sync-hooks": "hooks",
    "sync-timers": "timers",
    "sync-bulk": "bulk",
}
log = logging.getLogger("sync.work")

LONGEST_DELAY = 300.0
# After so many attempts an item is listed as failed; where a system is away, or the budget is used up, it waits on.
MOST_ATTEMPTS = 10
SLOWEST_ATTEMPT = 8


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
            await work_page(engine, connection, run, int(number))
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

    Chores of a timer come again by themselves. What is refused of an item is listed with the item: a refusal that
    comes out here is that of a read, which may do better later.
    """
    try:
        await call
    except LostLease as error:
        # Whoever holds the pair goes round once more; should he be dead, this message finds the lease run out.
        await _later(engine, queue, message, error, engine.lease_seconds + 1)
    except Fatal as error:
        await pause_for(engine, message.connection, error)
        if message.kind == "item":
            await engine.queue.send(queue, message, LONGEST_DELAY)
    except (Retriable, Stale, Rejected) as error:
        wait = error.retry_after if isinstance(error, Retriable) else None
        await _later(engine, queue, message, error, wait or min(LONGEST_DELAY, 2.0**message.attempt))


async def _later(engine: Engine, queue: QueueName, message: SyncMessage, error: Exception, delay: float) -> None:
    if message.kind != "item":
        log.warning("%s of %s is put off until it is due again: %s", message.kind, message.connection, error)
        return
    attempt = message.attempt + 1
    if isinstance(error, RateLimited):
        attempt = message.attempt
    elif isinstance(error, Unreachable):
        attempt = max(message.attempt, min(attempt, SLOWEST_ATTEMPT))
    elif attempt > MOST_ATTEMPTS:
        await _given_up(engine, message, error)
        return
    await engine.queue.send(queue, replace(message, attempt=attempt), delay)


async def _given_up(engine: Engine, message: SyncMessage, error: Exception) -> None:
    """The item is listed as failed, from where a person has it tried again (R35); full syncs look at it, too."""
    last = "others kept hold of it" if isinstance(error, LostLease) else str(error)
    key, what = await _concerned(engine, message)
    if key:
        reason = f"{what} was tried {message.attempt + 1} times; the last time: {last}. The next full sync tries again."
        await engine.failures.add(message.connection, Failure(key, "", reason))


async def _concerned(engine: Engine, message: SyncMessage) -> tuple[str, str]:
    """The item that a message is about, and what of it; no item where the plan is not connected any more."""
    if message.side == "azure-devops":
        return work_item_key(int(message.item or 0)), "It"
    held = await engine.links.plan(message.connection, message.item or "")
    return held.key if held else "", "What was saved in OnePlan in this plan or its tasks"
