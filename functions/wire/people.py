"""Answers about people, and what two systems offer before a connection is saved."""

from typing import Literal

from shared.configuration import Name, Part
from shared.core.people import How


class ShownPerson(Part):
    """A person of Azure DevOps."""

    name: str
    unique_name: str


class ShownResource(Part):
    """A person of OnePlan."""

    id: str
    name: str
    mail: str


class ShownMatch(ShownPerson):
    """Whom a person is taken for, and why."""

    oneplan: ShownResource
    by: How


class UsersAnswer(Part):
    """Who is who."""

    default_owner: Name | None
    overrides: dict[str, str]
    matches: list[ShownMatch]
    unmatched: list[ShownPerson]
    run: str = ""


class ShownLevel(Part):
    """A backlog level."""

    name: str
    kind: Literal["portfolio", "requirement", "task"]
    types: list[str]


class ShownProject(Part):
    """A team project with its types, its levels from the highest, and its areas."""

    id: str
    name: str
    types: list[str]
    levels: list[ShownLevel]
    bug_types: list[str]
    areas: list[str]


class FoundOrganization(Part):
    """What Azure DevOps offers."""

    projects: list[ShownProject]


class FoundGroup(Part):
    """What OnePlan offers."""

    plan_types: list[str]
    work_types: list[str]


class DiscoveryAnswer(Part):
    """What the systems that were asked offer."""

    azure_dev_ops: FoundOrganization | None = None
    oneplan: FoundGroup | None = None
