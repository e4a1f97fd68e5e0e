"""Values between the sides, by kind."""

from dataclasses import replace
from datetime import date

import pytest

from shared.core.convert import Converter
from shared.core.mapping import FieldMapping, FieldPair, ValueKind, ValueMap
from shared.core.merge import FieldRule
from shared.core.model import Canonical, Raw, Side, Unconvertible
from shared.core.people import Directory, How, Resource, joined, split
from shared.core.snapshots import Counterpart, Target, TargetKind, marker_item, project_key, work_item_id, work_item_key

PEOPLE = Directory(
    (
        Resource("r1", "Ann Ode", "Ann@x.test", "ann"),
        Resource("r2", "Bob Ray", "bob@x.test"),
        Resource("r3", "Twin"),
        Resource("r4", "Twin"),
        Resource("r5", "Walk-in"),
    ),
    overrides={"boss@else.test": "r2"},
    mails={"domain\\cat": "bob@x.test"},
)
CONVERT = Converter(PEOPLE, "r9")
NO_MAIL = "the person has no mail address in OnePlan by which Azure DevOps knows anybody"


def _pair(kind: ValueKind) -> FieldPair:
    return FieldPair("Custom.Theirs", "Ours", kind)


@pytest.mark.parametrize(
    ("person", "found"),
    [
        ("Somebody <ANN@X.TEST>", "r1"),
        ("Somebody <ann>", "r1"),
        ("Boss <boss@else.test>", "r2"),
        ("Cat <DOMAIN\\cat>", "r2"),
        ("Walk-in", "r5"),
        ("Walk-in <other@else.test>", "r5"),
        ("Twin", None),
        ("Nobody <no@else.test>", None),
    ],
)
def test_people_are_matched_by_mail_then_unique_name_then_a_name_of_their_own(person: str, found: str | None) -> None:
    assert PEOPLE.match(person) == found


@pytest.mark.parametrize(
    ("person", "found"),
    [
        ("Somebody <ann@x.test>", ("r1", "mail")),
        ("Cat <domain\\cat>", ("r2", "mail")),  # by the address that was looked up
        ("Ann Ode <ann>", ("r1", "unique-name")),
        ("Boss <BOSS@else.test>", ("r2", "override")),
        ("walk-IN", ("r5", "name")),
        ("Twin", None),
    ],
)
def test_it_is_told_what_a_person_was_recognised_by(person: str, found: tuple[str, How] | None) -> None:
    assert PEOPLE.matched(person) == found


@pytest.mark.parametrize(
    ("id_", "unique_name"),
    [("R1", "Ann@x.test"), ("r2", "boss@else.test"), ("r5", None), ("r6", "cid"), ("r99", None)],
)
def test_azure_devops_knows_a_person_by_the_override_the_mail_or_the_unique_name(
    id_: str, unique_name: str | None
) -> None:
    directory = replace(PEOPLE, resources=(*PEOPLE.resources, Resource("r6", "Cid", "", "cid")))
    assert directory.unique_name(id_) == unique_name


@pytest.mark.parametrize(
    ("person", "parts"),
    [
        ("Ann", ("Ann", "")),
        ("Ann <a@b.test>", ("Ann", "a@b.test")),
        ("Sales > 5", ("Sales > 5", "")),
        ("Sales>", ("Sales>", "")),
        ("Ann <a", ("Ann <a", "")),
        ("<a@b.test>", ("", "a@b.test")),
    ],
)
def test_a_person_in_text_has_a_unique_name_in_brackets_at_the_end(person: str, parts: tuple[str, str]) -> None:
    assert split(person) == parts


def test_a_person_without_a_unique_name_is_the_name_alone() -> None:
    assert joined("Ann", "") == "Ann"


@pytest.mark.parametrize("name", ["Ann", "Sam <Contractor> O'Neil", "García, Ana (IT)", "王 秀英"])
def test_a_person_in_text_is_taken_apart_again(name: str) -> None:
    assert split(joined(name, "a@b.test")) == (name, "a@b.test")


@pytest.mark.parametrize(
    ("side", "kind", "raw", "canonical"),
    [
        (Side.AZURE_DEVOPS, "text", "A", "A"),
        (Side.ONEPLAN, "text", "", None),
        (Side.AZURE_DEVOPS, "date", "2026-03-01T23:59:59.123Z", date(2026, 3, 1)),
        (Side.ONEPLAN, "date", "2026-03-01T00:00:00.0000000+00:00", date(2026, 3, 1)),
        (Side.AZURE_DEVOPS, "people", "Ann <ann@x.test>", ("r1",)),
        (Side.ONEPLAN, "people", ("R2", "r1"), ("r1", "r2")),
        (Side.ONEPLAN, "people", "R1", ("r1",)),
        (Side.ONEPLAN, "owner", "R1", "r1"),
        (Side.AZURE_DEVOPS, "owner", None, None),
        (Side.AZURE_DEVOPS, "people", None, None),
    ],
)
def test_the_canonical_form_of_a_value(side: Side, kind: ValueKind, raw: Raw, canonical: Canonical) -> None:
    assert CONVERT.canonical(side, _pair(kind), raw) == canonical


@pytest.mark.parametrize(
    ("side", "kind", "value", "raw"),
    [
        (Side.ONEPLAN, "date", date(2026, 3, 1), "2026-03-01T00:00:00Z"),
        (Side.ONEPLAN, "owner", None, "r9"),
        (Side.AZURE_DEVOPS, "owner", None, None),
        (Side.AZURE_DEVOPS, "people", ("r2",), "boss@else.test"),
        (Side.ONEPLAN, "people", (), ()),
        (Side.ONEPLAN, "people", None, ()),
        (Side.AZURE_DEVOPS, "people", (), None),
        (Side.AZURE_DEVOPS, "people", None, None),
    ],
)
def test_what_a_side_is_sent(side: Side, kind: ValueKind, value: Canonical, raw: Raw) -> None:
    assert CONVERT.raw(side, _pair(kind), value) == raw


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("people", ("r1", "r2"), "2 people are assigned; a work item takes one"),
        ("people", ("r5",), NO_MAIL),
        ("owner", "r5", NO_MAIL),
        ("text", "x" * 256, "it has 256 characters; Azure DevOps takes 255"),
    ],
)
def test_what_azure_devops_cannot_hold_has_a_reason(kind: ValueKind, value: Canonical, reason: str) -> None:
    assert CONVERT.raw(Side.AZURE_DEVOPS, _pair(kind), value) == Unconvertible(reason)


@pytest.mark.parametrize(
    ("kind", "raw", "reason"),
    [
        ("date", "soon", "'soon' is no date"),
        ("owner", "No <no@else.test>", "nobody in OnePlan matches No <no@else.test>"),
        ("people", "No <no@else.test>", "nobody in OnePlan matches No <no@else.test>"),
    ],
)
def test_what_has_no_common_form_has_a_reason(kind: ValueKind, raw: str, reason: str) -> None:
    assert CONVERT.canonical(Side.AZURE_DEVOPS, _pair(kind), raw) == Unconvertible(reason)


def test_keys_sort_as_their_numbers_and_lead_back_to_them() -> None:
    assert sorted([work_item_key(10), work_item_key(9)]) == [work_item_key(9), work_item_key(10)]
    for number in (42, 2_147_483_647):
        assert (work_item_id(work_item_key(number)), marker_item(work_item_key(number))) == (number, str(number))
    assert (work_item_id(project_key("AB-1")), marker_item(project_key("AB-1"))) == (None, "ab-1")


def test_a_marker_is_of_one_integration_and_one_item() -> None:
    there = Counterpart("c", Target("task", "t"), {}, markers=(("line-1", "42"), ("line-2", "7")))
    assert [there.marked(*one) for one in (("line-1", "42"), ("line-2", "7"), ("line-1", "7"))] == [True, True, False]
    assert (there.unmarked, replace(there, markers=()).unmarked) == (False, True)


def test_a_value_map_may_differ_by_work_item_type() -> None:
    values = ValueMap((("Active", "x"),), {"bug": (("Active", "y"),)})
    assert (values.of("Bug"), values.of("Task")) == ((("Active", "y"),), (("Active", "x"),))
    assert CONVERT.for_item("Bug") == Converter(PEOPLE, "r9", "Bug")


@pytest.mark.parametrize(
    ("names", "plans", "tasks"),
    [
        ({}, [], []),
        ({"plan": "Files"}, ["Files"], []),
        ({"plan": "Files", "task": "Links"}, ["Files"], ["Links"]),
        ({"plan": "OURS", "task": "ours"}, [], []),  # that field is mapped already
    ],
)
def test_attachments_go_to_a_field_of_oneplan_that_is_not_mapped(
    names: dict[TargetKind, str], plans: list[str], tasks: list[str]
) -> None:
    mapping = FieldMapping(3, (_pair("date"),), (_pair("text"), _pair("number")))
    added = mapping.with_attachments(names)
    links = [FieldPair("Attachments", name, "links", FieldRule("to-oneplan")) for name in (*plans, *tasks)]
    assert added.plans == (*mapping.plans, *links[: len(plans)])
    assert added.tasks == (*mapping.tasks, *links[len(plans) :])
    assert added.version == 3


def test_a_pair_has_its_own_policy_or_else_that_of_the_connection() -> None:
    own = FieldPair("Custom.Theirs", "Ours", "text", policy="hold")
    mapping = FieldMapping(3, (own, _pair("text")), (_pair("date"), own)).under("oneplan")
    assert [pair.rule.policy for pair in mapping.plans] == ["hold", "oneplan"]
    assert [pair.rule.policy for pair in mapping.tasks] == ["oneplan", "hold"]
