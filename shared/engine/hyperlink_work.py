"""Hyperlinks in a full run, up to two hundred in one request (R30).

An item whose hyperlink is in place, by the relations that the run has read, costs no call.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.core.errors import RateLimited, Retriable, Stale, SyncError
from shared.core.hyperlinks import is_settled
from shared.core.scope import WorkItem
from shared.core.snapshots import ItemSnapshot, work_item_id
from shared.engine.bodies import hyperlinks_of
from shared.engine.desk import Desk
from shared.engine.hyperlink_pages import HYPERLINKS
from shared.engine.hyperlinks import agreed_rev, refused, wanted_of, written
from shared.engine.items import ItemsResult
from shared.engine.note import write_down
from shared.engine.parts import Context
from shared.ports import Link, LostLease, Page
from shared.ports.remotes import Hyperlinked

AT_ONCE = 8
# An item that is changed at each of so many looks gets its hyperlink by the next full sync.
ATTEMPTS = 3
RETRY_SECONDS = 2.0

type Outcome = Hyperlinked | SyncError | None


@dataclass(frozen=True)
class _Due:
    """A connected work item, leased. `there`: by what the run has read, its hyperlink is in place already."""

    item: ItemSnapshot
    held: Link
    url: str
    there: bool


async def work_hyperlinks(context: Context, page: Page) -> ItemsResult:
    """Every connected work item of the page has its one hyperlink; or the activity says why not."""
    body = await context.engine.bodies.get(context.id, context.run, page.body)
    desk, counts = Desk(context), Counter[str]()
    due = [one for one in await _each(_due(context, row) for row in body) if one is not None]
    unsettled = {one.held.key: one for one in due}

    async def settle(one: _Due, outcome: Outcome) -> None:
        counts[HYPERLINKS] += await _settled(desk, one, outcome)
        del unsettled[one.held.key]

    try:
        done = await _written(context, due)
        await _each(settle(one, done.get(one.held.key)) for one in due)
    except Retriable as error:
        delay = error.retry_after or RETRY_SECONDS
        return ItemsResult(dict(counts), (), True, delay, isinstance(error, RateLimited))
    finally:
        for one in unsettled.values():
            await context.engine.links.release(context.id, one.held, desk.asked_again(one.held.key))
    again = page.attempt < ATTEMPTS and any(isinstance(one, Stale) for one in done.values())
    return ItemsResult(dict(counts), (), again, RETRY_SECONDS if again else 0.0)


async def _each[T](jobs: Iterable[Awaitable[T]]) -> list[T]:
    """The results in the order of the jobs, a few of them at work at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(job: Awaitable[T]) -> T:
        async with gate:
            return await job

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(job)) for job in jobs]
    return [task.result() for task in tasks]


async def _due(context: Context, row: Sequence[Any]) -> _Due | None:
    """None where nothing is to be done, or somebody else works on the pair and looks after its hyperlink."""
    key, title, there = row
    link = await context.engine.links.get(context.id, key)
    url = wanted_of(context, link) if link else None
    settled = is_settled(hyperlinks_of(there), url)
    if link is None or url is None or (settled and link.hyperlink == url):
        return None
    try:
        held = await context.engine.links.acquire(context.id, link)
    except LostLease:
        return None
    item = ItemSnapshot(key, WorkItem(work_item_id(key) or 0, "", "", title), link.rev, {}, "")
    return _Due(item, held, url, settled)


async def _written(context: Context, due: Sequence[_Due]) -> dict[str, Outcome]:
    """What became of those whose hyperlink is not in place, by key; those that cannot be read are absent."""
    lacking = {one.item.item.id: one for one in due if not one.there}
    if not lacking:
        return {}
    wanted = {number: one.url for number, one in lacking.items()}
    done = await context.sides.azure_devops.hyperlinks(wanted)
    return {lacking[number].held.key: outcome for number, outcome in done.items()}


async def _settled(desk: Desk, one: _Due, outcome: Outcome) -> bool:
    """The link row says what became of it, and the pair is given back. True where something was written."""
    links, held, context = desk.context.engine.links, one.held, desk.context
    if isinstance(outcome, Hyperlinked) or one.there:
        changed = isinstance(outcome, Hyperlinked) and outcome.after != outcome.before
        rev = agreed_rev(held, outcome.before, outcome.after) if isinstance(outcome, Hyperlinked) else held.rev
        try:
            await links.record(context.id, replace(held, rev=rev, hyperlink=one.url), desk.asked_again(held.key))
        except LostLease:
            return changed
        await write_down(desk, one.item, f"{rev}-hyperlink", [written(held, one.url)] if changed else [])
        return changed
    await links.release(context.id, held, desk.asked_again(held.key))
    if outcome is not None and not isinstance(outcome, Stale):
        await write_down(desk, one.item, f"{held.rev}-hyperlink", [refused(outcome)])
    return False
