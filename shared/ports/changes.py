"""What changed since it was last read: the feeds of both systems, how far they were read, and who looks at a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

type FeedName = Literal["audit", "find", "sweep"]
# A place in a feed, as the feed itself wrote it: plain JSON that nobody else reads.
type Place = Mapping[str, Any]


class PlaceLost(Exception):
    """The feed does not take the place any more, so that nobody knows what happened since: compare everything."""


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """A work item of which there is a revision newer than the place."""

    id: int
    rev: int
    type: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class ChangedLink:
    """A parent link that was added, or removed where it is not `active`."""

    child: int
    parent: int
    active: bool


@dataclass(frozen=True, slots=True)
class Feed[T]:
    """Rows in their order, and where to go on. `caught_up` is False where there is more right now."""

    rows: tuple[T, ...]
    place: Place
    caught_up: bool = True


class ItemFeeds(Protocol):
    """Azure DevOps: what changed in the whole organization."""

    async def items(self, place: Place) -> Feed[ChangedItem]:
        """PlaceLost where the feed does not know the place."""
        ...

    async def links(self, place: Place) -> Feed[ChangedLink]:
        """PlaceLost where the feed does not know the place."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """A plan that may have changed: `itself`, and its list of `tasks`. `named` are tasks that are in it now, and may
    have been in another plan before."""

    plan: str
    itself: bool = True
    tasks: bool = True
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan feed may know of a connection: its plans and when each was saved last, as of the last agreement.

    `minutes` is the time between two readings. `ended` are the plans, likewise, whose pair a person ended, most by
    deleting the plan: they matter again only where they are back.
    """

    plans: Mapping[str, str]
    minutes: float
    ended: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """Which plans to look at, by which feed, why that one, and after how many seconds at most a change is seen."""

    looks: tuple[Look, ...]
    place: Place
    feed: FeedName
    reason: str
    delay_seconds: float = 0.0


class PlanFeed(Protocol):
    """OnePlan: what changed in the group."""

    async def changes(
        self, wanted: Literal["auto", "audit", "find", "sweep"], place: Place, known: Known
    ) -> PlanChanges:
        """What may have changed since the place; an empty place begins now."""
        ...


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a connection has read a feed, everything before being settled."""

    place: Place
    etag: str = field(default="", compare=False)


class Watermarks(Protocol):
    """One place per connection and feed."""

    async def get(self, connection: str, feed: str) -> Watermark | None: ...

    async def move(self, connection: str, feed: str, place: Place, etag: str | None) -> bool:
        """True where this caller moved it; False where another did since it was read. Without ETag it is set."""
        ...


@dataclass(frozen=True, slots=True)
class Looking:
    """The right to look at one plan, for a while."""

    connection: str
    plan: str
    token: str
    until: float
    etag: str = field(default="", compare=False)


class Looks(Protocol):
    """Who looks at which plan: a burst of saves is one look, and one more at its end."""

    async def begin(self, connection: str, plan: str) -> Looking | None:
        """None where somebody looks at it now: he goes round once more."""
        ...

    async def end(self, looking: Looking) -> Looking | None:
        """None where the look is over; else the right to go round once more, because somebody asked meanwhile."""
        ...

    async def put_off(self, connection: str, plan: str, until: float | None) -> float:
        """Until when looks at the plan are put off (storage clock), from now on `until` where that is given."""
        ...

    async def give_up(self, looking: Looking) -> None:
        """Nobody looks at the plan; whoever gives up comes again by himself."""
        ...


@dataclass(frozen=True, slots=True)
class Feeds:
    """Both systems of one connection."""

    items: ItemFeeds
    plans: PlanFeed
