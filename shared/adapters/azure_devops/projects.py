"""Team projects, teams, areas and iterations: the places in which work items live (ado-api.md sections 1, 6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from shared.adapters.azure_devops.assumptions import (
    PROCESS_ID_PROPERTY,
    PROCESS_NAME_PROPERTY,
    PROJECT_PROPERTIES_VERSION,
)
from shared.adapters.azure_devops.service import Service
from shared.adapters.members import member, moment, number, rows, table, text

Group = Literal["Areas", "Iterations"]
# Levels below the root that are asked for; a process limits trees to 14 (section 7 [D object-limits] names fewer).
DEPTH = 20


@dataclass(frozen=True)
class TeamProject:
    id: str
    name: str
    state: str


@dataclass(frozen=True)
class Team:
    id: str
    name: str


@dataclass(frozen=True)
class ProcessOf:
    """The process of a project: its type id, and its name where the project tells."""

    id: str
    name: str


@dataclass(frozen=True)
class Node:
    """An area or iteration; `path` is as in work item fields, without the extra segment (section 6 [R])."""

    id: int
    name: str
    path: str
    start: date | None = None
    finish: date | None = None

    @classmethod
    def tree(cls, raw: Any, parent: str = "") -> "Iterator[Node]":
        """The node and all below it, parents first."""
        name = text(raw, "name")
        path = f"{parent}\\{name}" if parent else name
        dates = table(raw, "attributes")
        yield cls(number(raw, "id"), name, path, _day(dates, "startDate"), _day(dates, "finishDate"))
        for child in rows(raw, "children"):
            yield from cls.tree(child, path)


def _day(dates: Mapping[str, Any], name: str) -> date | None:
    found = moment(member(dates, name))
    return found.date() if found else None


class Projects(Service):
    """The team projects that the token may see."""

    async def read_all(self) -> list[TeamProject]:
        pages = self.pages("_apis/projects", "listing team projects")
        return [
            TeamProject(text(row, "id"), text(row, "name"), text(row, "state")) async for page in pages for row in page
        ]

    async def teams(self, project: str) -> list[Team]:
        route, what = "_apis/projects/{project}/teams", f"listing the teams of {project}"
        pages = self.pages(route, what, places={"project": project})
        return [Team(text(row, "id"), text(row, "name")) async for page in pages for row in page]

    async def process(self, project_id: str) -> ProcessOf:
        """Which process the project follows; the route takes the id, not the name."""
        answer = await self.get(
            "_apis/projects/{project}/properties",
            f"reading the process of project {project_id}",
            places={"project": project_id},
            query={"keys": f"{PROCESS_ID_PROPERTY},{PROCESS_NAME_PROPERTY}"},
            version=PROJECT_PROPERTIES_VERSION,
        )
        values = {text(row, "name"): text(row, "value") for row in rows(answer, "value")}
        return ProcessOf(values.get(PROCESS_ID_PROPERTY, ""), values.get(PROCESS_NAME_PROPERTY, ""))

    async def nodes(self, project: str, group: Group) -> list[Node]:
        """The areas or iterations of the project, the root first."""
        answer = await self.get(
            "{project}/_apis/wit/classificationnodes/{group}",
            f"reading the {group.lower()} of {project}",
            places={"project": project, "group": group},
            query={"$depth": DEPTH},
        )
        return list(Node.tree(answer))

    async def create_iteration(
        self, project: str, path: tuple[str, ...], start: date | None = None, finish: date | None = None
    ) -> None:
        """The iteration is there; `path` is its names below the root. Rejected where it was there before."""
        *above, name = path
        dates = {"startDate": _midnight(start), "finishDate": _midnight(finish)} if start and finish else {}
        await self.call(
            "POST",
            "{project}/_apis/wit/classificationnodes/{group}" + ("/{path}" if above else ""),
            f"creating iteration {name} in {project}",
            places={"project": project, "group": "Iterations", **({"path": tuple(above)} if above else {})},
            body={"name": name, **({"attributes": dates} if dates else {})},
        )


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
