"""Fulfils `ports.OnePlanItems`: plans and tasks as counterparts with neutral field names, and writes to them.

OnePlan may answer an update without a body, and may answer 200 doing nothing, so an update that was not answered with
the record is read once, and only the members sent are compared (design.md, decision 5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.adapters.oneplan.assumptions import TASK_DUE_FIELD, TASK_ITERATION_FIELD, TASK_START_FIELD, ZERO
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.model import Marker, PlanRecord, TaskRecord
from shared.adapters.oneplan.plans import PlanWrite
from shared.adapters.oneplan.tasks import TaskWrite
from shared.core.errors import Rejected, UnknownOutcome
from shared.core.model import Raw
from shared.core.people import Resource
from shared.core.snapshots import Counterpart, Target

# Neutral names of task fields, and where OnePlan keeps them: dates and the iteration are no members of its request.
_TASK_FIELDS = {"StartDate": TASK_START_FIELD, "DueDate": TASK_DUE_FIELD, "Iteration": TASK_ITERATION_FIELD}


@dataclass
class Portfolio:
    """One group. Two things that the record leaves open are learned: `_updates_replace`, that an update empties what
    it does not name, and `_other_ids`, that people are assigned by the id of their user."""

    client: OnePlan
    _updates_replace: bool = False
    _other_ids: bool = False
    _users: Mapping[str, str] = field(default_factory=dict)

    async def plan_types(self) -> Mapping[str, str]:
        return {one.name.casefold(): one.id for one in await self.client.config.plan_types()}

    async def work_types(self) -> Mapping[str, str]:
        return {one.name.casefold(): one.id for one in await self.client.config.work_types()}

    async def resources(self) -> Sequence[Resource]:
        people = await self.client.resources.read_all()
        return [Resource(one.assignable_id, one.name, one.mail, one.unique_name) for one in people]

    async def author(self) -> str | None:
        found = await self.client.resources.me()
        return found.id if found else None

    async def ensure_integration(self, wanted: str, properties: Mapping[str, str]) -> str:
        for line in await self.client.integrations.read_all():
            if line.id == wanted or (properties.items() <= line.properties.items()):
                return line.id
        return await self.client.integrations.create(wanted, properties)

    async def plans(self) -> Sequence[Counterpart]:
        return [_plan(one, whole=False) for one in await self.client.plans.read_all(archived=True)]

    async def plan(self, id_: str) -> Counterpart:
        return _plan(await self.client.plans.read(id_))

    async def find_plan(self, integration: str, item: str) -> str | None:
        return await self.client.integrations.find(integration, item)

    async def tasks(self, plan: str) -> Sequence[Counterpart]:
        return [_task(one) for one in await self.client.tasks.read_all(plan)]

    async def task(self, plan: str, id_: str) -> Counterpart:
        return _task(await self.client.tasks.read(plan, id_))

    async def create_plan(self, target: Target, values: Mapping[str, Raw]) -> Counterpart:
        return _plan(await self.client.plans.create(_plan_write(values, target)))

    async def create_task(
        self, target: Target, values: Mapping[str, Raw], integration: str, item: str, url: str
    ) -> Counterpart:
        write = replace(
            _task_write(values), work_type=target.type, parent=target.parent, marker=Marker(integration, item, url)
        )
        plan, people = target.plan or "", _assigned(values)
        if not people:
            return _task(await self.client.tasks.create(plan, write))
        form = self._other_ids
        try:
            return await self._create_assigned(plan, write, people, form)
        except UnknownOutcome as error:
            if not error.answered:
                raise
            return await self._create_otherwise(plan, write, people, not form)

    async def _create_assigned(
        self, plan: str, write: TaskWrite, people: Sequence[str], other_ids: bool
    ) -> Counterpart:
        assignments = dict.fromkeys(await self._assignable(people, other_ids), 1.0)
        return _task(await self.client.tasks.create(plan, replace(write, assignments=assignments)))

    async def _create_otherwise(
        self, plan: str, write: TaskWrite, people: Sequence[str], other_ids: bool
    ) -> Counterpart:
        """A 500 may mean that people are assigned by their other id (section 10 UNKNOWN); what works is kept to."""
        marker = write.marker
        for one in await self.tasks(plan):
            if marker is not None and one.marked(marker.integration, marker.item):
                return one
        made = await self._create_assigned(plan, write, people, other_ids)
        self._other_ids = other_ids
        return made

    async def _assign(self, plan: str, task: str, people: Sequence[str]) -> None:
        form = self._other_ids
        try:
            await self.client.tasks.assign(plan, task, await self._assignable(people, form))
        except Rejected:
            await self.client.tasks.assign(plan, task, await self._assignable(people, not form))
            self._other_ids = not form

    async def _assignable(self, people: Sequence[str], other_ids: bool) -> list[str]:
        if not other_ids:
            return list(people)
        if not self._users:
            everybody = await self.client.resources.read_all()
            self._users = {one.id: one.user_id or one.id for one in everybody}
        return [self._users.get(one, one) for one in people]

    async def mark_plan(self, plan: str, integration: str, item: str, url: str) -> None:
        await self.client.integrations.mark(plan, Marker(integration, item, url))

    async def mark_task(self, task: Counterpart, integration: str, item: str, url: str) -> Counterpart:
        return await self._update_task(task, TaskWrite(marker=Marker(integration, item, url)), {})

    async def update(self, there: Counterpart, values: Mapping[str, Raw]) -> Counterpart:
        if there.target.kind == "plan":
            answered = await self.client.plans.update(there.id, _plan_write(values))
            after = _plan(answered) if answered else await self.plan(there.id)
        else:
            after = await self._update_task(there, _task_write(values), values)
        return _checked(there, after, values)

    async def move(self, there: Counterpart, target: Target) -> Counterpart:
        if target.kind == "plan":
            answered = await self.client.plans.place(there.id, target.type, target.parent)
            return _plan(answered) if answered else await self.plan(there.id)
        if target.plan != there.target.plan:
            there = _task(await self.client.undocumented.move(there.target.plan or "", there.id, target.plan or ""))
        if there.target == target:
            return there
        after = await self._update_task(there, TaskWrite(work_type=target.type, parent=target.parent or ZERO), {})
        if after.target != target:
            raise Rejected(
                f"moving task {there.id}: OnePlan left it where it was. Move it by hand, or give it its type there."
            )
        return after

    async def _update_task(self, there: Counterpart, write: TaskWrite, values: Mapping[str, Raw]) -> Counterpart:
        plan = there.target.plan or ""
        if "AssignedTo" in values:
            await self._assign(plan, there.id, _assigned(values))
        sent = _with_the_rest(there, write) if self._updates_replace else write
        if write == TaskWrite():
            return await self.task(plan, there.id)
        answered = await self.client.tasks.update(plan, there.id, sent)
        after = _task(answered) if answered else await self.task(plan, there.id)
        if self._updates_replace or not _lost(there, after, values):
            return after
        self._updates_replace = True
        return await self._update_task(there, write, values)


def _assigned(values: Mapping[str, Raw]) -> list[str]:
    found = values.get("AssignedTo")
    return [str(one) for one in found] if isinstance(found, tuple) else []


def _plan_write(values: Mapping[str, Raw], target: Target | None = None) -> PlanWrite:
    own = {"Name", "Owner"}
    return PlanWrite(
        name=_text(values.get("Name")),
        owner=_text(values.get("Owner")),
        type=target.type if target else None,
        parent=target.parent if target else None,
        fields={name: value for name, value in values.items() if name not in own},
    )


def _task_write(values: Mapping[str, Raw]) -> TaskWrite:
    own = {"Name", "AssignedTo"}
    fields = {_TASK_FIELDS.get(name, name): value for name, value in values.items() if name not in own}
    return TaskWrite(name=_text(values.get("Name")), fields=fields)


def _with_the_rest(there: Counterpart, write: TaskWrite) -> TaskWrite:
    """All that the task holds, with what is written over it: for a OnePlan whose updates replace the whole."""
    whole = _task_write(there.values)
    assigned = there.values.get("AssignedTo")
    kept = there.markers[0] if there.markers else None
    return TaskWrite(
        name=write.name or whole.name,
        work_type=write.work_type,
        parent=write.parent or there.target.parent,
        marker=write.marker or (Marker(*kept, there.url) if kept else None),
        assignments={str(one): 1.0 for one in assigned} if isinstance(assigned, tuple) else None,
        fields={**there.raw_fields, **whole.fields, **write.fields},
    )


def _lost(before: Counterpart, after: Counterpart, sent: Mapping[str, Raw]) -> bool:
    """Whether the update took away what it did not name."""
    unsent = {name: value for name, value in before.values.items() if name not in sent}
    return any(after.values.get(name) != value for name, value in unsent.items()) or (
        bool(before.markers) and not after.markers
    )


def _checked(before: Counterpart, after: Counterpart, values: Mapping[str, Raw]) -> Counterpart:
    """Rejected where every member sent is as it was before: a 200 that did nothing (section 2 [OBSERVED])."""
    changed = {name: value for name, value in values.items() if before.values.get(name) != value}
    if changed and all(_same(after.values.get(name), before.values.get(name)) for name in changed):
        names = ", ".join(sorted(changed))
        raise Rejected(f"updating {after.id}: OnePlan answered that it was done and left {names} as it was")
    return after


def _same(first: Raw, second: Raw) -> bool:
    return (first or None) == (second or None)


def _text(value: Raw) -> str | None:
    return None if value is None else str(value)


def _plan(record: PlanRecord, *, whole: bool = True) -> Counterpart:
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
        whole=whole,
        url=next((one.url for one in record.markers), ""),
        archived=record.archived,
    )


def _task(record: TaskRecord) -> Counterpart:
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
        url=record.marker.url if record.marker else "",
        raw_fields=dict(record.fields),
    )


def _fields(raw: Mapping[str, object]) -> dict[str, Raw]:
    return {name: value for name, value in raw.items() if isinstance(value, str | int | float | bool)}
