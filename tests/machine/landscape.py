"""Both stand-ins as a person sees them: which items are paired, what their fields hold, and edits of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.azure_devops.acts import act as devops_act
from local.azure_devops.model import WorkItem
from local.oneplan.acts import act as oneplan_act
from local.standin.control import UnknownAct
from tests.machine import trace
from tests.sync.bench import Bench

REFERENCES = {
    "title": "System.Title",
    "start": "Microsoft.VSTS.Scheduling.StartDate",
    "due": "Microsoft.VSTS.Scheduling.TargetDate",
}
MEMBERS = {"title": "Name", "start": "StartDate", "due": "DueDate"}


@dataclass(frozen=True)
class Paired:
    """A work item with the record of OnePlan that carries its marker."""

    number: int
    kind: str
    record: Mapping[str, Any]

    @property
    def plan(self) -> str:
        return str(self.record["id"] if self.kind == "plan" else self.record["WorkPlanId"])


@dataclass(frozen=True)
class Landscape:
    made: Bench

    def items(self) -> list[WorkItem]:
        """The work items that people can see, by number."""
        found = self.made.devops.organization
        return [
            one for number, one in sorted(found.items.items()) if not one.deleted and number not in found.unreadable
        ]

    def pairs(self, kind: str = "") -> list[Paired]:
        """Paired items whose work item is there, by number."""
        group, seen = self.made.oneplan.groups[0], {one.id for one in self.items()}
        plans = [
            Paired(int(marker["ItemId"]), "plan", plan)
            for plan in group.plans.values()
            for marker in plan["Integrations"]
            if str(marker["ItemId"]).isdecimal() and not plan["Archived"]
        ]
        tasks = [
            Paired(int(task["Integration"]["ExternalItemId"]), "task", task)
            for task in group.tasks.values()
            if task["Integration"] and task["Integration"]["ExternalItemId"].isdecimal()
        ]
        found = [one for one in (*plans, *tasks) if one.number in seen and kind in ("", one.kind)]
        return sorted(found, key=lambda one: (one.number, one.plan))

    def devops_value(self, number: int, field: str) -> str:
        held = self.made.devops.organization.items[number].now.fields.get(REFERENCES[field])
        return text(field, held)

    def oneplan_value(self, paired: Paired, field: str) -> str:
        return text(field, paired.record.get(MEMBERS[field]))

    async def devops(self, **body: Any) -> Mapping[str, Any] | None:
        """The item after a person's edit; None where the portal refuses it."""
        trace.say(f"in Azure DevOps {body}")
        try:
            return await devops_act(self.made.devops, body)
        except UnknownAct:
            return None

    async def oneplan(self, **body: Any) -> Mapping[str, Any] | None:
        """The record after a person's edit; None where OnePlan refuses it."""
        trace.say(f"in OnePlan {body}")
        try:
            return await oneplan_act(self.made.oneplan, body)
        except UnknownAct:
            return None


def text(field: str, held: Any) -> str:
    """A value as the journal knows it: of a date its day."""
    shown = "" if held is None else str(held)
    return shown[:10] if field in ("start", "due") else shown
