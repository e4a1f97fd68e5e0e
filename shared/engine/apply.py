"""Does what was decided for a pair, in its order, each write under the lease (design.md, decisions 4, 5 and 8)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.core.actions import PARENT, Move, Rehang, Retype, SyncPlan, Update
from shared.core.errors import FieldRefusal, NotFound, PermissionMissing, Rejected
from shared.core.model import Raw, Side
from shared.core.snapshots import Counterpart, ItemSnapshot, Reparent, marker_item, work_item_id
from shared.engine.desk import Desk
from shared.engine.oneplan_fields import check_unedited, write_fields
from shared.engine.written import Written
from shared.ports import Link

PARENT_FIELD, TYPE_FIELD = "System.Parent", "System.WorkItemType"


class MustReplace(Exception):
    """OnePlan does not move the task to its other plan, so a new one is to take its place."""


async def apply(desk: Desk, held: Link, item: ItemSnapshot, there: Counterpart, plan: SyncPlan) -> Written:
    """Both sides as they are afterwards. Raises what keeps the whole item from being written."""
    done = Written(item, there)
    done = await _azure_devops(desk, held, done, plan)
    for action in plan.actions:
        match action:
            case Move():
                await desk.context.engine.links.keep(desk.context.id, held)
                desk.moved()
                done = replace(done, counterpart=await _moved(desk, done.counterpart, action), moved=True)
            case Update(Side.ONEPLAN, values):
                check_unedited(there, done.counterpart, values)
                done = await write_fields(desk, held, done, values)
    if not done.counterpart.marked(desk.context.integration, marker_item(item.key)):
        done = replace(done, counterpart=await _marked(desk, done))
    return done


async def _moved(desk: Desk, there: Counterpart, action: Move) -> Counterpart:
    """Where OnePlan moves no task, or leaves it where it was, a new one is to take its place."""
    try:
        return await desk.context.sides.oneplan.move(there, action.target)
    except Rejected as error:
        if there.target.kind == "task":
            raise MustReplace from error
        raise


async def _azure_devops(desk: Desk, held: Link, done: Written, plan: SyncPlan) -> Written:
    """All that goes to Azure DevOps in one patch; what it refuses goes without the fields that it names (R26)."""
    values: dict[str, Raw] = {}
    parent: Reparent | None = None
    for action in plan.actions:
        match action:
            case Update(Side.AZURE_DEVOPS, sent):
                values |= sent
            case Retype(name):
                values |= {TYPE_FIELD: name}
            case Rehang(above):
                parent = Reparent(work_item_id(above) if above else None)
    parcels = [_Parcel(values, parent)] if values or parent else []
    while parcels:
        await desk.context.engine.links.keep(desk.context.id, held)
        done, again = await _sent(desk, done, parcels.pop(0))
        parcels = [*again, *parcels]
    return done


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What goes in one patch."""

    values: Mapping[str, Raw]
    parent: Reparent | None = None

    @property
    def parts(self) -> "list[_Parcel]":
        """Each thing by itself."""
        alone = [_Parcel({name: value}) for name, value in self.values.items()]
        return [*alone, *([_Parcel({}, self.parent)] if self.parent else [])]

    def without(self, refused: Mapping[str, str]) -> "list[_Parcel]":
        left = {name: value for name, value in self.values.items() if name not in refused}
        parent = None if PARENT in refused else self.parent
        return [_Parcel(left, parent)] if left or parent else []


async def _sent(desk: Desk, done: Written, parcel: _Parcel) -> tuple[Written, list[_Parcel]]:
    """What is written now, and what is to be sent again without what was refused. Where Azure DevOps does not say what
    it refuses, each thing goes by itself."""
    try:
        item = await desk.context.sides.azure_devops.update(done.item, parcel.values, parcel.parent)
    except (NotFound, PermissionMissing):
        raise
    except Rejected as error:
        refused = _refused(error, parcel)
        if not refused and len(parcel.parts) > 1:
            return done, parcel.parts
        refused = refused or {_name(parcel): str(error)}
        return done.with_refused(Side.AZURE_DEVOPS, refused), parcel.without(refused)
    sent = replace(done, item=item, rehung=done.rehung or parcel.parent is not None)
    return sent.with_sent(Side.AZURE_DEVOPS, parcel.values), []


def _name(parcel: _Parcel) -> str:
    return next(iter(parcel.values), PARENT)


def _refused(error: Rejected, parcel: _Parcel) -> dict[str, str]:
    """What Azure DevOps names as refused, with its reason."""
    named = {one.field: one.reason for one in error.fields if one.field in parcel.values}
    if parcel.parent is not None and any(one.field == PARENT_FIELD for one in error.fields):
        named[PARENT] = _reason(error.fields)
    return named


def _reason(fields: tuple[FieldRefusal, ...]) -> str:
    return next(one.reason for one in fields if one.field == PARENT_FIELD)


async def _marked(desk: Desk, done: Written) -> Counterpart:
    oneplan, there, item = desk.context.sides.oneplan, done.counterpart, done.item
    marker = (desk.context.integration, marker_item(item.key), item.url)
    if there.target.kind == "task":
        return await oneplan.mark_task(there, *marker)
    await oneplan.mark_plan(there.id, *marker)
    return there
