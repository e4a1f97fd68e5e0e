"""Which work item type a counterpart's type stands for, and whether a work item may become one (R3, R11). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.core.types import ConfiguredTypes, Kind, ProjectTypes

NOT_BROUGHT_IN = "in OnePlan its type is now {type}, which is none of the {kind} types of this connection"
NOT_IN_PROJECT = "in OnePlan its type is now {type}, which team project {project} does not have"
NOT_BELOW = "in OnePlan its type is now {type}, which cannot stand below what is above it in Azure DevOps"
NOT_ABOVE = "in OnePlan its type is now {type}, which cannot stand above what is below it in Azure DevOps"


@dataclass(frozen=True, slots=True)
class TypeThere:
    """What the counterpart's type is in Azure DevOps: the name of a work item type. `problem` says why the work item
    cannot become one."""

    name: str = ""
    problem: str = ""


AS_AGREED = TypeThere()


def named(called: str, kind: Kind, configured: ConfiguredTypes, project: ProjectTypes) -> TypeThere:
    """The type of the team project that is called as OnePlan's, in any letter case."""
    found = next((one for one in project.types if one.casefold() == called.casefold()), "")
    name = found or called
    if configured.kind(name) != kind:
        return TypeThere(name, NOT_BROUGHT_IN.format(type=name, kind=kind))
    return TypeThere(name, "" if found else NOT_IN_PROJECT.format(type=name, project=project.project))


def fitting(known: TypeThere, configured: ConfiguredTypes, above: str | None, below: Iterable[str]) -> TypeThere:
    """With what keeps a plan of that level out of the order of levels.

    `above` is the type of the plan above it, "" for one that nobody knows, None for no plan; `below` the types of what
    hangs right below it.
    """
    if above is not None and not configured.above(above, known.name):
        return replace(known, problem=NOT_BELOW.format(type=known.name))
    plans = (one for one in below if configured.kind(one) == "plan")
    if any(not configured.above(known.name, one) for one in plans):
        return replace(known, problem=NOT_ABOVE.format(type=known.name))
    return known
