"""The pages of incremental, tree and item runs: items and looks at plans, a few at a time, each failing alone."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from shared.core.errors import Fatal, RateLimited, Rejected, Retriable, Stale, Unreachable
from shared.core.snapshots import work_item_id, work_item_key
from shared.engine.conduct import FIND
from shared.engine.finish import CHANGED, LOOKED, close
from shared.engine.incremental import CHANGES, LOOKS, SETTLE, find_changes, settle
from shared.engine.item import Asked, reconcile_item
from shared.engine.items import ItemsResult
from shared.engine.look import look_at
from shared.engine.parts import Engine
from shared.engine.reconcile import Outcome
from shared.engine.requests import class_of, queue_of
from shared.engine.trees import find_tree
from shared.ports import Failure, LostLease, Page, Run, StoredConnection
from shared.ports.changes import Look

type Call = Callable[[], Awaitable[object]]

AT_ONCE = 8
# After so many attempts at its page an item is listed as failed, unless a system is away.
ATTEMPTS = 6
LONGEST_DELAY = 60.0
# An item that another holds is tried again so often within the time of a lease.
HELD_SHARE = 8
# What a look comes to that found all as it was: of an item, and of a plan.
NOTHING = (None, Outcome("unchanged"), 0)


async def work_part(engine: Engine, connection: StoredConnection, run: Run, page: Page) -> ItemsResult:
    """The page of a run that is not a full one."""
    match page.stage:
        case FIND.stage if run.kind == "incremental":
            async with engine.remotes.feeds(connection, class_of(run.kind)) as feeds:
                await find_changes(engine, connection, feeds, run)
        case FIND.stage:
            await find_tree(engine, connection, run)
        case stage if stage in (CHANGES, LOOKS):
            return await _work(engine, connection, run, page)
        case stage if stage == SETTLE and run.kind == "incremental":
            await settle(engine, run)
        case _:
            await close(engine, run)
    return ItemsResult()


@dataclass
class _Work:
    engine: Engine
    connection: StoredConnection
    run: Run
    page: Page
    counts: Counter[str] = field(default_factory=Counter)
    finished: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    limited: bool = False
    fatal: Fatal | None = None
    away: bool = False


async def _work(engine: Engine, connection: StoredConnection, run: Run, page: Page) -> ItemsResult:
    """Every change is settled, or comes again with the page."""
    body: Mapping[str, Any] = await engine.bodies.get(connection.id, run.id, page.body)
    work, gate = _Work(engine, connection, run, page), asyncio.Semaphore(AT_ONCE)
    for_ = class_of(run.kind)
    # Not put off for later edits of the item, as a notification is: it counts as settled when the call ends.
    asked, moved = Asked(queue_of(run.kind), run.cause, settles=True), {*body.get("moved", ())}

    async def tried(name: str, call: Call) -> None:
        async with gate:
            if work.fatal is None:
                await _tried(work, name, call)

    calls: dict[str, Call] = {
        work_item_key(number): partial(
            reconcile_item, engine, connection, number, for_, replace(asked, moved=number in moved)
        )
        for number in body.get("items", ())
    }
    for plan, itself, tasks, named in body.get("looks", ()):
        calls[plan] = partial(look_at, engine, connection, Look(plan, itself, tasks, tuple(named)), for_, asked)
    async with asyncio.TaskGroup() as group:
        for name, call in calls.items():
            if name not in page.finished:
                group.create_task(tried(name, call))
    again, delay = bool(work.delays), max(work.delays, default=0.0)
    only_budget = again and work.limited and not work.away
    return ItemsResult(dict(work.counts), tuple(work.finished), again, delay, only_budget, work.fatal)


async def _tried(work: _Work, name: str, call: Call) -> None:
    try:
        found = await call()
    except Fatal as error:
        work.fatal = error
    except RateLimited as error:
        work.limited = True
        work.delays.append(error.retry_after or 1.0)
    except Unreachable as error:
        work.away = True
        work.delays.append(_delay(work, error))
    except LostLease:
        # Somebody is at it, or died at it: that is no attempt.
        work.limited = True
        work.delays.append(work.engine.lease_seconds / HELD_SHARE)
    except (Retriable, Stale, Rejected) as error:
        # What is refused of an item is listed with the item: this is a read that was refused, and may do better later.
        await _later(work, name, error)
    else:
        work.counts[LOOKED] += 1
        work.counts[CHANGED] += found not in NOTHING
        work.finished.append(name)


async def _later(work: _Work, name: str, error: Exception) -> None:
    if work.page.attempt >= ATTEMPTS:
        await _failed(work, name, error)
        return
    work.away = True  # an attempt counts where anything but the budget was in the way
    work.delays.append(_delay(work, error))


async def _failed(work: _Work, name: str, error: Exception) -> None:
    """Listed, and settled by that: the list is where it is tried again from (R35). A look at a plan is listed with the
    plan's work item, so that the next sync of that one takes it off the list."""
    key: str | None = name
    if work_item_id(name) is None:
        held = await work.engine.links.plan(work.connection.id, name)
        key = held.key if held else None
    if key is not None:
        await work.engine.failures.add(work.connection.id, Failure(key, "", str(error), run=work.run.id))
    work.counts["failed"] += 1
    work.finished.append(name)


def _delay(work: _Work, error: Exception) -> float:
    asked = error.retry_after if isinstance(error, Retriable) else None
    return asked or min(LONGEST_DELAY, 2.0**work.page.attempt)
