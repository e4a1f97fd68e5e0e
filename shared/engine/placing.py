"""Where one work item belongs, by what stands above it as it is now (R3 to R6, R18)."""

from shared.core.actions import PARENT
from shared.core.ancestry import LeftOut
from shared.core.scope import in_scope
from shared.core.snapshots import ItemSnapshot, Target, work_item_id
from shared.engine.bodies import Subject
from shared.engine.desk import Desk
from shared.engine.lay_out import add_ancestors, ancestry_of, project_subject, rules_of, subject_at
from shared.engine.parts import Context, key_of_project
from shared.engine.reconcile import reconcile
from shared.ports import Link


async def subject_of(desk: Desk, items: dict[int, ItemSnapshot], number: int, link: Link | None) -> Subject | LeftOut:
    """Where the item belongs; its ancestors are among the items afterwards, where they were needed.

    What was above it at the last agreement, as the link says, counts as long as its parent and type are the same. None:
    its ancestors are read.
    """
    context, item = desk.context, items[number]
    known = await _as_agreed(context, item, link)
    if known is not None:
        return known
    await add_ancestors(context.sides.azure_devops, items)
    condition = await _condition(context, items)
    parted = await _parted_among(desk, items)
    place = ancestry_of(context, [one.item for one in items.values()], condition, parted).place(item.item)
    if isinstance(place, LeftOut):
        return place
    if place.project_plan:
        await _ensure_project(desk, place.project_plan)
    return subject_at(context, item, place)


async def _ensure_project(desk: Desk, project: str) -> None:
    """The team project has its plan: it may be new, or have had no plan at its top until now (R5)."""
    key, subject = project_subject(desk.context, project)
    link = await desk.link(key)
    if link is None or (link.state == "linking" and not link.target):  # begun by an attempt that did not get so far
        await reconcile(desk, subject)


async def _as_agreed(context: Context, item: ItemSnapshot, link: Link | None) -> Subject | None:
    if link is None or link.state != "linked" or link.base is None or item.item.parent != link.parent:
        return None
    if link.held or PARENT in link.base.residues:
        return None  # its place may be open: what was above it when it last was not, tells nothing of now
    kinds = context.setup.plan_types if link.kind == "plan" else context.setup.work_types
    same_type = kinds.get(item.item.type.casefold()) == link.base.target.type
    as_configured = context.types.kind(item.item.type) == link.kind
    if not same_type or not as_configured:
        return None
    condition = await _condition(context, {item.item.id: item})
    if not in_scope(item.item, rules_of(context, condition)):
        return None
    above = link.base.parent or None
    if above is not None and _is_of_another_project(context, item, above):
        return None
    if link.kind == "plan":
        return Subject(item, link.base.target.type, None, above)
    return await _task_as_agreed(context, item, link.base.target, above)


async def _task_as_agreed(context: Context, item: ItemSnapshot, agreed: Target, above: str | None) -> Subject | None:
    """A task names the item of its plan, and the task above it where there is one."""
    home = await context.engine.links.by_target(context.id, agreed.plan or "")
    if home is None or _is_of_another_project(context, item, home):
        return None
    return Subject(item, agreed.type, home, above if above != home else None)


def _is_of_another_project(context: Context, item: ItemSnapshot, above: str) -> bool:
    """The item stands below the plan of a team project that it has left (R5)."""
    return work_item_id(above) is None and key_of_project(context.setup, item.item.project) != above


async def _parted_among(desk: Desk, items: dict[int, ItemSnapshot]) -> frozenset[int]:
    """Those of the items that are disconnected, so that nothing hangs below them; one that had been removed and was
    just seen in OnePlan connects again."""
    found = [await desk.context.engine.links.get(desk.context.id, one.key) for one in items.values()]
    links = [one for one in found if one is not None and one.parted]
    parted = [one for one in links if one.parted != "removed" or one.target not in desk.fresh]
    return frozenset(work_item_id(one.key) or 0 for one in parted)


async def _condition(context: Context, items: dict[int, ItemSnapshot]) -> frozenset[int] | None:
    """Which of the items the connection's WIQL finds; None where it has none."""
    wiql = context.configuration.scope.wiql
    if not wiql:
        return None
    among = f"({wiql}) AND [System.Id] IN ({', '.join(str(one) for one in items)})"
    pages = context.sides.azure_devops.find((), among)
    return frozenset([one async for page in pages for one in page])
