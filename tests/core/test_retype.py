"""What becomes of a type that either side may have changed: docs/behaviour.md, "Place", its rows about types."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.actions import TYPE, Hold, Lost, Retype
from shared.core.merge import Policy
from shared.core.model import Both, Side
from shared.core.retype import IMPORT_ONLY_TYPE, Types, Typing, retyped
from shared.core.type_there import TypeThere

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)
A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
AGREED = Types("t-epic", "t-epic", "t-epic", "Epic")
THERE = replace(AGREED, there="t-feature", known=TypeThere("Feature"))
BOTH = replace(THERE, here="t-theme", name="Theme")
HELD = Hold(TYPE, {A: "Theme", P: "Feature"})
FOLLOWED = Typing("t-feature", (Retype("Feature"),))

ROWS: dict[str, tuple[Types, Typing]] = {
    "as agreed": (AGREED, Typing("t-epic")),
    "never agreed": (replace(AGREED, there="t-feature", agreed=None), Typing("t-epic")),
    "changed in azure devops": (replace(AGREED, here="t-theme", name="Theme"), Typing("t-theme")),
    "changed in oneplan": (THERE, FOLLOWED),
    "changed in oneplan to what it cannot be": (
        replace(THERE, known=TypeThere("Feature", "it has no such type")),
        Typing("t-feature", (), False, residue="it has no such type"),
    ),
    "changed in oneplan, and refused before": (
        replace(THERE, refused="no"),
        Typing("t-feature", (), False, residue="no"),
    ),
    "changed in oneplan, and refused before without a reason": (
        replace(THERE, refused=""),
        Typing("t-feature", (), False),
    ),
    "changed in oneplan, import only": (
        replace(THERE, may_write_azure_devops=False),
        Typing("t-feature", (), False, residue=IMPORT_ONLY_TYPE),
    ),
    "changed in oneplan, import only, put back": (
        replace(THERE, may_write_azure_devops=False, put_back=True),
        Typing("t-epic"),
    ),
    "changed in oneplan, a person chose azure devops": (
        replace(THERE, winner=A),
        Typing("t-epic", lost=(Lost(TYPE, P, "Feature"),)),
    ),
    "changed on both sides alike": (
        replace(AGREED, here="t-theme", there="t-theme", name="Theme"),
        Typing("t-theme", settles=True),
    ),
    "changed on both sides, azure devops wins": (
        replace(BOTH, policy="azure-devops"),
        Typing("t-theme", lost=(Lost(TYPE, P, "Feature"),)),
    ),
    "changed on both sides, oneplan wins": (replace(BOTH, policy="oneplan"), FOLLOWED),
    "changed on both sides, a person chose oneplan": (replace(BOTH, winner=P), FOLLOWED),
    "changed on both sides, import only": (
        replace(BOTH, may_write_azure_devops=False),
        Typing("t-theme", lost=(Lost(TYPE, P, "Feature"),)),
    ),
}


@pytest.mark.parametrize(("types", "typing"), ROWS.values(), ids=ROWS.keys())
def test_a_type_is_merged_as_a_field_is(types: Types, typing: Typing) -> None:
    assert retyped(types) == typing


@pytest.mark.parametrize("policy", ["hold", "latest"])
def test_types_that_differ_are_held_where_nobody_knows_which_came_later(policy: Policy) -> None:
    assert retyped(replace(BOTH, policy=policy)) == Typing("t-feature", (HELD,), False)


@pytest.mark.parametrize(
    ("times", "typing"),
    [(Both(LATER, NOON), Typing("t-theme", lost=(Lost(TYPE, P, "Feature"),))), (Both(NOON, LATER), FOLLOWED)],
)
def test_the_later_of_two_types_counts(times: Both[datetime | None], typing: Typing) -> None:
    assert retyped(replace(BOTH, changed_at=times)) == typing
