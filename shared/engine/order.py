"""Siblings stand in OnePlan as in the backlog (R18): the last work of a full run, and of an item whose rank changed.

Where each task stands is known from the work on the pages before, so a plan in order costs no call. OnePlan documents
no route for it: where it offers none, the run says once what to do by hand and asks no more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import batched

from shared.core.errors import NotOffered, RateLimited, Rejected, Retriable
from shared.core.order import places
from shared.core.snapshots import ItemSnapshot, work_item_key
from shared.engine.desk import Desk
from shared.engine.items import ItemsResult
from shared.engine.parts import Context
from shared.engine.scan import READ_AT_ONCE
from shared.engine.setup import LATEST
from shared.ports import Link, Page

NOT_ORDERED = "Tasks stand in another order than in the backlog, and OnePlan lets no program move them. {steps}"
RETRY_SECONDS = 2.0
# Where it is kept that OnePlan does not offer it, and for how long that is believed, in seconds.
REFUSED, ASK_AGAIN = "order-refused", 7 * 86_400.0

type Seen = Mapping[str, Mapping[str, int]]


async def keep_places(context: Context, page: Page) -> None:
    """Where the tasks of the page stand is there for the stage that orders them; a second attempt adds to the first."""
    before = await _places(context, page.number)
    now = context.sides.oneplan.places()
    merged = {plan: {**before.get(plan, {}), **now.get(plan, {})} for plan in {*before, *now}}
    await context.engine.bodies.put(context.id, context.run, _name(page.number), merged)


def _name(number: int) -> str:
    return f"places-{number}"


async def _places(context: Context, number: int) -> Seen:
    try:
        found: Seen = await context.engine.bodies.get(context.id, context.run, _name(number))
    except KeyError:
        return {}
    return found


async def work_order(context: Context, page: Page) -> ItemsResult:
    """The tasks of the page's plans are in order; or the run says why not."""
    body = await context.engine.bodies.get(context.id, context.run, page.body)
    run = await context.engine.runs.get(context.id, context.run)
    if run is None or run.notes:
        return ItemsResult()
    seen = await _all_places(context, body["pages"])
    counts: Counter[str] = Counter()
    finished: list[str] = []
    for plan in body["plans"].keys() - set(page.finished):
        try:
            await _ordered(context, plan, body["plans"][plan], seen, counts)
        except NotOffered as error:
            await _not_offered(context, error.steps)
            break
        except Rejected:
            counts["orderRefused"] += 1  # the plan is gone, say: no item of it is worse off
        except Retriable as error:
            delay = error.retry_after or RETRY_SECONDS
            return ItemsResult(dict(counts), tuple(finished), True, delay, isinstance(error, RateLimited))
        finished.append(plan)
    return ItemsResult(dict(counts), tuple(finished))


async def _all_places(context: Context, pages: Iterable[int]) -> Seen:
    found: dict[str, dict[str, int]] = {}
    for number in pages:
        for plan, places_there in (await _places(context, number)).items():
            found.setdefault(plan, {}).update(places_there)
    return found


async def _ordered(
    context: Context, plan: str, families: Sequence[Sequence[str]], seen: Seen, counts: Counter[str]
) -> None:
    """The plan's tasks are in order. Its list is read once more only where it seems out of order."""
    link = await context.engine.links.get(context.id, plan)
    if link is None or not link.target:
        return
    targets = {one.key: one.target for one in await context.engine.links.in_plan(context.id, link.target)}
    wanted = [[targets[key] for key in family if key in targets] for family in families]
    if not places(_row(seen.get(link.target, {})), *wanted):
        return
    await _check_offered(context)
    now = {one.id: one.index for one in await context.sides.oneplan.tasks(link.target)}
    for place in places(_row(now), *wanted):
        await context.sides.oneplan.order(link.target, place)
        counts["ordered"] += 1


def _row(indexes: Mapping[str, int]) -> list[str]:
    return sorted(indexes, key=lambda task: (indexes[task], task))


def is_ranked_anew(link: Link | None, item: ItemSnapshot) -> bool:
    """True where a task's work item was moved in the backlog since the last agreement; a new one stands last."""
    before = link.base.rank if link is not None and link.kind == "task" and link.base is not None else None
    return before is not None and item.rank is not None and before != item.rank


async def follow_rank(desk: Desk, item: ItemSnapshot) -> None:
    """The task of an item that was moved in the backlog stands among its siblings as it does, where that is offered."""
    context, links = desk.context, desk.context.engine.links
    link = await links.get(context.id, item.key)
    if link is None or link.base is None or link.state != "linked":
        return
    async with desk.leased(link) as leased:
        held = leased
        try:
            await _check_offered(context)
            held = await _family_in_order(context, held, item)
        except NotOffered as error:
            await _remember_refusal(context, error.steps)
        except Rejected:
            pass  # an item above is gone, say; what is left is for the next full sync
        ranked = replace(held, base=replace(link.base, rank=item.rank))
        await links.record(context.id, ranked, desk.asked_again(item.key), link)


async def _family_in_order(context: Context, held: Link, item: ItemSnapshot) -> Link:
    """The siblings of the item are read anew, since only what changed is told. The lease is kept for each move."""
    sides, targets = context.sides, {}
    family = await sides.azure_devops.children(item.item.parent) if item.item.parent else ()
    for one in await context.engine.links.in_plan(context.id, held.plan):
        targets[one.key] = one.target
    among = [number for number in family if work_item_key(number) in targets]
    ranks = [
        (one.rank, one.key)
        for part in batched(among, READ_AT_ONCE, strict=False)
        for one in (await sides.azure_devops.read(part)).items
        if one.rank is not None
    ]
    if len(ranks) < 2:
        return held
    now = {one.id: one.index for one in await sides.oneplan.tasks(held.plan)}
    for place in places(_row(now), [targets[key] for _, key in sorted(ranks)]):
        held = await context.engine.links.keep(context.id, held)
        await sides.oneplan.order(held.plan, place)
    return held


async def _check_offered(context: Context) -> None:
    """NotOffered where OnePlan refused it within a week: an order that nobody can mend is not asked for each night."""
    try:
        refused = await context.engine.bodies.get(context.id, LATEST, REFUSED)
    except KeyError:
        return
    if await context.engine.pages.now() < refused["at"] + ASK_AGAIN:
        raise NotOffered("", refused["steps"])


async def _not_offered(context: Context, steps: str) -> None:
    await _note(context, NOT_ORDERED.format(steps=steps))
    await _remember_refusal(context, steps)


async def _remember_refusal(context: Context, steps: str) -> None:
    try:
        await _check_offered(context)
    except NotOffered:
        return
    refused = {"at": await context.engine.pages.now(), "steps": steps}
    await context.engine.bodies.put(context.id, LATEST, REFUSED, refused)


async def _note(context: Context, note: str) -> None:
    """The run shows the note, once."""
    run = await context.engine.runs.get(context.id, context.run)
    while run is not None and note not in run.notes:
        if await context.engine.runs.replace(replace(run, notes=(*run.notes, note))):
            return
        run = await context.engine.runs.get(context.id, context.run)
