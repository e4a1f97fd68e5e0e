"""The mass-change brake (R21): a run that would change too much stops before it writes."""

from dataclasses import dataclass
from typing import Literal

RELEASE = "nothing was written, and an Administrator can release the run"


@dataclass(frozen=True)
class Limits:
    """A run may delete, move or blank up to `items` items, or up to `share` of all, whichever is more."""

    share: float = 0.1
    items: int = 20


@dataclass(frozen=True)
class Extent:
    """What a run would do to items that are linked already, and how many are on each side now and were before."""

    linked: int
    deleted: int = 0
    moved: int = 0
    blanked: int = 0
    azure_devops_now: int | None = None
    oneplan_now: int | None = None


@dataclass(frozen=True)
class Stop:
    """Why the run must ask first, in plain words."""

    rule: Literal["mass-change", "empty-side"]
    reason: str


def brake(extent: Extent, limits: Limits) -> Stop | None:
    """The reason to stop before writing; None where the run may go on.

    A side that was not counted is None. A side suddenly empty stops a run of any size.
    """
    for side, now in (("Azure DevOps", extent.azure_devops_now), ("OnePlan", extent.oneplan_now)):
        if now == 0 and extent.linked > 0:
            return Stop("empty-side", f"{side} suddenly shows none of {extent.linked} connected items; {RELEASE}")
    changed = extent.deleted + extent.moved + extent.blanked
    allowed = max(limits.items, int(limits.share * extent.linked))
    if changed <= allowed:
        return None
    parts = f"delete {extent.deleted}, move {extent.moved} and blank {extent.blanked}"
    told = f"the run would {parts} of {extent.linked} connected items, and {allowed} are allowed"
    return Stop("mass-change", f"{told}; {RELEASE}")
