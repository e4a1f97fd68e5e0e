"""One pair: compare, decide, write, record (design.md, The one idea)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from shared.core.actions import Action, Create, Hold, Mark, Move, SyncPlan, Update, Wait
from shared.core.base import Base, kept
from shared.core.decide import ALTERED, Pair, decide
from shared.core.errors import Rejected
from shared.core.mapping import FieldPair
from shared.core.model import Both, Raw, Side, Unconvertible
from shared.core.snapshots import Counterpart, ItemSnapshot, Target, marker_item, work_item_id
from shared.engine.bodies import Subject
from shared.engine.create import create
from shared.engine.desk import Desk, Gone
from shared.engine.lay_out import parent_key
from shared.engine.requests import send_item
from shared.ports import Link, WaitingItem

type Result = Literal["created", "updated", "settled", "unchanged", "waiting", "held", "gone", "later"]

TYPE_CHANGED = (
    "it is a {there} in OnePlan, and its work item type now makes it a {wanted}. Disconnect it and let it be created "
    "anew, or give the work item its former type."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item. `drifted`: a linked pair was found out of step."""

    result: Result
    drifted: bool = False


@dataclass(frozen=True, slots=True)
class _Both:
    """Both sides after the writes."""

    item: ItemSnapshot
    counterpart: Counterpart


async def reconcile(desk: Desk, subject: Subject) -> Outcome:
    """The pair is in step, or its outcome says what it waits for. Raises what the remote systems refuse.

    A pair that is in step costs no call and no write.
    """
    link = await desk.link(subject.item.key)
    if link is not None and link.rev > subject.item.rev:
        return Outcome("unchanged")  # somebody brought a newer revision over meanwhile
    _check_kind(subject, link)
    try:
        counterpart = await desk.counterpart(subject, link)
        plan = await _plan(desk, subject, link, counterpart)
        if not plan.actions and not plan.settles:
            return Outcome("unchanged")
        first = plan.actions[0] if plan.actions else None
        if isinstance(first, Wait):
            return await _wait(desk, subject, first)
        return await _leased(desk, subject, link, counterpart, plan)
    except Gone:
        return Outcome("gone")


def _check_kind(subject: Subject, link: Link | None) -> None:
    if link is not None and link.target and link.kind != subject.kind:
        raise Rejected(TYPE_CHANGED.format(there=link.kind, wanted=subject.kind))


async def _plan(desk: Desk, subject: Subject, link: Link | None, counterpart: Counterpart | None) -> SyncPlan:
    return await _decided(desk, subject, link, counterpart, await desk.target(subject))


async def _decided(
    desk: Desk, subject: Subject, link: Link | None, counterpart: Counterpart | None, target: Target | Wait
) -> SyncPlan:
    context = desk.context
    item = marker_item(subject.item.key)
    is_item = work_item_id(subject.item.key) is not None
    pair = Pair(
        fields=context.mapping.pairs(subject.kind),
        azure_devops=subject.item.values,
        counterpart=counterpart,
        target=target,
        base=link.base if link else None,
        marked=counterpart is None or counterpart.marked(context.integration, item),
        may_write_azure_devops=context.configuration.options.allow_one_plan_edits and is_item,
    )
    return decide(pair, context.convert.for_type(subject.item.item.type))


async def _wait(desk: Desk, subject: Subject, wait: Wait) -> Outcome:
    """Noted as waiting; where the item above was linked in that very moment, this one goes on at once."""
    waiting = WaitingItem(subject.item.key, wait.parent, subject.item.item.title)
    await desk.context.engine.waiting.add(desk.context.id, waiting)
    again = await desk.target(subject)
    if isinstance(again, Wait) and again == wait:
        return Outcome("waiting")
    await desk.context.engine.waiting.remove(desk.context.id, waiting)
    return await reconcile(desk, subject)


async def _leased(
    desk: Desk, subject: Subject, link: Link | None, counterpart: Counterpart | None, plan: SyncPlan
) -> Outcome:
    context, key = desk.context, subject.item.key
    held = await context.engine.links.acquire(context.id, link or Link(key, "linking", subject.kind))
    recorded = False
    try:
        outcome = await (
            _repair(desk, subject, held, counterpart, plan) if counterpart else _create(desk, subject, held, plan)
        )
        recorded = outcome.result != "later"
    finally:
        if not recorded:
            await context.engine.links.release(context.id, held)
    return outcome


async def _create(desk: Desk, subject: Subject, held: Link, plan: SyncPlan) -> Outcome:
    wanted = plan.actions[0]
    assert isinstance(wanted, Create)  # noqa: S101 - the caller looked
    made, recovered = await create(desk, held, subject, wanted)
    if recovered:
        plan = await _decided(desk, subject, None, made, wanted.target)
        sides = await _apply(desk, held, _Both(subject.item, made), plan.actions)
        await _record(desk, subject, held, sides, plan)
    else:
        await _record(desk, subject, held, _Both(subject.item, made), plan)
    await desk.context.engine.intents.forget(desk.context.id, [subject.item.key])
    return Outcome("created")


async def _repair(desk: Desk, subject: Subject, held: Link, counterpart: Counterpart | None, plan: SyncPlan) -> Outcome:
    """Both sides are read once more right before they are written: what was planned is minutes old."""
    assert counterpart is not None  # noqa: S101 - without one the plan is to create it
    drifted = bool(held.target) and plan.differs
    if plan.writes and not desk.exact:
        fresh = await _fresh(desk, subject)
        if fresh is None:
            return Outcome("later", drifted)
        subject = replace(subject, item=fresh)
    if plan.writes:
        link = held if held.target else replace(held, target=counterpart.id, plan=counterpart.target.plan or "")
        counterpart = await desk.read_again(link)
        plan = await _plan(desk, subject, held, counterpart)
    sides = await _apply(desk, held, _Both(subject.item, counterpart), plan.actions)
    await _record(desk, subject, held, sides, plan)
    held_back = any(isinstance(action, Hold) for action in plan.actions)
    return Outcome("held" if held_back else "updated" if plan.writes else "settled", drifted)


async def _fresh(desk: Desk, subject: Subject) -> ItemSnapshot | None:
    """The item as it is now; None, and a message to look at it anew, where its place may have changed since."""
    number = work_item_id(subject.item.key)
    if number is None:
        return subject.item
    found = await desk.context.sides.azure_devops.read([number])
    if found.items and found.items[0].item == subject.item.item:
        return found.items[0]
    if found.items and _same_place(found.items[0], subject.item):
        return found.items[0]
    await send_item(desk.context.engine, desk.context.id, number)
    return None


def _same_place(first: ItemSnapshot, second: ItemSnapshot) -> bool:
    return replace(first.item, title="") == replace(second.item, title="")


async def _apply(desk: Desk, held: Link, sides: _Both, actions: tuple[Action, ...]) -> _Both:
    for action in actions:
        held = await desk.context.engine.links.keep(desk.context.id, held)
        sides = await _applied(desk, sides, action)
    return sides


async def _applied(desk: Desk, sides: _Both, action: Action) -> _Both:
    oneplan = desk.context.sides.oneplan
    match action:
        case Move(target):
            return replace(sides, counterpart=await oneplan.move(sides.counterpart, target))
        case Update(Side.ONEPLAN, values):
            return replace(sides, counterpart=await oneplan.update(sides.counterpart, values))
        case Update(_, values):
            return replace(sides, item=await desk.context.sides.azure_devops.update(sides.item, values))
        case Mark():
            return replace(sides, counterpart=await _marked(desk, sides))
        case Create() | Wait() | Hold():
            return sides


async def _marked(desk: Desk, sides: _Both) -> Counterpart:
    oneplan, there, item = desk.context.sides.oneplan, sides.counterpart, sides.item
    marker = (desk.context.integration, marker_item(item.key), item.url)
    if there.target.kind == "task":
        return await oneplan.mark_task(there, *marker)
    await oneplan.mark_plan(there.id, *marker)
    return there


async def _record(desk: Desk, subject: Subject, held: Link, sides: _Both, plan: SyncPlan) -> None:
    """The link says what the sides agree on: for a written side what it answered (decision 5)."""
    there, context = sides.counterpart, desk.context
    pairs = context.mapping.pairs(there.target.kind)
    residues = {**plan.residues, **_altered(desk, pairs, plan, sides)}
    fields = {pair.key: _agreed(pair, plan, sides) for pair in pairs if pair.key in plan.agreed}
    linked = replace(
        held,
        state="linked",
        kind=there.target.kind,
        target=there.id,
        plan=there.target.plan or "",
        rev=sides.item.rev,
        modified=there.modified,
        base=Base(fields, there.target, parent_key(subject), context.mapping.version, residues),
    )
    recorded = await context.engine.links.record(context.id, linked)
    desk.note(recorded)
    number = work_item_id(subject.item.key)
    if recorded.pending and number is not None:
        await send_item(context.engine, context.id, number)


def _written(plan: SyncPlan) -> Mapping[Side, Mapping[str, Raw]]:
    written: dict[Side, Mapping[str, Raw]] = {}
    for action in plan.actions:
        match action:
            case Create(_, values):
                written[Side.ONEPLAN] = values
            case Update(side, values):
                written[side] = values
    return written


def _agreed(pair: FieldPair, plan: SyncPlan, sides: _Both) -> Both[Raw]:
    agreed, written = plan.agreed[pair.key], _written(plan)
    created = any(isinstance(action, Create) for action in plan.actions)
    if created or pair.oneplan in written.get(Side.ONEPLAN, {}):
        agreed = agreed.replaced(Side.ONEPLAN, kept(sides.counterpart.values.get(pair.oneplan)))
    if pair.azure_devops in written.get(Side.AZURE_DEVOPS, {}):
        agreed = agreed.replaced(Side.AZURE_DEVOPS, kept(sides.item.values.get(pair.azure_devops)))
    return agreed


def _altered(desk: Desk, pairs: tuple[FieldPair, ...], plan: SyncPlan, sides: _Both) -> Mapping[str, str]:
    """The fields that were written and that the side keeps in another form than it was sent."""
    written, convert = _written(plan), desk.context.convert.for_type(sides.item.item.type)
    altered: dict[str, str] = {}
    for pair in pairs:
        for side, name, values in (
            (Side.ONEPLAN, pair.oneplan, sides.counterpart.values),
            (Side.AZURE_DEVOPS, pair.azure_devops, sides.item.values),
        ):
            if name in written.get(side, {}):
                sent = convert.canonical(side, pair, written[side][name])
                stored = convert.canonical(side, pair, values.get(name))
                if not isinstance(sent, Unconvertible) and sent != stored:
                    altered[pair.key] = ALTERED
    return altered
