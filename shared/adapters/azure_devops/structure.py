"""Projects, processes, fields, areas and iterations: what an organization is made of (ado-api.md section 8)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.adapters.azure_devops.model import (
    BacklogConfiguration,
    FieldInfo,
    Level,
    Node,
    StateInfo,
    TeamProject,
    TypeInfo,
)
from shared.adapters.azure_devops.service import Service

PAGE = 200


class Structure(Service):
    """Read-only but for iterations."""

    async def projects(self) -> list[TeamProject]:
        """Every team project that the token may see."""
        found: list[TeamProject] = []
        while True:
            names = {"dollar_top": PAGE, "dollar_skip": len(found)}
            answer = await self.get("_apis/projects", "listing team projects", **names)
            rows = answer["value"]
            found += [TeamProject(row["id"], row["name"], row.get("state", "")) for row in rows]
            if len(rows) < PAGE:
                return found

    async def teams(self, project: str) -> list[str]:
        """The ids of a project's teams."""
        what = f"listing the teams of {project}"
        answer = await self.get("_apis/projects/{project}/teams", what, project=project, dollar_top=PAGE)
        return [str(row["id"]) for row in answer["value"]]

    async def backlogs(self, project: str, team: str | None = None) -> BacklogConfiguration:
        """The backlog levels of a team; of the project's default team where none is named."""
        route = "{project}/{team}/_apis/work/backlogconfiguration" if team else _BACKLOG
        what = f"reading the backlog levels of {project}"
        answer = await self.get(route, what, project=project, **({"team": team} if team else {}))
        return _backlogs(answer)

    async def types(self, project: str) -> list[TypeInfo]:
        """The work item types of a project, with their states."""
        what = f"reading the work item types of {project}"
        answer = await self.get("{project}/_apis/wit/workitemtypes", what, project=project)
        return [_type(row) for row in answer["value"]]

    async def bug_types(self, project: str) -> tuple[str, ...]:
        """The types in the bug category."""
        what = f"reading the bug types of {project}"
        route = "{project}/_apis/wit/workitemtypecategories/{category}"
        answer = await self.get(route, what, project=project, category="Microsoft.BugCategory")
        return tuple(row["name"] for row in answer.get("workItemTypes") or ())

    async def fields(self) -> list[FieldInfo]:
        answer = await self.get("_apis/wit/fields", "reading the fields")
        return [
            FieldInfo(row["referenceName"], row["name"], row["type"], bool(row.get("readOnly")))
            for row in answer["value"]
        ]

    async def iterations(self, project: str) -> list[Node]:
        return await self._nodes(project, "Iterations")

    async def areas(self, project: str) -> list[Node]:
        return await self._nodes(project, "Areas")

    async def _nodes(self, project: str, group: str) -> list[Node]:
        route = "{project}/_apis/wit/classificationnodes/{group}"
        what = f"reading the {group.lower()} of {project}"
        answer = await self.get(route, what, project=project, group=group, dollar_depth=20)
        return list(Node.tree(answer))

    async def create_iteration(self, project: str, name: str, start: date | None, finish: date | None) -> None:
        """The iteration is below the project's root."""
        dates = {"startDate": _midnight(start), "finishDate": _midnight(finish)} if start and finish else {}
        await self.call(
            "POST",
            "{project}/_apis/wit/classificationnodes/{group}",
            f"creating iteration {name} in {project}",
            body={"name": name, **({"attributes": dates} if dates else {})},
            names={"project": project, "group": "Iterations"},
        )


_BACKLOG = "{project}/_apis/work/backlogconfiguration"


def _midnight(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None


def _backlogs(answer: Mapping[str, Any]) -> BacklogConfiguration:
    levels = [_level(row, "portfolio") for row in answer.get("portfolioBacklogs") or ()]
    levels.append(_level(answer["requirementBacklog"], "requirement"))
    levels.append(_level(answer["taskBacklog"], "task"))
    fields = (answer.get("backlogFields") or {}).get("typeFields") or {}
    ordered = tuple(sorted(levels, key=lambda level: -level.rank))
    return BacklogConfiguration(ordered, str(answer.get("bugsBehavior", "")), str(fields.get("Order", "")))


def _level(row: Mapping[str, Any], kind: Any) -> Level:
    types = tuple(str(one["name"]) for one in row.get("workItemTypes") or ())
    return Level(str(row["id"]), str(row.get("name", "")), int(row.get("rank", 0)), kind, types)


def _type(row: Mapping[str, Any]) -> TypeInfo:
    states = tuple(StateInfo(one["name"], one.get("category", "")) for one in row.get("states") or ())
    return TypeInfo(row["name"], row.get("referenceName", ""), states, bool(row.get("isDisabled")))
