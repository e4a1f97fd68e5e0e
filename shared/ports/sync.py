"""State of single pairs: links with their base and lease, intents, and items that wait for the one above them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from shared.core.actions import Why
from shared.core.base import Base
from shared.core.comments import Told
from shared.core.recover import Intent
from shared.core.snapshots import TargetKind

type LinkState = Literal["linking", "linked", "out-of-scope", "disconnected"]


class LostLease(Exception):
    """Somebody else holds the pair, or changed its link meanwhile: what was planned must not be written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write one pair. `until` is in seconds of the storage service's clock (decision 8)."""

    token: str
    until: float


type AskedAgain = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Retired:
    """A counterpart that another has taken the place of; `parent` is what it stood below, "" for nothing."""

    kind: TargetKind
    plan: str
    target: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A pair as stored. `target` is the counterpart's id, "" while it is being made; `plan` the plan that it is in.

    `rev` is the revision of the work item at the last agreement, `parent` the id of the work item above it then, and
    `modified` the counterpart's own word for it. `why` says why it is disconnected. `retired` is a counterpart that was
    replaced and is still to be put away. `held` tells that a field is in conflict. `at` is when it was recorded last,
    and `revisit` when a message that was put off will come (storage clock). `arrived` tells that it came to where it
    is, or ended, and that what hangs below it is still to be looked at. `hyperlink` is the one that we wrote into the
    work item, "" where we wrote none. `told` is the revision of the work item, and `talk` OnePlan's word for its
    comments, when comments were copied last.
    """

    key: str
    state: LinkState
    kind: TargetKind
    target: str = ""
    plan: str = ""
    rev: int = 0
    modified: str = ""
    base: Base | None = None
    parent: int | None = None
    why: Why = ""
    retired: Retired | None = None
    held: bool = False
    at: float = 0.0
    revisit: float = 0.0
    arrived: bool = False
    hyperlink: str = ""
    told: int = 0
    talk: str = ""
    pending: bool = False
    lease: Lease | None = None
    etag: str = field(default="", compare=False)

    @property
    def parted(self) -> Why:
        """How a person disconnected it: here, or by deleting the counterpart; "" where nobody did. One whose work item
        was deleted comes back with that, so it is not meant."""
        return self.why if self.state == "disconnected" and self.why != "deleted" else ""


@dataclass(frozen=True, slots=True)
class Held:
    """A pair by its counterpart: `half` is the fingerprint of what OnePlan held at the last agreement.

    It may be out of date where a task left its plan: the link itself decides. `parted` is what the link says, once all
    that follows from it is done.
    """

    target: str
    key: str
    half: str
    modified: str
    talk: str = ""
    parted: Why = ""


class Links(Protocol):
    """The links of all connections; every write is conditional."""

    async def get(self, connection: str, key: str) -> Link | None: ...

    async def by_target(self, connection: str, target: str) -> str | None:
        """The key of the item whose counterpart has that OnePlan id."""
        ...

    async def by_retired(self, connection: str, target: str) -> str | None:
        """The key of the item whose replaced counterpart, still to be put away, has that OnePlan id."""
        ...

    async def plans(self, connection: str) -> Sequence[Held]:
        """Every pair of the connection that is a plan, by plan."""
        ...

    async def plan(self, connection: str, plan: str) -> Held | None:
        """The pair that is this plan."""
        ...

    async def in_plan(self, connection: str, plan: str) -> Sequence[Held]:
        """Every pair that is a task in this plan, by task."""
        ...

    async def unlist(self, connection: str, target: str, plan: str) -> None:
        """The pair is not listed there any more: as a task in that plan, or as a plan where `plan` is ""."""
        ...

    def list(self, connection: str) -> AsyncIterator[Link]:
        """Every link of the connection, by key."""
        ...

    async def acquire(self, connection: str, link: Link) -> Link:
        """The pair is leased to the caller; a link without ETag is inserted. LostLease where another holds it, or
        changed it since it was read."""
        ...

    async def keep(self, connection: str, link: Link) -> Link:
        """The lease holds for a while longer, renewed where it must be; LostLease where it was lost."""
        ...

    async def record(self, connection: str, link: Link, asked_again: AskedAgain, was: Link | None = None) -> Link:
        """The link is stored with the index by its target, in one transaction, and the lease is given back.

        LostLease where somebody changed it meanwhile. Where somebody asked for another round, `asked_again` is awaited
        before the lease is given back, so that dying in between loses nothing. `was` is the link as it was, whose index
        goes where it leads elsewhere now.
        """
        ...

    async def release(self, connection: str, link: Link, asked_again: AskedAgain) -> None:
        """The lease is given back and nothing else changed; a link that was only begun stays as begun."""
        ...

    async def ask_again(self, connection: str, key: str) -> bool:
        """True: whoever holds the pair goes round once more. False: nobody holds it."""
        ...

    async def put_off(self, connection: str, link: Link, until: float) -> bool:
        """The link says that a message for it comes then; False where it was changed since it was read."""
        ...

    async def told_below(self, connection: str, link: Link) -> None:
        """What hangs below the pair was looked at: it has `arrived` no more, unless it went elsewhere meanwhile."""
        ...

    async def children(self, connection: str, key: str) -> Sequence[str]:
        """The keys of the pairs that hung below that item at their last agreement."""
        ...


@dataclass(frozen=True, slots=True)
class CopiedComments:
    """Which comments of a pair were copied; `target` is the counterpart that it had then."""

    target: str = ""
    told: tuple[Told, ...] = ()
    etag: str = field(default="", compare=False)


class Comments(Protocol):
    """The comments of all pairs that were copied. Written by who holds the pair."""

    async def get(self, connection: str, key: str) -> CopiedComments:
        """None of them where nothing was copied yet."""
        ...

    async def put(self, connection: str, key: str, copied: CopiedComments) -> None:
        """Stored; LostLease where somebody else stored them since they were read."""
        ...


class Intents(Protocol):
    """What is about to be created."""

    async def note(self, connection: str, key: str, intent: Intent) -> Intent | None:
        """None where it was noted now; the earlier one where an attempt before this one noted it."""
        ...

    async def renew(self, connection: str, key: str, intent: Intent) -> None:
        """It is the one noted; for whoever holds the pair's lease and found nothing by the earlier one."""
        ...

    async def get(self, connection: str, key: str) -> Intent | None: ...

    async def forget(self, connection: str, keys: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item that waits for the counterpart of the one above it."""

    key: str
    parent: str
    title: str = ""


class Waiting(Protocol):
    """Items that wait (R18)."""

    async def add(self, connection: str, item: WaitingItem) -> None: ...

    async def remove(self, connection: str, item: WaitingItem) -> None: ...

    async def list(self, connection: str) -> Sequence[WaitingItem]: ...
