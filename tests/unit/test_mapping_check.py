"""A mapping against the fields of both systems: every way in which it cannot be used, and what it comes to (R11)."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from shared.core.fields import Choice, FieldType, SideField
from shared.core.mapping import DEFAULT
from shared.mapping_check import Checked, LiveFields, TableFields, check_mapping
from shared.mapping_configuration import StoredMapping, parse_mapping
from shared.refusals import InvalidInput

TYPES = ("Epic", "Feature")
STATES = (
    Choice("New", "New", "Proposed"),
    Choice("Active", "Active", "InProgress"),
    Choice("Gone", "Gone", "Removed", ("Feature",)),
)
LABELS = {"id-1": "Not Started", "id-2": "Done", "id-3": "Double", "id-4": "Double"}
CHOICES = tuple(Choice(id_, label) for id_, label in LABELS.items())


def field(name: str, kind: FieldType, **more: Any) -> SideField:
    return SideField(name, name, kind, **more)


DEVOPS = [
    field("System.Title", "text"),
    field("System.AssignedTo", "person"),
    field("System.State", "choice", choices=STATES),
    field("System.Description", "rich-text"),
    field("System.CommentCount", "number", read_only="Azure DevOps sets it itself"),
    field("System.IterationPath", "iteration"),
    field("System.Tags", "tags"),
    field("Microsoft.VSTS.Scheduling.Effort", "number"),
    field("Microsoft.VSTS.Scheduling.StartDate", "date"),
    field("Microsoft.VSTS.Scheduling.TargetDate", "date"),
    field("Custom.SponsorNote", "text"),
    field("Custom.Same", "choice", choices=(Choice("done", "done"),)),
]
ONEPLAN = [
    field("Name", "text"),
    field("Owner", "person"),
    field("AssignedTo", "people"),
    field("StartDate", "date"),
    field("DueDate", "date"),
    field("Iteration", "iteration"),
    field("Start", "date", read_only="OnePlan computes it from the plan's tasks"),
    field("PercentComplete", "number", read_only="OnePlan calculates it"),
    field("State", "choice", choices=CHOICES),
    field("Effort", "number"),
    field("Description", "rich-text"),
    field("ExternalKey", "text"),
    field("AreaPath", "text"),
    field("Whatever", "unknown"),
    field("Themes", "choices", choices=CHOICES[:3]),
]
TABLE = TableFields(TYPES, {one.name: one for one in DEVOPS}, {one.name: one for one in ONEPLAN})
LIVE = LiveFields(TABLE, TABLE)
MAPPING = StoredMapping().shown(()).model_dump(mode="json", by_alias=True)
STATE = {"azureDevOps": "System.State", "oneplan": "State"}
NOTE = {"azureDevOps": "Custom.SponsorNote", "oneplan": "ExternalKey"}


def check(change: Callable[[dict[str, Any]], None], known: dict[str, str] | None = None) -> Checked:
    body = copy.deepcopy(MAPPING)
    change(body)
    return check_mapping(parse_mapping(body), LIVE, known or {})


def without(table: str, name: str) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        body[table] = [one for one in body[table] if one["oneplan"] != name]

    return change


def add(table: str, **pair: Any) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        body[table].append(pair)

    return change


def edit(table: str, index: int, **members: Any) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        body[table][index] |= members

    return change


PLAN, TASK = "/plans/4", "/tasks/7"
REFUSED: dict[str, tuple[Callable[[dict[str, Any]], None], str, str]] = {
    "unknown there": (add("plans", azureDevOps="Custom.Nothing", oneplan="Effort"), f"{PLAN}/azureDevOps", "Nothing"),
    "unknown here": (add("plans", azureDevOps="System.State", oneplan="Nothing"), f"{PLAN}/oneplan", "no field"),
    "types that clash": (add("plans", azureDevOps="System.Description", oneplan="Effort"), PLAN, "rich-text"),
    "a converter that does not fit": (
        add("plans", azureDevOps="Custom.SponsorNote", oneplan="ExternalKey", kind="date"),
        f"{PLAN}/kind",
        "date",
    ),
    "the title taken out": (without("plans", "Name"), "/plans", "System.Title = Name"),
    "the type taken out": (without("tasks", "WorkType"), "/tasks", "System.WorkItemType = WorkType"),
    "the parent one way": (edit("plans", 1, direction="to-oneplan"), "/plans/1", "fixed"),
    "the title one way": (edit("plans", 2, direction="to-oneplan"), "/plans/2/direction", "both ways"),
    "the title elsewhere": (edit("plans", 2, oneplan="ExternalKey"), "/plans/2/oneplan", "fixed"),
    "read-only there": (
        add("plans", azureDevOps="System.CommentCount", oneplan="Effort"),
        f"{PLAN}/direction",
        "cannot be written in Azure DevOps",
    ),
    "calculated here": (
        add("plans", azureDevOps="Microsoft.VSTS.Scheduling.Effort", oneplan="PercentComplete"),
        f"{PLAN}/direction",
        "calculates",
    ),
    "a computed plan date": (
        add("plans", azureDevOps="Microsoft.VSTS.Scheduling.StartDate", oneplan="Start"),
        f"{PLAN}/direction",
        "computes",
    ),
    "a field twice": (add("plans", azureDevOps="System.AssignedTo", oneplan="Owner"), f"{PLAN}/azureDevOps", "already"),
    "choices without a map": (add("plans", **STATE), f"{PLAN}/values", "value map"),
    "an unknown value": (
        add("plans", **STATE, values=[["Nowhere", "Done"]]),
        f"{PLAN}/values/0/0",
        "no value 'Nowhere'",
    ),
    "an unknown choice": (add("plans", **STATE, values=[["New", "Red"]]), f"{PLAN}/values/0/1", "no choice 'Red'"),
    "values that stand for several both ways": (
        add("plans", **STATE, values=[["New", "id-1"], ["Active", "id-1"], ["Active", "id-2"]]),
        f"{PLAN}/values",
        "'New' is joined with 'id-1', 'id-2' through other values",
    ),
    "values of a type that is no plan": (
        add("plans", **STATE, valuesByType={"Bug": [["New", "Done"]]}),
        f"{PLAN}/valuesByType/Bug",
        "no type of this table",
    ),
    "values for a text": (add("plans", **NOTE, values=[["a", "b"]]), f"{PLAN}/values", "no value map"),
    "a field of a single plan": (
        add("tasks", azureDevOps="Custom.SponsorNote", oneplan="LocalOnly"),
        f"{TASK}/oneplan",
        "single plan",
    ),
    "a label that two choices have": (
        add("plans", **STATE, values=[["New", "Double"]]),
        f"{PLAN}/values/0/1",
        "by its id",
    ),
    "a pair said to be required": (add("plans", **NOTE, required=True), f"{PLAN}/required", "fixed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_mapping_that_cannot_be_used_is_refused(case: str) -> None:
    change, path, words = REFUSED[case]
    with pytest.raises(InvalidInput) as caught:
        check(change)
    assert [one.message for one in caught.value.errors if one.path == path and words in one.message], caught.value


def test_the_default_mapping_is_taken_as_it_is() -> None:
    checked = check(lambda _: None)
    assert (checked.mapping.fields.plans, checked.mapping.fields.tasks) == (DEFAULT.plans, DEFAULT.tasks)
    assert checked.warnings == ()


def test_choices_go_by_label_or_by_id_in_any_letter_case() -> None:
    values = [["new", "not started"], ["Active", "ID-2"], ["Gone", "id-3"]]
    checked = check(add("plans", **STATE, values=values))
    pair = checked.mapping.fields.plans[-1]
    assert pair.values.pairs == (("New", "id-1"), ("Active", "id-2"), ("Gone", "id-3"))
    assert checked.mapping.labels == {"id-1": "Not Started", "id-2": "Done"}
    assert checked.warnings == ()


def test_a_label_that_was_changed_since_is_still_understood() -> None:
    checked = check(add("plans", **STATE, values=[["New", "To do"]]), known={"id-1": "To do"})
    assert checked.mapping.fields.plans[-1].values.pairs == (("New", "id-1"),)
    assert checked.mapping.labels == {"id-1": "To do"}


def test_values_without_a_partner_are_told() -> None:
    checked = check(add("plans", **STATE, values=[["New", "Done"]], valuesByType={"feature": [["Gone", "Done"]]}))
    assert checked.mapping.fields.plans[-1].values.by_type == {"feature": (("Gone", "id-2"),)}
    assert ["'Active'" in one for one in checked.warnings] == [True]


def test_choices_of_the_same_names_need_no_map() -> None:
    checked = check(add("plans", azureDevOps="Custom.Same", oneplan="State"))
    assert checked.mapping.fields.plans[-1].values.pairs == (("done", "id-2"),)


def test_the_kind_follows_from_both_fields() -> None:
    def change(body: dict[str, Any]) -> None:
        body["plans"] += [
            {"azureDevOps": "System.Description", "oneplan": "Description"},
            {"azureDevOps": "System.Tags", "oneplan": "AreaPath"},
            {"azureDevOps": "Microsoft.VSTS.Scheduling.StartDate", "oneplan": "Whatever"},
            {"azureDevOps": "System.CommentCount", "oneplan": "ExternalKey", "direction": "to-oneplan"},
        ]

    kinds = [pair.kind for pair in check(change).mapping.fields.plans[2:]]
    assert kinds == ["rich-text", "tags", "date", "text"]


def test_a_field_goes_one_way_from_each_of_two() -> None:
    """At most once for each direction: two pairs may share a field where they go opposite ways."""

    def change(body: dict[str, Any]) -> None:
        body["plans"] += [
            {**NOTE, "direction": "to-oneplan"},
            {"azureDevOps": "Custom.SponsorNote", "oneplan": "AreaPath", "direction": "to-azure-devops"},
        ]

    assert [pair.rule.direction for pair in check(change).mapping.fields.plans[2:]] == ["to-oneplan", "to-azure-devops"]


THEMES = {"azureDevOps": "System.Tags", "oneplan": "Themes"}


@pytest.mark.parametrize(
    ("values", "pairs"),
    [
        ([], (("Not Started", "id-1"), ("Done", "id-2"), ("Double", "id-3"))),
        ([["red", "Done"], ["Rot", "Done"]], (("red", "id-2"), ("Rot", "id-2"))),
    ],
)
def test_tags_and_several_choices_need_a_value_map_by_name_where_none_is_given(
    values: list[list[str]], pairs: tuple[tuple[str, str], ...]
) -> None:
    """Without one, tags would be written into OnePlan as words, and its ids into Azure DevOps as tags."""
    found = check(lambda body: body["plans"].append({**THEMES, **({"values": values} if values else {})}))
    made = next(one for one in found.mapping.fields.plans if one.oneplan == "Themes")
    assert (made.kind, made.values.pairs) == ("tags", pairs)
