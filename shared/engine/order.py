"""Siblings stand in OnePlan as in the backlog (R18): the last work of a full run.

Where each task stands is known from the work on the pages before, so a plan in order costs no call. OnePlan documents
no route for it: where it offers none, the run says once what to do by hand and asks no more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from shared.core.errors import NotOffered, RateLimited, Rejected, Retriable
from shared.core.order import places
from shared.engine.items import ItemsResult
from shared.engine.parts import Context
from shared.engine.setup import LATEST
from shared.ports import Page

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
        await context.sides.oneplan.order(link.target, place.task, place.index)
        counts["ordered"] += 1


def _row(indexes: Mapping[str, int]) -> list[str]:
    return sorted(indexes, key=lambda task: (indexes[task], task))


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
