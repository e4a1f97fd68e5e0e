"""What decides on one pair besides its values: who may write, what a person chose, when what was changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.actions import PARENT, Action, Hold, Lost, Move, Rehang, SyncPlan, Update
from shared.core.base import Base
from shared.core.convert import Converter
from shared.core.decide import Pair, decide, place_print
from shared.core.mapping import FieldPair
from shared.core.merge import FieldRule, Policy
from shared.core.model import Both, Side
from shared.core.people import Directory
from shared.core.place import CROSSED, IMPORT_ONLY_MOVE, Above
from shared.core.snapshots import Counterpart, Target

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)
HERE, THERE, ELSEWHERE = (Target("plan", "epic", None, parent) for parent in ("here", "there", "else"))
NAME, NOTE = (FieldPair(f"T.{name}", name, "text", FieldRule(policy="latest")) for name in ("Name", "Note"))
BASE = Base({NAME.key: Both("a", "a"), NOTE.key: Both("a", "a")}, HERE)
AGREED = Pair(
    (NAME, NOTE), {"T.Name": "a", "T.Note": "a"}, Counterpart("c", HERE, {"Name": "a", "Note": "a"}), HERE, BASE
)


def _decided(pair: Pair) -> SyncPlan:
    return decide(pair, Converter(Directory(())))


# Both sides changed both fields.
EDITED = replace(
    AGREED, azure_devops={"T.Name": "b", "T.Note": "b"}, counterpart=Counterpart("c", HERE, {"Name": "c", "Note": "c"})
)
NAME_HELD, NOTE_HELD = (Hold(pair.key, {A: "b", P: "c"}) for pair in (NAME, NOTE))


@pytest.mark.parametrize(
    ("pair", "actions", "lost"),
    [
        (EDITED, (NAME_HELD, NOTE_HELD), ()),
        (
            replace(EDITED, winners={NAME.key: P}),
            (Update(A, {"T.Name": "c"}), NOTE_HELD),
            (Lost("T.Name", A, "b"),),
        ),
        (
            replace(EDITED, winners={NOTE.key: A}),
            (Update(P, {"Note": "b"}), NAME_HELD),
            (Lost("Note", P, "c"),),
        ),
        (
            replace(EDITED, changed_at={NAME.key: Both(NOON, LATER)}),
            (Update(A, {"T.Name": "c"}), NOTE_HELD),
            (Lost("T.Name", A, "b"),),
        ),
    ],
    ids=["no times, no choice", "a person chose OnePlan's", "a person chose Azure DevOps'", "one has times"],
)
def test_a_choice_and_a_time_are_of_one_field(pair: Pair, actions: tuple[Action, ...], lost: tuple[Lost, ...]) -> None:
    plan = _decided(pair)
    assert (plan.actions, plan.lost) == (actions, lost)


def test_an_edit_in_oneplan_is_put_back_where_the_connection_says_so() -> None:
    there = Counterpart("c", HERE, {"Name": "b", "Note": "a"})
    plan = _decided(replace(AGREED, counterpart=there, may_write_azure_devops=False, put_back=True))
    assert (plan.actions, plan.lost) == ((Update(P, {"Name": "a"}),), (Lost("Name", P, "b"),))


def _moved(there: Target, target: Target = HERE, policy: Policy = "hold") -> Pair:
    counterpart = Counterpart("c", there, {"Name": "a", "Note": "a"})
    return replace(AGREED, counterpart=counterpart, target=target, above="w1", moved_to=Above("w2"), policy=policy)


BOTH_MOVED = _moved(THERE, ELSEWHERE)
IMPORTED = replace(_moved(THERE), may_write_azure_devops=False)
REFUSED = {PARENT: place_print("w1", THERE)}
HELD = Hold(PARENT, {A: "w1", P: "w2"})


@pytest.mark.parametrize(
    ("pair", "actions", "placed", "residues"),
    [
        (AGREED, (), True, {}),
        (_moved(THERE), (Rehang("w2"),), True, {}),
        (BOTH_MOVED, (HELD,), False, {}),
        (replace(BOTH_MOVED, policy="oneplan"), (Rehang("w2"),), True, {}),
        (replace(BOTH_MOVED, policy="azure-devops"), (Move(ELSEWHERE),), True, {}),
        (replace(BOTH_MOVED, winners={PARENT: P}), (Rehang("w2"),), True, {}),
        (replace(BOTH_MOVED, winners={PARENT: A}), (Move(ELSEWHERE),), True, {}),
        (IMPORTED, (), False, {PARENT: IMPORT_ONLY_MOVE}),
        (replace(IMPORTED, put_back=True), (Move(HERE),), True, {}),
        (replace(BOTH_MOVED, crossed=True, policy="azure-devops"), (), False, {PARENT: CROSSED}),
        (replace(BOTH_MOVED, crossed=True, policy="oneplan", base=None), (Rehang("w2"),), True, {}),
        (
            replace(_moved(THERE), base=replace(BASE, refused=REFUSED, residues={PARENT: "no"})),
            (),
            False,
            {PARENT: "no"},
        ),
        (replace(_moved(THERE), base=replace(BASE, refused=REFUSED)), (), False, {}),
    ],
    ids=[
        "as agreed",
        "moved in OnePlan",
        "moved on both sides",
        "moved on both sides, OnePlan wins",
        "moved on both sides, Azure DevOps wins",
        "moved on both sides, a person chose OnePlan",
        "moved on both sides, a person chose Azure DevOps",
        "import only",
        "import only, put back",
        "crossed",
        "crossed and never agreed",
        "refused before, with the reason",
        "refused before, without one",
    ],
)
def test_the_place_is_decided_with_the_fields(
    pair: Pair, actions: tuple[Action, ...], placed: bool, residues: Mapping[str, str]
) -> None:
    plan = _decided(pair)
    assert (plan.actions, plan.residues) == (actions, residues)
    assert plan.placed is placed


@pytest.mark.parametrize(
    ("action", "overwrites"),
    [
        (Update(P, {"Name": "x"}), True),
        (Update(A, {"System.Title": "x"}), False),
        (Move(Target("plan", "t")), True),
        (Rehang(None), False),
    ],
)
def test_what_writes_over_something_in_oneplan(action: Action, overwrites: bool) -> None:
    assert SyncPlan((action,)).overwrites is overwrites
