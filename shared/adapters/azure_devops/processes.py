"""Backlog levels, types, states and fields: what a process makes of work items (ado-api.md sections 7, 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.adapters.azure_devops.service import Service
from shared.adapters.members import listed, member, number, rows, table, text, words

LevelKind = Literal["portfolio", "requirement", "task"]


@dataclass(frozen=True)
class FieldInfo:
    """A field of the organization. `suggested`: the picklist also takes other values (section 7)."""

    reference_name: str
    name: str
    type: str
    read_only: bool
    identity: bool
    picklist: str
    suggested: bool


@dataclass(frozen=True)
class TypeField:
    """A field as one type has it."""

    reference_name: str
    name: str
    required: bool
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class StateInfo:
    name: str
    category: str


@dataclass(frozen=True)
class TypeInfo:
    name: str
    reference_name: str
    states: tuple[StateInfo, ...]
    disabled: bool


@dataclass(frozen=True)
class Level:
    """One backlog level; a larger rank is higher. Ranks of teams and of processes differ: compare within one answer."""

    id: str
    name: str
    rank: int
    kind: LevelKind
    types: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True)
class BacklogConfiguration:
    """The levels of a team, the highest first, and how it shows bugs: off, asRequirements or asTasks."""

    levels: tuple[Level, ...]
    bugs_behavior: str
    order_field: str


@dataclass(frozen=True)
class TypesByCategory:
    """The names of types by what their backlog is; bugs are in none of the first three."""

    portfolio: tuple[str, ...]
    requirement: tuple[str, ...]
    task: tuple[str, ...]
    bugs: tuple[str, ...]


@dataclass(frozen=True)
class Behavior:
    """A level of a process; abstract ones have rank 0."""

    reference_name: str
    name: str
    rank: int


class Processes(Service):
    """Read-only."""

    async def backlogs(self, project: str, team: str | None = None) -> BacklogConfiguration:
        """The backlog levels of a team; of the project's default team where none is named."""
        route = "{project}/{team}/" if team else "{project}/"
        answer = await self.get(
            f"{route}_apis/work/backlogconfiguration",
            f"reading the backlog levels of {project}",
            places={"project": project, **({"team": team} if team else {})},
        )
        return _backlogs(answer)

    async def categories(self, project: str) -> TypesByCategory:
        """Which types are planned, required, tasks and bugs, without the view of a team.

        The answer tells no ranks, and its order is not documented: the levels' order is that of `backlogs`.
        """
        route, what = "{project}/_apis/work/processconfiguration", f"reading the process of {project}"
        answer = await self.get(route, what, places={"project": project})
        return TypesByCategory(
            portfolio=tuple(name for row in rows(answer, "portfolioBacklogs") for name in _types(row)),
            requirement=_types(table(answer, "requirementBacklog")),
            task=_types(table(answer, "taskBacklog")),
            bugs=_types(table(answer, "bugWorkItems")),
        )

    async def behaviors(self, process: str) -> list[Behavior]:
        """The levels of a process, inherited and custom ones included, the highest first."""
        route, what = "_apis/work/processes/{process}/behaviors", "reading the levels of the process"
        answer = await self.get(route, what, places={"process": process})
        found = [
            Behavior(text(one, "referenceName"), text(one, "name"), number(one, "rank")) for one in _rows(answer, what)
        ]
        return sorted(found, key=lambda one: -one.rank)

    async def types(self, project: str) -> list[TypeInfo]:
        """The work item types of a project, with their states."""
        what = f"reading the work item types of {project}"
        answer = await self.get("{project}/_apis/wit/workitemtypes", what, places={"project": project})
        return [_type(row) for row in _rows(answer, what)]

    async def states(self, project: str, type_name: str) -> list[StateInfo]:
        """The states of one type, with the category by which they are mapped."""
        route, what = "{project}/_apis/wit/workitemtypes/{type}/states", f"reading the states of {type_name}"
        answer = await self.get(route, what, places={"project": project, "type": type_name})
        return [StateInfo(text(one, "name"), text(one, "category")) for one in _rows(answer, what)]

    async def type_fields(self, project: str, type_name: str) -> list[TypeField]:
        """The fields of one type, with the values that they may take."""
        route, what = "{project}/_apis/wit/workitemtypes/{type}/fields", f"reading the fields of {type_name}"
        places = {"project": project, "type": type_name}
        answer = await self.get(route, what, places=places, query={"$expand": "allowedValues"})
        return [
            TypeField(
                text(row, "referenceName"),
                text(row, "name"),
                bool(member(row, "alwaysRequired")),
                words(row, "allowedValues"),
            )
            for row in _rows(answer, what)
        ]

    async def fields(self) -> list[FieldInfo]:
        """The fields of the organization."""
        what = "reading the fields"
        return [_field(row) for row in _rows(await self.get("_apis/wit/fields", what), what)]


def _rows(answer: Any, what: str) -> list[Mapping[str, Any]]:
    return listed(member(answer, "value"), what)


def _backlogs(answer: Any) -> BacklogConfiguration:
    hidden = set(words(answer, "hiddenBacklogs"))
    levels = [_level(row, "portfolio", hidden) for row in rows(answer, "portfolioBacklogs")]
    levels.append(_level(table(answer, "requirementBacklog"), "requirement", hidden))
    levels.append(_level(table(answer, "taskBacklog"), "task", hidden))
    order = text(table(table(answer, "backlogFields"), "typeFields"), "Order")
    ranked = tuple(sorted(levels, key=lambda level: -level.rank))
    return BacklogConfiguration(ranked, text(answer, "bugsBehavior"), order)


def _level(row: Mapping[str, Any], kind: LevelKind, hidden: set[str]) -> Level:
    out_of_sight = bool(member(row, "isHidden")) or text(row, "id") in hidden
    return Level(text(row, "id"), text(row, "name"), number(row, "rank"), kind, _types(row), out_of_sight)


def _types(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(text(one, "name") for one in rows(row, "workItemTypes"))


def _type(row: Mapping[str, Any]) -> TypeInfo:
    states = tuple(StateInfo(text(one, "name"), text(one, "category")) for one in rows(row, "states"))
    return TypeInfo(text(row, "name"), text(row, "referenceName"), states, bool(member(row, "isDisabled")))


def _field(row: Mapping[str, Any]) -> FieldInfo:
    return FieldInfo(
        reference_name=text(row, "referenceName"),
        name=text(row, "name"),
        type=text(row, "type"),
        read_only=bool(member(row, "readOnly")),
        identity=bool(member(row, "isIdentity")),
        picklist=text(row, "picklistId") if member(row, "isPicklist") else "",
        suggested=bool(member(row, "isPicklistSuggested")),
    )
