"""Answers about what was done and what waits for a decision."""

from datetime import datetime

from functions.wire.parts import Raw
from shared.configuration import Part
from shared.messages import Cause, Side
from shared.ports.trust import Action


class ShownActivity(Part):
    """One thing that happened."""

    id: str
    item: str
    title: str
    field: str | None
    side: Side
    action: Action
    before: Raw
    after: Raw
    whole: bool
    cause: Cause
    run: str | None
    at: datetime
    note: str


class ActivityPage(Part):
    """What happened, the newest first; the next page is `after`."""

    entries: list[ShownActivity]
    after: str | None


class ShownConflict(Part):
    """A field that both sides changed."""

    id: str
    item: str
    title: str
    field: str
    azure_dev_ops: Raw
    oneplan: Raw
    whole: bool
    since: datetime
    winner: Side | None


class ConflictList(Part):
    """What waits for a person."""

    conflicts: list[ShownConflict]


class Winner(Part):
    """The side whose value is to stand."""

    winner: Side
