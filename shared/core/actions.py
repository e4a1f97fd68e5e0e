"""What is to be done for one pair, as data (design.md, decision 4). The engine applies it; a preview only shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.core.base import Fields
from shared.core.model import Raw, Side
from shared.core.snapshots import Target

# Why a pair is disconnected: its work item was deleted, its counterpart was, or a person said so.
type Why = Literal["", "deleted", "removed", "person"]

# What a place and a type are called where fields are named: among conflicts, residues and in the activity.
PARENT, TYPE = "parent", "type"


@dataclass(frozen=True, slots=True)
class Create:
    """The counterpart is made in OnePlan with these values, and marked."""

    target: Target
    values: Mapping[str, Raw]


@dataclass(frozen=True, slots=True)
class Update:
    """These fields of one side get these values; None empties a field."""

    side: Side
    values: Mapping[str, Raw]


@dataclass(frozen=True, slots=True)
class Move:
    """The counterpart in OnePlan goes to its new place, or gets its new type."""

    target: Target


@dataclass(frozen=True, slots=True)
class Rehang:
    """The work item hangs below the one of this key, None for below nothing: its counterpart was moved."""

    above: str | None


@dataclass(frozen=True, slots=True)
class Retype:
    """The work item is one of this type, by its name: the type of its counterpart was changed."""

    type: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The counterpart has lost its marker, or never got it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The item above it has no counterpart yet; this one is taken up when that one has (R18)."""

    parent: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Both sides changed a field and no policy decides: a person does (R16)."""

    field: str
    values: Mapping[Side, Raw]


@dataclass(frozen=True, slots=True)
class Delete:
    """The record of one side is deleted, because the other's was and the connection says so (R20)."""

    side: Side


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The pair is kept in step no more; `mark`: the counterpart says so in its name."""

    why: Why
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Suspend:
    """The pair is out of scope: both sides stay as they are until the work item comes back into scope (R6)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Both sides are gone."""


type Action = Create | Update | Move | Rehang | Retype | Mark | Wait | Hold | Delete | Disconnect | Suspend | Forget


@dataclass(frozen=True, slots=True)
class Lost:
    """A person's value that another one overwrites, by a policy or a mapping; the activity keeps it (R16)."""

    field: str
    side: Side
    value: Raw


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """The actions for one pair in their order, and what the sides agree on once they are done.

    `agreed` holds the raw values per field, as they will be; after a write the answer takes the written side's place.
    `settles` is True where the agreement differs from the stored one though nothing is written. `placed` is False
    where the two sides do not agree on the item's place, so that the stored one stays; `typed` says so of its type.
    """

    actions: tuple[Action, ...] = ()
    agreed: Fields = field(default_factory=dict)
    residues: Mapping[str, str] = field(default_factory=dict)
    settles: bool = False
    placed: bool = True
    typed: bool = True
    lost: tuple[Lost, ...] = ()

    @property
    def writes(self) -> bool:
        return any(isinstance(action, Create | Update | Move | Rehang | Retype | Mark) for action in self.actions)

    @property
    def overwrites(self) -> bool:
        """True where fields or the place of the counterpart in OnePlan are written."""
        return any(
            isinstance(one, Move) or (isinstance(one, Update) and one.side is Side.ONEPLAN) for one in self.actions
        )

    @property
    def differs(self) -> bool:
        """True where the two sides are not in step (R22, drift)."""
        return bool(self.actions)

    @property
    def held(self) -> tuple[Hold, ...]:
        return tuple(one for one in self.actions if isinstance(one, Hold))
