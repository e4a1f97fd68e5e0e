"""State of runs: their progress, the pages of their work, what failed and what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from shared.messages import Cause

type RunState = Literal["queued", "running", "done", "stopped", "failed", "replaced"]
type RunKind = Literal["full", "incremental", "tree", "item"]
type PageState = Literal["ready", "queued", "running", "done"]

OVER: tuple[RunState, ...] = ("done", "stopped", "failed", "replaced")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a connection. `stage` is what it is at.

    `counts` are of items, `reasons` of items left out, by reason, `unmatched` the people whom OnePlan does not know.
    `problem` says why a run stopped or failed. `mapping` is the version of the mapping by which its items are read,
    `settings` the fingerprint of all the settings by which its work is laid out, "" where an earlier version of the app
    began it: where these change, a full run is `replaced` by another. `notes` are what a person may want to do by hand.
    `released`: the brake does not stop it; of a run that was stopped, that a person has released it.
    """

    id: str
    connection: str
    kind: RunKind
    cause: Cause
    state: RunState = "queued"
    stage: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    problem: str = ""
    requested: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    released: bool = False
    mapping: int = 1
    settings: str = ""
    report: str = ""
    notes: tuple[str, ...] = ()
    etag: str = field(default="", compare=False)

    @property
    def over(self) -> bool:
        return self.state in OVER


class Runs(Protocol):
    """Runs, the newest first."""

    async def insert(self, run: Run) -> Run: ...

    async def get(self, connection: str, run: str) -> Run | None: ...

    async def list(self, connection: str, most: int = 50) -> Sequence[Run]: ...

    async def replace(self, run: Run) -> Run | None:
        """None where somebody changed it since it was read."""
        ...

    async def current(self, connection: str, run: Run) -> Run:
        """The run of its kind that is under way; where none is, this one is stored and under way from now.

        One full and one incremental run may be under way at once, and any number of others (docs/adr/0007).
        """
        ...

    async def over(self, run: Run) -> None:
        """The connection may begin another run of this kind."""
        ...

    async def forget(self, run: Run) -> None:
        """The run's row is gone."""
        ...

    async def purge(self, connection: str, before: date, keep: int) -> int:
        """No run that is over is older, but for the latest `keep` of all; how many went."""
        ...

    async def is_full_under_way(self, connection: str) -> bool: ...

    async def active(self) -> Sequence[tuple[str, str]]:
        """(connection, run) of every run under way."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a run's work. `until`: when whoever works on it is taken to be gone (storage clock, seconds).

    `counts` are the outcomes of its items so far, `finished` the keys of those that need no second look. `refused` says
    how often what it needs as a whole was refused, `problem` why it came again the last time.
    """

    number: int
    stage: str
    size: int
    body: str
    after: int | None = None
    state: PageState = "ready"
    attempt: int = 0
    until: float = 0.0
    counts: Mapping[str, int] = field(default_factory=dict)
    finished: tuple[str, ...] = ()
    refused: int = 0
    problem: str = ""
    etag: str = field(default="", compare=False)


class Pages(Protocol):
    """The pages of runs."""

    async def put(self, connection: str, run: str, pages: Sequence[Page]) -> None:
        """The pages of the run from the first of these on are these. Nobody works on any of them yet."""
        ...

    async def get(self, connection: str, run: str, number: int) -> Page | None: ...

    async def list(self, connection: str, run: str, stage: str | None = None) -> Sequence[Page]: ...

    async def replace(self, connection: str, run: str, page: Page) -> Page | None:
        """None where somebody changed it since it was read."""
        ...

    async def clear(self, connection: str, run: str) -> None: ...

    async def now(self) -> float:
        """The storage service's time, in seconds."""
        ...


class RunBodies(Protocol):
    """Larger bodies of a run: what was read, and the work of each page. Written once, removed with the run."""

    async def put(self, connection: str, run: str, name: str, body: Any) -> None: ...

    async def get(self, connection: str, run: str, name: str) -> Any:
        """KeyError where there is none."""
        ...

    async def clear(self, connection: str, run: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that could not be brought over: why, in plain words, and what to do (R35)."""

    key: str
    title: str
    reason: str
    field: str = ""
    steps: str = ""
    attempts: int = 1
    run: str = ""


@dataclass(frozen=True, slots=True)
class LeftOutItem:
    """An item that is not brought in, and the rule that says so (R34)."""

    key: str
    title: str
    rule: str
    reason: str
    run: str = ""


class Failures(Protocol):
    """What failed, and what was left out, each item once."""

    async def add(self, connection: str, failure: Failure) -> None: ...

    async def remove(self, connection: str, key: str) -> None: ...

    async def get(self, connection: str, key: str) -> Failure | None: ...

    async def list(self, connection: str) -> Sequence[Failure]: ...

    async def replace_left_out(self, connection: str, run: str, items: Sequence[LeftOutItem]) -> None:
        """These are left out, and no other."""
        ...

    async def left_out(self, connection: str, key: str) -> LeftOutItem | None: ...
