"""What is to be done for one pair, as data (design.md, decision 4). The engine applies it; a preview only shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.core.base import Fields
from shared.core.model import Raw, Side
from shared.core.snapshots import Target


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


type Action = Create | Update | Move | Mark | Wait | Hold


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """The actions for one pair in their order, and what the sides agree on once they are done.

    `agreed` holds the raw values per field, as they will be; after a write the answer takes the written side's place.
    `settles` is True where the agreement differs from the stored one though nothing is written.
    """

    actions: tuple[Action, ...] = ()
    agreed: Fields = field(default_factory=dict)
    residues: Mapping[str, str] = field(default_factory=dict)
    settles: bool = False

    @property
    def writes(self) -> bool:
        return any(isinstance(action, Create | Update | Move | Mark) for action in self.actions)

    @property
    def differs(self) -> bool:
        """True where the two sides are not in step (R22, drift)."""
        return bool(self.actions)
