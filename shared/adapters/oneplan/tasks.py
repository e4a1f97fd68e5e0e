"""Tasks of plans: schedule and backlog are one list, told apart by the work type (oneplan-api.md section 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.members import listed
from shared.adapters.oneplan.assumptions import ZERO
from shared.adapters.oneplan.model import Marker, TaskRecord
from shared.adapters.oneplan.service import Service
from shared.core.errors import NotFound, UnknownOutcome

_TASKS = "workplan/{plan}/tasks"
_TASK = "workplan/{plan}/tasks/{task}"


@dataclass(frozen=True)
class TaskWrite:
    """What is written of a task; a member that is None is not sent. `unmarked` sends an empty marker."""

    name: str | None = None
    work_type: str | None = None
    parent: str | None = None
    marker: Marker | None = None
    assignments: Mapping[str, float] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    unmarked: bool = False

    def body(self) -> dict[str, Any]:
        """One object, never an array: an array is answered by a 500 (section 5 [OBSERVED])."""
        members: dict[str, Any] = {
            "Name": self.name,
            "WorkTypeId": self.work_type,
            "ParentTaskId": self.parent,
            "Integration": _integration(self.marker) if self.marker else None,
            "Assignments": dict(self.assignments) if self.assignments is not None else None,
            "ProcessAssignments": True if self.assignments is not None else None,
            "Fields": dict(self.fields) or None,
        }
        nothing: dict[str, Any] = {"Integration": {}} if self.unmarked else {}
        return {name: value for name, value in members.items() if value is not None} | nothing


# What takes a marker off, in the order in which it is tried: one of nobody's, or an empty one (section 5 UNKNOWN).
UNMARKED = (TaskWrite(marker=Marker(ZERO, "", "")), TaskWrite(unmarked=True))


def _integration(marker: Marker) -> dict[str, Any]:
    return {
        "IntegrationId": marker.integration,
        "ExternalItemId": marker.item,
        "ExternalUrl": marker.url,
        "ReadOnlyFields": list(marker.read_only_fields),
    }


class Tasks(Service):
    """The tasks of one plan at a time: there is no route over plans."""

    async def read_all(self, plan: str) -> list[TaskRecord]:
        """Every task of the plan, with its marker; none where the plan has none."""
        what = f"listing the tasks of plan {plan}"
        return [TaskRecord.of(row) for row in listed(await self.get(_TASKS, what, places={"plan": plan}), what)]

    async def read(self, plan: str, task: str) -> TaskRecord:
        """The task; NotFound where it is gone, in every form of saying so."""
        what = f"reading task {task}"
        found = TaskRecord.of(await self.get(_TASK, what, places=_of(plan, task)))
        if not found.id:
            raise NotFound(f"{what}: there is no such task in plan {plan}")
        return found

    async def create(self, plan: str, write: TaskWrite) -> TaskRecord:
        """The new task, carrying its marker. UnknownOutcome where it may be there: list the plan's tasks first."""
        what = f"creating task {write.name!r}"
        made = TaskRecord.of(await self.post(_TASKS, what, write.body(), places={"plan": plan}))
        if not made.id:
            raise UnknownOutcome(f"{what}: the answer names no task, so it may have been created")
        return made

    async def update(self, plan: str, task: str, write: TaskWrite) -> TaskRecord | None:
        """The task where OnePlan answers with one, else None: read it again. A 200 may have done nothing."""
        answer = await self.post(_TASK, f"updating task {task}", write.body(), places=_of(plan, task))
        found = TaskRecord.of(answer)
        return found if found.id else None

    async def assign(self, plan: str, task: str, people: Sequence[str]) -> None:
        """Exactly these people are assigned, each with one unit; nobody where there are none (section 5 [HELP])."""
        body = [{"UserId": person, "Unit": 1} for person in people]
        route, what = f"{_TASK}/updateassignments", f"assigning task {task}"
        await self.post(route, what, body, places=_of(plan, task), safe=True)

    async def delete(self, plan: str, task: str) -> None:
        """The task is gone. Hours booked on it are never thrown away: OnePlan refuses where there are any."""
        query = {"ignoreTimesheetHours": False}
        await self.call("DELETE", _TASK, f"deleting task {task}", places=_of(plan, task), query=query)


def _of(plan: str, task: str) -> dict[str, str]:
    return {"plan": plan, "task": task}
