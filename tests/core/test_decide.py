"""What is done for one pair: the merge of its fields and the place of its counterpart, as tables."""

from dataclasses import replace

import pytest

from shared.core.actions import Create, Hold, Lost, Mark, Move, Rehang, SyncPlan, Update, Wait
from shared.core.base import Base, kept
from shared.core.convert import Converter
from shared.core.decide import ALTERED, Pair, decide, place_print
from shared.core.mapping import DEFAULT, FieldPair
from shared.core.merge import FieldRule, Policy
from shared.core.model import Both, Raw, Side
from shared.core.people import Directory, Resource
from shared.core.place import Above
from shared.core.snapshots import Counterpart, Target

ANN, BOB, PMO = "r-ann", "r-bob", "r-pmo"
PEOPLE = Directory((Resource(ANN, "Ann", "ann@x.test"), Resource(BOB, "Bob", "bob@x.test"), Resource(PMO, "PMO")))
CONVERT = Converter(PEOPLE, PMO)
HERE = Target("plan", "epic", None, "top")
ANN_THERE, BOB_THERE, NOBODY_KNOWN = "Ann <ann@x.test>", "Bob <bob@x.test>", "Uwe <uwe@else.test>"


HELD = Hold("System.Title>Name", {Side.AZURE_DEVOPS: "B", Side.ONEPLAN: "C"})


def _there(name: str = "A", owner: Raw = ANN, target: Target = HERE) -> Counterpart:
    return Counterpart("plan-1", target, {"Name": name, "Owner": owner})


def _pair(
    title: str = "A",
    person: Raw = ANN_THERE,
    there: Counterpart | None = None,
    base: Base | None = None,
    target: Target | Wait = HERE,
) -> Pair:
    values: dict[str, Raw] = {"System.Title": title}
    if person:
        values["System.AssignedTo"] = person
    return Pair(DEFAULT.under("hold").plans, values, there, target, base)


def _base(title: str = "A", name: str = "A", person: Raw = ANN_THERE, owner: Raw = ANN, target: Target = HERE) -> Base:
    fields = {"System.Title>Name": Both[Raw](title, name), "System.AssignedTo>Owner": Both[Raw](person, owner)}
    return Base(fields, target)


def _decided(pair: Pair) -> SyncPlan:
    return decide(pair, CONVERT)


def test_an_item_without_counterpart_is_created_with_its_values() -> None:
    plan = _decided(_pair())
    assert plan.actions == (Create(HERE, {"Name": "A", "Owner": ANN}),)
    assert plan.agreed["System.Title>Name"] == Both("A", "A")


@pytest.mark.parametrize(("person", "residue"), [(None, False), (NOBODY_KNOWN, True)])
def test_a_plan_of_nobody_gets_the_default_owner_and_a_stranger_is_noted(person: Raw, residue: bool) -> None:
    plan = _decided(_pair(person=person))
    assert plan.actions == (Create(HERE, {"Name": "A", "Owner": PMO}),)
    said = {"System.AssignedTo>Owner": f"nobody in OnePlan matches {NOBODY_KNOWN}"}
    assert plan.residues == (said if residue else {})
    assert plan.agreed["System.AssignedTo>Owner"] == Both(person, PMO)


def test_what_a_new_counterpart_does_not_get_is_agreed_on_as_empty() -> None:
    """A field that goes to Azure DevOps only, unless the counterpart needs it, and a field that is empty."""
    name, person, start, due, iteration = DEFAULT.tasks
    one_way = FieldRule("to-azure-devops")
    fields = (replace(start, rule=one_way), person, due, replace(name, rule=one_way), iteration)
    start_there, due_there = "2026-03-01T00:00:00Z", "2026-03-02T08:00:00Z"
    values: dict[str, Raw] = {"System.Title": "A", start.azure_devops: start_there, due.azure_devops: due_there}
    plan = _decided(Pair(fields, values, None, HERE, None))
    assert plan.actions == (Create(HERE, {"Name": "A", "DueDate": "2026-03-02T00:00:00Z"}),)
    assert plan.residues == {}
    assert plan.agreed == {
        name.key: Both("A", "A"),
        person.key: Both(None, None),
        start.key: Both(start_there, None),
        due.key: Both(due_there, "2026-03-02T00:00:00Z"),
        iteration.key: Both(None, None),
    }


def test_a_long_value_of_a_new_counterpart_is_agreed_on_by_its_hash() -> None:
    long, text = "x" * 5000, FieldPair("System.Description", "Description", "rich-text")
    plan = _decided(Pair((text,), {"System.Description": long}, None, HERE, None))
    assert plan.actions == (Create(HERE, {"Description": long}),)
    assert plan.agreed == {text.key: Both(kept(long), kept(long))}


def test_an_item_below_one_that_is_not_there_waits() -> None:
    assert _decided(_pair(target=Wait("w1"))).actions == (Wait("w1"),)


def test_a_pair_in_step_needs_nothing() -> None:
    plan = _decided(_pair(there=_there(), base=_base()))
    assert (plan.actions, plan.settles) == ((), False)


@pytest.mark.parametrize(
    ("pair", "side", "values"),
    [
        (_pair("B", there=_there(), base=_base()), Side.ONEPLAN, {"Name": "B"}),
        (_pair(there=_there("B"), base=_base()), Side.AZURE_DEVOPS, {"System.Title": "B"}),
        (_pair(person=BOB_THERE, there=_there(), base=_base()), Side.ONEPLAN, {"Owner": BOB}),
        (_pair(there=_there(owner=BOB), base=_base()), Side.AZURE_DEVOPS, {"System.AssignedTo": "bob@x.test"}),
        (_pair(person=None, there=_there(), base=_base()), Side.ONEPLAN, {"Owner": PMO}),
    ],
)
def test_an_edit_of_one_side_goes_to_the_other_and_to_it_alone(pair: Pair, side: Side, values: dict[str, Raw]) -> None:
    assert _decided(pair).actions == (Update(side, values),)


def test_edits_of_different_fields_merge() -> None:
    plan = _decided(_pair("B", there=_there(owner=BOB), base=_base()))
    assert plan.actions == (
        Update(Side.AZURE_DEVOPS, {"System.AssignedTo": "bob@x.test"}),
        Update(Side.ONEPLAN, {"Name": "B"}),
    )


def test_edits_of_one_field_on_both_sides_are_held_and_the_base_stays() -> None:
    plan = _decided(_pair("B", there=_there("C"), base=_base()))
    assert plan.actions == (Hold("System.Title>Name", {Side.AZURE_DEVOPS: "B", Side.ONEPLAN: "C"}),)
    assert plan.agreed["System.Title>Name"] == Both("A", "A")


def test_the_same_edit_on_both_sides_only_settles() -> None:
    plan = _decided(_pair("B", there=_there("B"), base=_base()))
    assert (plan.actions, plan.settles, plan.agreed["System.Title>Name"]) == ((), True, Both("B", "B"))


def test_what_a_side_made_of_a_value_is_no_edit() -> None:
    base = replace(_base(title="A long name", name="A long"), residues={"System.Title>Name": ALTERED})
    plan = _decided(_pair("A long name", there=_there("A long"), base=base))
    assert (plan.actions, plan.settles) == ((), False)


def test_a_stranger_who_is_known_now_becomes_the_owner() -> None:
    base = replace(_base(owner=PMO), residues={"System.AssignedTo>Owner": "nobody in OnePlan matches"})
    plan = _decided(_pair(there=_there(owner=PMO), base=base))
    assert plan.actions == (Update(Side.ONEPLAN, {"Owner": ANN}),)


def test_an_adopted_counterpart_takes_the_values_of_azure_devops() -> None:
    plan = _decided(_pair("A", there=_there("Other", BOB)))
    assert plan.actions == (Update(Side.ONEPLAN, {"Name": "A", "Owner": ANN}),)


MOVED = Target("plan", "epic", None, "elsewhere")


@pytest.mark.parametrize(
    ("wanted", "there", "agreed", "moves"),
    [
        (MOVED, HERE, HERE, True),  # moved in Azure DevOps
        (HERE, MOVED, HERE, False),  # moved by a person in OnePlan
        (MOVED, MOVED, HERE, False),  # moved on both sides to one place
        (HERE, MOVED, MOVED, True),  # moved in Azure DevOps, back
    ],
)
def test_the_side_that_moved_says_where(wanted: Target, there: Target, agreed: Target, moves: bool) -> None:
    plan = _decided(_pair(there=_there(target=there), base=_base(target=agreed), target=wanted))
    assert any(isinstance(action, Move) for action in plan.actions) is moves
    assert plan.settles is (wanted == there != agreed)


def test_a_pair_without_a_mapped_field_is_agreed_on_by_its_place() -> None:
    pair = replace(_pair(there=_there()), fields=())
    assert (_decided(pair).actions, _decided(pair).settles) == ((), True)
    assert not _decided(replace(pair, base=Base({}, HERE))).settles


def test_a_lost_marker_is_put_back() -> None:
    plan = _decided(replace(_pair(there=_there(), base=_base()), marked=False))
    assert plan.actions == (Mark(),)


def test_an_import_only_connection_never_writes_to_azure_devops() -> None:
    plan = _decided(replace(_pair(there=_there("B"), base=_base()), may_write_azure_devops=False))
    assert plan.actions == ()
    assert "import only" in plan.residues["System.Title>Name"]


def test_a_title_that_azure_devops_cannot_hold_stays_with_its_reason() -> None:
    plan = _decided(_pair(there=_there("x" * 300), base=_base()))
    assert plan.actions == ()
    assert "255" in plan.residues["System.Title>Name"]


def test_an_edit_that_the_other_side_cannot_take_is_not_undone_by_the_next_look() -> None:
    edited = _pair(there=_there("x" * 300), base=_base())
    first = _decided(edited)
    again = _decided(replace(edited, base=replace(_base(), fields=first.agreed, residues=first.residues)))
    assert (again.actions, again.settles) == ((), False)


def test_an_edit_that_the_other_side_could_not_take_is_in_conflict_with_the_next_one_there() -> None:
    first = _decided(_pair(there=_there("x" * 300), base=_base()))
    agreed = replace(_base(), fields=first.agreed, residues=first.residues)
    plan = _decided(_pair("B", there=_there("x" * 300), base=agreed))
    assert plan.actions == (Hold("System.Title>Name", {Side.AZURE_DEVOPS: "B", Side.ONEPLAN: "x" * 300}),)


def test_an_edit_goes_over_as_soon_as_the_other_side_can_take_it() -> None:
    edited = _pair(person=NOBODY_KNOWN, there=_there(), base=_base())
    first = _decided(edited)
    assert first.actions == ()
    agreed = replace(_base(), fields=first.agreed, residues=first.residues)
    known = Converter(Directory((*PEOPLE.resources, Resource("r-uwe", "Uwe", "uwe@else.test"))), PMO)
    assert decide(replace(edited, base=agreed), known).actions == (Update(Side.ONEPLAN, {"Owner": "r-uwe"}),)


@pytest.mark.parametrize(
    ("policy", "side", "name", "value"),
    [("azure-devops", Side.ONEPLAN, "Name", "C"), ("oneplan", Side.AZURE_DEVOPS, "System.Title", "B")],
)
def test_the_value_that_gives_way_is_named(policy: Policy, side: Side, name: str, value: str) -> None:
    pair = replace(_pair("B", there=_there("C"), base=_base()), fields=DEFAULT.under(policy).plans)
    assert _decided(pair).lost == (Lost(name, side, value),)


@pytest.mark.parametrize(
    ("plan", "writes", "differs", "held"),
    [
        (SyncPlan(), False, False, ()),
        (SyncPlan((Wait("w1"),)), False, True, ()),
        (SyncPlan((HELD,)), False, True, (HELD,)),
        (SyncPlan((Mark(), HELD)), True, True, (HELD,)),
        *((SyncPlan((one,)), True, True, ()) for one in (Create(HERE, {}), Update(Side.ONEPLAN, {}), Move(HERE))),
        (SyncPlan((Rehang(None),)), True, True, ()),
    ],
)
def test_what_a_plan_comes_to(plan: SyncPlan, writes: bool, differs: bool, held: tuple[Hold, ...]) -> None:
    assert (plan.writes, plan.differs, plan.held) == (writes, differs, held)


def test_the_fields_to_be_read_are_those_of_both_tables() -> None:
    names = {"Title", "AssignedTo", "IterationPath"}
    dates = {f"Microsoft.VSTS.Scheduling.{name}Date" for name in ("Start", "Target")}
    assert DEFAULT.azure_devops_fields == {f"System.{name}" for name in names} | dates


def test_an_edit_that_cannot_go_over_leaves_nothing_to_tell_once_it_is_undone() -> None:
    first = _decided(_pair(person=NOBODY_KNOWN, there=_there(), base=_base()))
    assert first.residues.keys() == {"System.AssignedTo>Owner"}
    agreed = replace(_base(), fields=first.agreed, residues=first.residues)
    undone = _decided(_pair(there=_there(), base=agreed))
    assert (undone.actions, undone.residues, undone.settles) == ((), {}, True)
    assert not _decided(_pair(there=_there(), base=replace(_base(), fields=undone.agreed))).settles


def test_a_move_that_was_refused_is_sent_again_only_after_another_move_or_a_wish() -> None:
    there = _there(target=MOVED)
    refused = {"parent": place_print("w-top", MOVED)}
    base = replace(_base(), refused=refused, residues={"parent": "too deep"})
    pair = replace(_pair(there=there, base=base), above="w-top", moved_to=Above("w-elsewhere"))
    plan = _decided(pair)
    assert (plan.actions, plan.placed, plan.residues, plan.settles) == ((), False, {"parent": "too deep"}, False)
    moves = (Rehang("w-elsewhere"),)
    assert _decided(replace(pair, winners={"parent": Side.ONEPLAN})).actions == moves
    assert _decided(replace(pair, above="w-other")).actions == moves
    again = Target("plan", "epic", None, "third")
    assert _decided(replace(pair, counterpart=_there(target=again))).actions == moves


@pytest.mark.parametrize("why", ["", "too deep"])
def test_the_place_of_what_waits_is_left_as_it_is_and_not_agreed_on(why: str) -> None:
    """Where it was moved in OnePlan meanwhile, that is still an edit once what it waits for has arrived."""
    moved, base = _there(target=Target("plan", "epic", None, "elsewhere")), _base()
    waiting = replace(_pair("B", there=moved, base=replace(base, residues={"parent": why} if why else {})), waits=True)
    plan = _decided(replace(waiting, target=moved.target))
    assert plan.actions == (Update(Side.ONEPLAN, {"Name": "B"}),)
    assert (plan.placed, plan.residues, plan.settles) == (False, {"parent": why} if why else {}, False)
    arrived = _decided(replace(waiting, waits=False, moved_to=Above("w1")))
    assert Rehang("w1") in arrived.actions


def test_what_waits_and_was_never_agreed_on_has_no_reason_yet() -> None:
    plan = _decided(replace(_pair(there=_there()), waits=True))
    assert (plan.placed, plan.residues, plan.settles) == (False, {}, True)
