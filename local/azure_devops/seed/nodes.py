"""Areas and iterations of a project, nested, some iterations without dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from local.azure_devops.model import Node
from local.azure_devops.seed.clock import EPOCH
from local.azure_devops.seed.guids import guid

type Structure = Literal["area", "iteration"]

_SPRINT_DAYS = 14
_SPRINTS_PER_RELEASE = 4


@dataclass
class Nodes:
    """Makes nodes whose ids count up over the whole organization."""

    next_id: int = 101

    def root(self, project: str, structure: Structure) -> Node:
        """The root node of a project: its name and path are the project's name."""
        return self._node(project, structure, project)

    def under(self, parent: Node, name: str) -> Node:
        """A new last child of `parent`."""
        child = self._node(name, parent.structure, f"{parent.path}\\{name}")
        parent.children.append(child)
        return child

    def _node(self, name: str, structure: Structure, path: str) -> Node:
        node = Node(self.next_id, guid(structure, path), name, structure, path)
        self.next_id += 1
        return node


def areas(made: Nodes, project: str) -> Node:
    """Three levels of areas, one name with an ampersand and one outside Latin-1."""
    root = made.root(project, "area")
    web = made.under(root, "Web & Mobile")
    checkout = made.under(web, "Checkout")
    made.under(checkout, "Payments")
    made.under(web, "Search")
    made.under(root, "Größe ⚙")
    return root


def iterations(made: Nodes, project: str) -> Node:
    """Two releases of dated sprints around the seed's epoch, and a `Later` without any dates."""
    root = made.root(project, "iteration")
    start = EPOCH.date() - timedelta(days=_SPRINT_DAYS * (_SPRINTS_PER_RELEASE + 2))
    for number in (1, 2):
        release = made.under(root, f"Release {number}")
        start = _sprints(made, release, number, start)
        release.start, release.finish = release.children[0].start, release.children[-1].finish
    made.under(made.under(root, "Later"), "Someday")
    return root


def _sprints(made: Nodes, release: Node, number: int, start: date) -> date:
    for place in range(_SPRINTS_PER_RELEASE):
        sprint = made.under(release, f"Sprint {number * 100 + place + 1}")
        sprint.start, sprint.finish = start, start + timedelta(days=_SPRINT_DAYS - 1)
        start += timedelta(days=_SPRINT_DAYS)
    return start
