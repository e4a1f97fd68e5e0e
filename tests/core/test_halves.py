"""OnePlan's half of a pair: what counts as changed since the last agreement, and what does not."""

from dataclasses import replace

from shared.core.base import Base, kept
from shared.core.halves import agreed_half, has_changed, present_half
from shared.core.mapping import DEFAULT
from shared.core.model import Both, Raw
from shared.core.snapshots import Counterpart, Target

PAIRS = DEFAULT.pairs("task")
TARGET = Target("task", "type", "plan", None)
VALUES: dict[str, Raw] = {"Name": "One", "AssignedTo": ("a", "b"), "StartDate": "2027-01-05T00:00:00Z"}
TASK = Counterpart("task", TARGET, VALUES, modified="1")


def base(**values: Raw) -> Base:
    held = {**VALUES, **values}
    return Base({pair.key: Both(None, kept(held.get(pair.oneplan))) for pair in PAIRS}, TARGET)


def test_a_half_as_agreed_has_the_agreed_fingerprint() -> None:
    assert present_half(PAIRS, TASK) == agreed_half(base())
    assert not has_changed(base(), PAIRS, TASK)


def test_an_edit_a_move_and_a_value_taken_away_are_changes() -> None:
    moved = replace(TASK, target=replace(TARGET, parent="above"))
    emptied = replace(TASK, values={"Name": "One", "AssignedTo": ("a", "b")})
    renamed = replace(TASK, values={**VALUES, "Name": "Two"})
    for one in (moved, emptied, renamed):
        assert present_half(PAIRS, one) != agreed_half(base())
        assert has_changed(base(), PAIRS, one)


def test_a_save_that_changes_nothing_mapped_is_no_change() -> None:
    saved = replace(TASK, modified="2", values={**VALUES, "Notes": "x"})
    assert present_half(PAIRS, saved) == agreed_half(base())
    assert not has_changed(base(), PAIRS, saved)


def test_a_field_that_was_never_agreed_differs_by_its_fingerprint_only() -> None:
    agreed = base()
    part = replace(agreed, fields={key: both for key, both in agreed.fields.items() if "AssignedTo" not in key})
    assert present_half(PAIRS, TASK) != agreed_half(part)
    assert not has_changed(part, PAIRS, TASK)


def test_long_values_are_compared_by_their_hash() -> None:
    long = replace(TASK, values={**VALUES, "Name": "x" * 5000})
    assert present_half(PAIRS, long) == agreed_half(base(Name="x" * 5000))
    assert has_changed(base(Name="x" * 4999 + "y"), PAIRS, long)


def test_a_pair_without_a_base_has_changed() -> None:
    assert agreed_half(None) == ""
    assert has_changed(None, PAIRS, TASK)
