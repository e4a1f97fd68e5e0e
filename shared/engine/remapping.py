"""A changed mapping: checked against both systems, tried on one item, stored, and agreed on anew (R11)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.connections.steps import change
from shared.core.actions import Create, Update
from shared.core.decide import Pair, decide
from shared.core.errors import NotFound
from shared.core.mapping import FieldMapping
from shared.core.model import Both, Raw, Side
from shared.core.revision import revised
from shared.core.snapshots import Counterpart, ItemSnapshot, Target, TargetKind, work_item_key
from shared.engine.iterations import learn_iterations
from shared.engine.live_fields import read_live_fields
from shared.engine.parts import Context, Engine, types_of
from shared.engine.requests import request_full_sync
from shared.engine.setup import kept_setup, read_setup
from shared.mapping_check import LiveFields, check_mapping
from shared.mapping_configuration import MappingConfiguration, StoredMapping
from shared.ports import Link, StoredConnection
from shared.ports.remotes import Sides
from shared.refusals import FieldError, InvalidInput


@dataclass(frozen=True)
class Proposal:
    """What a mapping would come to. `touched`: the linked items of the tables that it changes."""

    mapping: StoredMapping
    warnings: tuple[str, ...]
    touched: int


@dataclass(frozen=True, slots=True)
class FieldTrial:
    """One field of a tried item: what both sides hold, and what would be written to which side."""

    azure_devops: str
    oneplan: str
    held: Both[Raw]
    written: Mapping[Side, Raw]
    residue: str = ""


@dataclass(frozen=True)
class Trial:
    """What a mapping would do to one item; `created`: it has no counterpart yet, so one would be made."""

    work_item: int
    created: bool
    fields: tuple[FieldTrial, ...]


async def live_fields(engine: Engine, connection: StoredConnection) -> LiveFields:
    """The fields of both systems now."""
    async with engine.remotes.open(connection, "interactive") as sides:
        return await _live_fields(engine, connection, sides)


async def propose(
    engine: Engine, connection: StoredConnection, wanted: MappingConfiguration, live: LiveFields | None = None
) -> Proposal:
    """The wanted mapping, checked against the fields there are. InvalidInput names every member that cannot be used;
    nothing is stored."""
    found = live or await live_fields(engine, connection)
    checked = check_mapping(wanted, found, connection.mapping.labels)
    before = connection.mapping
    after = revised(before.fields, checked.mapping.fields)
    mapping = before if after is before.fields else replace(checked.mapping, fields=after)
    return Proposal(mapping, checked.warnings, await _touched(engine, connection.id, before.fields, after))


async def put_mapping(engine: Engine, connection: StoredConnection, proposal: Proposal) -> tuple[StoredConnection, str]:
    """The mapping is in force, and the run that agrees on it anew is under way: "" where the connection is disabled.

    Conflict where another save came first. A mapping that asks for nothing new is stored as it was, without a run.
    """
    if proposal.mapping is connection.mapping:
        return connection, ""
    stored = await change(
        engine.connections,
        connection,
        lambda row: replace(row, mapping=proposal.mapping, version=connection.version + 1),
    )
    return stored, await resync(engine, stored)


async def resync(engine: Engine, connection: StoredConnection) -> str:
    """A full sync is under way; its id, "" where the connection is disabled, half saved, or on its way out."""
    if not connection.configuration.enabled or connection.state != "ready":
        return ""
    return (await request_full_sync(engine, connection.id, "person")).id


async def try_mapping(engine: Engine, connection: StoredConnection, mapping: StoredMapping, number: int) -> Trial:
    """What the mapping would write for one work item, by what both sides hold now. Nothing is written."""
    tried = replace(connection, mapping=mapping)
    async with engine.remotes.open(tried, "interactive") as sides:
        setup = await kept_setup(engine, tried.id) or await read_setup(sides, tried.configuration)
        found = await sides.azure_devops.read([number])
        if not found.items:
            raise InvalidInput((FieldError("/workItem", f"there is no work item {number} that may be read"),))
        context = Context(engine, tried, sides, setup)
        return await _tried(context, found.items[0])


async def _tried(context: Context, item: ItemSnapshot) -> Trial:
    link = await context.engine.links.get(context.id, work_item_key(item.item.id))
    kind = link.kind if link else types_of(context.configuration).kind(item.item.type)
    if kind is None:
        problem = f"work item {item.item.id} is a {item.item.type}, which this connection does not bring in"
        raise InvalidInput((FieldError("/workItem", problem),))
    counterpart = await _counterpart(context.sides, link)
    target = counterpart.target if counterpart else Target(kind, "", None, None)
    pairs = context.mapping.pairs(kind)
    base = link.base if link and counterpart else None
    if counterpart:
        await learn_iterations(context, item.item, counterpart, base)
    writes = context.configuration.options.allow_one_plan_edits
    plan = decide(
        Pair(pairs, item.values, counterpart, target, base, may_write_azure_devops=writes),
        context.convert_for(item.item),
    )
    held = counterpart.values if counterpart else {}
    written = {Side.AZURE_DEVOPS: dict[str, Raw](), Side.ONEPLAN: dict[str, Raw]()}
    for action in plan.actions:
        match action:
            case Update(side, values):
                written[side] |= values
            case Create(_, values):
                written[Side.ONEPLAN] |= values
            case _:
                continue
    fields = [
        FieldTrial(
            pair.azure_devops,
            pair.oneplan,
            Both(item.values.get(pair.azure_devops), held.get(pair.oneplan)),
            {
                side: values[name]
                for side, name in ((Side.AZURE_DEVOPS, pair.azure_devops), (Side.ONEPLAN, pair.oneplan))
                if name in (values := written[side])
            },
            plan.residues.get(pair.key, ""),
        )
        for pair in pairs
    ]
    return Trial(item.item.id, counterpart is None, tuple(fields))


async def _counterpart(sides: Sides, link: Link | None) -> Counterpart | None:
    """The counterpart as it is now; None where there is none."""
    if link is None or not link.target:
        return None
    try:
        if link.kind == "plan":
            return await sides.oneplan.plan(link.target)
        return await sides.oneplan.task(link.plan, link.target)
    except NotFound:
        return None


async def _live_fields(engine: Engine, connection: StoredConnection, sides: Sides) -> LiveFields:
    setup = await kept_setup(engine, connection.id) or await read_setup(sides, connection.configuration)
    return await read_live_fields(sides, connection.configuration, setup.projects)


async def _touched(engine: Engine, connection: str, before: FieldMapping, after: FieldMapping) -> int:
    changed: set[TargetKind] = set()
    if before.plans != after.plans:
        changed.add("plan")
    if before.tasks != after.tasks:
        changed.add("task")
    if not changed:
        return 0
    links = engine.links.list(connection)
    return sum([link.kind in changed and link.state == "linked" async for link in links])
