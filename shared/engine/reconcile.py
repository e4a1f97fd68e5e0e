"""One pair: compare, decide, write, record (design.md, The one idea)."""

from dataclasses import dataclass, replace
from typing import Literal

from shared.core.actions import PARENT, Create, SyncPlan, Wait
from shared.core.base import Base
from shared.core.existence import Existence, Past, judge_existence
from shared.core.model import Side
from shared.core.place import CROSSED
from shared.core.snapshots import Counterpart, ItemSnapshot, Target, work_item_id, work_item_key
from shared.engine.apply import MustReplace, apply
from shared.engine.bodies import Subject, parent_key
from shared.engine.create import begun, create
from shared.engine.decisions import Comparison, compared, created
from shared.engine.depart import depart
from shared.engine.desk import Desk, Gone
from shared.engine.marks import with_mark_undone, without_mark
from shared.engine.note import Note, conflicts_of, keep_lost, refused_of, write_down
from shared.engine.record import Before, record
from shared.engine.replace import last_place, left, put_away, replace_counterpart
from shared.engine.written import Written
from shared.ports import Link, WaitingItem

type Result = Literal[
    "created", "updated", "settled", "unchanged", "waiting", "held", "disconnected", "outOfScope", "later"
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item. `drifted`: a linked pair was found out of step. `arrived`: what hangs below it may have
    to move, since it was not in step before."""

    result: Result
    drifted: bool = False
    arrived: bool = False


async def reconcile(desk: Desk, subject: Subject) -> Outcome:
    """The pair is in step, or its outcome says what it waits for. Raises what the remote systems refuse.

    A pair that is in step costs no call and no write.
    """
    link = await desk.link(subject.item.key)
    if link is not None and link.rev > subject.item.rev:
        return Outcome("unchanged")  # somebody brought a newer revision over meanwhile
    if link is not None and desk.knows_less(link) and (link.state != "linked" or _is_elsewhere(link, subject)):
        return await look_instead(desk, link.key)
    if link is not None and link.retired is not None:
        link = await put_away(desk, subject.item, link)
    try:
        counterpart = await desk.counterpart(subject, link)
    except Gone:
        return await _gone(desk, subject, link)
    past = Existence("there", "there" if counterpart else "none", past_of(link), link.why if link else "")
    if judge_existence(past) == "rest":
        return Outcome("unchanged")
    target = await desk.target(subject)
    if counterpart is None:
        return await (
            _wait(desk, subject, target) if isinstance(target, Wait) else _create(desk, subject, link, target)
        )
    return await _existing(desk, subject, link or Link(subject.item.key, "linking", subject.kind), counterpart, target)


def _is_elsewhere(link: Link, subject: Subject) -> bool:
    """Whether the link says of its place or type something else than the subject."""
    agreed = link.base
    return agreed is None or (agreed.parent, agreed.target.type) != (parent_key(subject), subject.type)


async def look_instead(desk: Desk, key: str) -> Outcome:
    """The item is looked at by itself, with all that stands above it as it is then."""
    number = work_item_id(key)
    if number is not None:
        await desk.send(number)
    return Outcome("later")


def past_of(link: Link | None) -> Past:
    return "none" if link is None or link.state == "linking" else link.state


async def _gone(desk: Desk, subject: Subject, link: Link | None) -> Outcome:
    """The pair ends. But where a worker died that was putting another counterpart in its place, people saw two of it,
    and removed the one that was to go: the other one is taken up."""
    if not desk.exact and desk.context.configuration.on_plan_delete == "delete":
        fresh = await _fresh(desk, subject)  # an edit since the run read the item is not deleted with it
        if fresh is None:
            return Outcome("later")
        subject = replace(subject, item=fresh)
    target = await desk.target(subject)
    if link is not None and link.state == "linked" and not isinstance(target, Wait):
        other = await begun(desk, link.key, link.target)
        if other is not None:
            async with desk.leased(link) as held:
                anew = replace(held, base=None, modified="", arrived=not desk.context.run)
                await _taken_up(desk, Comparison(subject, anew, other, target), held)
            await desk.context.engine.intents.forget(desk.context.id, [subject.item.key])
            if (place := last_place(link)) is not None:
                await left(desk, place)
            return Outcome("updated", drifted=True, arrived=True)
    return Outcome(await depart(desk, subject.item, "there", link))


async def _wait(desk: Desk, subject: Subject, wait: Wait) -> Outcome:
    """Noted as waiting; where the item above was linked in that very moment, this one goes on at once."""
    if await _must_wait(desk, subject, wait):
        return Outcome("waiting")
    return await reconcile(desk, subject)


async def _must_wait(desk: Desk, subject: Subject, wait: Wait) -> bool:
    waiting = WaitingItem(subject.item.key, wait.parent, subject.item.item.title)
    await desk.context.engine.waiting.add(desk.context.id, waiting)
    if await desk.target(subject) == wait:
        return True
    await desk.context.engine.waiting.remove(desk.context.id, waiting)
    return False


async def _create(desk: Desk, subject: Subject, link: Link | None, target: Target) -> Outcome:
    async with desk.leased(link or Link(subject.item.key, "linking", subject.kind)) as held:
        plan = created(desk, subject, target)
        wanted = plan.actions[0]
        assert isinstance(wanted, Create)  # noqa: S101 - there is no counterpart
        made, recovered = await create(desk, held, subject, wanted)
        fresh = replace(held, base=None, modified="", held=False)
        if recovered:
            note = Note(Side.ONEPLAN, "created", "", None, made.values.get("Name"))
            await write_down(desk, subject.item, f"{subject.item.rev}-created", [note])
            await _taken_up(desk, Comparison(subject, fresh, made, target), held)
        else:
            done = Written(subject.item, made, new=True).with_sent(Side.ONEPLAN, wanted.values)
            await record(desk, subject, fresh, Before(subject.item, made), plan, done)
    await desk.context.engine.intents.forget(desk.context.id, [subject.item.key])
    return Outcome("created", arrived=True)


async def _taken_up(desk: Desk, one: Comparison, held: Link) -> None:
    """What an earlier attempt made is in step; where it cannot get to where it belongs by now, another takes its
    place."""
    item = one.subject.item
    if one.counterpart.target.kind != one.target.kind:
        await replace_counterpart(desk, one, held)
        return
    plan = await compared(desk, one)
    try:
        await keep_lost(desk, item, plan.lost)
        done = await apply(desk, held, item, one.counterpart, plan)
    except MustReplace:
        await replace_counterpart(desk, one, held)
        return
    await record(desk, one.subject, one.link, Before(item, one.counterpart), plan, done, was=held)


async def _existing(
    desk: Desk, subject: Subject, link: Link, counterpart: Counterpart, target: Target | Wait
) -> Outcome:
    """A pair that is there on both sides: what waits for a new parent stays where it is until that one arrives."""
    waits = isinstance(target, Wait) and await _must_wait(desk, subject, target)
    belongs = await desk.target(subject)
    if waits or isinstance(belongs, Wait):
        one = Comparison(subject, link, without_mark(link, counterpart), counterpart.target, waits=True)
    else:
        one = Comparison(subject, link, without_mark(link, counterpart), belongs)
    if one.target.kind != counterpart.target.kind:
        return await _under_lease(desk, one, SyncPlan(), counterpart)
    plan = with_mark_undone(link, counterpart, await compared(desk, one))
    if _is_in_step(link, plan, counterpart):
        if plan.held:
            await conflicts_of(desk, subject, link, plan, link.base)
        return Outcome("held" if plan.held else "waiting" if waits else "unchanged", drifted=bool(plan.held))
    outcome = await _under_lease(desk, one, plan, counterpart)
    return replace(outcome, result="waiting") if waits else outcome


def _is_in_step(link: Link, plan: SyncPlan, counterpart: Counterpart) -> bool:
    """What hangs below a task goes to the plan that it is in, also where its place is held: the link must name that.
    A conflict is listed, and one that is none any more is not."""
    told = link.held == bool(plan.held or refused_of(link.base))
    at_home = link.plan == (counterpart.target.plan or "")
    return not plan.writes and not plan.settles and told and at_home and link.state == "linked"


async def _under_lease(desk: Desk, one: Comparison, plan: SyncPlan, read: Counterpart) -> Outcome:
    async with desk.leased(one.link) as held:
        outcome = await _repair(desk, one, held, plan, read)
    if outcome.result == "later":
        await desk.context.engine.links.release(desk.context.id, held, desk.asked_again(held.key))
    return outcome


async def _repair(desk: Desk, one: Comparison, held: Link, plan: SyncPlan, read: Counterpart) -> Outcome:
    """Both sides are read once more right before they are written: what was planned is minutes old."""
    drifted = bool(held.target) and plan.differs
    replaces = one.target.kind != read.target.kind
    subject = one.subject
    if (plan.writes or replaces) and not desk.exact:
        fresh = await _fresh(desk, subject)
        if fresh is None:
            return Outcome("later", drifted)
        subject = replace(subject, item=fresh)
    if plan.writes or replaces:
        link = held if held.target else replace(held, target=read.id, plan=read.target.plan or "")
        if replaces or plan.overwrites:
            desk.distrust(link.target)
        try:
            read = await desk.read_again(link)
        except Gone:
            return Outcome("later", drifted)
    one = replace(one, subject=subject, link=held, counterpart=without_mark(held, read))
    if replaces:
        await replace_counterpart(desk, one, held)
        return Outcome("updated", drifted, arrived=True)
    if plan.writes:
        plan = with_mark_undone(held, read, await compared(desk, one))
    return await _written(desk, one, held, plan, read, Outcome(_result(plan), drifted))


async def _written(
    desk: Desk, one: Comparison, held: Link, plan: SyncPlan, read: Counterpart, outcome: Outcome
) -> Outcome:
    """`read` is the counterpart as it was read, with our mark in its name where it has one: where OnePlan leaves that,
    it did nothing."""
    subject = one.subject
    try:
        await keep_lost(desk, subject.item, plan.lost)
        done = await apply(desk, held, subject.item, one.counterpart, plan)
    except MustReplace:
        await replace_counterpart(desk, one, held)
        return replace(outcome, arrived=True)
    recorded = await record(desk, subject, held, Before(subject.item, read), plan, done)
    if done.counterpart.target != one.counterpart.target:
        await left(desk, one.counterpart.target)
    await _let_pass(desk, one, plan, done)
    number = work_item_id(recorded.key)
    if desk.context.run and recorded.arrived and not held.arrived and number is not None:
        await desk.send(number)  # whoever looks at it tells what hangs below it
    return replace(outcome, arrived=recorded.arrived)


async def _let_pass(desk: Desk, one: Comparison, plan: SyncPlan, done: Written) -> None:
    """Where two items were moved below each other, one on each side, the one that has to move first is looked at now,
    and the other one as soon as it has moved."""
    item = one.subject.item.item
    met = plan.residues.get(PARENT) == CROSSED and not _is_crossed(one.link.base)
    there = one.counterpart.target.parent if done.moved or met else None
    for key in (
        work_item_key(item.parent) if item.parent and (done.rehung or met) else None,
        await desk.context.engine.links.by_target(desk.context.id, there) if there else None,
    ):
        number = work_item_id(key) if key else None
        if key and number is not None and (met or await _is_kept_from_moving(desk, key)):
            await desk.send(number)


async def _is_kept_from_moving(desk: Desk, key: str) -> bool:
    link = await desk.context.engine.links.get(desk.context.id, key)
    return link is not None and (link.held or _is_crossed(link.base))


def _is_crossed(base: Base | None) -> bool:
    return base is not None and base.residues.get(PARENT) == CROSSED


def _result(plan: SyncPlan) -> Result:
    return "held" if plan.held else "updated" if plan.writes else "settled"


async def _fresh(desk: Desk, subject: Subject) -> ItemSnapshot | None:
    """The item as it is now; None, and a message to look at it anew, where its place may have changed since."""
    number = work_item_id(subject.item.key)
    if number is None:
        return subject.item
    found = await desk.context.sides.azure_devops.read([number])
    if found.items and _same_place(found.items[0], subject.item):
        return found.items[0]
    await desk.send(number)
    return None


def _same_place(first: ItemSnapshot, second: ItemSnapshot) -> bool:
    return replace(first.item, title="") == replace(second.item, title="")
