"""Whether a pair goes on: what is there on each side, and what was, decide (design.md, decision 3; R6, R20). Pure.

An edit is never destroyed by a deletion on the other side, and what was deleted never comes back by itself; only a
restored work item does.
"""

from dataclasses import dataclass
from typing import Literal

from shared.core.actions import Action, Delete, Disconnect, Forget, Suspend, Why
from shared.core.model import Both, Side

type Here = Literal["there", "out-of-scope", "unreadable", "deleted"]
type There = Literal["there", "gone", "none"]
type Past = Literal["none", "linked", "out-of-scope", "disconnected"]
type OnDelete = Literal["mark", "delete", "leave"]
type OnRemoval = Literal["disconnect", "delete"]

NOT_EDITED = Both(False, False)


@dataclass(frozen=True, slots=True)
class Existence:
    """What is there of a pair, and what was.

    `azure_devops`: the work item; `unreadable` where it is neither found nor in the recycle bin. `oneplan`: the
    counterpart; `gone` where the one that was linked is not found, `none` where there is none. `edited`: whether
    the side that is there holds an edit since the last agreement. `reason` says why it is out of scope.
    """

    azure_devops: Here
    oneplan: There
    past: Past = "none"
    why: Why = ""
    edited: Both[bool] = NOT_EDITED
    on_delete: OnDelete = "mark"
    on_removal: OnRemoval = "disconnect"
    reason: str = ""


type Verdict = Literal["compare", "create", "rest"] | tuple[Action, ...]


def judge_existence(one: Existence) -> Verdict:
    """`compare` the two, `create` the counterpart, let the pair `rest` as it is, or end it by these actions."""
    match one.azure_devops, one.oneplan:
        case "there", "there":
            return "rest" if _parted_by_a_person(one) else "compare"
        case "there", "none":
            return "rest" if one.past == "disconnected" and one.why != "deleted" else "create"
        case "there", "gone":
            return _removed(one)
        case "deleted", "there":
            return _deleted(one)
        case "deleted", "gone":
            return (Forget(),)
        case _, "there" if one.past == "linked":
            return (Suspend(one.reason),)
        case _, "gone" if one.past != "disconnected":
            return (Disconnect("removed"),)
        case _:
            return "rest"


def _parted_by_a_person(one: Existence) -> bool:
    return one.past == "disconnected" and one.why == "person"


def _removed(one: Existence) -> Verdict:
    """Somebody deleted the plan or task. What was disconnected before stays so."""
    if one.past == "disconnected" and one.why != "deleted":
        return "rest"
    if one.past == "linked" and one.on_removal == "delete" and not one.edited.azure_devops:
        return (Delete(Side.AZURE_DEVOPS), Disconnect("removed"))
    return (Disconnect("removed"),)


def _deleted(one: Existence) -> Verdict:
    """Somebody deleted the work item. A counterpart that was edited since is never deleted with it."""
    if one.past == "disconnected":
        return "rest"
    if one.on_delete == "delete" and not one.edited.oneplan:
        return (Delete(Side.ONEPLAN), Disconnect("deleted"))
    return (Disconnect("deleted", mark=one.on_delete != "leave"),)
