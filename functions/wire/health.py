"""Answers about the health of a connection, and of the app."""

from datetime import date, datetime
from typing import Literal

from functions.wire.connections import ShownPause, ShownStep
from functions.wire.parts import Number
from shared.configuration import Name, Part
from shared.ports.runs import RunKind, RunState
from shared.ports.stored import SaveState


class TokenHealth(Part):
    """When the access token expires; `warning`: the mark of 30, 14, 7 or 1 days before that was passed last."""

    expires: date
    days: int
    expired: bool
    warning: Literal[1, 7, 14, 30] | None


class KeyHealth(Part):
    """The authentication key of OnePlan, which tells no expiry."""

    name: Name
    expires: date | None


class LastEvents(Part):
    """When each side was last heard of by a notification."""

    azure_dev_ops: datetime | None
    oneplan: datetime | None


class FeedInUse(Part):
    """The change feed of OnePlan that was read last, why that one, and how old a change is at most when it is seen."""

    feed: Literal["audit", "find", "sweep"]
    reason: str
    delay_seconds: Number


class ConfiguredFeed(Part):
    """How changes in OnePlan are found where no event tells; `in_use` from the first incremental sync on."""

    configured: Literal["auto", "audit", "find", "sweep"]
    in_use: FeedInUse | None


class LastRun(Part):
    """One of the last runs."""

    id: str
    kind: RunKind
    state: RunState
    ended: datetime | None
    problem: str | None


class ConnectionHealth(Part):
    """How a connection is, from what is stored. `attention`: what a person should do, in sentences."""

    id: str
    state: SaveState
    enabled: bool
    paused: ShownPause | None
    pat: TokenHealth
    key: KeyHealth
    last_event: LastEvents
    registration: dict[str, ShownStep]
    waiting: Number
    failures: Number
    conflicts: Number
    change_feed: ConfiguredFeed
    last_runs: list[LastRun]
    attention: list[str]


class HealthAnswer(Part):
    """The app is set up and its storage answers."""

    status: Literal["ok"]
    connections: Number
    enabled: Number
