"""Leads a run through its pages: a window of them is queued at a time, stage after stage (design.md, decision 11).

Every step is repeatable: conducting a run twice at once, or after a death anywhere, sends at most a message too many.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.engine.finish import tidy
from shared.engine.parts import Engine
from shared.engine.requests import send_page
from shared.engine.resting import resting_connections
from shared.ports import Page, Run

# Pages of one connection in the queue or at work, so that no connection blocks the others.
WINDOW = 4
# A message that waited for so many leases may be lost with a worker that died: it is sent again, which is harmless.
QUEUED_LEASES = 2
FIND = Page(0, "find", 1, "")


async def conduct(engine: Engine, connection: str, run_id: str) -> None:
    """The run's next pages are queued; a run whose pages are all done has ended."""
    run = await engine.runs.get(connection, run_id)
    if run is None or run.over:
        return
    pages = await engine.pages.list(connection, run_id)
    if not pages:
        await engine.pages.put(connection, run_id, [FIND])
        pages = await engine.pages.list(connection, run_id)
    open_pages = [page for page in pages if page.state != "done"]
    if not open_pages:
        return
    stage = open_pages[0].stage
    await _note_stage(engine, run, stage)
    await _fill_window(engine, run, [page for page in pages if page.stage == stage])


async def _note_stage(engine: Engine, run: Run, stage: str) -> None:
    if run.stage != stage or run.state == "queued":
        started = run.started or datetime.fromtimestamp(await engine.pages.now(), UTC)
        await engine.runs.replace(replace(run, state="running", stage=stage, started=started))


async def _fill_window(engine: Engine, run: Run, pages: Sequence[Page]) -> None:
    now = await engine.pages.now()
    done = {page.number for page in pages if page.state == "done"}
    at_work = [page for page in pages if page.state in ("queued", "running") and page.until > now]
    ready = [page for page in pages if _is_ready(page, done, now)]
    for page in ready[: max(0, WINDOW - len(at_work))]:
        queued = replace(page, state="queued", until=now + QUEUED_LEASES * engine.lease_seconds)
        if await engine.pages.replace(run.connection, run.id, queued):
            await send_page(engine, run.connection, run.id, page.number, kind=run.kind)


def _is_ready(page: Page, done: set[int], now: float) -> bool:
    """Not begun, or begun by somebody who is gone; and the page before it is done."""
    waits = page.after is not None and page.after not in done
    return not waits and (page.state == "ready" or (page.state != "done" and page.until <= now))


async def conduct_all(engine: Engine) -> None:
    """Every run under way goes on, whoever died at it; those of connections that rest wait."""
    resting = await resting_connections(engine)
    for connection, run_id in await engine.runs.active():
        run = await engine.runs.get(connection, run_id)
        if run is not None and run.over:
            await tidy(engine, run)
        elif connection not in resting:
            await conduct(engine, connection, run_id)
