"""Fills an organization with work items: the same ones for the same size and seed."""

from random import Random

from local.azure_devops.model import Project
from local.azure_devops.seed import ancestry, busy, failing, history
from local.azure_devops.seed.filler import Filler
from local.azure_devops.seed.ground import Ground
from local.azure_devops.seed.planter import Planter
from local.azure_devops.seed.projects import EMPTY

FAILING = "failing"
_FULL_SIZE = 300
_ROUNDS = 3
_ITEMS_PER_ROUND = 400
_FILLER_SHARE = 0.2


def populate(world: Ground, size: int = 300, seed: int | str = "default") -> None:
    """Plants `size` work items, deleted and unreadable ones included.

    From size 300 on, every oddity is there at least three times; below, as many as there is room for.
    The seed `failing` plants items that OnePlan refuses besides.
    """
    planter = Planter(world, size, Random(f"{seed}/{size}"))
    projects = [one for one in world.organization.projects if one.name != EMPTY]
    filler = Filler(planter, _rounds(size))
    for turn in range(_rounds(size)):
        _plant_round(planter, projects, turn, seed)
    filler.fill(projects)
    for place, item in enumerate(filler.planted[: 2 * _rounds(size)]):
        (history.discuss if place % 2 else history.rewrite)(planter, item)


def _rounds(size: int) -> int:
    return max(_ROUNDS, size // _ITEMS_PER_ROUND) if size >= _FULL_SIZE else 1


def _plant_round(planter: Planter, projects: list[Project], turn: int, seed: int | str) -> None:
    """Every case once, each in another project than the round before; cases without room are left out."""
    homes = [one for one in projects if planter.has(one, "Feature")]
    inherited = [one for one in projects if planter.has(one, "Initiative")]
    home = homes[turn % len(homes)]
    if seed == FAILING and _fits(planter, failing.COST):
        failing.refused(planter, home)
    for case in ancestry.CASES:
        if _fits(planter, case.cost):
            case.plant(planter, inherited[0] if case.inherited else home)
    if _fits(planter, busy.COST):
        busy.related_to_everything(planter, home)


def _fits(planter: Planter, cost: int) -> bool:
    return planter.room - cost >= planter.size * _FILLER_SHARE
