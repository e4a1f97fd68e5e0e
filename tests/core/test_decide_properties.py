"""What holds for every pair: a state is agreed on, perturbed on both sides, and brought in step (issue 4)."""

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.core.actions import Hold, Move, Rehang, Retype, Update
from shared.core.merge import FieldRule
from shared.core.model import Side
from shared.core.snapshots import Target
from tests.core.pairs import (
    CONVERT,
    NAMES,
    PLACES,
    Edits,
    World,
    agreed,
    mirrored,
    pairs_of,
    perturbations,
    perturbed,
    same,
)

A, P = Side.AZURE_DEVOPS, Side.ONEPLAN


@given(agreed(), perturbations())
def test_afterwards_both_sides_mean_the_same_but_for_what_is_held_or_recorded(world: World, edits: Edits) -> None:
    perturbed(world, edits)
    world.step()
    for name in NAMES:
        equal = same(name, world.raw(A, name), world.raw(P, name))
        assert equal or f"T.{name}>O{name}" in world.held or world.residue(name)


@given(agreed(directions=True), perturbations())
def test_a_second_look_finds_nothing_to_do(world: World, edits: Edits) -> None:
    perturbed(world, edits)
    world.step()
    plan = world.decided()
    assert [action for action in plan.actions if not isinstance(action, Hold)] == []
    assert not plan.settles


@given(agreed(directions=True), perturbations())
def test_no_value_is_written_that_a_side_has_already(world: World, edits: Edits) -> None:
    perturbed(world, edits)
    before = {(side, name): world.raw(side, name) for side in Side for name in NAMES}
    world.step()
    assert [one for one in world.writes if same(one[1], one[2], before[one[0], one[1]])] == []


@given(agreed(directions=True), perturbations())
def test_a_field_that_only_one_side_edited_is_not_written_on_that_side(world: World, edits: Edits) -> None:
    real = perturbed(world, edits)
    world.step()
    for side, name, _ in world.writes:
        assert (side, name) not in real or (side.other, name) in real


@given(agreed(directions=True), perturbations())
def test_a_field_that_nobody_edited_is_not_written(world: World, edits: Edits) -> None:
    perturbed(world, edits)
    world.step()
    touched = {name for _, name in edits}
    assert {name for _, name, _ in world.writes} <= touched


@given(agreed(), perturbations())
def test_every_edit_is_there_or_held_or_named_as_lost(world: World, edits: Edits) -> None:
    real = perturbed(world, edits)
    plan = world.step()
    lost = {(one.side, one.field[2 if one.side is A else 1 :]): one.value for one in plan.lost}
    for (side, name), raw in real.items():
        there = any(same(name, world.raw(at, name), raw) for at in Side)
        gave_way = (side, name) in lost and same(name, lost[side, name], raw)
        assert there or gave_way or f"T.{name}>O{name}" in world.held
    assert lost.keys() <= real.keys()


@given(agreed(), perturbations(), perturbations())
def test_edits_between_two_looks_are_followed_as_well(world: World, first: Edits, second: Edits) -> None:
    """Where a field was held or not taken over, an edit back to what was agreed gives the field to the other side."""
    perturbed(world, first)
    world.step()
    held = {*world.held, *(f"T.{name}>O{name}" for name in NAMES if world.residue(name))}
    real = perturbed(world, second)
    world.step()
    for (side, name), raw in real.items():
        if (side.other, name) not in real and f"T.{name}>O{name}" not in held:
            assert same(name, world.raw(side, name), raw)
            assert same(name, world.raw(side.other, name), raw) or world.residue(name)


@given(agreed(directions=True), perturbations())
def test_a_held_field_shows_both_values_and_keeps_them(world: World, edits: Edits) -> None:
    perturbed(world, edits)
    before = {name: {side: world.raw(side, name) for side in Side} for name in NAMES}
    world.step()
    for key, values in world.held.items():
        name = key.rpartition(">O")[2]
        assert values == before[name] == {side: world.raw(side, name) for side in Side}


@given(agreed(directions=True), perturbations())
def test_a_direction_is_never_broken(world: World, edits: Edits) -> None:
    perturbed(world, edits)
    world.step()
    assert all(world.rules[name].may_write(side) for side, name, _ in world.writes)


@given(agreed(), perturbations())
def test_an_import_only_connection_writes_to_oneplan_alone(world: World, edits: Edits) -> None:
    world.import_only = True
    perturbed(world, edits)
    world.step()
    assert {side for side, _, _ in world.writes} <= {P}


@given(agreed(directions=True), perturbations())
def test_swapped_sides_get_the_mirrored_plan(world: World, edits: Edits) -> None:
    """For values that both sides can hold: only Azure DevOps has a limit on a line of text."""
    assume(all(len(str(raw)) < 255 for raw in edits.values()))
    perturbed(world, edits)
    plan, mirror = world.decided(), mirrored(world).decided()

    def updates(found: list[object], swap: bool) -> dict[tuple[Side, str], object]:
        return {
            (action.side.other if swap else action.side, name.removeprefix("T.").removeprefix("O")): raw
            for action in found
            if isinstance(action, Update)
            for name, raw in action.values.items()
        }

    assert updates(list(plan.actions), False) == updates(list(mirror.actions), True)
    held, other = ({one.field for one in found.actions if isinstance(one, Hold)} for found in (plan, mirror))
    assert held == other


@given(agreed(), st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_a_move_on_one_side_is_followed_on_the_other_and_two_moves_are_held(
    world: World, wanted: Target, there: Target
) -> None:
    """The same goes for types, each by itself."""
    was = world.wanted
    world.wanted, world.there = wanted, there
    world.step()
    for name in ("parent", "type"):
        before, theirs, ours = (getattr(one, name) for one in (was, wanted, there))
        now = getattr(world.there, name), getattr(world.wanted, name)
        held = before not in (theirs, ours) and theirs != ours
        assert (name in world.held) is held
        assert now == ((ours, theirs) if held else (ours, ours) if theirs == before else (theirs, theirs))
    assert not any(isinstance(action, Move | Rehang | Retype) for action in world.decided().actions)


@given(agreed(), perturbations(), st.sampled_from(NAMES), st.sampled_from(Side))
def test_a_field_without_a_base_is_no_edit(world: World, edits: Edits, name: str, first: Side) -> None:
    """A field that is mapped since: equal it settles, else the chosen side wins and its value is not written."""
    perturbed(world, edits)
    world.rules = {**world.rules, name: FieldRule(first=first)}
    assert world.base is not None
    world.base = type(world.base)(
        {key: both for key, both in world.base.fields.items() if key != f"T.{name}>O{name}"}, world.base.target
    )
    world.step()
    assert [side for side, written, _ in world.writes if written == name and side is first] == []
    assert f"T.{name}>O{name}" not in world.held


def test_the_small_world_maps_what_it_says() -> None:
    assert [pair.oneplan for pair in pairs_of({name: FieldRule() for name in NAMES})] == [f"O{name}" for name in NAMES]
    assert CONVERT.default_owner == "r-pmo"
