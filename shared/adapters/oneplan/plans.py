"""Plans (oneplan-api.md section 4). Creates and updates are both POST; an update sends changed members only."""

from collections.abc import Mapping
from typing import Any

from shared.adapters.oneplan.assumptions import FIND_DESCENDING, FIND_SORT
from shared.adapters.oneplan.model import PlanRecord
from shared.adapters.oneplan.service import Service
from shared.core.errors import NotFound


class Plans(Service):
    """The plans of the key's group."""

    async def read_all(self, *, archived: bool = False) -> list[PlanRecord]:
        """Every plan, in one answer: the route has no paging. It may lack custom fields: read before writing."""
        rows = await self.get("workplan", "listing plans", **({"ShowArchived": True} if archived else {}))
        return [PlanRecord.of(row) for row in rows or ()]

    async def recent(self, most: int) -> tuple[list[PlanRecord], bool]:
        """The plans changed last, newest first where OnePlan obeys the sort, and whether there are more."""
        body = {"MaxItems": most, "Sort": FIND_SORT, "SortDirection": FIND_DESCENDING}
        found = await self.post("workplan/find", "finding changed plans", body, safe=True)
        return [PlanRecord.of(row) for row in found["Items"]], bool(found.get("MoreItems"))

    async def read(self, plan: str) -> PlanRecord:
        """The plan with all its fields; NotFound where it is deleted or may not be seen."""
        row = await self.get("workplan/{plan}", f"reading plan {plan}", plan=plan)
        if not row:
            raise NotFound(f"reading plan {plan}: there is no such plan")
        return PlanRecord.of(row)

    async def create(
        self,
        name: str,
        plan_type: str,
        owner: str | None,
        parent: str | None,
        fields: Mapping[str, Any],
    ) -> PlanRecord:
        """The new plan. OnePlan may ignore the parent on create (a switch of the stand-in): look at the answer."""
        plan: dict[str, Any] = {"Name": name, "PlanType": plan_type, "Fields": dict(fields)}
        plan |= {"Owner": owner} if owner else {}
        plan |= {"PortfolioParentId": parent} if parent else {}
        return PlanRecord.of(await self.post("workplan", f"creating plan {name!r}", {"WorkPlan": plan}))

    async def update(self, plan: str, fields: Mapping[str, Any], **members: str) -> PlanRecord | None:
        """Only the members given are changed. The plan where OnePlan answers with one, else None: read it again."""
        body = {"WorkPlan": {**members, **({"Fields": dict(fields)} if fields else {})}}
        row = await self.post("workplan/{plan}", f"updating plan {plan}", body, plan=plan, ChangedFields=True)
        return PlanRecord.of(row) if isinstance(row, Mapping) and row else None

    async def place(self, plan: str, plan_type: str, parent: str) -> PlanRecord | None:
        """The plan has the type and hangs below the parent (the zero GUID: below none)."""
        what = f"moving plan {plan}"
        route = "workplan/{plan}/changetype"
        row = await self.post(route, what, plan=plan, PlanType=plan_type, NewParentId=parent)
        return PlanRecord.of(row) if isinstance(row, Mapping) and row else None

    async def archive(self, plan: str) -> None:
        """The plan is archived: lists leave it out unless asked."""
        await self.call("DELETE", "workplan/{plan}", f"archiving plan {plan}", plan=plan, Archive=True)

    async def delete(self, plan: str) -> None:
        await self.call("DELETE", "workplan/{plan}", f"deleting plan {plan}", plan=plan, Archive=False)
