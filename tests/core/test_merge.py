"""The field rule as a table, and what holds for every field."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.merge import Copy, Decision, Field, FieldRule, Hold, Nothing, Residue, Settle, merge
from shared.core.model import Both, Side, Unconvertible, Value

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)


def value(raw: str | None) -> Value:
    """A raw value whose canonical form is its lower case; `?x` is a value without one, None is an empty one."""
    if raw is None:
        return Value(None, None)
    return Value(raw, Unconvertible(f"{raw} is unknown") if raw.startswith("?") else raw.lower())


def field(now: tuple[str | None, str | None], base: tuple[str, str] | None, **rule: Any) -> Field:
    times = rule.pop("times", (None, None))
    held = Both(value(base[0]), value(base[1])) if base else None
    return Field(Both(value(now[0]), value(now[1])), held, FieldRule(**rule), Both(*times))


TABLE: dict[str, tuple[Field, Decision]] = {
    "nobody changed anything": (field(("a", "a"), ("a", "a")), Nothing()),
    "azure devops changed": (field(("b", "a"), ("a", "a")), Copy(P)),
    "oneplan changed": (field(("a", "b"), ("a", "a")), Copy(A)),
    "both changed to the same": (field(("b", "b"), ("a", "a")), Settle()),
    "both changed to the same in another form": (field(("b", "B"), ("a", "a")), Settle()),
    "another form of the same value": (field(("A", "a"), ("a", "a")), Settle()),
    "neither changed though they differ": (field(("a", "x"), ("a", "x")), Nothing()),
    "another form where they differ": (field(("A", "x"), ("a", "x")), Settle()),
    "one changed back to what the other has": (field(("x", "x"), ("a", "x")), Settle()),
    "both changed, no times": (field(("b", "c"), ("a", "a")), Hold()),
    "both changed, azure devops later": (field(("b", "c"), ("a", "a"), times=(LATER, NOON)), Copy(P, True)),
    "both changed, oneplan later": (field(("b", "c"), ("a", "a"), times=(NOON, LATER)), Copy(A, True)),
    "both changed at the same time": (field(("b", "c"), ("a", "a"), times=(NOON, NOON)), Hold()),
    "both changed, one time missing": (field(("b", "c"), ("a", "a"), times=(NOON, None)), Hold()),
    "both changed, azure devops wins": (field(("b", "c"), ("a", "a"), policy="azure-devops"), Copy(P, True)),
    "both changed, oneplan wins": (field(("b", "c"), ("a", "a"), policy="oneplan"), Copy(A, True)),
    "both changed, held by policy": (
        field(("b", "c"), ("a", "a"), policy="hold", times=(LATER, NOON)),
        Hold(),
    ),
    "never agreed, equal": (field(("a", "A"), None), Settle()),
    "never agreed, azure devops first": (field(("a", "b"), None), Copy(P, True)),
    "never agreed, oneplan first": (field(("a", "b"), None, first=P), Copy(A, True)),
    "never agreed, empty in oneplan": (field(("a", None), None), Copy(P)),
    "never agreed, oneplan first, empty in azure devops": (field((None, "b"), None, first=P), Copy(A)),
    "never agreed, azure devops first, empty there": (field((None, "b"), None), Copy(P, True)),
    "never agreed, only oneplan is written, empty there": (field(("a", None), None, direction="to-oneplan"), Copy(P)),
    "never agreed, oneplan first, only it is written": (
        field(("a", "b"), None, direction="to-oneplan", first=P),
        Copy(P, True),
    ),
    "never agreed, oneplan first, only it is written, nothing to write": (
        field((None, "b"), None, direction="to-oneplan", first=P),
        Settle(),
    ),
    "never agreed, oneplan first, only it is written, empty there": (
        field(("a", None), None, direction="to-oneplan", first=P),
        Copy(P),
    ),
    "never agreed, only azure devops is written, nothing to write": (
        field(("a", None), None, direction="to-azure-devops"),
        Settle(),
    ),
    "mapped anew, nobody changed it": (replace(field(("a", "x"), ("a", "x")), redefined=True), Copy(P, True)),
    "mapped anew, oneplan changed it": (replace(field(("a", "y"), ("a", "x")), redefined=True), Copy(A)),
    "mapped anew and equal": (replace(field(("a", "a"), ("a", "a")), redefined=True), Nothing()),
    "to oneplan only, azure devops changed": (field(("b", "a"), ("a", "a"), direction="to-oneplan"), Copy(P)),
    "to oneplan only, oneplan changed": (field(("a", "b"), ("a", "a"), direction="to-oneplan"), Nothing()),
    "to oneplan only, both changed": (
        field(("b", "c"), ("a", "a"), direction="to-oneplan", policy="oneplan"),
        Copy(P, True),
    ),
    "to azure devops only, never agreed": (field(("a", "b"), None, direction="to-azure-devops"), Copy(A, True)),
    "changed to what the other side cannot hold": (field(("?b", "a"), ("a", "a")), Residue(A, "?b is unknown")),
    "unknown on both sides and unchanged": (field(("?b", "?b"), ("?b", "?b")), Nothing()),
    "the other side of an unknown value changed": (field(("?b", "c"), ("?b", "a")), Copy(A)),
    "from unknown to known": (field(("b", "a"), ("?b", "a")), Copy(P)),
}


@pytest.mark.parametrize(("case", "expected"), TABLE.values(), ids=TABLE.keys())
def test_the_field_rule(case: Field, expected: Decision) -> None:
    assert merge(case) == expected


values = st.sampled_from(["a", "A", "b", "B", "c", "?x"]).map(value)
pairs = st.builds(Both, values, values)
times = st.none() | st.sampled_from([NOON, LATER])
rules = st.builds(
    FieldRule,
    st.sampled_from(["both", "to-oneplan", "to-azure-devops"]),
    st.sampled_from(["azure-devops", "oneplan", "latest", "hold"]),
    st.sampled_from(Side),
)
fields = st.builds(Field, pairs, st.none() | pairs, rules, st.builds(Both, times, times))


def applied(case: Field, decision: Decision) -> Field:
    """The field after the decision: the written side holds the source's canonical value, the base is what is held."""
    match decision:
        case Copy(to):
            written = case.now.of(to.other).canonical
            now = case.now.replaced(to, Value(str(written), written))  # type: ignore[arg-type]
            return replace(case, now=now, base=now)
        case Settle():
            return replace(case, base=case.now)
        case _:
            return case


def swapped(rule: FieldRule) -> FieldRule:
    sides = {"both": "both", "to-oneplan": "to-azure-devops", "to-azure-devops": "to-oneplan"}
    policies = {"azure-devops": "oneplan", "oneplan": "azure-devops"}
    return FieldRule(
        sides[rule.direction],  # type: ignore[arg-type]
        policies.get(rule.policy, rule.policy),  # type: ignore[arg-type]
        rule.first.other,
    )


def mirrored(decision: Decision) -> Decision:
    match decision:
        case Copy(to, edited):
            return Copy(to.other, edited)
        case Residue(side, reason):
            return Residue(side.other, reason)
    return decision


@given(fields)
def test_a_second_merge_has_nothing_to_do(case: Field) -> None:
    after = applied(case, merge(case))
    assert merge(after) == (merge(case) if isinstance(merge(case), Hold | Residue) else Nothing())


@given(fields)
def test_no_value_is_written_that_is_there_already(case: Field) -> None:
    decision = merge(case)
    if isinstance(decision, Copy):
        assert case.now.of(decision.to).canonical != case.now.of(decision.to.other).canonical


@given(fields)
def test_the_only_edited_side_is_never_written(case: Field) -> None:
    decision = merge(case)
    if isinstance(decision, Copy) and case.base is not None and not decision.overwrites_edit:
        assert case.now.of(decision.to).canonical == case.base.of(decision.to).canonical or (
            case.now.of(decision.to).raw == case.base.of(decision.to).raw
        )


@given(fields)
def test_an_edit_that_is_overwritten_is_told_so_that_it_can_be_kept(case: Field) -> None:
    decision = merge(case)
    if isinstance(decision, Copy) and case.base is not None:
        there, before = case.now.of(decision.to), case.base.of(decision.to)
        assert decision.overwrites_edit or there.raw == before.raw or there.canonical == before.canonical


@given(fields)
def test_a_direction_is_never_broken(case: Field) -> None:
    decision = merge(case)
    if isinstance(decision, Copy):
        assert case.rule.may_write(decision.to)


@given(fields)
def test_the_sides_are_treated_alike(case: Field) -> None:
    mirror = Field(
        case.now.swapped(),
        case.base.swapped() if case.base else None,
        swapped(case.rule),
        case.changed_at.swapped(),
        case.redefined,
    )
    assert merge(mirror) == mirrored(merge(case))


@given(fields)
def test_an_edit_on_one_side_of_a_two_way_field_arrives(case: Field) -> None:
    """Perturbs an agreed state on one side only: the other side follows, or the reason is recorded."""
    agreed = replace(case, now=case.now, base=case.now, rule=FieldRule())
    edited = replace(agreed, now=agreed.now.replaced(A, value("edited")))
    assert merge(edited) in (Copy(P), Settle())
