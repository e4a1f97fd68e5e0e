"""What is asked of runs, and answers about them and what they left behind."""

from datetime import datetime

from pydantic import Field

from functions.wire.parts import Number
from shared.configuration import Part
from shared.engine.explain import Answer
from shared.messages import Cause, Side
from shared.ports.runs import RunKind, RunState


class SyncRequest(Part):
    """What to sync. `side` and `itemId` name the item of a tree or item sync."""

    kind: RunKind
    side: Side | None = None
    item_id: str | int | None = None


class StartedRun(Part):
    """The run that is under way."""

    run: str


class ShownProgress(Part):
    """Parts done, parts in all, and how long it still takes."""

    done: Number
    total: Number
    remaining_seconds: float | None


class ShownRun(Part):
    """A run with its counts."""

    id: str
    kind: RunKind
    cause: Cause
    state: RunState
    stage: str
    counts: dict[str, int]
    left_out: dict[str, int]
    unmatched_users: list[str]
    problem: str
    report: str = ""
    notes: list[str] = Field(default_factory=list)
    requested: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    progress: ShownProgress | None = None


class RunList(Part):
    """Runs, the newest first."""

    runs: list[ShownRun]


class ShownFailure(Part):
    """An item that could not be brought over."""

    item: str
    title: str
    reason: str
    field: str
    what_to_do: str
    attempts: Number
    run: str


class FailureList(Part):
    """What failed."""

    failures: list[ShownFailure]


class ItemNames(Part):
    """Items to be tried again; all of them where none is named."""

    items: list[str | int] | None = None


class Retried(Part):
    """How many are tried again."""

    retried: Number


class ShownWaiting(Part):
    """An item that waits for the one above it."""

    item: str
    title: str
    waits_for: str


class WaitingList(Part):
    """What waits."""

    waiting: list[ShownWaiting]


class ExplanationAnswer(Part):
    """What became of a work item, and the rule that decided."""

    work_item: Number
    answer: Answer
    reason: str
    rule: str
    target: str
    plan: str
