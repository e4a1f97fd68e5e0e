"""What becomes of an item's type, when either side may have changed it (R11, R19): it is merged as a field is. Pure.

Only types of one kind get here: a plan type that turns task type makes a new counterpart (docs/behaviour.md, "Place").
"""

from dataclasses import dataclass
from datetime import datetime

from shared.core.actions import TYPE, Action, Hold, Lost, Retype
from shared.core.merge import UNKNOWN_TIMES, Copy, Field, FieldRule, Nothing, Policy, Settle, merge
from shared.core.merge import Hold as Held
from shared.core.model import Both, Side, Value
from shared.core.type_there import AS_AGREED, TypeThere

IMPORT_ONLY_TYPE = "import only: the type that was chosen in OnePlan is not written to Azure DevOps"


@dataclass(frozen=True, slots=True)
class Types:
    """The types of a pair, as ids of OnePlan: `here` stands for that of the work item, `there` is the counterpart's.

    `agreed` is None where nothing was. `name` is the work item's type by its name; `known` is looked up only where
    OnePlan's type is not the agreed one. `winner` is a person's choice. `refused` is why Azure DevOps has refused
    this very type, None where it did not. `changed_at` is when a side changed it, where that was asked for.
    """

    here: str
    there: str
    agreed: str | None
    name: str = ""
    known: TypeThere = AS_AGREED
    policy: Policy = "latest"
    winner: Side | None = None
    may_write_azure_devops: bool = True
    put_back: bool = False
    refused: str | None = None
    changed_at: Both[datetime | None] = UNKNOWN_TIMES


@dataclass(frozen=True, slots=True)
class Typing:
    """What is done about the type. `type` is the counterpart's afterwards; `agreed`: both sides have it then."""

    type: str
    actions: tuple[Action, ...] = ()
    agreed: bool = True
    settles: bool = False
    residue: str = ""
    lost: tuple[Lost, ...] = ()


def retyped(one: Types) -> Typing:
    """A type that was changed on one side is taken to the other; changed on both, the policy decides."""
    match merge(_field(one)):
        case Copy(Side.ONEPLAN, overwrites_edit=overwrites):
            lost = (Lost(TYPE, Side.ONEPLAN, one.known.name),) if overwrites and one.known.name else ()
            return Typing(one.here, lost=lost)
        case Copy():
            return _follow_oneplan(one)
        case Held():
            return Typing(one.there, (Hold(TYPE, {Side.AZURE_DEVOPS: one.name, Side.ONEPLAN: one.known.name}),), False)
        case Nothing() if one.here != one.there:
            return _import_only(one)
        case Settle():
            return Typing(one.there, settles=True)
        case _:
            return Typing(one.there)


def _field(one: Types) -> Field:
    """What a person chose is as if nothing had been agreed, with that side first."""
    agreed = one.agreed if one.winner is None else None
    base = None if agreed is None else Both(Value(agreed, agreed), Value(agreed, agreed))
    rule = FieldRule(
        "both" if one.may_write_azure_devops else "to-oneplan", one.policy, one.winner or Side.AZURE_DEVOPS
    )
    return Field(Both(Value(one.here, one.here), Value(one.there, one.there)), base, rule, one.changed_at)


def _follow_oneplan(one: Types) -> Typing:
    if one.known.problem or one.refused is not None:
        return Typing(one.there, agreed=False, residue=one.known.problem or one.refused or "")
    return Typing(one.there, (Retype(one.known.name),))


def _import_only(one: Types) -> Typing:
    if one.put_back:
        return Typing(one.here)
    return Typing(one.there, agreed=False, residue=IMPORT_ONLY_TYPE)
