"""What the app wrote, and what it left for a person to decide (R16, R33)."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime
from hashlib import sha256
from typing import Literal, Protocol

from shared.core.model import Raw
from shared.messages import Cause, Side

type Action = Literal[
    "created",
    "updated",
    "moved",
    "deleted",
    "archived",
    "marked",
    "disconnected",
    "reconnected",
    "replaced",
    "overwritten",
    "refused",
    "held",
    "settled-by",
]
# References count microseconds down from here, the year 5138, so that the newest comes first.
_LAST = 10**17 - 1
_MICROSECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One thing that happened to an item. `id` is the caller's name of it: the same id at the same time is one entry.

    `field` is "" where it concerns the whole item, `side` the side that was written to, or that lost its value. `at`
    is in UTC. `whole` is False where a value of a list is only its beginning; `Activity.get` gives it whole.
    """

    id: str
    key: str
    title: str
    field: str
    side: Side
    action: Action
    before: Raw
    after: Raw
    cause: Cause
    run: str
    at: datetime
    note: str = ""
    whole: bool = True

    @property
    def reference(self) -> str:
        """Names the entry within its connection, in URLs too. A later one sorts before an earlier one."""
        return f"{countdown(self.at)}-{sha256(self.id.encode()).hexdigest()[:16]}"


def countdown(at: datetime) -> str:
    """Sorts before that of any earlier time."""
    return f"{_LAST - int(at.timestamp()) * _MICROSECOND - at.microsecond:017d}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; a member that is "" narrows nothing. `until` is not included."""

    since: datetime
    until: datetime
    key: str = ""
    field: str = ""
    cause: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Entries, the newest first. `after` is where the next page goes on; "" where there is none."""

    entries: tuple[ActivityEntry, ...]
    after: str = ""


class Activity(Protocol):
    """What happened, per connection."""

    async def add(self, connection: str, entries: Sequence[ActivityEntry]) -> None:
        """They are recorded; saying it again changes nothing."""
        ...

    async def list(self, connection: str, wanted: Wanted, most: int, after: str = "") -> ActivityPage:
        """At most so many. A page may hold fewer, even none, and yet not be the last: ask on while `after` says so."""
        ...

    async def get(self, connection: str, reference: str) -> ActivityEntry | None:
        """The entry with its values whole."""
        ...

    async def purge(self, connection: str, before: date) -> int:
        """Nothing is kept of the days before that one; how many entries went."""
        ...

    async def connections(self) -> Sequence[str]:
        """Every connection of which something is kept, deleted ones among them."""
        ...


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed a field and nothing decides: what each holds, and since when (UTC) that is so.

    `choice` is the side that a person chose, "" where none was: it stands for these very values. `whole` is False where
    a value is only its beginning; `fingerprint` tells them from any others all the same.
    """

    key: str
    title: str
    field: str
    azure_devops: Raw
    oneplan: Raw
    since: datetime
    choice: Side | Literal[""] = ""
    whole: bool = True
    fingerprint: str = dataclass_field(default="", compare=False)

    def is_about(self, azure_devops: Raw, oneplan: Raw) -> bool:
        """Whether these are the two values that are held."""
        return self.fingerprint == fingerprint(azure_devops, oneplan)

    @property
    def reference(self) -> str:
        """Names the conflict within its connection, in URLs too."""
        return f"{self.key}-{sha256(self.field.encode()).hexdigest()[:16]}"


def fingerprint(azure_devops: Raw, oneplan: Raw) -> str:
    """Tells two values from any others, however long they are."""
    text = json.dumps([azure_devops, oneplan], ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


class Conflicts(Protocol):
    """What is held, per connection."""

    async def keep(
        self,
        connection: str,
        key: str,
        conflicts: Sequence[Conflict],
        *,
        held: bool = True,
        spent: Collection[str] = (),
    ) -> None:
        """Exactly these are held for the item. A known one keeps its time, and its choice while its values stay, unless
        its field is `spent`: what was chosen was tried in vain.

        `held`: whether any may be there already. Without it, and without conflicts, nothing is read or written.
        """
        ...

    async def list(self, connection: str) -> Sequence[Conflict]: ...

    async def of_item(self, connection: str, key: str) -> Sequence[Conflict]: ...

    async def get(self, connection: str, reference: str) -> Conflict | None: ...

    async def choose(self, connection: str, reference: str, side: Side) -> Conflict | None:
        """A person chose whose value it is to be; None where the conflict is no more."""
        ...
