"""What is known while a page, or one item, is worked on: links and counterparts, each read once."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from shared.core.actions import Wait
from shared.core.errors import NotFound, Rejected
from shared.core.mapping import FieldPair
from shared.core.model import Raw
from shared.core.outcomes import ALTERED
from shared.core.snapshots import Counterpart, Target, marker_item, work_item_id
from shared.engine.bodies import Subject
from shared.engine.parts import Context
from shared.engine.requests import REVISIT, send_item
from shared.ports import Link
from shared.ports.sync import AskedAgain

# What every list of plans has, whatever it lacks (oneplan-api.md section 4).
ALWAYS_LISTED = {"Name", "Owner"}

# Seconds until a pair that was asked for while it was held is looked at once more.
ANOTHER_ROUND = 1.0
# A task that is not in its plan is looked for in so many others at once; in more of them only by a full sync.
MOST_PLANS = 60


class Gone(Exception):
    """The counterpart of a linked item is not in OnePlan any more."""


@dataclass
class Desk:
    """One per page. `exact` tells that the items were read just now, not minutes ago."""

    context: Context
    exact: bool = False
    linked_now: set[str] = field(default_factory=set)
    # What was read just now, by its OnePlan id: it is not read once more before it is written.
    fresh: dict[str, Counterpart] = field(default_factory=dict)
    # Of those, what came from a list that others were worked through before: seconds old.
    listed: set[str] = field(default_factory=set)
    # Links that were read before the two sides of their pairs; each counts once.
    read_first: dict[str, Link | None] = field(default_factory=dict)
    # OnePlan's word for the comments of a counterpart, as it was read, by its OnePlan id.
    talk: dict[str, str] = field(default_factory=dict)
    _linked: dict[str, Link] = field(default_factory=dict)
    _tasks: dict[str, Mapping[str, Counterpart]] = field(default_factory=dict)
    _above_plans: dict[str, str | None] = field(default_factory=dict)
    _absent: set[str] = field(default_factory=set)
    _listing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def link(self, key: str) -> Link | None:
        """The link as it was read before the two sides were, where it was; else as it is now.

        A side that was read before its link may be older than what the link says was agreed.
        """
        if key in self.read_first:
            return self.read_first.pop(key)
        return await self.context.engine.links.get(self.context.id, key)

    async def send(self, work_item: int, delay: float = 0.0, event: str = REVISIT) -> None:
        """The work item is looked at anew, on the queue and for the cause of what is worked on now."""
        queue, cause = self.context.queue, self.context.cause
        await send_item(
            self.context.engine, self.context.id, work_item, queue=queue, cause=cause, delay=delay, event=event
        )

    def asked_again(self, key: str) -> AskedAgain:
        """Sends a message for the item, in a moment: somebody asked for another round while it was held."""

        async def send() -> None:
            number = work_item_id(key)
            if number is not None:
                await self.send(number, ANOTHER_ROUND)

        return send

    def knows_less(self, link: Link | None) -> bool:
        """Somebody looked at the pair since the run began to read, so what the run read of it may be out of date."""
        return link is not None and link.at > self.context.since

    @asynccontextmanager
    async def leased(self, link: Link) -> AsyncIterator[Link]:
        """The pair is ours in the block, which records it or gives it back; where it fails, it is given back at once.

        LostLease where another holds it.
        """
        links = self.context.engine.links
        held = await links.acquire(self.context.id, link)
        try:
            yield held
        except BaseException:
            await links.release(self.context.id, held, self.asked_again(link.key))
            raise

    def note(self, link: Link, *, new: bool) -> None:
        """The pair is linked; where it is new, what waits for it may go on."""
        self._linked[link.key] = link
        if new:
            self.linked_now.add(link.key)

    def noted(self, key: str) -> Link | None:
        """The link of the pair as it was recorded here."""
        return self._linked.get(key)

    async def _parent(self, key: str) -> Link | None:
        """The link of an item above another; None as long as it has none."""
        if key not in self._linked:
            found = await self.link(key)
            if found is None or not found.target or found.state == "disconnected":
                return None
            self._linked[key] = found
        return self._linked[key]

    async def target(self, subject: Subject) -> Target | Wait:
        """Where the counterpart belongs, or the key of the item that must be linked first, or be replaced by one of
        the right kind.

        A task is in the plan of the task above it, even where that one is held in another plan than it should be in.
        """
        links: dict[str, Link] = {}
        for key, kind in ((subject.plan, "plan"), (subject.above, subject.kind)):
            if key is not None:
                parent = await self._parent(key)
                if parent is None or parent.kind != kind:
                    return Wait(key)
                links[key] = parent
        home = links[subject.plan].target if subject.plan else None
        if subject.above is None:
            return Target(subject.kind, subject.type, home, None)
        above = links[subject.above]
        return Target(subject.kind, subject.type, above.plan if subject.kind == "task" else home, above.target)

    async def counterpart(self, subject: Subject, link: Link | None) -> Counterpart | None:
        """The counterpart as last listed; None where there is none. Gone where the one that there was is not found."""
        if link is not None and link.target:
            found = await (self._plan(link) if link.kind == "plan" else self._task(link))
            self.talk[found.id] = found.talk
            return found
        adopted = self._marked.get(marker_item(subject.item.key)) if subject.plan is None else None
        return None if adopted is None or adopted.archived else adopted

    @cached_property
    def _marked(self) -> Mapping[str, Counterpart]:
        """The plans that carry our marker, by the item that it names."""
        integration = self.context.integration
        plans = self.context.plans.values()
        return {item: plan for plan in plans for line, item in plan.markers if line == integration}

    async def _plan(self, link: Link) -> Counterpart:
        if link.target in self.fresh or self.exact:
            return self.fresh.get(link.target) or await self._read(link)
        listed = self.context.plans.get(link.target)
        mapped = {pair.oneplan for pair in self.context.mapping.plans} - ALWAYS_LISTED
        if listed is not None and (listed.whole or not mapped):
            return listed
        if listed is not None and listed.modified == link.modified:
            pairs = [pair for pair in self.context.mapping.plans if pair.oneplan in mapped - listed.values.keys()]
            if (known := _as_agreed(link, pairs)) is not None:
                return replace(listed, values={**listed.values, **known})
        return await self._read(link)

    async def _task(self, link: Link) -> Counterpart:
        if link.target in self.fresh or self.exact:
            return self.fresh.get(link.target) or await self._read(link)
        found = (await self._tasks_in(link.plan)).get(link.target)
        return found or await self._read(link)  # a list may be stale: only the task itself says that it is gone

    async def _tasks_in(self, plan: str) -> Mapping[str, Counterpart]:
        async with self._listing:
            if plan not in self._tasks:
                self._tasks[plan] = await self._listed(plan)
            return self._tasks[plan]

    async def _listed(self, plan: str) -> Mapping[str, Counterpart]:
        try:
            return {one.id: one for one in await self.context.sides.oneplan.tasks(plan)}
        except NotFound:
            self._absent.add(plan)
            return {}

    async def _read(self, link: Link) -> Counterpart:
        try:
            if link.kind == "plan":
                found = await self.context.sides.oneplan.plan(link.target)
            else:
                found = await self.context.sides.oneplan.task(link.plan, link.target)
        except NotFound:
            found = await self._in_another_plan(link)
        self.fresh[found.id] = found
        return found

    async def _in_another_plan(self, link: Link) -> Counterpart:
        """The task where a person moved it, be it into a plan that is not connected; Gone where no plan has it.

        Where there are many plans, only a run looks through them: until then the pair stays as it was.
        """
        if link.kind == "plan" or link.plan in self._absent:
            raise Gone(link.key)
        await self._tasks_in(link.plan)
        if link.plan in self._absent or link.why == "removed":
            raise Gone(link.key)
        plans = await self._plans_to_look_through()
        if plans is None:
            raise Rejected("its task is not in its plan any more; the next full sync looks for it in the other plans")
        for plan in plans:
            found = (await self._tasks_in(plan)).get(link.target)
            if found is not None:
                return found
        raise Gone(link.key)

    async def _plans_to_look_through(self) -> Sequence[str] | None:
        """Every plan; None where there are so many that only a run looks through them."""
        plans = [*self.context.plans] or [one.id for one in await self.context.sides.oneplan.plans()]
        return plans if self.context.run or len(plans) <= MOST_PLANS else None

    async def marked_task(self, item: str, first: Sequence[str | None], but: str) -> Counterpart | None:
        """The task that carries our marker of the item, in the plans that are named or, where these are few or a run
        looks, in any other."""
        others = await self._plans_to_look_through()
        for plan in dict.fromkeys((*filter(None, first), *(others or ()))):
            for task in (await self._tasks_in(plan)).values():
                if task.id != but and task.marked(self.context.integration, item):
                    return task
        return None

    async def stands_above(self, there: Counterpart, place: Target) -> bool:
        """Whether, in OnePlan, the counterpart stands above the place, so that it cannot be moved there."""
        seen: set[str] = set()
        at = place.parent
        while at is not None and at not in seen:
            if at == there.id:
                return True
            seen.add(at)
            at = await self._above_in_oneplan(at, place)
        return False

    async def _above_in_oneplan(self, id_: str, place: Target) -> str | None:
        """What stands above a plan, or above a task of the place's plan."""
        if place.kind == "task":
            found = (await self._tasks_in(place.plan or "")).get(id_)
            return found.target.parent if found else None
        if id_ not in self._above_plans:
            try:
                self._above_plans[id_] = (await self.context.sides.oneplan.plan(id_)).target.parent
            except NotFound:
                return None
        return self._above_plans[id_]

    async def below(self, work_item: int) -> tuple[int, ...]:
        """What is directly below the work item in Azure DevOps right now; nothing where it is gone itself."""
        try:
            return await self.context.sides.azure_devops.children(work_item)
        except NotFound:
            return ()

    def moved(self) -> None:
        """What was read of the places of plans does not hold any more."""
        self._above_plans.clear()

    def distrust(self, target: str) -> None:
        """The counterpart is about to be written, so it is read once more where it came from a list (decision 5)."""
        if target in self.listed:
            self.fresh.pop(target, None)

    async def read_again(self, link: Link) -> Counterpart:
        """The counterpart as it is right now, before it is written. Gone where it is not there."""
        found = self.fresh.get(link.target) or await self._read(link)
        self.fresh.pop(link.target, None)  # it is about to be written
        return found


def _as_agreed(link: Link, pairs: Sequence[FieldPair]) -> Mapping[str, Raw] | None:
    """What these fields of a plan hold that nobody has saved since its link was recorded; None where a look must tell.

    What was not taken over is not as agreed: the link has the time of that edit, and the value from before it.
    """
    base = link.base
    if base is None or link.held:
        return None
    aside = base.refused.keys() | {key for key, reason in base.residues.items() if reason != ALTERED}
    if any(pair.key in aside for pair in pairs):
        return None
    return {pair.oneplan: base.fields[pair.key].oneplan for pair in pairs if pair.key in base.fields}
