"""Iterations by name (R11): people may write `Sprint 2` in OnePlan for `Web\\Release 1\\Sprint 2` of Azure DevOps."""

from shared.core.base import Base, kept
from shared.core.mapping import FieldPair
from shared.core.model import Raw
from shared.core.paths import Iterations, is_name
from shared.core.scope import WorkItem
from shared.core.snapshots import Counterpart
from shared.engine.parts import Context


async def learn_iterations(context: Context, item: WorkItem, there: Counterpart, base: Base | None) -> None:
    """`context.convert_for` leads names to the iterations of the item's team project, where OnePlan has a new one.

    They are kept for the page or the item at work, and not read where paths are written, or nothing was.
    """
    project = item.project.casefold()
    pairs = [pair for pair in context.mapping.pairs(there.target.kind) if pair.kind == "iteration"]
    if project in context.iterations or not any(_is_new_name(pair, item, there, base) for pair in pairs):
        return
    context.iterations[project] = Iterations(paths=tuple(await context.sides.azure_devops.iterations(item.project)))


def _is_new_name(pair: FieldPair, item: WorkItem, there: Counterpart, base: Base | None) -> bool:
    raw: Raw = there.values.get(pair.oneplan)
    agreed = base.fields.get(pair.key) if base else None
    return (agreed is None or agreed.oneplan != kept(raw)) and is_name(raw, item.project)
