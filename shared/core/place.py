"""Where an item belongs, when either side may have moved it (R18). The place is a field with rules of its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.core.actions import PARENT, Action, Hold, Move, Rehang
from shared.core.base import Base
from shared.core.merge import Policy
from shared.core.model import Side
from shared.core.snapshots import Target

IMPORT_ONLY_MOVE = "import only: the move in OnePlan is not written to Azure DevOps"
CROSSED = "what stands above it in Azure DevOps stands below it in OnePlan; it moves as soon as that one has moved"


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above the counterpart in OnePlan, as the key of its work item; None for nothing.

    `problem` says why the work item cannot hang there: it has no work item, say, or of a wrong type. `cycle`: it hangs
    below the item itself.
    """

    key: str | None = None
    problem: str = ""
    cycle: bool = False


AT_THE_TOP = Above()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the two sides have an item. `above` is the key above it in Azure DevOps, None for none. The type of
    `target` is the one that the counterpart is to have (`shared.core.retype`).

    `moved_to` is looked up only where OnePlan's place is not the agreed one, or where it is `crossed`: OnePlan has the
    item above the place that it has in Azure DevOps.
    """

    there: Target
    target: Target
    above: str | None
    base: Base | None
    moved_to: Above = AT_THE_TOP
    policy: Policy = "latest"
    may_write_azure_devops: bool = True
    put_back: bool = False
    crossed: bool = False


@dataclass(frozen=True, slots=True)
class Placing:
    """What is done about the place. `placed`: both sides agree on it afterwards."""

    actions: tuple[Action, ...] = ()
    placed: bool = True
    residue: str = ""


def is_moved(there: Target, base: Base | None) -> bool:
    """True where OnePlan has the item in another place than agreed."""
    return base is not None and _spot(there) != _spot(base.target)


def place(one: Standing) -> Placing:
    """A move on one side is followed on the other; moves on both sides are decided by the policy."""
    if one.there == one.target:
        return Placing()
    if one.crossed:
        return _crossed(one)
    agreed = one.base.target if one.base else None
    if agreed is None or _spot(one.there) in (_spot(agreed), _spot(one.target)):
        return Placing((Move(one.target),))  # where both went to one place, the type changed
    if _spot(one.target) == _spot(agreed):
        return _follow_oneplan(one)
    return _both_moved(one)


def _crossed(one: Standing) -> Placing:
    """Two items were moved below each other, one on each side: the policy says which of the moves is undone."""
    match one.policy:
        case "azure-devops":
            return Placing(placed=False, residue=CROSSED)
        case "oneplan":
            return _follow_oneplan(one)
        case _:
            return Placing((_held(one),), placed=False)


def _both_moved(one: Standing) -> Placing:
    if not one.may_write_azure_devops:  # nothing is held that no decision could carry out
        return Placing((Move(one.target),))
    match one.policy:
        case "azure-devops":
            return Placing((Move(one.target),))
        case "oneplan":
            return _follow_oneplan(one)
        case _:
            return Placing((_held(one),), placed=False)


def _follow_oneplan(one: Standing) -> Placing:
    if not one.may_write_azure_devops:
        return Placing((Move(one.target),)) if one.put_back else Placing(placed=False, residue=IMPORT_ONLY_MOVE)
    if one.moved_to.cycle:
        return _below_itself(one)
    if one.moved_to.problem:
        return Placing(placed=False, residue=one.moved_to.problem)
    return Placing((Rehang(one.moved_to.key),))


def _below_itself(one: Standing) -> Placing:
    """In Azure DevOps, what the item was moved below stands below it: the other side of `_crossed`."""
    match one.policy:
        case "azure-devops":
            return Placing((Move(one.target),))
        case "oneplan":
            return Placing(placed=False, residue=CROSSED)
        case _:
            return Placing((_held(one),), placed=False)


def _held(one: Standing) -> Hold:
    values: Mapping[Side, str | None] = {Side.AZURE_DEVOPS: one.above, Side.ONEPLAN: one.moved_to.key}
    return Hold(PARENT, values)


def _spot(target: Target) -> tuple[Literal["plan", "task"], str | None, str | None]:
    return target.kind, target.plan, target.parent


def would_cycle(item: str, above: str | None, parents: Mapping[str, str | None]) -> bool:
    """True where the item stands above `above`, as far as the map from a key to the one above it tells."""
    seen: set[str] = set()
    while above is not None and above not in seen:
        if above == item:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
