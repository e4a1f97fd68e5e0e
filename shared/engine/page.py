"""One page of a run, from its message to its end. Whoever works on it may die at any moment (R13)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from math import inf

from shared.core.errors import Fatal, RateLimited, Rejected, Retriable
from shared.core.layout import TASKS
from shared.engine.bodies import PLANS, SETUP, plan_of, setup_of
from shared.engine.conduct import FIND, conduct
from shared.engine.departed import work_departed
from shared.engine.finish import fail, finish
from shared.engine.hyperlink_pages import HYPERLINKS
from shared.engine.hyperlink_work import work_hyperlinks
from shared.engine.items import ItemsResult, work_items
from shared.engine.lay_out import DEPARTED, FINISH, lay_out_run
from shared.engine.order import keep_places, work_order
from shared.engine.order_pages import ORDER
from shared.engine.parts import Context, Engine
from shared.engine.parts_of_runs import work_part
from shared.engine.pausing import pause_for
from shared.engine.requests import request_full_sync, send_page
from shared.engine.scan import LAY_OUT, SCAN, find, read
from shared.engine.stamps import is_outdated
from shared.ports import Page, Run, StoredConnection
from shared.ports.remotes import Sides

# A page that was begun so often without an end kills its worker each time, or a system was away for half an hour.
MOST_ATTEMPTS = 30
# What is refused so often to a page as a whole, a condition that is wrong, say, waits for a person.
MOST_REFUSALS = 5
LONGEST_DELAY = 60.0

log = logging.getLogger("sync.run")


class Taken(Exception):
    """Somebody else works on the page now."""


@dataclass
class Held:
    """A page at work; `page` is its row as last written."""

    engine: Engine
    run: Run
    page: Page

    async def write(self, page: Page) -> None:
        """Taken where somebody else has the page."""
        stored = await self.engine.pages.replace(self.run.connection, self.run.id, page)
        if stored is None:
            raise Taken
        self.page = stored


async def work_page(engine: Engine, connection: StoredConnection, run_id: str, number: int) -> None:
    """The page is done and the run goes on; or it comes again later; or the run has failed and says why.

    `connection` as it was read just now.
    """
    run = await engine.runs.get(connection.id, run_id)
    page = await engine.pages.get(connection.id, run_id, number)
    if run is None or run.over or page is None:
        return
    if run.kind == "full" and is_outdated(run, connection):
        await request_full_sync(engine, connection.id, run.cause)
        return
    if page.state == "done":
        await conduct(engine, connection.id, run_id)
        return
    now = await engine.pages.now()
    if page.state == "running" and page.until > now:
        return
    held = Held(engine, run, page)
    try:
        await held.write(replace(page, state="running", attempt=page.attempt + 1, until=now + engine.lease_seconds))
        await _work(held, connection)
    except Taken:
        return


async def _work(held: Held, connection: StoredConnection) -> None:
    if held.page.attempt > MOST_ATTEMPTS:
        await fail(held.engine, held.run, _endless(held.page))
        return
    problem = ""
    try:
        async with _beating(held):
            result = await _done(held, connection)
    except Fatal as error:
        result = ItemsResult(fatal=error)
    except Rejected as error:
        await _refused(held, error)
        return
    except Retriable as error:
        limited, problem = isinstance(error, RateLimited), str(error)
        delay = error.retry_after or _back_off(held.page.attempt)
        result = ItemsResult(again=True, delay=delay, deferred=limited)
    if result.fatal is not None:
        await _rests(held, result, result.fatal)
        return
    await _ended(held, result, problem)


async def _rests(held: Held, result: ItemsResult, error: Fatal) -> None:
    """The connection rests, and the page is gone on with from where it is once that is over: that was no attempt."""
    await pause_for(held.engine, held.run.connection, error)
    await held.write(replace(_with(held.page, result), state="ready", attempt=held.page.attempt - 1))


def _endless(page: Page) -> str:
    last = f"the last time: {page.problem.rstrip('.')}" if page.problem else "the log says why"
    attempts = f"part {page.number} of the run did not come to an end in {MOST_ATTEMPTS} attempts"
    return f"{attempts}; {last}. Start the sync again."


async def _refused(held: Held, error: Rejected) -> None:
    """The page comes again a few times, since a refusal may pass; then the run has failed and says what was refused."""
    held.page = replace(held.page, refused=held.page.refused + 1)
    if held.page.refused < MOST_REFUSALS:
        await _ended(held, ItemsResult(again=True, delay=_back_off(held.page.attempt)), str(error))
        return
    tried = f"part {held.page.number} of the run was refused {MOST_REFUSALS} times; the last time: "
    await fail(held.engine, held.run, f"{tried}{str(error).rstrip('.')}. The next sync tries again.")


async def _done(held: Held, connection: StoredConnection) -> ItemsResult:
    if held.run.kind != "full":
        return await work_part(held.engine, connection, held.run, held.page)
    async with held.engine.remotes.open(connection, "bulk") as sides:
        return await _full(held, connection, sides)


async def _full(held: Held, connection: StoredConnection, sides: Sides) -> ItemsResult:
    engine, run, page = held.engine, held.run, held.page
    match page.stage:
        case FIND.stage:
            await find(engine, connection, sides, run.id)
        case stage if stage == SCAN:
            await read(engine, connection, sides, run.id, page)
        case stage if stage == LAY_OUT:
            await lay_out_run(engine, await _context(held, connection, sides), run, page)
        case stage if stage == DEPARTED:
            return await work_departed(await _context(held, connection, sides), page)
        case stage if stage == ORDER:
            return await work_order(await _context(held, connection, sides), page)
        case stage if stage == HYPERLINKS:
            return await work_hyperlinks(await _context(held, connection, sides), page)
        case stage if stage == FINISH:
            await finish(engine, run)
        case _:
            context = await _context(held, connection, sides)
            plans = await engine.bodies.get(connection.id, run.id, PLANS)
            context.plans = {one.id: one for one in map(plan_of, plans)}
            result = await work_items(context, page)
            if page.stage == TASKS:
                await keep_places(context, page)
            return result
    return ItemsResult()


async def _context(held: Held, connection: StoredConnection, sides: Sides) -> Context:
    setup = setup_of(await held.engine.bodies.get(connection.id, held.run.id, SETUP))
    since = held.run.started.timestamp() if held.run.started else inf
    return Context(held.engine, connection, sides, setup, held.run.id, since, cause=held.run.cause)


@asynccontextmanager
async def _beating(held: Held) -> AsyncIterator[None]:
    """The page stays ours as long as the block runs. Where it was lost, by a save that started the run anew, say, the
    block is cut off, and Taken says so: a cancellation that came out would leave the host without an answer."""
    work, lost = asyncio.current_task(), False

    async def beat() -> None:
        nonlocal lost
        while True:
            await asyncio.sleep(held.engine.lease_seconds / 4)
            try:
                await held.write(replace(held.page, until=await held.engine.pages.now() + held.engine.lease_seconds))
            except Taken:
                lost = True
                if work is not None:
                    work.cancel()
                return

    beating = asyncio.create_task(beat())
    try:
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
    except asyncio.CancelledError:
        if not lost or (work is not None and work.uncancel()):
            raise  # somebody else wants this to end
        raise Taken from None


async def _ended(held: Held, result: ItemsResult, problem: str = "") -> None:
    """The page is done, or comes again after its delay with what it has finished so far."""
    page = _with(held.page, result)
    engine, run = held.engine, held.run
    log.info(
        "run %s of %s: part %d (%s) attempt %d: %s%s",
        run.id,
        run.connection,
        held.page.number,
        held.page.stage,
        held.page.attempt,
        dict(result.counts),
        f", again in {result.delay:.1f} s {problem}".rstrip() if result.again else "",
    )
    if not result.again:
        await held.write(replace(page, state="done", finished=()))
        await conduct(engine, run.connection, run.id)
        return
    # A page that only waits for the budget was not tried in vain.
    attempt = held.page.attempt - 1 if result.deferred else held.page.attempt
    until = await engine.pages.now() + result.delay + engine.lease_seconds
    await held.write(replace(page, state="queued", attempt=attempt, until=until, problem=problem))
    await send_page(engine, run.connection, run.id, held.page.number, result.delay, run.kind)


def _with(page: Page, result: ItemsResult) -> Page:
    """The page with what was done of it now."""
    counts, finished = _sum(page.counts, result.counts), (*page.finished, *result.finished)
    return replace(page, counts=counts, finished=finished)


def _back_off(attempt: int) -> float:
    return min(LONGEST_DELAY, 2.0**attempt)


def _sum(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    return {name: first.get(name, 0) + second.get(name, 0) for name in {*first, *second}}
