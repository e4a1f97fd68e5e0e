"""What a group is set up with: plan types, work types, fields, people, iterations (sections 4 to 6, 10)."""

from shared.adapters.oneplan.model import Column, PlanType, ResourceRecord, WorkType, guid, member
from shared.adapters.oneplan.service import Service


class GroupSettings(Service):
    """Read-only."""

    async def plan_types(self) -> list[PlanType]:
        rows = await self.get("portfolio/plantypes", "reading the plan types")
        return [
            PlanType(
                guid(member(row, "id")) or "",
                str(member(row, "Name") or ""),
                guid(member(row, "ParentTypeId")),
                bool(member(row, "Hidden")),
            )
            for row in rows or ()
        ]

    async def work_types(self) -> list[WorkType]:
        """The work types that tasks may have."""
        config = await self.get("config", "reading the group's settings")
        rows = member(config or {}, "WorkTypes") or ()
        return [WorkType(guid(member(row, "Id")) or "", str(member(row, "Name") or "")) for row in rows]

    async def plan_fields(self) -> list[Column]:
        rows = await self.get("workplan/fields", "reading the plan fields", HideSystem=False)
        return [Column.of(row) for row in rows or ()]

    async def task_fields(self) -> list[Column]:
        rows = await self.get("tasks/fields", "reading the task fields", HideSystem=False)
        return [Column.of(row) for row in rows or ()]

    async def resources(self) -> list[ResourceRecord]:
        rows = await self.get("resources", "reading the people")
        return [ResourceRecord.of(row) for row in rows or ()]

    async def me(self) -> ResourceRecord | None:
        """Whose name the key writes under, where OnePlan tells (section 1 UNKNOWN)."""
        row = await self.get("resources/me", "checking the authentication key")
        return ResourceRecord.of(row) if row else None
