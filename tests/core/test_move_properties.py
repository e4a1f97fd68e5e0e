"""People move items on both sides at once: no write ever makes a cycle, and all come to rest in few rounds (R18)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.actions import Hold, Move, Rehang
from shared.core.base import Base
from shared.core.merge import Policy
from shared.core.place import Above, Standing, is_moved, place, would_cycle
from shared.core.snapshots import Target

ITEMS = "abcdef"
type Forest = dict[str, str | None]


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    """Each item below one that comes before it, or at the top."""
    return {one: draw(st.sampled_from([None, *ITEMS[:number]])) for number, one in enumerate(ITEMS)}


@st.composite
def moved(draw: st.DrawFn, forest: Forest) -> Forest:
    """As a person leaves it: a system lets nobody move an item below itself."""
    after = dict(forest)
    for _ in range(draw(st.integers(0, 4))):
        item, above = draw(st.sampled_from(ITEMS)), draw(st.sampled_from([None, *ITEMS]))
        if not would_cycle(item, above, after):
            after[item] = above
    return after


@dataclass
class Sides:
    """Both systems and what was agreed. `steps` of the engine: one item after the other, in any order."""

    azure_devops: Forest
    oneplan: Forest
    agreed: Forest
    policy: Policy

    def standing(self, item: str) -> Standing:
        there, target = _at(self.oneplan[item]), _at(self.azure_devops[item])
        one = Standing(there, target, self.azure_devops[item], Base({}, _at(self.agreed[item])), policy=self.policy)
        crossed = there != target and would_cycle(item, target.parent, self.oneplan)
        if not crossed and not is_moved(there, one.base):
            return one
        cycle = would_cycle(item, there.parent, self.azure_devops)
        return replace(one, moved_to=Above(there.parent, cycle=cycle), crossed=crossed)

    def step(self, item: str) -> tuple[int, bool]:
        """(number of writes, whether the item is held)"""
        placing = place(self.standing(item))
        for action in placing.actions:
            match action:
                case Move(target):
                    assert not would_cycle(item, target.parent, self.oneplan)
                    self.oneplan[item] = target.parent
                case Rehang(above):
                    assert not would_cycle(item, above, self.azure_devops)
                    self.azure_devops[item] = above
                case _:
                    continue
        if placing.placed:
            self.agreed[item] = self.oneplan[item]
        writes = sum(isinstance(one, Move | Rehang) for one in placing.actions)
        return writes, any(isinstance(one, Hold) for one in placing.actions)


def _at(parent: str | None) -> Target:
    return Target("plan", "feature", None, parent)


def _rested(sides: Sides, order: list[str]) -> Mapping[str, bool]:
    """Which items are held once a round writes nothing; no more rounds than there are items, and one."""
    for _ in range(len(ITEMS) + 1):
        steps = {item: sides.step(item) for item in order}
        if not any(writes for writes, _ in steps.values()):
            return {item: held for item, (_, held) in steps.items()}
    raise AssertionError("it does not come to rest")


@pytest.mark.parametrize("policy", ["azure-devops", "oneplan", "latest"])
@given(data=st.data(), seed=st.integers(0, 1000))
def test_moves_on_both_sides_make_no_cycle_and_come_to_rest(policy: Policy, data: st.DataObject, seed: int) -> None:
    before = data.draw(forests())
    sides = Sides(data.draw(moved(before)), data.draw(moved(before)), dict(before), policy)
    held = _rested(sides, Random(seed).sample(ITEMS, len(ITEMS)))
    apart = {item for item in ITEMS if sides.azure_devops[item] != sides.oneplan[item]}
    assert apart <= {item for item in ITEMS if held[item]}
    assert policy == "latest" or not apart
