"""What is stored of an agreement, and how present values compare with it."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from shared.core.base import HASHED, LONGEST_RAW, Base, decode, encode, kept, now, then
from shared.core.convert import Converter
from shared.core.mapping import FieldPair
from shared.core.model import Both, Raw, Side, Unconvertible, Value
from shared.core.people import Directory
from shared.core.snapshots import Target

CONVERT = Converter(Directory(()))
DAY = FieldPair("Custom.Day", "Day", "date")
AT, TEXT = "2026-03-01T00:00:00Z", "2026-03-01"
BASE = Base(
    {"a>b": Both("ü", None), "c>d": Both(None, ("r1", ("x", 2))), "e>f": Both(1.5, True)},
    Target("task", "t", "p", None),
    "w0000000001",
    3,
    {"a>b": "why"},
)
STORED = (
    '{"fields":{"a>b":["ü",null],"c>d":[null,["r1",["x",2]]],"e>f":[1.5,true]},"target":["task","t","p",null],'
    '"parent":"w0000000001","mapping":3,"residues":{"a>b":"why"}}'
)


@pytest.mark.parametrize(
    ("base", "stored"),
    [
        (BASE, STORED),
        (replace(BASE, rank=0.0), STORED.removesuffix("}") + ',"rank":0.0}'),
        (
            replace(BASE, refused={"a>b": "0f"}, rank=7.5),
            STORED.removesuffix("}") + ',"refused":{"a>b":"0f"},"rank":7.5}',
        ),
    ],
    ids=["as older versions stored it", "with a rank", "with a refusal"],
)
def test_a_base_is_stored_in_few_characters_and_read_back(base: Base, stored: str) -> None:
    """Bases outlive versions of the app, so this form stays readable."""
    assert encode(base) == stored
    assert decode(stored) == base


def test_long_values_that_differ_are_kept_apart() -> None:
    assert kept("short") == "short"
    assert kept("x" * 2000) != kept("x" * 1999 + "y")


@pytest.mark.parametrize("length", [LONGEST_RAW - 2, LONGEST_RAW - 1])
def test_a_value_is_kept_whole_up_to_its_limit(length: int) -> None:
    """The limit counts the quotes of a text; a letter of another alphabet counts once."""
    held = str(kept("ü" * length))
    assert held.startswith(HASHED) is (length + 2 > LONGEST_RAW)
    assert len(held) <= LONGEST_RAW


def test_a_hash_that_is_stored_stays_the_same_in_every_version() -> None:
    as_json = b'"' + b"\xc3\xbc" * 1023 + b'"'
    assert kept("ü" * 1023) == HASHED + hashlib.sha256(as_json).hexdigest()


@pytest.mark.parametrize(
    ("stored", "current", "was"),
    [
        (AT, TEXT, Value(AT, date(2026, 3, 1))),
        (None, TEXT, Value(None, None)),
        (TEXT, TEXT, Value(TEXT, date(2026, 3, 1))),
        (HASHED + "0f", HASHED + "0f", Value(HASHED + "0f", date(1, 1, 1))),  # the present value, whatever it means
        (HASHED + "0f", TEXT, Value(HASHED + "0f", Unconvertible("only its hash is known"))),
        (3, TEXT, Value(3, Unconvertible("3 is no date"))),
    ],
)
@pytest.mark.parametrize("side", Side)
def test_what_a_side_held_then(side: Side, stored: Raw, current: Raw, was: Value) -> None:
    present = Value(
        current, date(1, 1, 1) if stored == current and stored != TEXT else CONVERT.canonical(side, DAY, current)
    )
    other = Value("else", None)
    held = then(
        CONVERT, DAY, Both[Raw]("else", "else").replaced(side, stored), Both(other, other).replaced(side, present)
    )
    assert held.of(side) == was
    assert held.of(side.other) is other


def test_each_side_converts_by_its_own_rules() -> None:
    """A share is the whole at 100 on both sides, but a person is looked up only in Azure DevOps."""
    owner = FieldPair("System.AssignedTo", "Owner", "owner")
    assert now(CONVERT, owner, Side.ONEPLAN, "R1") == Value("R1", "r1")
    assert now(CONVERT, owner, Side.AZURE_DEVOPS, "R1") == Value("R1", Unconvertible("nobody in OnePlan matches R1"))
    held = then(CONVERT, owner, Both("R2", "R2"), Both(Value("R1", None), Value("R1", None)))
    assert held == Both(Value("R2", Unconvertible("nobody in OnePlan matches R2")), Value("R2", "r2"))


def test_a_long_value_is_compared_by_its_hash_and_converted_whole() -> None:
    long = "x" * 5000
    assert now(CONVERT, FieldPair("A", "B", "text"), Side.ONEPLAN, long) == Value(kept(long), long)
