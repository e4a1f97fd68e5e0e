"""The words of the core: sides, pairs of values, and what a side held when the two last agreed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum


class Side(Enum):
    """One of the two systems. The core treats both alike."""

    AZURE_DEVOPS = "azure-devops"
    ONEPLAN = "oneplan"

    @property
    def other(self) -> "Side":
        return Side.ONEPLAN if self is Side.AZURE_DEVOPS else Side.AZURE_DEVOPS


@dataclass(frozen=True, slots=True)
class Both[T]:
    """One value for each side."""

    azure_devops: T
    oneplan: T

    def of(self, side: Side) -> T:
        return self.azure_devops if side is Side.AZURE_DEVOPS else self.oneplan

    def map[U](self, change: Callable[[T], U]) -> "Both[U]":
        return Both(change(self.azure_devops), change(self.oneplan))

    def replaced(self, side: Side, value: T) -> "Both[T]":
        return Both(value, self.oneplan) if side is Side.AZURE_DEVOPS else Both(self.azure_devops, value)

    def swapped(self) -> "Both[T]":
        return Both(self.oneplan, self.azure_devops)


# Raw is a value as a side gives it (absent is None); canonical is the common form in which two values compare.
type Raw = str | int | float | bool | tuple[Raw, ...] | None
type Canonical = str | int | Decimal | date | bool | Worded | tuple[Canonical, ...] | None


@dataclass(frozen=True, slots=True)
class Worded:
    """A value that compares by its sense and is written in its own words: a rich text, say, or a set of tags."""

    sense: Canonical
    words: Raw = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unconvertible:
    """A raw value that has no canonical form, for instance a person whom the other side does not know."""

    reason: str


@dataclass(frozen=True, slots=True)
class Value:
    """What one side holds in a field: raw as read, and its canonical form."""

    raw: Raw
    canonical: Canonical | Unconvertible
