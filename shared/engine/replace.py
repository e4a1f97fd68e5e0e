"""A new counterpart takes the place of the old one: plan and task change into each other, or a task goes to another
plan where OnePlan moves none (R19). The link and its history stay."""

from dataclasses import replace
from typing import Literal

from shared.core.actions import PARENT, TYPE, Create, Lost, SyncPlan, Update
from shared.core.base import kept
from shared.core.errors import NotFound
from shared.core.model import Raw, Side
from shared.core.snapshots import Counterpart, ItemSnapshot, Target, marker_item, work_item_id
from shared.engine.apply import apply
from shared.engine.create import begun, create
from shared.engine.decisions import Comparison, compared, created
from shared.engine.desk import ANOTHER_ROUND, Desk, Gone
from shared.engine.marks import NAME, REPLACED, name_with
from shared.engine.note import Note, keep_lost, write_down
from shared.engine.parts import Context
from shared.engine.record import Before, notes_of, record
from shared.engine.types_there import type_there
from shared.engine.written import Written
from shared.ports import Link
from shared.ports.sync import Retired

# Members of a task that are known to be writable as it is made; other fields may be computed, or be refused.
CARRIED = ("StartDate", "DueDate", "AssignedTo")
# What became of it: it is gone or archived, it stays for what is in it, or it waits for others to go first.
type End = Literal["gone", "kept", ""]
# What a replaced counterpart's marker holds behind the number of its work item.
OLD = " (replaced)"


async def replace_counterpart(desk: Desk, one: Comparison, held: Link) -> None:
    """The pair is linked to a new counterpart in its right place, and the old one is put away.

    Edits made in OnePlan go to Azure DevOps first, so that the new counterpart is made with them. The link remembers
    the old one until it is put away, whoever dies in between.
    """
    old, context = one.counterpart, desk.context
    item = await _with_edits(desk, one, held)
    subject = replace(one.subject, item=item)
    target = one.target
    assert isinstance(target, Target)  # noqa: S101 - nothing is replaced while it waits
    plan = created(desk, subject, target)
    wanted = plan.actions[0]
    assert isinstance(wanted, Create)  # noqa: S101 - there is no counterpart yet
    wanted = replace(wanted, values={**_carried(desk, old, target), **wanted.values})
    made, found = await create(desk, held, subject, wanted, but=old.id)
    done = Written(item, made, new=not found).with_sent(Side.ONEPLAN, wanted.values)
    retired = Retired(old.target.kind, old.target.plan or "", old.id, old.target.parent or "")
    fresh = replace(held, base=None, modified="")
    recorded = await record(desk, subject, fresh, Before(item, made), plan, done, retired, was=held)
    await context.engine.intents.forget(context.id, [item.key])
    await put_away(desk, item, recorded)


def _carried(desk: Desk, old: Counterpart, target: Target) -> dict[str, Raw]:
    """What people gave a task in OnePlan alone goes over to the task that takes its place."""
    if target.kind != "task" or old.target.kind != "task":
        return {}
    mapped = {pair.oneplan for pair in desk.context.mapping.pairs("task")}
    return {name: old.values[name] for name in CARRIED if name in old.values and name not in mapped}


def last_place(link: Link) -> Target | None:
    """Where the counterpart was seen last: that may be another plan than the agreed one, where its place is held."""
    return replace(link.base.target, plan=link.plan or link.base.target.plan) if link.base else None


async def left(desk: Desk, place: Target, delay: float = 0.0) -> None:
    """What was replaced and only kept for what was in it is looked at anew, now that something has left that place."""
    links, id_ = desk.context.engine.links, desk.context.id
    for one in filter(None, (place.plan, place.parent)):
        key = await links.by_retired(id_, one)
        number = work_item_id(key) if key else None
        if number is not None and not (one == place.plan and await _has_tasks(desk, one)):
            await desk.send(number, delay)


async def _with_edits(desk: Desk, one: Comparison, held: Link) -> ItemSnapshot:
    """The work item with what people changed in the old counterpart."""
    stays = replace(one, target=one.counterpart.target)
    plan = await compared(desk, stays)
    edits = tuple(one for one in plan.actions if isinstance(one, Update) and one.side is Side.AZURE_DEVOPS)
    lost = [lost for lost in plan.lost if _gives_way(one, lost.side) or (edits and lost.side is Side.AZURE_DEVOPS)]
    await keep_lost(desk, one.subject.item, [*_held_there(one, plan), *_type_there(desk, one), *lost])
    if not edits:
        return one.subject.item
    done = await apply(desk, held, one.subject.item, one.counterpart, SyncPlan(edits))
    notes = notes_of(Before(one.subject.item, one.counterpart), SyncPlan(edits), done)
    await write_down(desk, done.item, done.item.rev, notes)
    return done.item


def _gives_way(one: Comparison, side: Side) -> bool:
    """A plan's value that lost is told now; what a task has is kept as it is removed."""
    return side is Side.ONEPLAN and one.counterpart.target.kind == "plan"


def _held_there(one: Comparison, plan: SyncPlan) -> list[Lost]:
    """The values of a plan that waited for a person to decide: the new counterpart has those of the work item. What a
    task has is kept as it is removed."""
    fields = plan.held if one.counterpart.target.kind == "plan" else ()
    return [
        Lost(each.field.partition(">")[2], Side.ONEPLAN, each.values.get(Side.ONEPLAN))
        for each in fields
        if each.field not in (PARENT, TYPE)
    ]


def _type_there(desk: Desk, one: Comparison) -> list[Lost]:
    """The type that people chose for a plan which is no plan any more."""
    chosen = type_there(desk.context, one.subject, one.counterpart.target, one.link.base).name
    return [Lost(TYPE, Side.ONEPLAN, chosen)] if chosen and one.counterpart.target.kind == "plan" else []


async def put_away(desk: Desk, item: ItemSnapshot, link: Link) -> Link:
    """The counterpart that was replaced is archived where it is a plan, and removed where it is a task without hours
    and comments; else its name says what became of it. What is kept only for what was in it is told. Repeatable."""
    retired, context = link.retired, desk.context
    if retired is None:
        return link
    async with desk.leased(link) as held:
        note, end = await _put_away(desk, item, retired, link)
        place = Target(retired.kind, "", retired.plan or None, retired.parent or None)
        if end:
            # What is kept is known to stay only once that is recorded.
            await left(desk, place, ANOTHER_ROUND if end == "kept" else 0.0)
        after = replace(held, retired=None if end else retired)
        recorded = await context.engine.links.record(context.id, after, desk.asked_again(link.key), held)
    await write_down(desk, item, recorded.rev, [note] if note else [])
    return recorded


async def _put_away(desk: Desk, item: ItemSnapshot, retired: Retired, link: Link) -> tuple[Note | None, End]:
    """What was done, and what became of it: a task with others below it is removed once those have gone too."""
    oneplan, context = desk.context.sides.oneplan, desk.context
    try:
        old = await desk.read_again(Link(item.key, "linked", retired.kind, retired.target, retired.plan))
    except Gone:
        return None, "gone"
    marker = (context.integration, marker_item(item.key) + OLD, item.url)
    name = old.values.get(NAME)
    if retired.kind == "plan":
        return await _archive(desk, item, old, marker, link)
    await keep_lost(desk, item, await _only_there(desk, old, link))
    if await oneplan.delete(old):
        return Note(Side.ONEPLAN, "deleted", before=name, text="another has taken its place"), "gone"
    said = await _say_so(desk, old, marker)
    note = Note(Side.ONEPLAN, "replaced", before=name, text="it is kept: it has hours, comments or tasks below it")
    tasks = await oneplan.tasks(retired.plan)
    below = [one for one in tasks if one.target.parent == old.id]
    waits = any([await _is_to_go(context, one) for one in below])
    return note if said else None, "" if waits else "kept"


async def _archive(
    desk: Desk, item: ItemSnapshot, old: Counterpart, marker: tuple[str, str, str], link: Link
) -> tuple[Note | None, End]:
    """The plan is archived once its connected tasks have gone to where they belong now: whether they could still be
    moved out of an archived plan is not known."""
    oneplan = desk.context.sides.oneplan
    if not old.marked(marker[0], marker[1]):
        await oneplan.mark_plan(old.id, *marker)
    if await _has_tasks(desk, old.id):
        return None, ""
    if not old.archived:
        await keep_lost(desk, item, await _only_there(desk, old, link))
    await oneplan.archive(old.id)
    return Note(Side.ONEPLAN, "archived", before=old.values.get(NAME), text="a task has taken its place"), "gone"


async def _has_tasks(desk: Desk, plan: str) -> bool:
    links = desk.context.engine.links
    found = [await links.get(desk.context.id, one.key) for one in await links.in_plan(desk.context.id, plan)]
    return any(one is not None and one.plan == plan and one.state == "linked" for one in found)


async def _only_there(desk: Desk, old: Counterpart, link: Link) -> list[Lost]:
    """The values of the old counterpart that the new one has not got: somebody may have edited it meanwhile."""
    fields = link.base.fields if link.base else {}
    values = {**old.values, NAME: str(old.values.get(NAME, "")).removesuffix(REPLACED)}
    keys = {pair.oneplan: pair.key for pair in desk.context.mapping.pairs(old.target.kind)}
    has = {name: fields[key].oneplan for name, key in keys.items() if key in fields}
    has |= await _gone_over(desk, link, [name for name in CARRIED if name not in keys and values.get(name)])
    # An archived plan can be looked up, and most of its values nobody gave it: what is mapped of it is enough.
    names = keys if old.target.kind == "plan" else values
    return [
        Lost(name, Side.ONEPLAN, value)
        for name in names
        if (value := values.get(name)) and (name not in has or kept(value) != has[name])
    ]


async def _gone_over(desk: Desk, link: Link, names: list[str]) -> dict[str, Raw]:
    """What the new task has of these fields, which are not mapped: they went over when it was made."""
    if not names or link.kind != "task":
        return {}
    try:
        new = await desk.context.sides.oneplan.task(link.plan, link.target)
    except NotFound:
        return {}
    return {name: kept(new.values.get(name)) for name in names}


async def put_away_begun(desk: Desk, item: ItemSnapshot, link: Link) -> None:
    """What a dead worker had made to take the counterpart's place is put away too, since the pair ends. Repeatable.

    People saw it, so what they gave it is in the activity before."""
    context, oneplan = desk.context, desk.context.sides.oneplan
    made = await begun(desk, link.key, link.target)
    if made is None:
        return
    await keep_lost(desk, item, _given(desk, item, made, link))
    if not await oneplan.delete(made):
        if made.target.kind == "plan":
            await oneplan.archive(made.id)
        else:
            await _say_so(desk, made, (context.integration, marker_item(link.key) + OLD, item.url))
    await context.engine.intents.forget(context.id, [link.key])


def _given(desk: Desk, item: ItemSnapshot, made: Counterpart, link: Link) -> list[Lost]:
    """The values of what had been begun that neither the work item has nor was agreed on."""
    convert, agreed = desk.context.convert_for(item.item), link.base.fields if link.base else {}
    lost: list[Lost] = []
    for pair in desk.context.mapping.pairs(made.target.kind):
        value = made.values.get(pair.oneplan)
        known = agreed[pair.key].oneplan if pair.key in agreed else None
        here = convert.canonical(Side.AZURE_DEVOPS, pair, item.values.get(pair.azure_devops))
        if value and kept(value) != known and convert.canonical(Side.ONEPLAN, pair, value) != here:
            lost.append(Lost(pair.oneplan, Side.ONEPLAN, value))
    return lost


async def _is_to_go(context: Context, task: Counterpart) -> bool:
    """It is connected, so that it will go to where the new one is, or was replaced and is to be put away itself; what
    people made stays."""
    ours = [item for line, item in task.markers if line == context.integration]
    if any(item.endswith(OLD) for item in ours):
        return await context.engine.links.by_retired(context.id, task.id) is not None
    return bool(ours)


async def _say_so(desk: Desk, old: Counterpart, marker: tuple[str, str, str]) -> bool:
    """Its name and marker say that it was replaced; False where they did before."""
    name = name_with(old, REPLACED)
    if old.values.get(NAME) == name:
        return False
    marked = await desk.context.sides.oneplan.mark_task(old, *marker)
    # Its name as it is by now: a person may have given it another one since it was read.
    await desk.context.sides.oneplan.update(marked, {NAME: name_with(marked, REPLACED)})
    return True
