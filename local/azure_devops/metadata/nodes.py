"""Classification nodes: areas and iterations as the REST API shows them (ado-api.md section 6)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from local.azure_devops.model import Node, Project

_GROUPS = {"area": "Areas", "iteration": "Iterations"}
_SEGMENTS = {"area": "Area", "iteration": "Iteration"}


def classification_node(
    base: str, project: Project, node: Node, depth: int = 0, *, links: bool = True
) -> dict[str, Any]:
    """A WorkItemClassificationNode with `depth` levels of children below it; links on the outermost only.

    Its path has an extra segment that work item fields have not: `\\Proj\\Iteration\\S1` is `Proj\\S1`.
    """
    url = node_url(base, project, node)
    answer: dict[str, Any] = {
        "id": node.id,
        "identifier": node.identifier,
        "name": node.name,
        "structureType": node.structure,
        "hasChildren": bool(node.children),
        "path": long_path(node),
    }
    if node.start and node.finish:
        answer["attributes"] = {
            "startDate": f"{node.start.isoformat()}T00:00:00Z",
            "finishDate": f"{node.finish.isoformat()}T00:00:00Z",
        }
    if depth > 0 and node.children:
        answer["children"] = [
            classification_node(base, project, child, depth - 1, links=False) for child in node.children
        ]
    if links:
        answer["_links"] = _links(base, project, node)
    return answer | {"url": url}


def long_path(node: Node) -> str:
    """The path as the classification node API writes it."""
    project, _, rest = node.path.partition("\\")
    tail = f"\\{rest}" if rest else ""
    return f"\\{project}\\{_SEGMENTS[node.structure]}{tail}"


def node_url(base: str, project: Project, node: Node) -> str:
    """The url of a node: the group, then the names below the root."""
    names = node.path.split("\\")[1:]
    return "/".join((_group_url(base, project, node), *map(quote, names)))


def _group_url(base: str, project: Project, node: Node) -> str:
    return f"{base}/{project.id}/_apis/wit/classificationNodes/{_GROUPS[node.structure]}"


def _links(base: str, project: Project, node: Node) -> dict[str, Any]:
    links = {"self": {"href": node_url(base, project, node)}}
    parent = parent_of(project, node)
    return links | ({"parent": {"href": node_url(base, project, parent)}} if parent else {})


def root_of(project: Project, group: str) -> Node | None:
    """The root of `areas` or `iterations`, in any letter case; None for another word."""
    return {"areas": project.areas, "iterations": project.iterations}.get(group.casefold())


def node_at(root: Node, names: list[str]) -> Node | None:
    """The node that the names lead to from the root, in any letter case."""
    node: Node | None = root
    for name in names:
        children = node.children if node else []
        node = next((child for child in children if child.name.casefold() == name.casefold()), None)
    return node


def parent_of(project: Project, node: Node) -> Node | None:
    """The node above, None for a root."""
    return next((one for one in all_nodes(project) if node in one.children), None)


def all_nodes(project: Project) -> Iterator[Node]:
    """Every area and iteration of a project."""
    yield from project.areas.walk()
    yield from project.iterations.walk()
