"""Fulfils `ports.OnePlanItems`: plans and tasks as counterparts with neutral field names, and writes to them.

OnePlan may answer an update without a body, and may answer 200 doing nothing, so an update that was not answered with
the record is read once, and only the members sent are compared (design.md, decision 5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.adapters.members import moment
from shared.adapters.oneplan.assumptions import API_ROOT, PLAN_PAGE, TASK_PAGE, ZERO
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.counterparts import (
    PLACE,
    TASK_FIELDS,
    assigned,
    checked,
    lost,
    plan_of,
    plan_write,
    task_of,
    task_write,
    with_the_rest,
)
from shared.adapters.oneplan.fields import Table
from shared.adapters.oneplan.history import History
from shared.adapters.oneplan.live_fields import read_fields
from shared.adapters.oneplan.model import Marker, TaskRecord
from shared.adapters.oneplan.tasks import UNMARKED, TaskWrite
from shared.adapters.oneplan.undocumented import DETACH_TASK_STEPS, not_offered
from shared.core.comments import Comment
from shared.core.errors import NotFound, Rejected, Retriable, UnknownOutcome
from shared.core.fields import SideField
from shared.core.model import Raw
from shared.core.order import Place
from shared.core.people import Resource
from shared.core.snapshots import Counterpart, Target, TargetKind


@dataclass
class Portfolio:
    """One group; `address` is where people open it.

    Three things that the record leaves open are learned: `_updates_replace`, that an update empties what it does not
    name, `_other_ids`, that people are assigned by the id of their user, and `_archived_are_read`, that an archived
    plan is read by its id.
    """

    client: OnePlan
    address: str = ""
    _updates_replace: bool = False
    _other_ids: bool = False
    _archived_are_read: bool = False
    _users: Mapping[str, str] = field(default_factory=dict)
    _history: History | None = None
    _places: dict[str, dict[str, int]] = field(default_factory=dict)

    async def plan_types(self) -> Mapping[str, str]:
        return {one.name.casefold(): one.id for one in await self.client.config.plan_types()}

    async def work_types(self) -> Mapping[str, str]:
        return {one.name.casefold(): one.id for one in await self.client.config.work_types()}

    async def type_names(self) -> tuple[Sequence[str], Sequence[str]]:
        plans = [one.name for one in await self.client.config.plan_types() if not one.hidden]
        return plans, [one.name for one in await self.client.config.work_types()]

    async def resources(self) -> Sequence[Resource]:
        people = await self.client.resources.read_all()
        return [Resource(one.assignable_id, one.name, one.mail, one.unique_name) for one in people]

    async def live_fields(self) -> Mapping[Table, Sequence[SideField]]:
        return await read_fields(self.client)

    async def author(self) -> str | None:
        found = await self.client.resources.me()
        return found.id if found else None

    async def ensure_integration(self, wanted: str, properties: Mapping[str, str]) -> str:
        for line in await self.client.integrations.read_all():
            if line.id == wanted or (properties.items() <= line.properties.items()):
                return line.id
        return await self.client.integrations.create(wanted, properties)

    async def plans(self) -> Sequence[Counterpart]:
        return [plan_of(one, whole=False) for one in await self.client.plans.read_all(archived=True)]

    async def plan(self, id_: str) -> Counterpart:
        try:
            return plan_of(await self.client.plans.read(id_))
        except NotFound:
            if self._archived_are_read:
                raise
        return await self._shelved(id_)

    async def _shelved(self, id_: str) -> Counterpart:
        """An archived plan that is not read by its id (section 4 UNKNOWN), from the list: that is several MB, so where
        an archived plan turns out to be read it is not asked for again. NotFound where it is not there either."""
        archived = {one.id: one for one in await self.client.plans.read_all(archived=True) if one.archived}
        if id_ in archived:
            return plan_of(archived[id_], whole=False)
        if archived:
            self._archived_are_read = await self._is_read(next(iter(archived)))
        raise NotFound(f"reading plan {id_}: there is no such plan")

    async def _is_read(self, plan: str) -> bool:
        try:
            await self.client.plans.read(plan)
        except NotFound:
            return False
        return True

    async def find_plan(self, integration: str, item: str) -> str | None:
        return await self.client.integrations.find(integration, item)

    async def tasks(self, plan: str) -> Sequence[Counterpart]:
        try:
            return [self._task(one) for one in await self.client.tasks.read_all(plan)]
        except NotFound:
            await self._check_shown(plan)
            raise

    async def task(self, plan: str, id_: str) -> Counterpart:
        try:
            return self._task(await self.client.tasks.read(plan, id_))
        except NotFound:
            await self._check_shown(plan)
            raise

    async def _check_shown(self, plan: str) -> None:
        """Rejected where the tasks of an archived plan are not shown: they are no more gone than the plan is."""
        try:
            found = None if self._archived_are_read else await self.plan(plan)
        except NotFound:
            return
        if found is not None and found.archived and not found.whole:
            raise Rejected(
                f"plan {plan} is archived, and OnePlan does not show its tasks; take it out of the archive to have "
                "them synced again"
            )

    def _task(self, record: TaskRecord) -> Counterpart:
        self._places.setdefault(record.plan, {})[record.id] = record.index
        return task_of(record)

    async def comments(self, kind: TargetKind, id_: str) -> Sequence[Comment]:
        return await self.client.comments.read_all(kind, id_)

    async def add_comment(self, kind: TargetKind, id_: str, html: str) -> Comment:
        return await self.client.comments.add(kind, id_, html)

    async def delete_comment(self, kind: TargetKind, id_: str, comment: str) -> None:
        await self.client.comments.delete(kind, id_, comment)

    def page(self, there: Target, id_: str) -> str:
        route = PLAN_PAGE.format(plan=id_) if there.kind == "plan" else TASK_PAGE.format(plan=there.plan, task=id_)
        return self.address.strip().rstrip("/").removesuffix(API_ROOT) + route

    def places(self) -> Mapping[str, Mapping[str, int]]:
        return self._places

    async def order(self, plan: str, place: Place) -> None:
        await self.client.undocumented.order(plan, place)

    async def create_plan(self, target: Target, values: Mapping[str, Raw]) -> Counterpart:
        return plan_of(await self.client.plans.create(plan_write(values, target)))

    async def create_task(
        self, target: Target, values: Mapping[str, Raw], integration: str, item: str, url: str
    ) -> Counterpart:
        write = replace(
            task_write(values), work_type=target.type, parent=target.parent, marker=Marker(integration, item, url)
        )
        plan, people = target.plan or "", assigned(values)
        if not people:
            return self._task(await self.client.tasks.create(plan, write))
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
        return self._task(await self.client.tasks.create(plan, replace(write, assignments=assignments)))

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
        after = await self._update_task(task, TaskWrite(marker=Marker(integration, item, url)), {})
        if not after.marked(integration, item):
            raise Rejected(f"marking task {task.id}: OnePlan answered that it was done and left its marker as it was")
        return after

    async def archive(self, plan: str) -> None:
        await self.client.removals.archive(plan)

    async def delete(self, there: Counterpart) -> bool:
        if there.target.kind == "plan":
            return await self.client.removals.delete_plan(there.id)
        return await self.client.removals.delete_task(there.target.plan or "", there.id)

    async def detach(self, there: Counterpart, integration: str) -> None:
        if there.target.kind == "plan":
            await self.client.undocumented.detach(there.id, integration)
        else:
            await self._detach_task(await self.task(there.target.plan or "", there.id), integration)

    async def _detach_task(self, task: Counterpart, integration: str) -> None:
        for write in UNMARKED:
            if all(one != integration for one, _ in task.markers):
                return
            task = await self._update_task(task, write, {})
        if task.markers:
            raise not_offered(f"disconnecting task {task.id}", DETACH_TASK_STEPS)

    async def changed_at(self, there: Counterpart, names: Sequence[str], since: str) -> Mapping[str, datetime]:
        start = moment(since)
        if start is None or not names:
            return {}
        if self._history is None:
            self._history = History(self.client.audit, self.client.key_name)
        own = TASK_FIELDS if there.target.kind == "task" else {}
        wanted = {name: {own.get(name, name), *PLACE.get(name, ())} for name in names}
        return await self._history.changed_at(there, wanted, start)

    async def update(self, there: Counterpart, values: Mapping[str, Raw]) -> Counterpart:
        if there.target.kind == "plan":
            answered = await self.client.plans.update(there.id, plan_write(values))
            after = plan_of(answered) if answered else await self.plan(there.id)
        else:
            after = await self._update_task(there, task_write(values), values)
        return checked(there, after, values)

    async def move(self, there: Counterpart, target: Target) -> Counterpart:
        if target.kind == "plan":
            return await self._move_plan(there, target)
        if target.plan != there.target.plan:
            return await self._move_over(there, target)
        if there.target == target:
            return there
        after = await self._update_task(there, TaskWrite(work_type=target.type, parent=target.parent or ZERO), {})
        if after.target != target:
            raise Rejected(
                f"moving task {there.id}: OnePlan left it where it was. Move it by hand, or give it its type there."
            )
        return after

    async def _move_plan(self, there: Counterpart, target: Target) -> Counterpart:
        answered = await self.client.plans.place(there.id, target.type, target.parent)
        after = plan_of(answered) if answered else await self.plan(there.id)
        if after.target != target and answered:
            after = await self.plan(there.id)
        if after.target == there.target != target:
            raise Rejected(
                f"moving plan {there.values.get('Name')!r}: OnePlan answered that it was done and left it where it "
                "was, and of its type. Move it by hand, or give it its type there."
            )
        return after

    async def _move_over(self, there: Counterpart, target: Target) -> Counterpart:
        """In the other plan. What is then refused of its place there must not hide that it is there: the next run,
        which finds it in its new plan, says so."""
        moved = self._task(await self.client.undocumented.move(there.target.plan or "", there.id, target.plan or ""))
        try:
            return await self.move(moved, target)
        except Rejected:
            return await self.task(target.plan or "", there.id)
        except Retriable:
            return moved

    async def _update_task(self, there: Counterpart, write: TaskWrite, values: Mapping[str, Raw]) -> Counterpart:
        plan = there.target.plan or ""
        if "AssignedTo" in values:
            await self._assign(plan, there.id, assigned(values))
        sent = with_the_rest(there, write) if self._updates_replace else write
        if write == TaskWrite():
            return await self.task(plan, there.id)
        answered = await self.client.tasks.update(plan, there.id, sent)
        after = self._task(answered) if answered else await self.task(plan, there.id)
        if self._updates_replace or not lost(there, after, values, unmarked=write in UNMARKED):
            return after
        self._updates_replace = True
        return await self._update_task(there, write, values)
