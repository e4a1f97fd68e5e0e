"""The data of one OnePlan group. Records are wire-form mappings; ids are lower-case GUIDs."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

ZERO = "00000000-0000-0000-0000-000000000000"
NAMESPACE = uuid.UUID("6f0c5a3e-1c55-4a0b-9b53-0f7f1f1d1a2b")

type Record = dict[str, Any]


def guid(*words: str) -> str:
    """A GUID that is the same for the same words."""
    return str(uuid.uuid5(NAMESPACE, "/".join(words)))


EPOCH = datetime(1, 1, 1, tzinfo=UTC)
TICK_MICROSECONDS = 10  # ticks of 100 nanoseconds, as .NET counts


class Clock:
    """Times as OnePlan writes them: seven fraction digits and an offset, each later than the one before."""

    def __init__(self) -> None:
        self._last = 0

    def now(self) -> str:
        present = (datetime.now(UTC) - EPOCH) // timedelta(microseconds=1) * TICK_MICROSECONDS
        self._last = max(self._last + 1, present)
        micros, tick = divmod(self._last, TICK_MICROSECONDS)
        return f"{EPOCH + timedelta(microseconds=micros):%Y-%m-%dT%H:%M:%S.%f}{tick}+00:00"


def stamp(text: str, *, in_utc: bool = True) -> str:
    """Any ISO date or time in OnePlan's form, in UTC or with its own offset; ValueError where it is none."""
    parsed = datetime.fromisoformat(text)
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    aware = aware.astimezone(UTC) if in_utc else aware
    return f"{aware:%Y-%m-%dT%H:%M:%S.%f}0{aware:%:z}"


@dataclass
class Group:
    """A tenant workspace: what its keys may see, and nothing of any other (section 1)."""

    id: str
    name: str
    keys: dict[str, str]
    key_user: str
    plan_types: list[Record]
    work_types: list[Record]
    plan_fields: list[Record]
    task_fields: list[Record]
    resource_fields: list[Record]
    resources: dict[str, Record]
    teams: list[Record] = field(default_factory=list)
    local_fields: dict[str, list[Record]] = field(default_factory=dict)
    plans: dict[str, Record] = field(default_factory=dict)
    tasks: dict[str, Record] = field(default_factory=dict)
    tasks_of: dict[str, dict[str, None]] = field(default_factory=dict)
    integrations: dict[str, Record] = field(default_factory=dict)
    connected_systems: list[Record] = field(default_factory=list)
    events: dict[str, Record] = field(default_factory=dict)
    event_log: list[Record] = field(default_factory=list)
    iterations: dict[str, Record] = field(default_factory=dict)
    dependencies: dict[str, Record] = field(default_factory=dict)
    plan_links: dict[str, Record] = field(default_factory=dict)
    audit: list[Record] = field(default_factory=list)
    hours: dict[str, dict[str, float]] = field(default_factory=dict)
    plan_number: int = 0

    def plan_type(self, wanted: str) -> Record | None:
        return next((one for one in self.plan_types if wanted.lower() in (one["id"], one["Name"].lower())), None)

    def work_type(self, wanted: str) -> Record | None:
        return next((one for one in self.work_types if wanted.lower() in (one["Id"], one["Name"].lower())), None)


@dataclass(frozen=True)
class Actor:
    """Who writes: a person, or a key under the name of a person."""

    user: str
    key: str = ""
