"""The page of a run with the pairs whose work item is deleted, unreadable, or out of scope (R6, R20, R22)."""

from collections.abc import Mapping
from typing import Any

from shared.core.existence import Here
from shared.core.snapshots import work_item_id
from shared.engine.depart import UNREADABLE, depart
from shared.engine.desk import Desk
from shared.engine.items import ItemsResult, Job, Work, result_of, work_jobs
from shared.engine.parts import Context
from shared.engine.reconcile import Outcome, look_instead
from shared.ports import Page


async def work_departed(context: Context, page: Page) -> ItemsResult:
    """Every pair of the page has ended, rests, or is listed as failed; the rest of the page comes again."""
    body = await context.engine.bodies.get(context.id, context.run, page.body)
    absent = [one for one in body if one["key"] not in page.finished]
    ids = [work_item_id(one["key"]) or 0 for one in absent if not one["found"]]
    devops = context.sides.azure_devops
    deleted = await devops.deleted(ids) if ids else frozenset[int]()
    # What is neither found nor deleted may be out of the reach of the connection's scope only.
    there = {one.item.id for one in (await devops.read(ids)).items} if set(ids) - deleted else set[int]()
    failed = frozenset(one.key for one in await context.engine.failures.list(context.id))
    work = Work(context, Desk(context), page.attempt, failed)
    await work_jobs(work, [_job(work.desk, one, _here(one, deleted, there)) for one in absent])
    return result_of(work)


def _here(one: Mapping[str, Any], deleted: frozenset[int], there: set[int]) -> Here:
    number = work_item_id(one["key"]) or 0
    if one["found"] or number in there:
        return "out-of-scope"
    return "deleted" if number in deleted else "unreadable"


def _job(desk: Desk, one: Mapping[str, Any], here: Here) -> Job:
    reason = one["reason"] or (UNREADABLE if here == "unreadable" else OUTSIDE)

    async def run() -> Outcome:
        link = await desk.link(one["key"])
        if here == "out-of-scope" and desk.knows_less(link):
            return await look_instead(desk, one["key"])
        return Outcome(await depart(desk, None, here, link, reason=reason))

    return Job(one["key"], "", run)


OUTSIDE = "it is outside of the team projects or the condition in the connection's scope"
