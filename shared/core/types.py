"""Which work item types become plans and which become tasks (R3, R4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

type Kind = Literal["plan", "task"]


@dataclass(frozen=True)
class ConfiguredTypes:
    """The types of a connection. `plan_levels` is ordered, highest first. Names compare without letter case."""

    plan_levels: tuple[str, ...]
    tasks: tuple[str, ...]

    def kind(self, type_name: str) -> Kind | None:
        """What an item of the type becomes; None where the type is not brought in."""
        if self.level(type_name) is not None:
            return "plan"
        return "task" if _folded(type_name) in {_folded(name) for name in self.tasks} else None

    def level(self, type_name: str) -> int | None:
        """How deep a plan type is: 0 for the highest; None for every other type."""
        folded = [_folded(name) for name in self.plan_levels]
        return folded.index(_folded(type_name)) if _folded(type_name) in folded else None

    def above(self, higher: str, lower: str) -> bool:
        """True where both are plan types and the first is of a higher level than the second."""
        high, low = self.level(higher), self.level(lower)
        return high is not None and low is not None and high < low


@dataclass(frozen=True)
class BacklogLevel:
    """One backlog level of a project's process; a larger rank is higher (ado-api.md section 8)."""

    name: str
    rank: int
    kind: Literal["portfolio", "requirement", "task"]
    types: tuple[str, ...]


@dataclass(frozen=True)
class ProjectTypes:
    """The work item types of one team project: all of them, and those on backlogs, by level."""

    project: str
    types: tuple[str, ...]
    levels: tuple[BacklogLevel, ...]
    bugs: tuple[str, ...] = ()

    def order(self, type_names: Iterable[str]) -> tuple[str, ...]:
        """Those of the types that stand on a backlog of this project, highest first."""
        wanted = [_folded(name) for name in type_names]
        ranked = sorted(self.levels, key=lambda level: -level.rank)
        return tuple(name for level in ranked for name in level.types if _folded(name) in wanted)

    def rank(self, type_name: str) -> int | None:
        """The rank of the type's level; None where it stands on no backlog."""
        found = (level.rank for level in self.levels if _folded(type_name) in map(_folded, level.types))
        return next(found, None)

    def needs_iteration(self, type_name: str) -> bool:
        """True for the types of the task backlog level and for bugs, which R6 is about."""
        task_level = [name for level in self.levels if level.kind == "task" for name in level.types]
        return _folded(type_name) in map(_folded, [*task_level, *self.bugs])


@dataclass(frozen=True)
class TypeProblem:
    """Why configured types are refused: the list, the place in it, and what would be right."""

    field: Literal["planLevelTypes", "taskTypes"]
    index: int
    message: str
    allowed: tuple[str, ...]


def check_types(configured: ConfiguredTypes, projects: Sequence[ProjectTypes]) -> tuple[TypeProblem, ...]:
    """What is wrong with the configured types, given all projects in scope; empty where they can be used.

    A type must exist in some project. The plan levels must have, in their order, strictly falling ranks in every
    project that has two or more of them, and some project must have each of them on a backlog.
    """
    unknown = (
        *_unknown("planLevelTypes", configured.plan_levels, projects),
        *_unknown("taskTypes", configured.tasks, projects),
    )
    return unknown or _misplaced(configured, projects)


def _unknown(
    field: Literal["planLevelTypes", "taskTypes"], names: Sequence[str], projects: Sequence[ProjectTypes]
) -> tuple[TypeProblem, ...]:
    known = sorted({name for project in projects for name in project.types})
    folded = {_folded(name) for name in known}
    return tuple(
        TypeProblem(field, index, f"no team project in scope has a work item type {name!r}", tuple(known))
        for index, name in enumerate(names)
        if _folded(name) not in folded
    )


def _misplaced(configured: ConfiguredTypes, projects: Sequence[ProjectTypes]) -> tuple[TypeProblem, ...]:
    levels = configured.plan_levels
    off_backlog = [name for name in levels if all(project.rank(name) is None for project in projects)]
    if off_backlog:
        nested = sorted({name for project in projects for level in project.levels for name in level.types})
        message = f"{off_backlog[0]!r} stands on no backlog level, so it cannot be a plan level"
        return (TypeProblem("planLevelTypes", levels.index(off_backlog[0]), message, tuple(nested)),)
    return tuple(problem for project in projects for problem in _wrong_order(levels, project))[:1]


def _wrong_order(levels: Sequence[str], project: ProjectTypes) -> tuple[TypeProblem, ...]:
    ranks = [(index, rank) for index, name in enumerate(levels) if (rank := project.rank(name)) is not None]
    for (_, higher), (index, lower) in pairwise(ranks):
        if lower >= higher:
            right = project.order(levels)
            message = f"the order in team project {project.project!r} is {' > '.join(right)}"
            return (TypeProblem("planLevelTypes", index, message, right),)
    return ()


def _folded(name: str) -> str:
    return name.strip().casefold()
