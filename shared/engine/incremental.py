"""The incremental sync: what changed in both systems since the watermark, and nothing else (R22).

Its cost follows the number of changes. The watermark moves only once every change before it is settled: brought over,
left out, or listed as failed. A place that a feed does not take any more leads to a full compare.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any

from shared.core.brake import Extent, Limits, Stop, brake
from shared.core.rehung import is_rehung
from shared.core.snapshots import work_item_id, work_item_key
from shared.engine.finish import close, stop
from shared.engine.parts import Engine, types_of
from shared.engine.requests import request_full_sync, request_incremental
from shared.ports import Link, Page, Run, StoredConnection
from shared.ports.changes import ChangedItem, ChangedLink, Feeds, Known, Look, Place, PlaceLost, PlanChanges, Watermark

# Looks come after items, as a stage of their own: a pair that changed on both sides is met by one worker at a time.
CHANGES, LOOKS, SETTLE = "changes", "looks", "settle"
# Azure DevOps and the storage service may disagree about the time, and revisions may be stored late.
OVERLAP = timedelta(minutes=5)
FEED = "changes"
ITEMS_AT_ONCE, LOOKS_AT_ONCE, ROWS_AT_ONCE = 40, 20, 16
FOUND = "found"


@dataclass(frozen=True)
class Found:
    """What is to be looked at: work items by number, and plans; `parted` of the former are connected ones that were
    deleted, `moved` connected ones that were moved. `rehung` are those that were moved, connected or not."""

    items: tuple[int, ...]
    looks: tuple[Look, ...]
    parted: int = 0
    moved: int = 0
    rehung: frozenset[int] = frozenset()

    @property
    def nothing(self) -> bool:
        return not self.items and not self.looks


async def begin_watermark(engine: Engine, connection: str) -> None:
    """Where the connection has none yet, its watermark is now, less an overlap: to be called before a full sync reads
    anything, so that nothing between the two is missed."""
    if await engine.watermarks.get(connection, FEED) is None:
        now = datetime.fromtimestamp(await engine.pages.now(), UTC)
        await engine.watermarks.move(connection, FEED, _place_at(now), None)


def _place_at(moment: datetime) -> Place:
    since = (moment - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"items": {"to": {"since": since}}, "links": {"to": {"since": since}}, "plans": {"since": since}}


async def find_changes(engine: Engine, connection: StoredConnection, feeds: Feeds, run: Run) -> None:
    """There is a page for every few changes and one that moves the watermark; or the run is over: nothing changed, or
    a full sync must come first."""
    mark = await engine.watermarks.get(connection.id, FEED)
    if mark is None:
        await _compare_everything(engine, connection, run, "nothing was synced yet")
        return
    known = await _known(engine, connection)
    try:
        items, links, plans = await _read(connection, feeds, mark, known)
    except PlaceLost as error:
        await _compare_everything(engine, connection, run, f"the feed has lost its place ({error})")
        return
    place = {"items": items.place, "links": links.place, "plans": dict(plans.place)}
    more = not (items.caught_up and links.caught_up)
    note = {"place": place, "etag": mark.etag, "more": more, "feed": _shown(plans)}
    found = await _wanted(engine, connection, items.rows, links.rows, plans.looks)
    halt = None if run.released else await _brake(engine, connection, found)
    if halt is not None:
        await stop(engine, run, halt)
    elif found.nothing:
        await settle(engine, run, note)
    else:
        await _lay_out(engine, run, found, note)


async def _known(engine: Engine, connection: StoredConnection) -> Known:
    """Plans whose pair ended come apart: asked for with the others, each would cost calls at every run for ever."""
    held = await engine.links.plans(connection.id)
    saves = [{one.target: one.modified for one in held if bool(one.parted) is ended} for ended in (False, True)]
    return Known(saves[0], connection.configuration.schedule.incremental_minutes, saves[1])


async def _read(connection: StoredConnection, feeds: Feeds, mark: Watermark, known: Known) -> Any:
    place = mark.place
    items = await feeds.items.items(place["items"])
    links = await feeds.items.links(place["links"])
    plans = await feeds.plans.changes(connection.configuration.change_feed, place["plans"], known)
    return items, links, plans


def _shown(plans: PlanChanges) -> dict[str, Any]:
    return {"feed": plans.feed, "reason": plans.reason, "delaySeconds": round(plans.delay_seconds)}


async def _compare_everything(engine: Engine, connection: StoredConnection, run: Run, why: str) -> None:
    """The full sync is asked for before the watermark moves to its beginning; dying in between does it once more."""
    full = await request_full_sync(engine, connection.id, run.cause)
    began = full.requested or datetime.fromtimestamp(await engine.pages.now(), UTC)
    await engine.watermarks.move(connection.id, FEED, _place_at(began), None)
    await close(engine, run, f"a full sync was started: {why}")


async def _wanted(
    engine: Engine,
    connection: StoredConnection,
    items: Sequence[ChangedItem],
    links: Sequence[ChangedLink],
    looks: Sequence[Look],
) -> Found:
    """Without what the links say is recorded already: our own writes, what a hook brought, and the overlap."""
    known = await _links(engine, connection.id, {*(one.id for one in items), *(one.child for one in links)})
    changed = [one for one in items if _is_news(connection, one, known.get(one.id))]
    moved = frozenset(child for child in _children(links) if _is_moved(links, child, known.get(child)))
    numbers = tuple(sorted({*(one.id for one in changed), *moved}))
    linked = {number for number, link in known.items() if link.state == "linked"}  # a hook may have been faster
    parted = sum(one.deleted and one.id in linked for one in changed)
    linked_moves = sum(child in linked for child in moved)
    return Found(numbers, await _with_former(engine, connection.id, looks), parted, linked_moves, moved)


async def _links(engine: Engine, connection: str, numbers: Iterable[int]) -> dict[int, Link]:
    gate = asyncio.Semaphore(ROWS_AT_ONCE)

    async def one(number: int) -> Link | None:
        async with gate:
            return await engine.links.get(connection, work_item_key(number))

    found = await asyncio.gather(*(one(number) for number in sorted(numbers)))
    return {work_item_id(link.key) or 0: link for link in found if link is not None}


def _is_news(connection: StoredConnection, item: ChangedItem, link: Link | None) -> bool:
    """A restored item comes with the revision that it had, so one that is not in step is always looked at."""
    if link is None:
        types = types_of(connection.configuration)
        named = {name.casefold() for name in (*types.plan_levels, *types.tasks)}
        return not item.deleted and item.type.casefold() in named
    return item.deleted or link.state != "linked" or item.rev > link.rev


def _children(links: Sequence[ChangedLink]) -> list[int]:
    return list(dict.fromkeys(one.child for one in links))


def _is_moved(links: Sequence[ChangedLink], child: int, link: Link | None) -> bool:
    """Whether the link rows say something else of the child's parent than its last agreement."""
    if link is None or link.state != "linked":
        return True
    return is_rehung([(one.parent, one.active) for one in links if one.child == child], link.parent)


async def _with_former(engine: Engine, connection: str, looks: Sequence[Look]) -> tuple[Look, ...]:
    """With the plans in which the named tasks were at their last agreement: they may have been moved."""
    wanted = {one.plan: one for one in looks}
    for look in looks:
        for task in look.named:
            key = await engine.links.by_target(connection, task)
            link = await engine.links.get(connection, key) if key else None
            if link is not None and link.plan and link.plan != look.plan:
                former = wanted.get(link.plan, Look(link.plan, itself=False))
                wanted[link.plan] = replace(former, tasks=True)
    return tuple(wanted.values())


async def _brake(engine: Engine, connection: StoredConnection, found: Found) -> Stop | None:
    """The reason to stop; the links are counted only where so much changed that it can matter (R21)."""
    limits = connection.configuration.brake
    if found.parted + found.moved <= limits.items:
        return None
    linked = sum([1 async for link in engine.links.list(connection.id) if link.state == "linked"])
    return brake(Extent(linked, deleted=found.parted, moved=found.moved), Limits(limits.share, limits.items))


async def _lay_out(engine: Engine, run: Run, found: Found, note: Mapping[str, Any]) -> None:
    await engine.bodies.put(run.connection, run.id, FOUND, dict(note))
    bodies: list[tuple[int, dict[str, Any]]] = [
        (len(part), {"items": list(part), "moved": sorted(found.rehung.intersection(part))})
        for part in batched(found.items, ITEMS_AT_ONCE, strict=False)
    ]
    bodies += [
        (len(part), {"looks": [[one.plan, one.itself, one.tasks, list(one.named)] for one in part]})
        for part in batched(found.looks, LOOKS_AT_ONCE, strict=False)
    ]
    pages = [
        Page(number, LOOKS if "looks" in body else CHANGES, size, f"work-{number}")
        for number, (size, body) in enumerate(bodies, 1)
    ]
    for page, (_, body) in zip(pages, bodies, strict=True):
        await engine.bodies.put(run.connection, run.id, page.body, body)
    await engine.pages.put(run.connection, run.id, [*pages, Page(len(pages) + 1, SETTLE, 0, "")])


async def settle(engine: Engine, run: Run, note: Mapping[str, Any] | None = None) -> None:
    """Everything that was found is settled, so the watermark moves, unless a full sync moved it meanwhile."""
    note = note or await engine.bodies.get(run.connection, run.id, FOUND)
    place = {**note["place"], "inUse": note["feed"], "read": datetime.now(UTC).isoformat()}
    await engine.watermarks.move(run.connection, FEED, place, note["etag"])
    await close(engine, run)
    if note["more"]:
        await request_incremental(engine, run.connection, "timer")


async def feed_in_use(engine: Engine, connection: str) -> Mapping[str, Any] | None:
    """Which change feed of OnePlan the connection read last, and why; None before its first incremental sync."""
    mark = await engine.watermarks.get(connection, FEED)
    found = mark.place.get("inUse") if mark else None
    return found if isinstance(found, Mapping) else None
