"""Stored connections, secrets, queues and timers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from shared.configuration import Connection
from shared.configuration_document import ConfigurationDocument, People, public
from shared.core.errors import Unreachable
from shared.mapping_configuration import StoredMapping
from shared.messages import QueueName, Side, SyncMessage

type SaveState = Literal["saving", "ready", "deleting", "deleted"]
type StepState = Literal["done", "warning", "pending"]


@dataclass(frozen=True)
class Step:
    """What became of one step of a save (R9).

    `warning`: the remote system does not do it, and `what_to_do` says how to do it by hand. `pending`: not done yet;
    saving again, or the timer, goes on with it. `note` is what the timer put right last.
    """

    state: StepState
    detail: str = ""
    what_to_do: str = ""
    note: str = ""


@dataclass(frozen=True)
class SecretNames:
    """Names of a connection's secrets in the vault; each ends in its generation (design.md, decision 15).

    After a rotation the hook secret before it is taken as well for an hour: `previous_hooks` are the names of those,
    each with the second since 1970 until which it is.
    """

    pat: str
    key: str
    hook: str
    previous_hooks: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class StoredConnection:
    """A connection as stored: its configuration without secrets, and where the secrets lie.

    `integration` is the id of its line item in OnePlan, "" as long as it has none. `mapping` is the mapping in force,
    `overrides` lead from unique names of Azure DevOps to people of OnePlan (R23), and `version` counts the changes of
    all that an administrator may change. `steps` are those of the last save.
    `hooked` names the hook secret that the subscriptions were made with, "" as long as there are none. `garbage` are
    names of secrets that are to be deleted. `deleted` is when it was asked to be deleted.
    """

    id: str
    state: SaveState
    configuration: Connection
    secrets: SecretNames
    created: datetime
    integration: str = ""
    mapping: StoredMapping = field(default_factory=StoredMapping)
    overrides: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    steps: Mapping[str, Step] = field(default_factory=dict)
    hooked: str = ""
    garbage: tuple[str, ...] = ()
    deleted: datetime | None = None
    etag: str = ""

    @property
    def whole(self) -> ConfigurationDocument:
        """All that an administrator may change."""
        types = (*self.configuration.plan_level_types, *self.configuration.task_types)
        return ConfigurationDocument(
            connection=self.configuration.without_secrets(),
            mapping=self.mapping.shown(types),
            people=People(overrides=dict(self.overrides)),
        )

    @property
    def document(self) -> dict[str, Any]:
        """The same as JSON, without secrets."""
        return public(self.whole)


@dataclass(frozen=True)
class Version:
    """A version of a connection's configuration: when it was saved, and what it said, without secrets."""

    number: int
    saved: datetime
    document: Mapping[str, Any]


class Versions(Protocol):
    """The versions of all configurations. They are recorded wherever a connection is stored."""

    async def list(self, connection: str) -> Sequence[Version]:
        """The oldest first."""
        ...

    async def get(self, connection: str, number: int) -> Version | None: ...


class Connections(Protocol):
    """The stored connections."""

    async def insert(self, connection: StoredConnection) -> StoredConnection:
        """Stored with its new ETag; Conflict where the id is taken."""
        ...

    async def replace(self, connection: StoredConnection) -> StoredConnection:
        """Stored where nobody changed it since it was read; Conflict otherwise."""
        ...

    async def get(self, connection_id: str) -> StoredConnection | None: ...

    async def list(self) -> Sequence[StoredConnection]: ...

    async def remove(self, connection_id: str) -> None: ...

    async def claim(self, join: str, connection_id: str, instead_of: str = "") -> str:
        """The id of the connection that joins these two: this one, unless another than `instead_of` does already."""
        ...

    async def release(self, join: str, connection_id: str) -> None:
        """The connection does not join them any more."""
        ...


class Queue(Protocol):
    """The work queues."""

    async def send(self, queue: QueueName, message: SyncMessage, delay_seconds: float = 0.0) -> None:
        """The message is stored when this returns, and never expires."""
        ...


class VaultAway(Unreachable):
    """The vault does not answer: whoever works on a message waits, as for a system that is away."""


class Secrets(Protocol):
    """Secret values by name, in Key Vault. VaultAway where that does not answer."""

    async def get(self, name: str) -> str | None:
        """The value as it was some minutes ago at most; where the vault is away, an hour ago."""
        ...

    async def refresh(self, name: str) -> str | None:
        """The value as the vault holds it now, at most once in a few seconds per name."""
        ...

    async def set(self, name: str, value: str, expires: datetime | None = None) -> None:
        """NameTaken where a deleted secret holds the name."""
        ...

    async def delete(self, name: str) -> None:
        """The secret is gone, if it was there; its name is taken for weeks."""
        ...


class NameTaken(Exception):
    """A deleted secret holds the name still (design.md, decision 15)."""


@dataclass(frozen=True)
class Change:
    """One change of a connection by a person: who, what, when. `paths` are JSON pointers of members, never values."""

    at: datetime
    who: str
    action: str
    paths: tuple[str, ...] = ()


class Audit(Protocol):
    """Who changed what (R43)."""

    async def add(self, connection: str, change: Change) -> None: ...

    async def list(self, connection: str, most: int = 500) -> Sequence[Change]:
        """The newest first."""
        ...


class Erasure(Protocol):
    """The end of what is kept of a connection."""

    async def erase(self, connection: str) -> None:
        """Nothing that a table or container keeps by the connection is left, but its own row."""
        ...


# Of the pause for maintenance, which holds everything.
EVERYTHING = "~all"


@dataclass(frozen=True)
class Pause:
    """Why nothing is done for a connection, or for all, and since when.

    `probe`: when it is tried again by itself, for the how many-th time; None where a person must end it.
    """

    reason: str
    since: datetime
    probe: datetime | None = None
    probes: int = 0


class Pauses(Protocol):
    """Connections that rest until what keeps them from working is mended."""

    async def list(self) -> Mapping[str, Pause]:
        """By connection, and by EVERYTHING."""
        ...

    async def begin(self, connection: str, pause: Pause) -> bool:
        """True where it rests from now on; False where it did before: the first reason stays."""
        ...

    async def put(self, connection: str, pause: Pause) -> None: ...

    async def end(self, connection: str) -> None: ...


class Heard(Protocol):
    """When each side of a connection was last heard of by a notification (R36)."""

    async def note(self, connection: str, side: Side, at: datetime) -> None:
        """Noted, to the half minute."""
        ...

    async def last(self, connection: str) -> Mapping[Side, datetime]: ...


class Unhandled(Protocol):
    """Messages that arrived and that no use case of this version handles yet."""

    async def record(self, message_id: str, queue: QueueName, text: str, reason: str) -> None:
        """Recorded once, however often the message comes."""
        ...


class DueRows(Protocol):
    """When each connection's timers are due next."""

    async def get(self, connection_id: str, kind: str) -> tuple[datetime, str] | None:
        """(due time in UTC, ETag); None where it was never set."""
        ...

    async def move(self, connection_id: str, kind: str, due: datetime, etag: str | None) -> bool:
        """True where this caller moved it; False where another did first."""
        ...
