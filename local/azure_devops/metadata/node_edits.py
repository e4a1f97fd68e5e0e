"""Creating, moving, renaming and deleting classification nodes.

Renames and moves show in every revision of the items below, since items hold the node and not its path;
they make no revision and send no event (ado-api.md section 10 [K]).
"""

from datetime import date
from typing import Any

from local.azure_devops.metadata import failures
from local.azure_devops.metadata.nodes import all_nodes, parent_of
from local.azure_devops.model import Node, Organization, Project
from local.azure_devops.seed.guids import guid

_FIELDS = {"area": "System.AreaPath", "iteration": "System.IterationPath"}
_LONGEST_NAME = 255
_FORBIDDEN = set('\\/:*?"<>|#$')


def create_node(organization: Organization, parent: Node, body: dict[str, Any]) -> Node:
    """A new child of `parent`; 409 where a sibling has its name."""
    name = _checked_name(parent, body.get("name"), None)
    start, finish = _dates(body, parent)
    taken = (node.id for project in organization.projects for node in all_nodes(project))
    id_ = max(taken) + 1
    path = f"{parent.path}\\{name}"
    made = Node(id_, guid(parent.structure, f"{path}#{id_}"), name, parent.structure, path, start, finish)
    parent.children.append(made)
    return made


def move_node(organization: Organization, project: Project, target: Node, id_: object) -> Node:
    """The node of that id, now a child of `target`; 400 where it would stand below itself."""
    node = next((one for one in all_nodes(project) if one.id == id_), None)
    parent = parent_of(project, node) if node else None
    if node is None or parent is None:
        raise failures.node_not_found(str(id_))
    if target.structure != node.structure or target in node.walk():
        raise failures.bad_parameter("id", str(id_))
    _checked_name(target, node.name, node)
    parent.children.remove(node)
    target.children.append(node)
    _repath(organization, node, f"{target.path}\\{node.name}")
    return node


def update_node(organization: Organization, project: Project, node: Node, body: dict[str, Any]) -> Node:
    """The node with another name, other dates, or both; dates of null are cleared."""
    parent = parent_of(project, node)
    if "name" in body and body["name"] != node.name:
        if parent is None:
            raise failures.bad_parameter("name", str(body["name"]))
        node.name = _checked_name(parent, body["name"], node)
        _repath(organization, node, f"{parent.path}\\{node.name}")
    if "attributes" in body:
        node.start, node.finish = _dates(body, node)
    return node


def delete_node(organization: Organization, project: Project, node: Node, target_id: int | None) -> None:
    """Removes the node and all below it; their items go to the target, without which 400 where any exist."""
    parent = parent_of(project, node)
    if parent is None:
        raise failures.bad_parameter("path", node.path)
    gone = {one.path for one in node.walk()}
    target = next((one for one in all_nodes(project) if one.id == target_id and one.path not in gone), None)
    name = _FIELDS[node.structure]
    used = [item for item in organization.items.values() if item.now.fields.get(name) in gone]
    if used and (target is None or target.structure != node.structure):
        raise failures.bad_parameter("$reclassifyId", "" if target_id is None else str(target_id))
    for item in used:
        for revision in item.revisions:
            if revision.fields.get(name) in gone and target:
                revision.fields[name] = target.path
    parent.children.remove(node)


def _checked_name(parent: Node, name: object, renamed: Node | None) -> str:
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME or _FORBIDDEN & set(name):
        raise failures.bad_parameter("name", str(name))
    same = [one for one in parent.children if one.name.casefold() == name.casefold() and one is not renamed]
    if same:
        raise failures.node_exists(f"{parent.path}\\{name}")
    return name.strip()


def _dates(body: dict[str, Any], node: Node) -> tuple[date | None, date | None]:
    """Both or neither, in order, and only for iterations."""
    attributes = body.get("attributes") or {}
    texts = [attributes.get(key) for key in ("startDate", "finishDate")]
    if node.structure == "area" or not any(texts):
        return None, None
    try:
        start, finish = (date.fromisoformat(str(text)[:10]) for text in texts)
    except ValueError as error:
        raise failures.bad_parameter("attributes", str(attributes)) from error
    if finish < start:
        raise failures.bad_parameter("attributes/finishDate", str(texts[1]))
    return start, finish


def _repath(organization: Organization, node: Node, path: str) -> None:
    changed = {one.path: path + one.path.removeprefix(node.path) for one in node.walk()}
    for one in node.walk():
        one.path = changed[one.path]
    name = _FIELDS[node.structure]
    for item in organization.items.values():
        for revision in item.revisions:
            revision.fields[name] = changed.get(revision.fields[name], revision.fields[name])
    for project in organization.projects if node.structure == "area" else []:
        for team in project.teams:
            team.default_area = changed.get(team.default_area, team.default_area)
