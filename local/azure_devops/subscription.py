"""A service hook subscription: what it wants, and how it is shown (section 10)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from local.azure_devops.model import Identity, Update, WorkItem

ENABLED, ON_PROBATION, BY_USER, BY_SYSTEM = "enabled", "onProbation", "disabledByUser", "disabledBySystem"


@dataclass
class Notification:
    """One post and its fate; `attempts` are the statuses of the answers."""

    id: int
    event: dict[str, Any]
    queued: datetime
    status: str = "queued"
    result: str = "pending"
    attempts: list[int] = field(default_factory=list)


@dataclass
class Subscription:
    """`body` is as it was sent, without the password."""

    id: str
    body: dict[str, Any]
    password: str
    owner: Identity
    created: datetime
    modified: datetime
    status: str = ENABLED
    sent: int = 0
    probation_retries: int = 0
    last_probation_retry: datetime | None = None
    notifications: list[Notification] = field(default_factory=list)

    def publisher(self, name: str) -> str:
        """An input of the publisher; "" means any (section 10)."""
        return str(self.body["publisherInputs"].get(name) or "")

    def consumer(self, name: str) -> str:
        return str(self.body["consumerInputs"].get(name) or "")

    def wants(self, event: str, item: WorkItem, update: Update | None) -> bool:
        """Whether the event passes the filters of project, type, area, tag, text, fields and links."""
        fields = item.now.fields
        area, wanted_area = str(fields.get("System.AreaPath", "")).casefold(), self.publisher("areaPath").casefold()
        tags = str(fields.get("System.Tags", "")).casefold().split("; ")
        return (
            self.body["eventType"] == f"workitem.{event}"
            and self.publisher("projectId").casefold() in ("", item.project_id.casefold())
            and self.publisher("workItemType").casefold() in ("", item.type.casefold())
            and (not wanted_area or area == wanted_area or area.startswith(f"{wanted_area}\\"))
            and self.publisher("tag").casefold() in ("", *tags)
            and self._wants_change(event, update)
            and self._wants_text(event, item)
        )

    def _wants_change(self, event: str, update: Update | None) -> bool:
        """`changedFields` names one field; with `linksChanged` only changes of links pass."""
        if event != "updated" or update is None:
            return True
        name, links = self.publisher("changedFields"), self.publisher("linksChanged").casefold() == "true"
        changed = not name or name in update.fields
        return changed and (not links or bool(update.added or update.removed))

    def _wants_text(self, event: str, item: WorkItem) -> bool:
        pattern = self.publisher("commentPattern").casefold()
        return event != "commented" or not pattern or pattern in item.comments[-1].text.casefold()

    def describe(self) -> dict[str, Any]:
        """For the control route: what it wants and what became of its notifications."""
        return {
            "id": self.id,
            "eventType": self.body["eventType"],
            "publisherInputs": self.body["publisherInputs"],
            "status": self.status,
            "probationRetries": self.probation_retries,
            "notifications": [
                {"id": one.id, "eventId": one.event["id"], "result": one.result, "attempts": one.attempts}
                for one in self.notifications
            ],
        }
