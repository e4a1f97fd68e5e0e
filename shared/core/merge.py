"""The three-way merge of one field of one pair (design.md, decisions 1 and 2; R16).

A side changed a field where its raw value differs from what that side itself held when the two last agreed, so a
system that normalises what it stores never looks edited. Values of the two sides are compared in canonical form.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.core.model import Both, Side, Unconvertible, Value

type Policy = Literal["azure-devops", "oneplan", "latest", "hold"]
type Direction = Literal["both", "to-oneplan", "to-azure-devops"]

UNKNOWN_TIMES: Both[datetime | None] = Both(None, None)


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How a field pair is kept in step. `first` decides where there is no base yet: whose value wins."""

    direction: Direction = "both"
    policy: Policy = "latest"
    first: Side = Side.AZURE_DEVOPS

    def may_write(self, side: Side) -> bool:
        return self.direction in ("both", f"to-{side.value}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one pair: what both sides hold, what each held at the last agreement, and how to decide.

    `base` is None where the field was never agreed on. `changed_at` is when a side changed the field, in UTC,
    None where the side does not tell or where the change was our own write. `redefined`: the field is mapped in another
    way since then, so that what was agreed no longer says that the two are in step.
    """

    now: Both[Value]
    base: Both[Value] | None
    rule: FieldRule = FieldRule()
    changed_at: Both[datetime | None] = UNKNOWN_TIMES
    redefined: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """Both sides stay as they are, and so does the base."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Both sides stay as they are and agree; the base becomes what they hold now."""


@dataclass(frozen=True, slots=True)
class Copy:
    """`to` gets the value of the other side. `overwrites_edit`: a person's value is lost there, by a policy."""

    to: Side
    overwrites_edit: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Both sides changed the field and no policy decides: both values are kept for a person."""


@dataclass(frozen=True, slots=True)
class Residue:
    """The value of one side has no form on the other; it stays, with the reason."""

    side: Side
    reason: str


type Decision = Nothing | Settle | Copy | Hold | Residue


def merge(field: Field) -> Decision:
    """What becomes of the field. Never writes to the only side that changed, nor a value that is there already."""
    if mean_the_same(field.now):
        return Nothing() if field.base == field.now else Settle()
    if field.base is None:
        return _first(field)
    changed = [side for side in Side if is_changed(field.now.of(side), field.base.of(side))]
    match changed:
        case []:
            return _first(field) if field.redefined else _unchanged(field)
        case [side]:
            return _copy(field, side.other, edited=False)
        case _:
            return _both_changed(field)


def mean_the_same(values: Both[Value]) -> bool:
    """True where both sides hold the same, in whatever form; a value without a common form is like no other."""
    first, second = values.azure_devops.canonical, values.oneplan.canonical
    return not isinstance(first, Unconvertible) and not isinstance(second, Unconvertible) and first == second


def is_changed(now: Value, base: Value) -> bool:
    """True where the value means something else than at the last agreement; another raw form of it does not."""
    if now.raw == base.raw:
        return False
    return isinstance(now.canonical, Unconvertible) or now.canonical != base.canonical


def _first(field: Field) -> Decision:
    """Nothing was agreed as the field is mapped now: the side that was chosen wins, if its value may be written.

    Where only the other way is open, an empty value is no reason to empty what is there.
    """
    to = field.rule.first.other
    if not field.rule.may_write(to):
        to = to.other
        if field.now.of(to.other).canonical is None:
            return Settle()
    return _copy(field, to, edited=field.now.of(to).raw is not None)


def _unchanged(field: Field) -> Decision:
    """Neither side changed, yet they differ: what a system made of a value stays. A new raw form is recorded."""
    return Nothing() if field.base == field.now else Settle()


def _copy(field: Field, to: Side, *, edited: bool) -> Decision:
    source = field.now.of(to.other)
    if not field.rule.may_write(to):
        return Nothing()
    if isinstance(source.canonical, Unconvertible):
        return Residue(to.other, source.canonical.reason)
    return Copy(to, edited)


def _both_changed(field: Field) -> Decision:
    one_way = [side for side in Side if field.rule.may_write(side)]
    winner = one_way[0].other if len(one_way) == 1 else _winner(field)
    return Hold() if winner is None else _copy(field, winner.other, edited=True)


def _winner(field: Field) -> Side | None:
    match field.rule.policy:
        case "azure-devops" | "oneplan" as side:
            return Side(side)
        case "latest":
            return _latest(field.changed_at)
        case "hold":
            return None


def _latest(changed_at: Both[datetime | None]) -> Side | None:
    """The side that changed last; None where a time is missing or both are the same."""
    first, second = changed_at.azure_devops, changed_at.oneplan
    if first is None or second is None or first == second:
        return None
    return Side.AZURE_DEVOPS if first > second else Side.ONEPLAN
