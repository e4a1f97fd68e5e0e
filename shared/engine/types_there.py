"""Which work item type a counterpart's type stands for, and whether the work item may become one (R3, R11)."""

from dataclasses import replace
from itertools import batched

from shared.core.base import Base
from shared.core.retype import AS_AGREED, TypeThere
from shared.core.snapshots import Target, TargetKind, work_item_id
from shared.engine.bodies import Subject
from shared.engine.desk import Desk
from shared.engine.parts import Context
from shared.engine.scan import READ_AT_ONCE
from shared.ports import Link

NOT_BROUGHT_IN = "in OnePlan its type is now {type}, which is none of the {kind} types of this connection"
NOT_IN_PROJECT = "in OnePlan its type is now {type}, which team project {project} does not have"
NOT_BELOW = "in OnePlan its type is now {type}, which cannot stand below what is above it in Azure DevOps"
NOT_ABOVE = "in OnePlan its type is now {type}, which cannot stand above what is below it in Azure DevOps"


def type_there(context: Context, subject: Subject, there: Target, base: Base | None) -> TypeThere:
    """The work item type that the counterpart's new type stands for: the one of its name, in any letter case."""
    if base is None or there.type in (base.target.type, subject.type):
        return AS_AGREED
    setup, project = context.setup, subject.item.item.project
    known = setup.plan_types if there.kind == "plan" else setup.work_types
    folded = next((name for name, id_ in known.items() if id_ == there.type), there.type)
    types = next((one.types for one in setup.projects if one.project.casefold() == project.casefold()), ())
    name = next((one for one in types if one.casefold() == folded), "")
    if context.types.kind(folded) != there.kind:
        return TypeThere(name or folded, NOT_BROUGHT_IN.format(type=name or folded, kind=there.kind))
    return TypeThere(name or folded, "" if name else NOT_IN_PROJECT.format(type=folded, project=project))


async def fitting(desk: Desk, subject: Subject, known: TypeThere, above: str | None) -> TypeThere:
    """With what keeps a plan of that level from standing below `above`, the key of a work item, and above what hangs
    below it."""
    if not known.name or known.problem or subject.kind == "task":
        return known
    link = await desk.link(above) if above and work_item_id(above) is not None else None
    if link is not None and not may_hang(desk, "plan", known.name, link):
        return replace(known, problem=NOT_BELOW.format(type=known.name))
    fits = await _may_stand_above(desk, subject, known.name)
    return known if fits else replace(known, problem=NOT_ABOVE.format(type=known.name))


async def _may_stand_above(desk: Desk, subject: Subject, name: str) -> bool:
    """Whether all plans that hang below the work item are of lower levels."""
    types = desk.context.types
    for part in batched(await desk.below(work_item_id(subject.item.key) or 0), READ_AT_ONCE, strict=False):
        below = [one.item.type for one in (await desk.context.sides.azure_devops.read(part)).items]
        if any(types.kind(one) == "plan" and not types.above(name, one) for one in below):
            return False
    return True


def may_hang(desk: Desk, kind: TargetKind, type_name: str, above: Link) -> bool:
    """Tasks hang below anything; a plan only below one of a higher level."""
    if kind == "task":
        return True
    names = {id_: name for name, id_ in desk.context.setup.plan_types.items()}
    if above.base is None or above.base.target.type not in names:
        return False
    return desk.context.types.above(names[above.base.target.type], type_name)
