"""What every save does: who and when, the values by their fields, the audit, and the events (sections 4 to 8)."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from local.oneplan.columns import stored, writable
from local.oneplan.model import ZERO, Actor, Group, Record
from local.oneplan.records import CLOCK
from local.oneplan.world import World

# List and Triggers by the order of their names in the reference; WorkPlan 0 and Update 1 are supported by it.
WORK_PLAN = 0
ADD, UPDATE, DELETE, UPDATE_IF_CONNECTED = range(4)


class Saving:
    """The saves of one group by one actor."""

    def __init__(self, world: World, group: Group, actor: Actor) -> None:
        self.world, self.group, self.actor = world, group, actor

    def values(self, definitions: Iterable[Record], fields: Mapping[str, Any], now: Record) -> dict[str, Any]:
        """The writable ones of the fields are stored in `now`; returns those that were."""
        known = {one["InternalName"]: one for one in definitions}
        written: dict[str, Any] = {}
        for name, value in fields.items():
            if name not in known:
                if self.world.position("unknown_field_key") == "stored":
                    written[name] = value
            elif writable(known[name]):
                written[name] = stored(known[name], value, self.world.position)
        for name, value in written.items():
            now.pop(name, None)
            if value is not None:
                now[name] = value
        return written

    def with_defaults(self, definitions: Iterable[Record], fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a new record: those that were not sent have the default value of their column (section 6)."""
        defaults = {one["InternalName"]: one["DefaultValue"] for one in definitions if one["DefaultValue"]}
        return {**defaults, **fields}

    def touched(self, record: Record) -> None:
        record["Modified"], record["Editor"] = CLOCK.now(), self.actor.user

    def plan_saved(self, plan: Record, action: str, values: Mapping[str, Any]) -> None:
        """A plan was added, updated or deleted: audit and events follow."""
        self._audit({"PlanId": plan["id"], "PlanName": plan["Name"]}, action, values)
        trigger = {"Add": ADD, "Update": UPDATE, "Delete": DELETE}[action]
        if action != "Delete" or self.world.on("events_on_delete"):
            self.fire(plan, trigger)

    def resource_saved(self, resource: Record, action: str, values: Mapping[str, Any]) -> None:
        """A person was added, updated or deleted: audit follows."""
        self._audit({"ResourceId": resource["id"], "ResourceName": resource["name"]}, action, values)

    def task_saved(self, task: Record, action: str, values: Mapping[str, Any]) -> None:
        """A task was added, updated or deleted: audit follows, and the plan's event where a backlog save fires it."""
        parent = self.group.tasks.get(task["ParentId"])
        row = {
            "TaskId": task["id"],
            "TaskName": task["Name"],
            "ParentName": parent["Name"] if parent else "",
            "WorkTypeId": task["WorkTypeId"],
            "PlanId": task["WorkPlanId"],
        }
        self._audit(row, action, values)
        plan = self.group.plans.get(task["WorkPlanId"])
        if plan is None:
            return
        if self.world.on("task_save_touches_plan"):
            self.touched(plan)
        if self.world.on("events_on_task_saves"):
            self.fire(plan, UPDATE)

    def _audit(self, row: Record, action: str, values: Mapping[str, Any]) -> None:
        if not self.world.on("auditing"):
            return
        by_key = self.actor.key and self.world.position("audit_auth_key") == "id"
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, self.actor.key)) if by_key else self.actor.key
        self.group.audit.append(
            {
                **row,
                "id": str(uuid.uuid4()),
                "ConfigId": self.group.id,
                "UserId": self.actor.user,
                "AuthKey": key,
                "Action": action,
                "Timestamp": CLOCK.now(),
                "UpdatedFieldValues": dict(values),
            }
        )

    def fire(self, plan: Record, trigger: int) -> None:
        """The events of the plan list that have the trigger are posted, and logged."""
        if self.actor.key and not self.world.on("events_on_api_saves"):
            return
        for event in self.group.events.values():
            if event["List"] == WORK_PLAN and self._wants(event, plan, trigger):
                self._log(event, plan)
                self.world.outbox.post(event["EventUrl"], {"Id": plan["id"], "Name": plan["Name"]})

    def _wants(self, event: Record, plan: Record, trigger: int) -> bool:
        if trigger in event["Triggers"]:
            return True
        linked = any(one["IntegrationId"] == event["IntegrationId"] for one in plan["Integrations"])
        conditional = trigger == UPDATE and UPDATE_IF_CONNECTED in event["Triggers"]
        return conditional and linked and self.world.position("update_if_connected") == "linked-only"

    def _log(self, event: Record, plan: Record) -> None:
        number = len(self.group.event_log) + 1
        self.group.event_log.append(
            {
                "id": str(uuid.uuid4()),
                "ConfigId": self.group.id,
                "EventId": event["id"],
                "PlanId": plan["id"],
                "ResourceId": ZERO,
                "ReportId": ZERO,
                "EventTime": CLOCK.now(),
                "Processed": True,
                "Message": "",
                "Values": {},
                "accesstoken": f"secret-of-the-event-{number}",
                "BaseClass": "",
                "BaseClassJSON": "",
                "SequenceNumber": number,
            }
        )
