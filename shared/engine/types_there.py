"""Looks up what is to be known of a type that was chosen in OnePlan (R3, R11)."""

from itertools import batched

from shared.core.base import Base
from shared.core.snapshots import Target, work_item_id
from shared.core.type_there import AS_AGREED, TypeThere, fitting, named
from shared.core.types import ProjectTypes
from shared.engine.bodies import Subject
from shared.engine.desk import Desk
from shared.engine.parts import Context
from shared.engine.scan import READ_AT_ONCE
from shared.ports import Link


def type_there(context: Context, subject: Subject, there: Target, base: Base | None) -> TypeThere:
    """The work item type that the counterpart's new type stands for. Nothing is looked up where it is as agreed."""
    if base is None or there.type in (base.target.type, subject.type):
        return AS_AGREED
    setup, project = context.setup, subject.item.item.project
    known = setup.plan_types if there.kind == "plan" else setup.work_types
    called = next((name for name, id_ in known.items() if id_ == there.type), there.type)
    of_project = (one for one in setup.projects if one.project.casefold() == project.casefold())
    return named(called, there.kind, context.types, next(of_project, ProjectTypes(project, (), ())))


async def with_neighbours(desk: Desk, subject: Subject, known: TypeThere, above: str | None) -> TypeThere:
    """With what keeps a plan of that level from standing below `above`, the key of a work item or team project, and
    above what hangs below it. What hangs there is read only where the rest fits."""
    if not known.name or known.problem or subject.kind == "task":
        return known
    link = await desk.link(above) if above and work_item_id(above) is not None else None
    higher = type_above(desk.context, link) if link else None
    checked = fitting(known, desk.context.types, higher, ())
    return checked if checked.problem else fitting(known, desk.context.types, higher, await _types_below(desk, subject))


async def _types_below(desk: Desk, subject: Subject) -> list[str]:
    below = await desk.below(work_item_id(subject.item.key) or 0)
    parts = [await desk.context.sides.azure_devops.read(part) for part in batched(below, READ_AT_ONCE, strict=False)]
    return [one.item.type for part in parts for one in part.items]


def type_above(context: Context, above: Link) -> str:
    """The type of the plan as it was agreed on last, by its name; "" where it is none of a plan."""
    agreed = above.base.target.type if above.base else ""
    return next((name for name, id_ in context.setup.plan_types.items() if id_ == agreed), "")
