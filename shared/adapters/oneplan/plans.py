"""Plans (oneplan-api.md section 4). Creates and updates are both POST; an update sends changed members only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.members import listed, member
from shared.adapters.oneplan.assumptions import FIND_DESCENDING, FIND_SORT, ZERO
from shared.adapters.oneplan.model import PlanRecord
from shared.adapters.oneplan.service import Service
from shared.core.errors import NotFound, UnknownOutcome

_PLAN = "workplan/{plan}"


@dataclass(frozen=True)
class PlanWrite:
    """What is written of a plan; a member that is None is not sent. The parent and type move by `Plans.place`."""

    name: str | None = None
    type: str | None = None
    owner: str | None = None
    parent: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def members(self) -> dict[str, Any]:
        """The members of the request that are not left out."""
        members = {
            "Name": self.name,
            "PlanType": self.type,
            "Owner": self.owner,
            "PortfolioParentId": self.parent,
            "Fields": dict(self.fields) or None,
        }
        return {name: value for name, value in members.items() if value is not None}


class Plans(Service):
    """The plans of the key's group."""

    async def read_all(self, *, archived: bool = False) -> list[PlanRecord]:
        """Every plan, in one answer: the route has no paging. It may lack custom fields: read before writing."""
        what = "listing plans"
        answer = await self.get("workplan", what, query={"ShowArchived": True if archived else None})
        return [PlanRecord.of(row) for row in listed(answer, what)]

    async def recent(self, most: int) -> tuple[list[PlanRecord], bool]:
        """The plans changed last, newest first where OnePlan obeys the sort, and whether there are more."""
        body = {"MaxItems": most, "Sort": FIND_SORT, "SortDirection": FIND_DESCENDING}
        what = "finding changed plans"
        found = await self.post("workplan/find", what, body, safe=True)
        return [PlanRecord.of(row) for row in listed(member(found, "Items"), what)], bool(member(found, "MoreItems"))

    async def read(self, plan: str) -> PlanRecord:
        """The plan with all its fields; NotFound where it is deleted or may not be seen, in every form of saying so."""
        what = f"reading plan {plan}"
        found = PlanRecord.of(await self.get(_PLAN, what, places={"plan": plan}))
        if not found.id:
            raise NotFound(f"{what}: there is no such plan")
        return found

    async def create(self, write: PlanWrite) -> PlanRecord:
        """The new plan. OnePlan may ignore the parent on create: look at the answer. UnknownOutcome where it may exist.

        A plan cannot carry its marker on create: `Integrations.mark` is a second call.
        """
        what = f"creating plan {write.name!r}"
        # The vendor's connector requires `Fields` (section 4 [DOCUMENTED]).
        body = {"WorkPlan": {"Fields": {}, **write.members()}}
        made = PlanRecord.of(await self.post("workplan", what, body))
        if not made.id:
            raise UnknownOutcome(f"{what}: the answer names no plan, so it may have been created")
        return made

    async def update(self, plan: str, write: PlanWrite) -> PlanRecord | None:
        """Only the members given are changed. The plan where OnePlan answers with one, else None: read it again.

        A 200 may have done nothing (section 3 [OBSERVED]).
        """
        body, query = {"WorkPlan": write.members()}, {"ChangedFields": True}
        return _answered(await self.post(_PLAN, f"updating plan {plan}", body, places={"plan": plan}, query=query))

    async def place(self, plan: str, plan_type: str, parent: str | None) -> PlanRecord | None:
        """The plan has the type and hangs below the parent; below none where that is None."""
        route, what = "workplan/{plan}/changetype", f"moving plan {plan}"
        query = {"PlanType": plan_type, "NewParentId": parent or ZERO}
        return _answered(await self.post(route, what, places={"plan": plan}, query=query))

    async def archive(self, plan: str) -> None:
        """The plan is archived: lists leave it out unless asked."""
        await self._remove(plan, f"archiving plan {plan}", archive=True)

    async def delete(self, plan: str) -> None:
        """The plan is gone, with its tasks; NotFound where it was gone before."""
        await self._remove(plan, f"deleting plan {plan}", archive=False)

    async def _remove(self, plan: str, what: str, *, archive: bool) -> None:
        await self.call("DELETE", _PLAN, what, places={"plan": plan}, query={"Archive": archive})


def _answered(answer: Any) -> PlanRecord | None:
    """Updates are documented as a bare answer, and seen with the plan (section 4)."""
    found = PlanRecord.of(answer)
    return found if found.id else None
