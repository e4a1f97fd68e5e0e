"""Reading classification nodes (specification area wit)."""

from typing import Any

from local.azure_devops.metadata import failures
from local.azure_devops.metadata.call import Call, listed
from local.azure_devops.metadata.nodes import all_nodes, classification_node, node_at, root_of
from local.azure_devops.model import Node, Project


def list_nodes(call: Call) -> dict[str, Any]:
    """The two roots, or with `ids` those nodes; `errorPolicy=omit` leaves a null where one is missing."""
    project, depth = call.project(), call.number("$depth", 0)
    ids = call.names("ids")
    if not ids:
        roots = (project.areas, project.iterations)
        return listed([classification_node(call.base, project, root, depth) for root in roots])
    found = [_by_id(call, project, text) for text in ids]
    return listed([node and classification_node(call.base, project, node, depth) for node in found])


def _by_id(call: Call, project: Project, text: str) -> Node | None:
    for node in all_nodes(project):
        if str(node.id) == text:
            return node
    if call.query("errorPolicy").casefold() == "omit":
        return None
    raise failures.node_not_found(text)


def read_node(call: Call) -> dict[str, Any]:
    project, node = addressed(call)
    return classification_node(call.base, project, node, call.number("$depth", 0))


def addressed(call: Call) -> tuple[Project, Node]:
    """The node that the path names: a group, then names from the root down."""
    project, group = call.project(), call.path("group")
    root = root_of(project, group)
    if root is None:
        raise failures.bad_parameter("structureGroup", group)
    path = str(call.request.path_params.get("path", ""))
    node = node_at(root, [name for name in path.replace("\\", "/").split("/") if name])
    if node is None:
        raise failures.node_not_found(path)
    return project, node
