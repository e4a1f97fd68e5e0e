"""Deciding what becomes of every item that was read, and laying out the work in pages (R3 to R6, R13, R21)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from math import inf
from typing import Any

from shared.core.ancestry import Ancestry, AsPlan, AsTask, LeftOut
from shared.core.brake import Extent, Limits, Stop, brake
from shared.core.errors import Rejected
from shared.core.layout import PageOfWork, PlanWork, TaskWork, depths, lay_out
from shared.core.model import Side
from shared.core.rich_text import is_empty
from shared.core.scope import ScopeRules, WorkItem
from shared.core.snapshots import Counterpart, ItemSnapshot, work_item_id, work_item_key
from shared.engine.bodies import PLANS, SETUP, Subject, parent_key, plan_json, setup_json, snapshot_of, subject_json
from shared.engine.finish import stop
from shared.engine.hyperlink_pages import hyperlink_pages
from shared.engine.order_pages import order_pages
from shared.engine.parts import Context, Engine, key_of_project, types_of
from shared.engine.scan import READ_AT_ONCE, SCAN, items_body
from shared.engine.setup import with_mails
from shared.ports import LeftOutItem, Link, Page, Run
from shared.ports.remotes import AzureDevOpsItems

DEPARTED, FINISH = "departed", "finish"
# So many ids are looked up in the recycle bin at once.
DEPARTED_A_PAGE = 100
PROJECT = "(team project)"


@dataclass(frozen=True)
class Layout:
    """What a run is to do: the subjects by key, and the items that are left out."""

    subjects: Mapping[str, Subject]
    left_out: Sequence[LeftOutItem]


async def lay_out_run(engine: Engine, context: Context, run: Run, page: Page) -> None:
    """There is a page for every part of the work, and the run says what it left out; or the run has stopped."""
    items, found = await _items(engine, context, run)
    setup = await with_mails(context.setup, context.sides.azure_devops, _people(items.values()))
    context.setup = setup
    await engine.bodies.put(context.id, run.id, SETUP, setup_json(setup))
    plans = await context.sides.oneplan.plans()
    await engine.bodies.put(context.id, run.id, PLANS, [plan_json(one) for one in plans])
    links = [link async for link in engine.links.list(context.id)]
    condition = found if context.configuration.scope.wiql else None
    layout = arrange(context, items, run.id, condition, parted_of(links, plans))
    deleted = await _deleted(context, links, items)
    halt = None if run.released else _brake(context, layout, plans, links, deleted)
    if halt is not None:
        await stop(engine, run, halt)
        return
    await _note(engine, context, run, layout, items.values())
    departed = _departed(links, layout, items)
    await engine.pages.put(context.id, run.id, await _pages(engine, context, run, layout, page.number + 1, departed))


async def _items(engine: Engine, context: Context, run: Run) -> tuple[dict[int, ItemSnapshot], frozenset[int]]:
    """The items that were read with the ancestors of theirs that were not looked for, and the ids of the former."""
    items: dict[int, ItemSnapshot] = {}
    for page in await engine.pages.list(context.id, run.id, SCAN):
        body = await engine.bodies.get(context.id, run.id, items_body(page.number))
        items |= {one.item.id: one for one in map(snapshot_of, body)}
    found = frozenset(items)
    await add_ancestors(context.sides.azure_devops, items)
    return items, found


async def add_ancestors(devops: AzureDevOpsItems, items: dict[int, ItemSnapshot]) -> None:
    """Every ancestor that can be read is among the items; level by level, two hundred at a time."""
    asked: set[int] = set()
    while missing := sorted({one.item.parent for one in items.values() if one.item.parent} - items.keys() - asked):
        part = missing[:READ_AT_ONCE]
        asked |= set(part)
        items |= {one.item.id: one for one in (await devops.read(part)).items}


def _people(items: Iterable[ItemSnapshot]) -> set[str]:
    return {str(person) for one in items if (person := one.values.get("System.AssignedTo"))}


def parted_of(links: Iterable[Link], plans: Sequence[Counterpart]) -> frozenset[int]:
    """The work items below which nothing hangs, since they are disconnected; a plan that is back connects again."""
    there = {one.id for one in plans}
    parted = [one for one in links if one.parted and not (one.why == "removed" and one.target in there)]
    return frozenset(work_item_id(one.key) or 0 for one in parted)


def arrange(
    context: Context,
    items: Mapping[int, ItemSnapshot],
    run: str,
    condition: frozenset[int] | None = None,
    parted: frozenset[int] = frozenset(),
) -> Layout:
    """What becomes of each item: a plan, a task, or left out for a reason; and the plans of team projects (R5)."""
    ancestry = ancestry_of(context, [one.item for one in items.values()], condition, parted)
    subjects: dict[str, Subject] = {}
    left_out: list[LeftOutItem] = []
    for one in items.values():
        placed = ancestry.place(one.item)
        if isinstance(placed, LeftOut):
            left_out.append(LeftOutItem(one.key, one.item.title, placed.rule, placed.reason, run))
            continue
        subject = subject_at(context, one, placed)
        subjects[one.key] = subject
        if placed.project_plan:
            subjects.setdefault(*project_subject(context, placed.project_plan))
    return Layout(subjects, left_out)


def rules_of(context: Context, condition: frozenset[int] | None, parted: frozenset[int] = frozenset()) -> ScopeRules:
    """The scope of the connection. `condition` holds the ids that its WIQL finds, None where it has none (R8)."""
    scope, options = context.configuration.scope, context.configuration.options
    return ScopeRules(
        types=types_of(context.configuration),
        projects={one.project.casefold(): one for one in context.setup.projects},
        only_projects=scope.projects,
        areas=scope.area_paths,
        tags=scope.tags,
        condition=condition,
        without_iteration=options.include_items_without_iteration,
        disconnected=parted,
    )


def ancestry_of(
    context: Context, items: Iterable[WorkItem], condition: frozenset[int] | None, parted: frozenset[int] = frozenset()
) -> Ancestry:
    """Places the items by each other; `parted` are those that are disconnected."""
    rules = rules_of(context, condition, parted)
    return Ancestry({one.id: one for one in items}, rules, context.configuration.options.team_project_as_parent_plan)


def subject_at(context: Context, item: ItemSnapshot, place: AsPlan | AsTask) -> Subject:
    """The item with its type in OnePlan and the keys of what stands above it."""
    project = key_of_project(context.setup, place.project_plan) if place.project_plan else None
    match place:
        case AsPlan(parent):
            above = work_item_key(parent) if parent else project
            return Subject(item, _type_there(context.setup.plan_types, "plan", item.item.type), None, above)
        case AsTask(plan, parent):
            above = work_item_key(parent) if parent and parent != plan else None
            home = work_item_key(plan) if plan else project
            return Subject(item, _type_there(context.setup.work_types, "work", item.item.type), home, above)


def _type_there(known: Mapping[str, str], kind: str, name: str) -> str:
    """The id of the type; Rejected where somebody has renamed or removed it since the connection was saved."""
    if found := known.get(name.casefold()):
        return found
    raise Rejected(
        f"OnePlan has no {kind} type called {name!r} any more. Give one that name in OnePlan, or change the types of "
        "this connection, then start the sync again."
    )


def project_subject(context: Context, project: str) -> tuple[str, Subject]:
    key = key_of_project(context.setup, project)
    return key, Subject(
        ItemSnapshot(
            key=key,
            item=WorkItem(0, PROJECT, project, project),
            rev=0,
            values={"System.Title": project},
            url=context.sides.azure_devops.url(key, project),
        ),
        _type_there(context.setup.plan_types, "plan", context.configuration.team_project_plan_type),
    )


async def _deleted(context: Context, links: Sequence[Link], items: Mapping[int, ItemSnapshot]) -> int:
    """How many linked work items lie in the recycle bin."""
    ids = [work_item_id(one.key) or 0 for one in links if one.state == "linked"]
    absent = [one for one in ids if one and one not in items]
    parts = batched(absent, READ_AT_ONCE, strict=False)
    return sum([len(await context.sides.azure_devops.deleted(part)) for part in parts])


def _brake(
    context: Context,
    layout: Layout,
    plans: Sequence[Counterpart],
    links: Sequence[Link],
    deleted: int,
) -> Stop | None:
    """The reason to stop, by what is linked now: what would move, be emptied or end, and what is gone (R21)."""
    linked = [link for link in links if link.state == "linked"]
    there = {one.id for one in plans}
    gone = [one for one in linked if one.kind == "plan" and one.target not in there]
    extent = Extent(
        linked=len(linked),
        deleted=len(gone) + deleted,
        moved=sum(_moves(link, layout) for link in linked),
        blanked=sum(_blanks(context, link, layout) for link in linked),
        azure_devops_now=sum(link.key in layout.subjects for link in linked),
        oneplan_now=len([link for link in linked if link.kind == "plan"]) - len(gone)
        if any(link.kind == "plan" for link in linked)
        else None,
    )
    limits = context.configuration.brake
    return brake(extent, Limits(limits.share, limits.items))


def _departed(links: Sequence[Link], layout: Layout, items: Mapping[int, ItemSnapshot]) -> list[dict[str, Any]]:
    """The pairs whose work item is not among the subjects: left out, with the reason, or not found at all."""
    reasons = {one.key: one.reason for one in layout.left_out}
    absent = [
        one
        for one in links
        if (one.target or one.retired) and one.state != "linking" and one.key not in layout.subjects
    ]
    return [
        {"key": one.key, "reason": reasons.get(one.key, ""), "found": (work_item_id(one.key) or 0) in items}
        for one in absent
        if work_item_id(one.key) is not None and not (one.state == "out-of-scope" and one.key in reasons)
    ]


def _moves(link: Link, layout: Layout) -> bool:
    subject = layout.subjects.get(link.key)
    return subject is not None and link.base is not None and link.base.parent != parent_key(subject)


def _blanks(context: Context, link: Link, layout: Layout) -> bool:
    """Whether a field that had a value at the last agreement has none in Azure DevOps now, and that goes to OnePlan.

    What is not mapped any more is not read either, and blanks nothing.
    """
    subject = layout.subjects.get(link.key)
    if subject is None or link.base is None:
        return False
    written = [one for one in context.mapping.pairs(link.kind) if one.rule.may_write(Side.ONEPLAN)]
    agreed = [(one, link.base.fields[one.key]) for one in written if one.key in link.base.fields]
    had = [one.azure_devops for one, both in agreed if not is_empty(both.azure_devops)]
    return any(is_empty(subject.item.values.get(name)) for name in had)


async def _note(engine: Engine, context: Context, run: Run, layout: Layout, items: Iterable[ItemSnapshot]) -> None:
    """The run shows how much there is, what is left out by which rule, and whom OnePlan does not know."""
    await engine.failures.replace_left_out(context.id, run.id, layout.left_out)
    directory = context.directory
    unmatched = sorted(person for person in _people(items) if directory.match(person) is None)
    kinds = Counter("tasks" if one.plan else "plans" for one in layout.subjects.values())
    counts = {**kinds, "leftOut": len(layout.left_out), "workItems": sum(1 for _ in items)}
    reasons = Counter(_reason(one) for one in layout.left_out)
    current = await engine.runs.get(run.connection, run.id)
    while current is not None and not await engine.runs.replace(
        replace(current, counts=counts, reasons=reasons, unmatched=tuple(unmatched))
    ):
        current = await engine.runs.get(run.connection, run.id)


def _reason(one: LeftOutItem) -> str:
    return one.reason.partition(":")[0]


async def _pages(
    engine: Engine, context: Context, run: Run, layout: Layout, first: int, departed: Sequence[Any]
) -> list[Page]:
    work = lay_out(*_work(context, layout.subjects))
    pages = [await _page(engine, context, run, layout, first + number, one, first) for number, one in enumerate(work)]
    for part in batched(departed, DEPARTED_A_PAGE, strict=False):
        number = first + len(pages)
        await engine.bodies.put(context.id, run.id, f"departed-{number}", list(part))
        pages.append(Page(number, DEPARTED, len(part), f"departed-{number}"))
    homes = {key: first + number for number, one in enumerate(work) for key in one.keys}
    pages += await order_pages(engine, run, layout.subjects, first + len(pages), homes)
    pages += await hyperlink_pages(engine, context, run, layout.subjects, first + len(pages))
    return [*pages, Page(first + len(pages), FINISH, 0, "")]


async def _page(
    engine: Engine, context: Context, run: Run, layout: Layout, number: int, work: PageOfWork, first: int
) -> Page:
    name = f"work-{number}"
    await engine.bodies.put(context.id, run.id, name, [subject_json(layout.subjects[key]) for key in work.keys])
    after = None if work.after is None else first + work.after
    return Page(number, work.stage, len(work.keys), name, after)


def _work(context: Context, subjects: Mapping[str, Subject]) -> tuple[list[PlanWork], list[TaskWork]]:
    above = {key: one.above for key, one in subjects.items()}
    kinds: dict[str, AsPlan | AsTask] = {
        key: AsTask(None) if one.plan else AsPlan(None) for key, one in subjects.items()
    }
    deep = depths(kinds, above)
    plans = [
        PlanWork(key, deep[key], (one.item.item.title, one.type)) for key, one in subjects.items() if one.plan is None
    ]
    tasks = [
        TaskWork(key, one.plan, deep[key], inf if one.item.rank is None else one.item.rank)
        for key, one in subjects.items()
        if one.plan
    ]
    return plans, tasks
