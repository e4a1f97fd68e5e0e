"""The fields of both systems as a connection's mapping may name them (R11)."""

from collections.abc import Mapping, Sequence

from shared.configuration import Connection
from shared.core.fields import SideField, suggested, values_of
from shared.core.mapping import FieldPair, ValueMap
from shared.core.types import ProjectTypes
from shared.mapping_check import LiveFields, TableFields
from shared.ports.remotes import Sides


async def read_live_fields(sides: Sides, configuration: Connection, projects: Sequence[ProjectTypes]) -> LiveFields:
    """The fields of both tables as they are now."""
    plans, tasks = configuration.plan_level_types, configuration.task_types
    found = await sides.azure_devops.live_fields(projects, [*plans, *tasks])
    oneplan = await sides.oneplan.live_fields()
    return LiveFields(_table(plans, found, oneplan["plans"]), _table(tasks, found, oneplan["tasks"]))


def _table(types: tuple[str, ...], found: Sequence[SideField], oneplan: Sequence[SideField]) -> TableFields:
    wanted = {name.casefold() for name in types}
    ours = [one for one in found if wanted & {name.casefold() for name in one.types}]
    return TableFields(types, _by_name(ours), _by_name(oneplan))


def _by_name(fields: Sequence[SideField]) -> Mapping[str, SideField]:
    return {one.name: one for one in fields}


def with_values(pair: FieldPair, table: TableFields) -> FieldPair | None:
    """A pair that is offered with one click, with its likely value map; None where a system lacks its field."""
    first, second = table.azure_devops.get(pair.azure_devops), table.oneplan.get(pair.oneplan)
    if first is None or second is None:
        return None
    if pair.kind != "choice":
        return pair
    return FieldPair(
        pair.azure_devops,
        pair.oneplan,
        pair.kind,
        pair.rule,
        values=ValueMap(suggested(values_of(first, table.types), second.choices)),
    )
