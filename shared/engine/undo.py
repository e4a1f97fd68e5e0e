"""A value that was written over comes back by a click, where nobody has changed it since (R16, R33).

It is written as a person would write it: the pair then finds an edit of that side and takes it to the other.
"""

from datetime import UTC, datetime

from shared.core.errors import NotFound, Rejected, Stale
from shared.core.model import Raw
from shared.core.snapshots import Counterpart, ItemSnapshot, marker_item, work_item_id
from shared.engine.by_person import look_again
from shared.engine.parts import Engine
from shared.ports import ActivityEntry, StoredConnection
from shared.ports.remotes import OnePlanItems, Sides
from shared.refusals import NotUndone, UnknownEntry

# What put one value of one field in the place of another. "overwritten" tells of the value that a policy dropped.
REVERSIBLE = ("updated", "overwritten")


async def undo(engine: Engine, connection: StoredConnection, reference: str) -> ActivityEntry:
    """What the field held before, it holds again; the activity tells so, and the item is looked at.

    UnknownEntry where there is no such entry, NotUndone where it cannot be or somebody changed the field since.
    """
    entry = await engine.activity.get(connection.id, reference)
    if entry is None:
        raise UnknownEntry(f"connection {connection.id} has no activity {reference[:80]!r}; it may be too old")
    _check(connection, entry)
    async with engine.remotes.open(connection, "interactive") as sides:
        try:
            held = await _put_back(engine, connection, sides, entry)
        except NotFound as error:
            raise NotUndone(f"{_named(entry)} is not there any more: {error}") from None
        except Stale:
            raise NotUndone(f"{_named(entry)} was changed at this moment; try again") from None
        except Rejected as error:
            raise NotUndone(str(error)) from None
    done = _entry(entry, held)
    await engine.activity.add(connection.id, [done])
    await look_again(engine, connection.id, [entry.key])
    return done


def _check(connection: StoredConnection, entry: ActivityEntry) -> None:
    if entry.action not in REVERSIBLE or entry.field not in _fields(connection, entry):
        raise NotUndone(f"this change of {_named(entry)} is undone by hand only: it is no value of a mapped field")
    if entry.side == "azure-devops" and not connection.configuration.options.allow_one_plan_edits:
        raise NotUndone("the connection writes nothing to Azure DevOps; turn that option on, or do it there")
    if not entry.whole:
        raise NotUndone(f"the value of {entry.field} is not kept any more")


def _fields(connection: StoredConnection, entry: ActivityEntry) -> frozenset[str]:
    mapping = connection.mapping.fields
    pairs = (*mapping.plans, *mapping.tasks)
    return frozenset(one.azure_devops if entry.side == "azure-devops" else one.oneplan for one in pairs)


async def _put_back(engine: Engine, connection: StoredConnection, sides: Sides, entry: ActivityEntry) -> Raw:
    """The value that was there until now."""
    values = {entry.field: entry.before}
    if entry.side == "azure-devops":
        item = await _work_item(sides, entry)
        held = item.values.get(entry.field)
        if _differs(entry, held):
            await sides.azure_devops.update(item, values)
        return held
    there = await _counterpart(engine, connection, sides.oneplan, entry)
    held = there.values.get(entry.field)
    if _differs(entry, held):
        await sides.oneplan.update(there, values)
    return held


async def _work_item(sides: Sides, entry: ActivityEntry) -> ItemSnapshot:
    found = (await sides.azure_devops.read([work_item_id(entry.key) or 0])).items
    if not found:
        raise NotUndone(f"{_named(entry)} is deleted, or may not be read")
    return found[0]


async def _counterpart(
    engine: Engine, connection: StoredConnection, oneplan: OnePlanItems, entry: ActivityEntry
) -> Counterpart:
    link = await engine.links.get(connection.id, entry.key)
    if link is None or not link.target:
        raise NotUndone(f"{_named(entry)} is not connected to OnePlan any more")
    return await (oneplan.plan(link.target) if link.kind == "plan" else oneplan.task(link.plan, link.target))


def _differs(entry: ActivityEntry, held: Raw) -> bool:
    """Whether there is anything to write. NotUndone where the field holds neither of the two values of the entry.

    What a policy dropped names no second value: it comes back over whatever won.
    """
    if (held or None) == (entry.before or None):
        return False
    if entry.action == "updated" and (held or None) != (entry.after or None):
        raise NotUndone(f"{entry.field} of {_named(entry)} was changed since; what it holds now would be lost")
    return True


def _entry(undone: ActivityEntry, held: Raw) -> ActivityEntry:
    now = datetime.now(UTC)
    return ActivityEntry(
        id=f"undo-{undone.reference}-{now.isoformat()}",
        key=undone.key,
        title=undone.title,
        field=undone.field,
        side=undone.side,
        action="updated",
        before=held,
        after=undone.before,
        cause="person",
        run="",
        at=now,
        note=f"undoes {undone.reference}",
    )


def _named(entry: ActivityEntry) -> str:
    kind = "work item" if work_item_id(entry.key) is not None else "team project"
    return f"{kind} {marker_item(entry.key)}"
