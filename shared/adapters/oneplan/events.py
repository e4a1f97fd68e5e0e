"""Events: OnePlan posts to an address when a plan is saved (oneplan-api.md section 7.3). There are none for tasks."""

from dataclasses import dataclass, field
from typing import Any

from shared.adapters.members import listed, member, number, text
from shared.adapters.oneplan.assumptions import EventList, EventTrigger, EventType
from shared.adapters.oneplan.model import guid
from shared.adapters.oneplan.service import Service
from shared.core.errors import UnknownOutcome

_EVENT = "events/{id}"


@dataclass(frozen=True)
class EventRecord:
    """An event as registered. Its address holds the hook secret in the query, so it is never shown.

    `whole`: it fires for plans that are added and for plans that are saved.
    """

    id: str
    url: str = field(repr=False)
    integration: str | None
    strategy: str
    whole: bool = True


@dataclass(frozen=True)
class EventWanted:
    """An event to be registered: `url` is posted to when a plan is added or saved."""

    url: str = field(repr=False)
    integration: str
    strategy: str

    def body(self) -> dict[str, Any]:
        """Enumerations are integers (section 2 [OBSERVED])."""
        return {
            "List": int(EventList.WORK_PLAN),
            "EventUrl": self.url,
            "IntegrationId": self.integration,
            "Strategy": self.strategy,
            "Triggers": [int(EventTrigger.ADD), int(EventTrigger.UPDATE)],
            "Type": int(EventType.ASYNCH),
        }


@dataclass(frozen=True)
class EventFired:
    """One row of an event's log: what fired, in `sequence`. Its access token is not read."""

    id: str
    plan: str | None
    at: str
    processed: bool
    message: str
    sequence: int


class Events(Service):
    """Events of plans."""

    async def read_all(self) -> list[EventRecord]:
        """Every event on plans."""
        what = "listing events"
        answer = await self.get("events", what, query={"List": int(EventList.WORK_PLAN)})
        return [
            EventRecord(
                guid(member(row, "id")) or "",
                text(row, "EventUrl"),
                guid(member(row, "IntegrationId")),
                text(row, "Strategy"),
                {EventTrigger.ADD, EventTrigger.UPDATE} <= set(member(row, "Triggers") or ()),
            )
            for row in listed(answer, what)
        ]

    async def create(self, wanted: EventWanted) -> str:
        """OnePlan posts to the address when a plan is saved; returns the event's id. UnknownOutcome: list first."""
        what = "registering the event"
        row = await self.post("events", what, wanted.body(), secrets=(wanted.url,))
        made = guid(member(row, "id"))
        if not made:
            raise UnknownOutcome(f"{what}: the answer names no event, so it may have been registered")
        return made

    async def replace(self, event: str, wanted: EventWanted) -> None:
        """The event is as wanted: after the hook secret has changed. Saying it again changes nothing more."""
        what = "changing the event"
        await self.post(_EVENT, what, wanted.body(), places={"id": event}, safe=True, secrets=(wanted.url,))

    async def delete(self, event: str) -> None:
        """The event is gone; NotFound where it was gone before."""
        await self.call("DELETE", _EVENT, "removing the event", places={"id": event})

    async def log(self, event: str) -> list[EventFired]:
        """What the event has fired, to catch up after an outage. How long OnePlan keeps it is not known."""
        what = "reading the log of the event"
        answer = await self.get("events/{id}/log", what, places={"id": event})
        return [
            EventFired(
                id=guid(member(row, "id")) or "",
                plan=guid(member(row, "PlanId")),
                at=text(row, "EventTime"),
                processed=bool(member(row, "Processed")),
                message=text(row, "Message"),
                sequence=number(row, "SequenceNumber"),
            )
            for row in listed(answer, what)
        ]
