"""Iterations of a plan (oneplan-api.md section 5, `agile/iterations`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.adapters.members import listed, member, moment, text
from shared.adapters.oneplan.model import guid
from shared.adapters.oneplan.service import Service
from shared.core.errors import UnknownOutcome

_ALL = "agile/iterations"
_ONE = "agile/iterations/{iteration}"


@dataclass(frozen=True)
class IterationRecord:
    """An iteration of a plan. `item` and `url` name its counterpart in Azure DevOps."""

    id: str
    plan: str
    name: str
    start: date | None
    end: date | None
    item: str = ""
    url: str = ""

    @classmethod
    def of(cls, raw: Any) -> "IterationRecord":
        days = [found.date() if (found := moment(member(raw, name))) else None for name in ("Start", "End")]
        return cls(
            guid(member(raw, "id")) or "",
            guid(member(raw, "PlanId")) or "",
            text(raw, "Name"),
            days[0],
            days[1],
            text(raw, "ExternalId"),
            text(raw, "ExternalUrl"),
        )

    def body(self) -> dict[str, Any]:
        """Dates as OnePlan writes them; a date that is not set is not sent."""
        members = {
            "PlanId": self.plan,
            "Name": self.name,
            "Start": _midnight(self.start),
            "End": _midnight(self.end),
            "ExternalId": self.item,
            "ExternalUrl": self.url,
        }
        return {name: value for name, value in members.items() if value is not None}


def _midnight(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None


class Iterations(Service):
    """The iterations of one plan at a time."""

    async def read_all(self, plan: str) -> list[IterationRecord]:
        what = f"listing the iterations of plan {plan}"
        return [IterationRecord.of(row) for row in listed(await self.get(_ALL, what, query={"PlannerId": plan}), what)]

    async def create(self, wanted: IterationRecord) -> str:
        """Returns the new iteration's id. UnknownOutcome: list them, and look for its `item`, before trying again."""
        what = f"creating iteration {wanted.name!r}"
        made = guid(member(await self.post(_ALL, what, wanted.body()), "id"))
        if not made:
            raise UnknownOutcome(f"{what}: the answer names no iteration, so it may have been created")
        return made

    async def update(self, wanted: IterationRecord) -> None:
        """The iteration is as wanted. Saying it again changes nothing more."""
        what, places = f"updating iteration {wanted.name!r}", {"iteration": wanted.id}
        await self.post(_ONE, what, {**wanted.body(), "id": wanted.id}, places=places, safe=True)

    async def delete(self, iteration: str) -> None:
        """The iteration is gone; NotFound where it was gone before."""
        await self.call("DELETE", _ONE, f"deleting iteration {iteration}", places={"iteration": iteration})
