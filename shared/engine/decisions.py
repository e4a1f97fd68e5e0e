"""What is to be done for one pair, with all that is looked up for it (design.md, decisions 2 and 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.actions import PARENT, TYPE, SyncPlan
from shared.core.decide import Pair, decide
from shared.core.model import Both, Raw, Side
from shared.core.place import Above, is_moved, would_cycle
from shared.core.snapshots import Counterpart, Target, marker_item, work_item_id, work_item_key
from shared.core.type_there import AS_AGREED
from shared.engine.apply import TYPE_FIELD
from shared.engine.bodies import Subject, parent_key
from shared.engine.desk import Desk
from shared.engine.iterations import learn_iterations
from shared.engine.types_there import type_above, type_there, with_neighbours
from shared.ports import Link
from shared.ports.trust import Conflict

NOT_CONNECTED = "in OnePlan it stands below something that is connected with no work item"
WRONG_ORDER = "in OnePlan it stands below a plan of a level that cannot be above it in Azure DevOps"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair that is there on both sides. `target` is where the counterpart belongs; where it `waits` for that to be
    there, its present place."""

    subject: Subject
    link: Link
    counterpart: Counterpart
    target: Target
    waits: bool = False


async def compared(desk: Desk, one: Comparison) -> SyncPlan:
    """The actions for the pair. The times of changes are asked for only where a conflict is decided by them."""
    pair = await pair_of(desk, one)
    await learn_iterations(desk.context, one.subject.item.item, one.counterpart, one.link.base)
    convert = desk.context.convert_for(one.subject.item.item)
    plan = decide(pair, convert)
    held = {one.field for one in plan.held}
    undecided = {key: names for key, names in _by_time(pair).items() if key in held}
    if not undecided:
        return plan
    return decide(replace(pair, changed_at=await _times(desk, one, undecided)), convert)


def _by_time(pair: Pair) -> dict[str, Both[str]]:
    """What the later change decides, and what it is called on each side. Moves have no times (docs/adr/0005)."""
    found = {one.key: Both(one.azure_devops, one.oneplan) for one in pair.fields if one.rule.policy == "latest"}
    return {**found, TYPE: Both(TYPE_FIELD, TYPE)} if pair.policy == "latest" else found


def created(desk: Desk, subject: Subject, target: Target) -> SyncPlan:
    """The counterpart as it is to be made."""
    pair = Pair(desk.context.mapping.pairs(subject.kind), subject.item.values, None, target, None)
    return decide(pair, desk.context.convert_for(subject.item.item))


async def pair_of(desk: Desk, one: Comparison) -> Pair:
    context, there, base = desk.context, one.counterpart, one.link.base
    crossed = one.target.parent != there.target.parent and await desk.stands_above(there, one.target)
    moved = not one.waits and is_moved(there.target, base)
    typed = AS_AGREED if one.waits else type_there(desk.context, one.subject, there.target, base)
    moved_to = await _above(desk, one, typed.name) if crossed or moved else Above()
    follows = moved and not moved_to.problem and not moved_to.cycle
    is_item = work_item_id(one.subject.item.key) is not None
    writes = context.configuration.options.allow_one_plan_edits and is_item
    if writes:
        typed = await with_neighbours(desk, one.subject, typed, moved_to.key if follows else parent_key(one.subject))
    above = parent_key(one.subject) or None
    aside = {PARENT: (above, moved_to.key), TYPE: (one.subject.item.item.type, typed.name)}
    return Pair(
        fields=context.mapping.pairs(there.target.kind),
        azure_devops=one.subject.item.values,
        counterpart=there,
        target=one.target,
        base=base,
        marked=there.marked(context.integration, marker_item(one.subject.item.key)),
        may_write_azure_devops=writes,
        put_back=context.configuration.on_one_plan_edit_when_import_only == "put-back" or not is_item,
        above=above,
        moved_to=moved_to,
        crossed=crossed,
        type_name=one.subject.item.item.type,
        type_there=typed,
        waits=one.waits,
        policy=context.configuration.conflict_policy,
        winners=await _choices(desk, one, aside),
    )


async def _choices(desk: Desk, one: Comparison, aside: Mapping[str, tuple[Raw, Raw]]) -> Mapping[str, Side]:
    """What a person chose for the fields that are in conflict, as long as these hold what the person saw. `aside` is
    what both sides hold beside the mapped fields."""
    if not one.link.held:
        return {}
    held = await desk.context.engine.conflicts.of_item(desk.context.id, one.link.key)
    chosen = [conflict for conflict in held if conflict.choice and _stands(desk, one, aside, conflict)]
    return {conflict.field: Side(conflict.choice) for conflict in chosen}


def _stands(desk: Desk, one: Comparison, aside: Mapping[str, tuple[Raw, Raw]], conflict: Conflict) -> bool:
    """A choice was made between two values: where either has changed since, a person has to look again."""
    if conflict.field in aside:
        return conflict.is_about(*aside[conflict.field])
    pairs = desk.context.mapping.pairs(one.counterpart.target.kind)
    pair = next((pair for pair in pairs if pair.key == conflict.field), None)
    if pair is None:
        return True
    return conflict.is_about(one.subject.item.values.get(pair.azure_devops), one.counterpart.values.get(pair.oneplan))


async def _above(desk: Desk, one: Comparison, type_name: str) -> Above:
    """The work item that stands above by OnePlan's word, and whether the item may hang there as one of that type, ""
    for the one that it has."""
    there = one.counterpart.target
    id_ = there.parent or (there.plan if there.kind == "task" else None)
    if id_ is None:
        return Above()
    links = desk.context.engine.links
    key = await links.by_target(desk.context.id, id_)
    above = await links.get(desk.context.id, key) if key else None
    if key is None or above is None or above.state != "linked":
        return Above(problem=NOT_CONNECTED)  # what has left the scope is passed over, so nothing hangs below it either
    if work_item_id(key) is None:
        return Above()  # the plan of its team project: the top, in Azure DevOps
    chain = await _chain(desk, key)
    if would_cycle(one.subject.item.key, key, chain):
        return Above(key, cycle=True)
    context, type_name = desk.context, type_name or one.subject.item.item.type
    fits = there.kind == "task" or context.types.above(type_above(context, above), type_name)
    return Above(key, problem="" if fits else WRONG_ORDER)


async def _chain(desk: Desk, key: str) -> Mapping[str, str | None]:
    """From each key to the one above it in Azure DevOps, from this one upwards: as it is now, since what was moved
    there may not be recorded yet."""
    chain: dict[str, str | None] = {}
    at: str | None = key
    while at is not None and at not in chain:
        number = work_item_id(at)
        found = (await desk.context.sides.azure_devops.read([number])).items if number is not None else ()
        parent = found[0].item.parent if found else None
        chain[at] = work_item_key(parent) if parent else None
        at = chain[at]
    return chain


async def _times(desk: Desk, one: Comparison, names: Mapping[str, Both[str]]) -> Mapping[str, Both[datetime | None]]:
    """When each side changed these fields since the last agreement (docs/adr/0005)."""
    number = work_item_id(one.subject.item.key)
    if number is None:
        return {}
    sides, link = desk.context.sides, one.link
    there = await sides.azure_devops.changed_since(number, link.rev, [both.azure_devops for both in names.values()])
    here = await sides.oneplan.changed_at(one.counterpart, [both.oneplan for both in names.values()], link.modified)
    return {key: Both(there.get(both.azure_devops), here.get(both.oneplan)) for key, both in names.items()}
