"""Values between the sides, by kind."""

from dataclasses import replace
from datetime import date

import pytest

from shared.core.base import HASHED, decode, encode, kept
from shared.core.base import Base as AgreedBase
from shared.core.convert import Converter
from shared.core.mapping import DEFAULT, FieldPair, ValueKind, ValueMap
from shared.core.model import Both, Canonical, Raw, Side, Unconvertible
from shared.core.people import Directory, Resource, joined, split
from shared.core.snapshots import Target, marker_item, project_key, work_item_id, work_item_key

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
        (Side.ONEPLAN, "owner", "R1", "r1"),
        (Side.AZURE_DEVOPS, "owner", None, None),
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
        (Side.AZURE_DEVOPS, "people", (), None),
    ],
)
def test_what_a_side_is_sent(side: Side, kind: ValueKind, value: Canonical, raw: Raw) -> None:
    assert CONVERT.raw(side, _pair(kind), value) == raw


@pytest.mark.parametrize(
    ("side", "kind", "value"),
    [
        (Side.AZURE_DEVOPS, "people", ("r1", "r2")),
        (Side.AZURE_DEVOPS, "people", ("r5",)),
        (Side.AZURE_DEVOPS, "text", "x" * 256),
    ],
)
def test_what_a_side_cannot_hold_has_a_reason(side: Side, kind: ValueKind, value: Canonical) -> None:
    assert isinstance(CONVERT.raw(side, _pair(kind), value), Unconvertible)


@pytest.mark.parametrize(("kind", "raw"), [("date", "soon"), ("owner", "Nobody <no@else.test>")])
def test_what_has_no_common_form_has_a_reason(kind: ValueKind, raw: str) -> None:
    assert isinstance(CONVERT.canonical(Side.AZURE_DEVOPS, _pair(kind), raw), Unconvertible)


def test_a_long_value_is_kept_as_its_hash_and_a_short_one_as_it_is() -> None:
    assert kept("short") == "short"
    assert str(kept("x" * 2000)).startswith(HASHED)
    assert kept("x" * 2000) != kept("x" * 1999 + "y")


def test_a_base_survives_its_encoding() -> None:
    fields: dict[str, Both[Raw]] = {"a>b": Both("x", None), "c>d": Both(None, ("r1", "r2")), "e>f": Both(1.5, True)}
    base = AgreedBase(fields, Target("task", "t", "p", None), "w0000000001", 3, {"a>b": "why"})
    assert decode(encode(base)) == base


def test_keys_sort_as_their_numbers_and_lead_back_to_them() -> None:
    assert sorted([work_item_key(10), work_item_key(9)]) == [work_item_key(9), work_item_key(10)]
    assert (work_item_id(work_item_key(42)), marker_item(work_item_key(42))) == (42, "42")
    assert (work_item_id(project_key("AB-1")), marker_item(project_key("AB-1"))) == (None, "ab-1")


def test_a_value_map_may_differ_by_work_item_type() -> None:
    values = ValueMap((("Active", "x"),), {"bug": (("Active", "y"),)})
    assert (values.of("Bug"), values.of("Task")) == ((("Active", "y"),), (("Active", "x"),))
    assert CONVERT.for_type("Bug") == Converter(PEOPLE, "r9", "Bug")


def test_a_pair_has_its_own_policy_or_else_that_of_the_connection() -> None:
    own = FieldPair("Custom.Theirs", "Ours", "text", policy="hold")
    mapping = replace(DEFAULT, plans=(own, _pair("text"))).under("oneplan")
    assert [pair.rule.policy for pair in mapping.plans] == ["hold", "oneplan"]
