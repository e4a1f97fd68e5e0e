"""Which plan an interrupted create may have made (design.md, decision 6)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.recover import SKEW, Intent, recover
from shared.core.snapshots import Counterpart, Target

NOTED = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
INTENT = Intent("A", "epic", NOTED)
PLAN = Counterpart("1", Target("plan", "epic"), {"Name": "A"}, created="2026-11-24T10:00:01.1234567+00:00", author="us")


@pytest.mark.parametrize(
    ("plan", "result"),
    [
        (PLAN, "one"),
        (replace(PLAN, author=None), "none"),
        (replace(PLAN, created=""), "one"),
        (replace(PLAN, created=(NOTED - timedelta(seconds=90)).isoformat()), "one"),
        (replace(PLAN, created=(NOTED - SKEW).isoformat()), "one"),
        (replace(PLAN, created=(NOTED - SKEW - timedelta(seconds=1)).isoformat()), "none"),
        (replace(PLAN, created="2020-01-01T10:00:00"), "one"),  # without a zone it tells no moment
        (replace(PLAN, created="soon"), "one"),
        (replace(PLAN, author="somebody"), "none"),
        (replace(PLAN, markers=(("line", "7"),)), "none"),
        (replace(PLAN, values={"Name": "B"}), "none"),
        (replace(PLAN, target=Target("plan", "feature")), "none"),
    ],
)
def test_only_an_unmarked_plan_of_ours_with_that_name_and_type_since_then(plan: Counterpart, result: str) -> None:
    found = recover(INTENT, [plan], frozenset({"us"}))
    assert (found.result, found.found) == (result, plan if result == "one" else None)


def test_two_that_fit_are_left_to_a_person() -> None:
    found = recover(INTENT, [PLAN, replace(PLAN, id="2")], frozenset())
    assert (found.result, found.found) == ("several", None)


def test_an_author_decides_only_where_ours_is_known() -> None:
    assert recover(INTENT, [replace(PLAN, author="anybody")], frozenset()).result == "one"
