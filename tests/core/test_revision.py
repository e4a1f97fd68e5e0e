"""What a change of the mapping dates anew, and so what both sides agree on anew."""

from dataclasses import replace

import pytest

from shared.core.mapping import DEFAULT, FieldMapping, FieldPair, ValueMap
from shared.core.merge import FieldRule
from shared.core.model import Side
from shared.core.revision import revised

STATE = FieldPair("System.State", "State", "choice", values=ValueMap((("New", "a"), ("Done", "b"))), since=3)
BEFORE = FieldMapping(4, (*DEFAULT.plans, STATE), DEFAULT.tasks)


def with_state(pair: FieldPair) -> FieldMapping:
    return replace(BEFORE, plans=(*DEFAULT.plans, pair))


def test_the_same_mapping_is_no_new_version() -> None:
    wanted = FieldMapping(0, tuple(replace(one, since=0) for one in BEFORE.plans), BEFORE.tasks)
    assert revised(BEFORE, wanted) is BEFORE


@pytest.mark.parametrize(
    "pair",
    [
        replace(STATE, kind="text"),
        replace(STATE, values=ValueMap((("New", "b"), ("Done", "b")))),
        replace(STATE, values=ValueMap(STATE.values.pairs, {"bug": (("New", "b"),)})),
        replace(STATE, rule=FieldRule(first=Side.ONEPLAN)),
        replace(STATE, oneplan="Status"),
    ],
    ids=["kind", "values", "values of a type", "whose value is first", "another field"],
)
def test_a_pair_that_compares_otherwise_dates_from_now(pair: FieldPair) -> None:
    after = revised(BEFORE, with_state(pair))
    assert (after.version, after.plans[-1].since) == (5, 5)
    assert after.plans[:-1] == BEFORE.plans[:-1]


@pytest.mark.parametrize("pair", [replace(STATE, policy="hold"), replace(STATE, rule=FieldRule("to-oneplan"))])
def test_a_pair_that_only_decides_otherwise_keeps_its_date(pair: FieldPair) -> None:
    after = revised(BEFORE, with_state(pair))
    assert (after.version, after.plans[-1].since) == (5, 3)


def test_pairs_of_tasks_date_from_now_as_well() -> None:
    after = revised(BEFORE, replace(BEFORE, tasks=(*DEFAULT.tasks, STATE)))
    assert [pair.since for pair in after.tasks] == [1] * len(DEFAULT.tasks) + [5]
    assert after.plans == BEFORE.plans


def test_a_pair_that_was_taken_out_and_comes_back_dates_from_now() -> None:
    without = revised(BEFORE, replace(BEFORE, plans=DEFAULT.plans))
    back = revised(without, BEFORE)
    assert (without.version, back.version, back.plans[-1].since) == (5, 6, 6)
