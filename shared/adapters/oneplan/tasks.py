"""Tasks of plans: schedule and backlog are one list, told apart by the work type (oneplan-api.md section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.oneplan.model import Marker, TaskRecord
from shared.adapters.oneplan.service import Service
from shared.core.errors import NotFound


@dataclass(frozen=True)
class TaskWrite:
    """What is written of a task; a member that is None is not sent."""

    name: str | None = None
    work_type: str | None = None
    parent: str | None = None
    marker: Marker | None = None
    assignments: Mapping[str, float] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

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
        return {name: value for name, value in members.items() if value is not None}


def _integration(marker: Marker) -> dict[str, Any]:
    return {"IntegrationId": marker.integration, "ExternalItemId": marker.item, "ExternalUrl": marker.url}


class Tasks(Service):
    """The tasks of one plan at a time: there is no route over plans."""

    async def read_all(self, plan: str) -> list[TaskRecord]:
        """Every task of the plan, with its marker."""
        rows = await self.get("workplan/{plan}/tasks", f"listing the tasks of plan {plan}", plan=plan)
        return [TaskRecord.of(row) for row in rows or ()]

    async def read(self, plan: str, task: str) -> TaskRecord:
        route, what = "workplan/{plan}/tasks/{task}", f"reading task {task}"
        row = await self.get(route, what, plan=plan, task=task)
        if not row:
            raise NotFound(f"{what}: there is no such task in plan {plan}")
        return TaskRecord.of(row)

    async def create(self, plan: str, write: TaskWrite) -> TaskRecord:
        """The new task, carrying its marker. UnknownOutcome where it may be there: list the plan's tasks first."""
        route, what = "workplan/{plan}/tasks", f"creating task {write.name!r}"
        return TaskRecord.of(await self.post(route, what, write.body(), plan=plan))

    async def update(self, plan: str, task: str, write: TaskWrite) -> TaskRecord | None:
        """The task where OnePlan answers with one, else None: read it again. A 200 may have done nothing."""
        route, what = "workplan/{plan}/tasks/{task}", f"updating task {task}"
        row = await self.post(route, what, write.body(), plan=plan, task=task)
        return TaskRecord.of(row) if isinstance(row, Mapping) and row else None

    async def delete(self, plan: str, task: str) -> None:
        """The task is gone; refused where it has hours, which are never thrown away."""
        route, what = "workplan/{plan}/tasks/{task}", f"deleting task {task}"
        await self.call("DELETE", route, what, plan=plan, task=task, ignoreTimesheetHours=False)
