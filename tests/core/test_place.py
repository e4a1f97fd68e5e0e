"""Where an item belongs when either side may have moved it: docs/behaviour.md, "Place", row by row."""

from dataclasses import replace

import pytest

from shared.core.actions import Hold, Move, Rehang
from shared.core.base import Base
from shared.core.model import Side
from shared.core.place import (
    CROSSED,
    IMPORT_ONLY_MOVE,
    Above,
    Placing,
    Standing,
    is_moved,
    place,
    would_cycle,
)
from shared.core.snapshots import Target


def _at(parent: str | None, kind: str = "epic") -> Target:
    return Target("plan", kind, None, parent)


OLD, NEW, OTHER = _at("old"), _at("new"), _at("other")
AGREED = Standing(OLD, OLD, "w-old", Base({}, OLD, "w-old"))
MOVED_THERE = replace(AGREED, there=NEW, moved_to=Above("w-new"))
BOTH_MOVED = replace(MOVED_THERE, target=OTHER, above="w-other")
BELOW_ITSELF = replace(MOVED_THERE, moved_to=Above("w-new", cycle=True))
CROSSING = replace(AGREED, target=NEW, above="w-new", moved_to=Above("w-old"), crossed=True)
HELD = Hold("parent", {Side.AZURE_DEVOPS: "w-other", Side.ONEPLAN: "w-new"})

ROWS: dict[str, tuple[Standing, Placing]] = {
    "in place": (AGREED, Placing()),
    "moved in azure devops": (replace(AGREED, target=NEW), Placing((Move(NEW),))),
    "never agreed": (replace(AGREED, there=NEW, base=None), Placing((Move(OLD),))),
    "moved in oneplan": (MOVED_THERE, Placing((Rehang("w-new"),))),
    "moved to the top in oneplan": (replace(MOVED_THERE, there=_at(None), moved_to=Above()), Placing((Rehang(None),))),
    "moved in oneplan, import only": (
        replace(MOVED_THERE, may_write_azure_devops=False),
        Placing((), False, IMPORT_ONLY_MOVE),
    ),
    "moved in oneplan, import only, put back": (
        replace(MOVED_THERE, may_write_azure_devops=False, put_back=True),
        Placing((Move(OLD),)),
    ),
    "moved on both sides, import only": (
        replace(BOTH_MOVED, may_write_azure_devops=False),
        Placing((Move(OTHER),)),
    ),
    "moved in oneplan to where nothing is connected": (
        replace(MOVED_THERE, moved_to=Above(problem="not connected")),
        Placing((), False, "not connected"),
    ),
    "moved in oneplan below itself": (
        BELOW_ITSELF,
        Placing((Hold("parent", {Side.AZURE_DEVOPS: "w-old", Side.ONEPLAN: "w-new"}),), False),
    ),
    "moved in oneplan below itself, azure devops wins": (
        replace(BELOW_ITSELF, policy="azure-devops"),
        Placing((Move(OLD),)),
    ),
    "moved in oneplan below itself, oneplan wins": (
        replace(BELOW_ITSELF, policy="oneplan"),
        Placing((), False, CROSSED),
    ),
    "moved in azure devops below itself": (
        CROSSING,
        Placing((Hold("parent", {Side.AZURE_DEVOPS: "w-new", Side.ONEPLAN: "w-old"}),), False),
    ),
    "moved in azure devops below itself, azure devops wins": (
        replace(CROSSING, policy="azure-devops"),
        Placing((), False, CROSSED),
    ),
    "moved in azure devops below itself, oneplan wins": (
        replace(CROSSING, policy="oneplan"),
        Placing((Rehang("w-old"),)),
    ),
    "moved on both sides to one place": (replace(MOVED_THERE, target=NEW), Placing()),
    "moved on both sides to one place, another type": (
        replace(MOVED_THERE, target=_at("new", "feature")),
        Placing((Move(_at("new", "feature")),)),
    ),
    "moved on both sides, held": (replace(BOTH_MOVED, policy="hold"), Placing((HELD,), False)),
    "moved on both sides, no times of moves": (replace(BOTH_MOVED, policy="latest"), Placing((HELD,), False)),
    "moved on both sides, azure devops wins": (
        replace(BOTH_MOVED, policy="azure-devops"),
        Placing((Move(OTHER),)),
    ),
    "moved on both sides, oneplan wins": (replace(BOTH_MOVED, policy="oneplan"), Placing((Rehang("w-new"),))),
    "type changed in azure devops": (
        replace(AGREED, target=_at("old", "feature")),
        Placing((Move(_at("old", "feature")),)),
    ),
}


@pytest.mark.parametrize(("case", "placing"), ROWS.values(), ids=ROWS.keys())
def test_place(case: Standing, placing: Placing) -> None:
    assert place(case) == placing


@pytest.mark.parametrize(
    ("there", "agreed", "moved"),
    [
        (OLD, OLD, False),
        (NEW, OLD, True),
        (_at("old", "feature"), OLD, False),  # another type is no other place
        (replace(OLD, plan="p"), OLD, True),
        (replace(OLD, kind="task"), OLD, True),
        (NEW, None, False),  # never agreed
    ],
)
def test_a_counterpart_is_moved_where_it_is_in_another_place_than_agreed(
    there: Target, agreed: Target | None, moved: bool
) -> None:
    assert is_moved(there, Base({}, agreed) if agreed else None) is moved


def test_an_item_never_hangs_below_itself() -> None:
    chain = {"c": "b", "b": "a", "a": None}
    assert would_cycle("a", "c", chain)
    assert would_cycle("c", "c", chain)
    assert not would_cycle("c", "a", chain)
    assert not would_cycle("x", "c", chain)
    assert not would_cycle("x", "p", {"p": "q", "q": "p"})
