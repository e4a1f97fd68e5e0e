"""What a group is set up with: plan types and work types (oneplan-api.md sections 4, 5)."""

from dataclasses import dataclass

from shared.adapters.members import listed, member, text
from shared.adapters.oneplan.model import guid, guids
from shared.adapters.oneplan.service import Service


@dataclass(frozen=True)
class PlanType:
    id: str
    name: str
    parent: str | None
    hidden: bool


@dataclass(frozen=True)
class WorkType:
    """A type of task. `plan_types` empty: in plans of every type."""

    id: str
    name: str
    plan_types: tuple[str, ...]


class Config(Service):
    """Read-only."""

    async def plan_types(self) -> list[PlanType]:
        what = "reading the plan types"
        return [
            PlanType(
                guid(member(row, "id")) or "",
                text(row, "Name"),
                guid(member(row, "ParentTypeId")),
                bool(member(row, "Hidden")),
            )
            for row in listed(await self.get("portfolio/plantypes", what), what)
        ]

    async def work_types(self) -> list[WorkType]:
        """The work types that tasks may have."""
        what = "reading the work types"
        found = listed(member(await self.get("config", what), "WorkTypes"), what)
        return [WorkType(guid(member(row, "Id")) or "", text(row, "Name"), guids(row, "PlanTypes")) for row in found]
