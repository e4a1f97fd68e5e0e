"""Looking at a plan of OnePlan: what moved away from its last agreement is brought in step (R15, R22).

A look costs one read of the plan and one of its tasks, whatever their number; a pair that is as it was agreed, our own
echo among them, costs nothing more.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

from shared.core.errors import NotFound
from shared.core.halves import has_changed, present_half
from shared.core.mapping import FieldMapping, FieldPair
from shared.core.snapshots import Counterpart, marker_item, work_item_id
from shared.engine.item import Asked, reconcile_item
from shared.engine.parts import Engine
from shared.engine.setup import mapping_of
from shared.ports import Held, Link, StoredConnection
from shared.ports.changes import Look
from shared.ports.remotes import Class, OnePlanItems

AT_ONCE = 4


@dataclass(frozen=True)
class Moved:
    """A pair whose OnePlan half is not as agreed; `there` is None where it is gone, `half` is what was agreed."""

    key: str
    there: Counterpart | None
    half: str = ""


async def look_at(engine: Engine, connection: StoredConnection, look: Look, for_: Class, asked: Asked) -> int:
    """Every connected pair of the plan that moved is in step; how many there were.

    All are tried; then the first error that is to be tried again later is raised.
    """
    async with engine.remotes.open(connection, for_) as sides:
        looked = _Looked(engine, connection, sides.oneplan, look, await mapping_of(engine, connection))
        moved = [one async for one in looked.moved()]
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(pair: Moved) -> None:
        async with gate:
            await bring_in_step(engine, connection, pair, for_, asked)

    errors = await asyncio.gather(*(one(pair) for pair in moved), return_exceptions=True)
    for error in errors:
        if error is not None:
            raise error
    return len(moved)


async def bring_in_step(engine: Engine, connection: StoredConnection, pair: Moved, for_: Class, asked: Asked) -> None:
    """The pair is reconciled. The plan of a team project has no work item: the next full sync puts it back (R5)."""
    number = work_item_id(pair.key)
    if number is not None:
        await reconcile_item(engine, connection, number, for_, replace(asked, there=pair.there, half=pair.half))


@dataclass(frozen=True)
class _Looked:
    engine: Engine
    connection: StoredConnection
    oneplan: OnePlanItems
    look: Look
    mapping: FieldMapping

    async def moved(self) -> AsyncIterator[Moved]:
        """The plan before its tasks."""
        if self.look.itself:
            held = await self.engine.links.plan(self.connection.id, self.look.plan)
            there = await self._plan() if held else None
            if held is not None and await self._has_moved(held, there):
                yield Moved(held.key, there, held.half)
        if self.look.tasks:
            async for one in self._moved_tasks():
                yield one

    async def _moved_tasks(self) -> AsyncIterator[Moved]:
        """Those that moved in here come first: they are found here before they are missed where they were."""
        held_tasks = await self.engine.links.in_plan(self.connection.id, self.look.plan)
        there_now = await self._tasks() if held_tasks or self.look.named or self.look.itself else {}
        known = {held.target for held in held_tasks}
        for task in there_now.values():
            if task.id not in known and any(line == self.connection.integration for line, _ in task.markers):
                key = await self.engine.links.by_target(self.connection.id, task.id)
                if key is not None:
                    yield Moved(key, task)
        for held in held_tasks:
            if await self._has_moved(held, there_now.get(held.target)):
                yield Moved(held.key, there_now.get(held.target), held.half)

    async def _plan(self) -> Counterpart | None:
        try:
            return await self.oneplan.plan(self.look.plan)
        except NotFound:
            return None

    async def _tasks(self) -> Mapping[str, Counterpart]:
        try:
            return {one.id: one for one in await self.oneplan.tasks(self.look.plan)}
        except NotFound:
            return {}

    async def _has_moved(self, held: Held, there: Counterpart | None) -> bool:
        """By the fingerprint; where that differs, by the link itself, which alone knows what was agreed. What a person
        ended and is still gone has not moved, and what was removed has where it is back."""
        if held.parted and there is None:
            return False
        back = held.parted == "removed"
        marked = there is not None and there.marked(self.connection.integration, marker_item(held.key))
        spoken = there is not None and self.connection.configuration.comments and there.talk != held.talk
        if (
            there is not None
            and marked
            and not (spoken or back)
            and present_half(self._pairs(there), there) == held.half
        ):
            return False
        link = await self.engine.links.get(self.connection.id, held.key)
        if link is None or link.target != held.target or not self._is_listed(link):
            await self._unlist(held)
            return False
        if there is None or not marked:
            return True
        return spoken or back or link.arrived or has_changed(link.base, self._pairs(there), there)

    def _pairs(self, there: Counterpart) -> tuple[FieldPair, ...]:
        return self.mapping.pairs(there.target.kind)

    def _is_listed(self, link: Link) -> bool:
        return link.plan == self.look.plan if link.kind == "task" else link.target == self.look.plan

    async def _unlist(self, held: Held) -> None:
        """A task that went to another plan, or a pair that became something else, left its place in the list."""
        plan = "" if held.target == self.look.plan else self.look.plan
        await self.engine.links.unlist(self.connection.id, held.target, plan)
