"""Going round the connected plans, a share of the budget at a time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shared.ports.changes import Look


@dataclass(frozen=True)
class Rotation:
    """The next plans whose tasks are looked at, the last of them, and how long a whole round takes."""

    looks: tuple[Look, ...]
    cursor: str
    delay_seconds: float


def rotated(plans: Sequence[str], cursor: str, per_minute: float, minutes: float) -> Rotation:
    """As many plans behind the cursor as the share allows in the time between two readings, at least one."""
    if not plans:
        return Rotation((), "", 0.0)
    most = min(len(plans), max(1, int(per_minute * minutes)))
    begin = next((place for place, plan in enumerate(plans) if plan > cursor), 0)
    chosen = [plans[(begin + step) % len(plans)] for step in range(most)]
    looks = tuple(Look(plan, itself=False) for plan in chosen)
    return Rotation(looks, chosen[-1], math.ceil(len(plans) / most) * minutes * 60)


def merged(whole: Sequence[Look], tasks: Sequence[Look]) -> tuple[Look, ...]:
    """Each plan once: one that is looked at as a whole needs no look at its tasks besides."""
    by_plan = {one.plan: one for one in tasks} | {one.plan: one for one in whole}
    return tuple(by_plan.values())
