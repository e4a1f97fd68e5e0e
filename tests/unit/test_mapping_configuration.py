"""The mapping's schema: what is taken, what is shown, and what is stored."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from shared.adapters.long_text import LONGEST, TooLong, joined, split
from shared.core.mapping import DEFAULT, FieldPair, ValueKind, ValueMap
from shared.mapping_configuration import Kind, StoredMapping, decode, encode, parse_mapping
from shared.refusals import InvalidInput

STATE = FieldPair(
    "System.State",
    "State",
    "choice",
    values=ValueMap((("New", "id-1"),), {"user story": (("Active", "id-2"),)}),
    since=2,
    policy="hold",
)
STORED = StoredMapping(replace(DEFAULT, version=2, plans=(*DEFAULT.plans, STATE)), {"id-1": "Not started"})


def test_the_default_mapping_has_the_pairs_of_the_requirements() -> None:
    shown = StoredMapping().shown(())
    assert [(one.oneplan, one.azure_dev_ops, one.required) for one in shown.plans] == [
        ("PlanType", "System.WorkItemType", True),
        ("Parent", "System.Parent", True),
        ("Name", "System.Title", True),
        ("Owner", "System.AssignedTo", False),
    ]
    assert [(one.oneplan, one.azure_dev_ops, one.required) for one in shown.tasks] == [
        ("WorkType", "System.WorkItemType", True),
        ("Parent", "System.Parent", True),
        ("Name", "System.Title", True),
        ("AssignedTo", "System.AssignedTo", False),
        ("StartDate", "Microsoft.VSTS.Scheduling.StartDate", False),
        ("DueDate", "Microsoft.VSTS.Scheduling.TargetDate", False),
        ("Iteration", "System.IterationPath", False),
    ]
    assert {one.direction for one in (*shown.plans, *shown.tasks)} == {"both"}


def test_every_kind_of_value_has_a_word_on_the_wire() -> None:
    assert {*get_args(ValueKind.__value__), "type", "parent"} == {*get_args(Kind.__value__)}


def test_a_stored_mapping_is_read_as_it_was_stored() -> None:
    assert decode(encode(STORED)) == STORED


def test_choices_are_shown_by_label_and_types_in_their_own_letter_case() -> None:
    shown = STORED.shown(["User Story"]).plans[-1]
    assert shown.values == (("New", "Not started"),)
    assert shown.values_by_type == {"User Story": (("Active", "id-2"),)}


def test_what_is_shown_can_be_written_again() -> None:
    shown = STORED.shown(["User Story"])
    assert parse_mapping(shown.model_dump(mode="json", by_alias=True)) == shown


@pytest.mark.parametrize(
    ("pair", "path"),
    [
        ({"azureDevOps": "System.State"}, "/plans/0/oneplan"),
        ({"azureDevOps": "", "oneplan": "State"}, "/plans/0/azureDevOps"),
        ({"azureDevOps": "a\u0007", "oneplan": "State"}, "/plans/0/azureDevOps"),
        ({"azureDevOps": "a", "oneplan": "b", "direction": "up"}, "/plans/0/direction"),
        ({"azureDevOps": "a", "oneplan": "b", "kind": "colour"}, "/plans/0/kind"),
        ({"azureDevOps": "a", "oneplan": "b", "values": [["New"]]}, "/plans/0/values/0/1"),
        ({"azureDevOps": "a", "oneplan": "b", "since": 3}, "/plans/0/since"),
    ],
)
def test_a_wrong_member_is_named(pair: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_mapping({"plans": [pair], "tasks": []})
    assert path in [error.path for error in caught.value.errors]


@pytest.mark.parametrize("text", ["", "a", "é" * 16_000, "😀" * 40_000])
def test_a_long_text_is_kept_in_parts_that_fit_a_property(text: str) -> None:
    members = split("mapping", text)
    assert joined("mapping", members) == text
    assert all(len(part.encode("utf-16-le")) <= 65_536 for part in members.values())


def test_a_text_that_no_row_takes_is_refused() -> None:
    with pytest.raises(TooLong):
        split("mapping", "x" * (LONGEST + 1))
