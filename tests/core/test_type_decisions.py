"""The type of a pair among all that is decided of it: with its place, its fields, and what was refused before."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.actions import PARENT, TYPE, Action, Hold, Lost, Move, Rehang, Retype, SyncPlan, Update
from shared.core.base import Base
from shared.core.convert import Converter
from shared.core.decide import Pair, decide, type_print
from shared.core.mapping import FieldPair
from shared.core.model import Both, Side
from shared.core.people import Directory
from shared.core.place import Above
from shared.core.snapshots import Counterpart, Target
from shared.core.type_there import TypeThere

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)
A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
HERE = Target("plan", "t-epic", None, "here")
FEATURE, THEME = replace(HERE, type="t-feature"), replace(HERE, type="t-theme")
ELSEWHERE = replace(HERE, parent="else")
NAME = FieldPair("T.Name", "Name", "text")
BASE = Base({NAME.key: Both("a", "a")}, HERE)
AGREED = Pair((NAME,), {"T.Name": "a"}, Counterpart("c", HERE, {"Name": "a"}), HERE, BASE, type_name="Epic")


def _there(target: Target, pair: Pair = AGREED, name: str = "a") -> Pair:
    """The counterpart is like this now, and its type is "Feature" in Azure DevOps."""
    return replace(
        pair,
        counterpart=Counterpart("c", target, {"Name": name}),
        type_there=TypeThere("Feature"),
        moved_to=Above("w2"),
    )


CHOSEN = _there(FEATURE)
BOTH = replace(CHOSEN, target=THEME, type_name="Theme")
REFUSED = replace(BASE, refused={TYPE: type_print("Epic", FEATURE)}, residues={TYPE: "no"})
WAITING = replace(CHOSEN, target=FEATURE, waits=True, base=replace(BASE, residues={TYPE: "why"}))

type Row = tuple[Pair, tuple[Action, ...], bool, Mapping[str, str]]
ROWS: dict[str, Row] = {
    "as agreed": (AGREED, (), True, {}),
    "changed in OnePlan": (CHOSEN, (Retype("Feature"),), True, {}),
    "changed in OnePlan, with a field": (
        _there(FEATURE, name="b"),
        (Retype("Feature"), Update(A, {"T.Name": "b"})),
        True,
        {},
    ),
    "changed and moved in OnePlan": (
        _there(replace(FEATURE, parent="else")),
        (Retype("Feature"), Rehang("w2")),
        True,
        {},
    ),
    "changed in Azure DevOps": (replace(AGREED, target=THEME, type_name="Theme"), (Move(THEME),), True, {}),
    "changed in Azure DevOps, moved in OnePlan": (
        replace(_there(ELSEWHERE), target=THEME, type_name="Theme"),
        (Rehang("w2"), Move(replace(ELSEWHERE, type="t-theme"))),
        True,
        {},
    ),
    "changed in OnePlan, moved in Azure DevOps": (
        replace(CHOSEN, target=ELSEWHERE),
        (Retype("Feature"), Move(replace(FEATURE, parent="else"))),
        True,
        {},
    ),
    "changed on both sides": (BOTH, (Hold(TYPE, {A: "Theme", P: "Feature"}),), False, {}),
    "changed on both sides, a person chose Azure DevOps": (replace(BOTH, winners={TYPE: A}), (Move(THEME),), True, {}),
    "changed on both sides, a person chose OnePlan": (replace(BOTH, winners={TYPE: P}), (Retype("Feature"),), True, {}),
    "changed on both sides, later in OnePlan": (
        replace(BOTH, changed_at={TYPE: Both(NOON, LATER), PARENT: Both(LATER, NOON)}),
        (Retype("Feature"),),
        True,
        {},
    ),
    "changed on both sides, and times of the place alone": (
        replace(BOTH, changed_at={PARENT: Both(NOON, LATER)}),
        (Hold(TYPE, {A: "Theme", P: "Feature"}),),
        False,
        {},
    ),
    "a choice of a place is none of a type": (
        replace(BOTH, winners={PARENT: P}),
        (Hold(TYPE, {A: "Theme", P: "Feature"}),),
        False,
        {},
    ),
    "changed in OnePlan, import only, put back": (
        replace(CHOSEN, may_write_azure_devops=False, put_back=True),
        (Move(HERE),),
        True,
        {},
    ),
    "it cannot be": (
        replace(CHOSEN, type_there=TypeThere("Feature", "no such type")),
        (),
        False,
        {TYPE: "no such type"},
    ),
    "refused before": (replace(CHOSEN, base=REFUSED), (), False, {TYPE: "no"}),
    "refused before, and a person asks for it": (
        replace(CHOSEN, base=REFUSED, winners={TYPE: P}),
        (Retype("Feature"),),
        True,
        {},
    ),
    "another one was refused before": (
        replace(CHOSEN, base=replace(REFUSED, refused={TYPE: type_print("Theme", FEATURE)})),
        (Retype("Feature"),),
        True,
        {},
    ),
    "refused before, and undone by people": (replace(AGREED, base=REFUSED), (), True, {}),
    "waits for what is to stand above it": (WAITING, (), False, {TYPE: "why"}),
}


def _decided(pair: Pair) -> SyncPlan:
    return decide(pair, Converter(Directory(())))


@pytest.mark.parametrize(("pair", "actions", "typed", "residues"), ROWS.values(), ids=ROWS.keys())
def test_the_type_is_decided_with_place_and_fields(
    pair: Pair, actions: tuple[Action, ...], typed: bool, residues: Mapping[str, str]
) -> None:
    plan = _decided(pair)
    assert (plan.actions, plan.typed) == (actions, typed)
    assert {key: why for key, why in plan.residues.items() if key == TYPE} == residues
    assert plan.writes is any(not isinstance(one, Hold) for one in actions)


def test_a_type_that_gave_way_is_told() -> None:
    assert _decided(replace(BOTH, policy="azure-devops")).lost == (Lost(TYPE, P, "Feature"),)


@pytest.mark.parametrize(
    ("pair", "settles"),
    [
        (AGREED, False),
        (replace(_there(THEME), target=THEME, type_name="Theme"), True),
        (replace(_there(replace(THEME, parent="else"), AGREED), target=THEME, policy="hold"), True),
        (replace(AGREED, base=REFUSED), True),
        (replace(WAITING, base=None, fields=()), True),
        (WAITING, False),
    ],
    ids=[
        "as agreed",
        "changed alike",
        "changed alike where the place is held or follows",
        "a reason that is gone",
        "never agreed, and it waits",
        "it waits",
    ],
)
def test_an_agreement_on_another_type_is_recorded(pair: Pair, settles: bool) -> None:
    assert _decided(pair).settles is settles
