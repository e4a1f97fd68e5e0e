"""Plans and tasks of OnePlan as counterparts with neutral field names, and values of those as what is written."""

from collections.abc import Mapping
from typing import TypeGuard

from shared.adapters.oneplan.assumptions import EMPTIED, TASK_DUE_FIELD, TASK_ITERATION_FIELD, TASK_START_FIELD
from shared.adapters.oneplan.model import Marker, PlanRecord, TaskRecord
from shared.adapters.oneplan.plans import PlanWrite
from shared.adapters.oneplan.tasks import TaskWrite
from shared.core.errors import NotTaken
from shared.core.model import Raw
from shared.core.snapshots import Counterpart, Target

# Members of an audit row that say where a plan or task is, and of which type.
PLACE = {
    "parent": ("PortfolioParentId", "ParentPlanId", "ParentId", "ParentTaskId", "WorkPlanId"),
    "type": ("PlannerTypeId", "PlanType", "WorkTypeId"),
}
# Neutral names of task fields, and where OnePlan keeps them: dates and the iteration are no members of its request.
TASK_FIELDS = {"StartDate": TASK_START_FIELD, "DueDate": TASK_DUE_FIELD, "Iteration": TASK_ITERATION_FIELD}


def assigned(values: Mapping[str, Raw]) -> list[str]:
    """The people in the values."""
    found = values.get("AssignedTo")
    return [str(one) for one in found] if isinstance(found, tuple) else []


def plan_write(values: Mapping[str, Raw], target: Target | None = None) -> PlanWrite:
    """What is written of a plan; its place only where it is new."""
    own = {"Name", "Owner"}
    return PlanWrite(
        name=_text(values.get("Name")),
        owner=_text(values.get("Owner")),
        type=target.type if target else None,
        parent=target.parent if target else None,
        fields={name: _sendable(value) for name, value in values.items() if name not in own},
    )


def task_write(values: Mapping[str, Raw]) -> TaskWrite:
    """What is written of a task; people are assigned by a call of their own."""
    own = {"Name", "AssignedTo"}
    fields = {TASK_FIELDS.get(name, name): _sendable(value) for name, value in values.items() if name not in own}
    return TaskWrite(name=_text(values.get("Name")), fields=fields)


def _sendable(value: Raw) -> Raw:
    return EMPTIED if value is None else value


def with_the_rest(there: Counterpart, write: TaskWrite) -> TaskWrite:
    """All that the task holds, with what is written over it: for a OnePlan whose updates replace the whole."""
    whole = task_write(there.values)
    people = there.values.get("AssignedTo")
    kept = there.markers[0] if there.markers and not write.unmarked else None
    return TaskWrite(
        name=write.name or whole.name,
        work_type=write.work_type,
        parent=write.parent or there.target.parent,
        marker=write.marker or (Marker(*kept, there.url) if kept else None),
        assignments={str(one): 1.0 for one in people} if isinstance(people, tuple) else None,
        fields={**there.raw_fields, **whole.fields, **write.fields},
        unmarked=write.unmarked,
    )


def lost(before: Counterpart, after: Counterpart, sent: Mapping[str, Raw], *, unmarked: bool) -> bool:
    """Whether the update took away all that it did not name; a person who edits a field meanwhile does not."""
    unsent = [name for name, value in before.values.items() if value and name not in (*sent, "Name")]
    emptied = bool(unsent) and not any(after.values.get(name) for name in unsent)
    return emptied or (not unmarked and bool(before.markers) and not after.markers)


def checked(before: Counterpart, after: Counterpart, values: Mapping[str, Raw]) -> Counterpart:
    """NotTaken where every member sent is as it was before: a 200 that did nothing (section 2 [OBSERVED])."""
    changed = {name: value for name, value in values.items() if before.values.get(name) != value}
    if changed and all(_same(after.values.get(name), before.values.get(name)) for name in changed):
        names = ", ".join(sorted(changed))
        raise NotTaken(f"updating {after.id}: OnePlan answered that it was done and left {names} as it was")
    return after


def _same(first: Raw, second: Raw) -> bool:
    """An empty text and an empty list are nothing; 0 and no are something."""
    empty = (None, "", ())
    return first == second or (first in empty and second in empty)


def _text(value: Raw) -> str | None:
    return None if value is None else str(value)


def plan_of(record: PlanRecord, *, whole: bool = True) -> Counterpart:
    """The plan as the core sees it."""
    values: dict[str, Raw] = {"Name": record.name, **_fields(record.fields)}
    if record.owner:
        values["Owner"] = record.owner
    return Counterpart(
        id=record.id,
        target=Target("plan", record.type or "", None, record.parent),
        values=values,
        markers=tuple((one.integration, one.item) for one in record.markers),
        created=record.created,
        modified=record.modified,
        author=record.author,
        editor=record.editor,
        talk=record.talk,
        whole=whole,
        url=next((one.url for one in record.markers), ""),
        archived=record.archived,
    )


def task_of(record: TaskRecord) -> Counterpart:
    """The task as the core sees it."""
    values: dict[str, Raw] = {"Name": record.name, **_fields(record.fields)}
    for name, value in (("StartDate", record.start), ("DueDate", record.due), ("AssignedTo", record.assigned)):
        values.pop(name, None)
        if value:
            values[name] = value
    iteration = record.fields.get(TASK_ITERATION_FIELD)
    if iteration:
        values["Iteration"] = str(iteration)
    return Counterpart(
        id=record.id,
        target=Target("task", record.work_type or "", record.plan, record.parent),
        values=values,
        markers=((record.marker.integration, record.marker.item),) if record.marker else (),
        created=record.created,
        modified=record.modified,
        editor=record.editor or None,
        url=record.marker.url if record.marker else "",
        raw_fields=dict(record.fields),
        index=record.index,
        talk=record.talk,
    )


def _fields(raw: Mapping[str, object]) -> dict[str, Raw]:
    """Fields as plain data: lists, as several choices are, as tuples. What is no plain data is left out."""
    plain = ((name, tuple(value) if isinstance(value, list) else value) for name, value in raw.items())
    return {name: value for name, value in plain if _is_raw(value)}


def _is_raw(value: object) -> TypeGuard[Raw]:
    if isinstance(value, tuple):
        return all(isinstance(one, str | int | float | bool) for one in value)
    return isinstance(value, str | int | float | bool)
