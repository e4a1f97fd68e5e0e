"""Which converters a pair of fields may have, and which values go together (R11)."""

from dataclasses import replace

import pytest

from shared.core.fields import Choice, FieldType, SideField, kinds_of, suggested, values_of
from shared.core.mapping import ValueKind, ValuePairs
from shared.core.merge import Direction


def _field(kind: FieldType) -> SideField:
    return SideField("F", "F", kind)


@pytest.mark.parametrize(
    ("azure_devops", "oneplan", "direction", "kinds"),
    [
        ("text", "text", "both", ("text",)),
        ("choice", "text", "both", ("text", "choice")),
        ("number", "percent", "both", ("percent", "number")),
        ("person", "people", "both", ("people",)),
        ("iteration", "text", "both", ("iteration", "path", "text")),
        ("date", "number", "both", ()),
        ("number", "text", "to-oneplan", ("text",)),  # shown, never brought back
        ("person", "text", "to-oneplan", ("text",)),
        ("flag", "text", "to-oneplan", ("text",)),
        ("number", "text", "both", ()),
        ("number", "text", "to-azure-devops", ()),
        ("date", "text", "to-oneplan", ()),
        ("number", "date", "to-oneplan", ()),
        ("number", "unknown", "both", ("number",)),
        ("choice", "unknown", "both", ("text",)),
        ("person", "unknown", "to-oneplan", ()),
    ],
)
def test_the_converters_of_a_pair(
    azure_devops: FieldType, oneplan: FieldType, direction: Direction, kinds: tuple[ValueKind, ...]
) -> None:
    assert kinds_of(_field(azure_devops), _field(oneplan), direction) == kinds


NEW, ACTIVE, CODED = (
    Choice("New", "New", "Proposed"),
    Choice("Active", "Active", "InProgress"),
    Choice("In review", "In Review", "InProgress"),
)
TODO, DOING, REVIEW = Choice("c1", "To Do"), Choice("c2", "Doing"), Choice("c3", "in review")


@pytest.mark.parametrize(
    ("azure_devops", "oneplan", "pairs"),
    [
        ((NEW,), (TODO, DOING), (("New", "c1"),)),  # by its category
        ((NEW,), (TODO, Choice("c0", "NEW")), (("New", "c0"),)),  # a like label before the category
        ((ACTIVE, CODED), (DOING, REVIEW), (("In review", "c3"), ("Active", "c2"))),
        ((ACTIVE, CODED), (DOING,), (("Active", "c2"), ("In review", "c2"))),
        ((Choice("New", "New", "Proposed"),), (Choice("o", "Open"), Choice("p", "Planned")), (("New", "p"),)),
        ((Choice("Odd", "Odd"),), (TODO, DOING), ()),
        ((Choice("Odd", "Odd", "Removed"),), (TODO, DOING), ()),
        ((NEW, NEW), (TODO,), (("New", "c1"),)),
        ((Choice("id-1", "Red"),), (Choice("c1", "red"),), (("id-1", "c1"),)),
        ((), (TODO,), ()),
    ],
)
def test_values_go_together_by_label_and_states_by_category(
    azure_devops: tuple[Choice, ...], oneplan: tuple[Choice, ...], pairs: ValuePairs
) -> None:
    assert suggested(azure_devops, oneplan) == pairs


def test_the_values_of_some_types_are_those_that_one_of_them_has_each_once() -> None:
    everywhere, bugs, tasks = Choice("New", "New"), Choice("Seen", "Seen", types=("Bug",)), Choice("Due", "Due")
    field = replace(
        _field("choice"), choices=(everywhere, bugs, replace(tasks, types=("Task", "Story")), replace(bugs, id="seen"))
    )
    assert [one.id for one in values_of(field, ["bug"])] == ["New", "seen"]
    assert [one.id for one in values_of(field, ["STORY", "Epic"])] == ["New", "Due"]
    assert [one.id for one in values_of(field, [])] == ["New"]
