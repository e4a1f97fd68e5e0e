"""The relation types of an organization (specification's example GET__relation_types)."""

from typing import Any

_TREE = {"editable": False, "acyclic": True, "directional": True, "singleTarget": False, "topology": "tree"}
_DEPENDENCY = {
    "editable": False,
    "acyclic": True,
    "directional": True,
    "singleTarget": True,
    "topology": "dependency",
}
_EDITABLE = _DEPENDENCY | {"editable": True}
_NETWORK = {
    "editable": False,
    "acyclic": False,
    "directional": False,
    "singleTarget": True,
    "topology": "network",
}
_PAIRS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("Microsoft.VSTS.Common.Affects", "Affects", "Affected By", _EDITABLE),
    ("Microsoft.VSTS.Common.TestedBy", "Tested By", "Tests", _EDITABLE),
    ("System.LinkTypes.Duplicate", "Duplicate", "Duplicate Of", _TREE),
    ("System.LinkTypes.Dependency", "Successor", "Predecessor", _DEPENDENCY),
    ("System.LinkTypes.Hierarchy", "Child", "Parent", _TREE),
)
_RESOURCES = (("AttachedFile", "Attached File"), ("Hyperlink", "Hyperlink"), ("ArtifactLink", "Artifact Link"))


def relation_types(base: str) -> list[dict[str, Any]]:
    """Every WorkItemRelationType: both ends of the directed links, Related, and the resource links."""
    made = [
        _linked(base, stem, name, attributes, forward=forward)
        for stem, *names, attributes in _PAIRS
        for name, forward in zip(names, (True, False), strict=True)
    ]
    made.append(_type(base, "System.LinkTypes.Related", "Related", _work_item_link(_NETWORK)))
    resource = {"usage": "resourceLink", "editable": False, "enabled": True}
    return made + [_type(base, reference, name, resource) for reference, name in _RESOURCES]


def _linked(base: str, stem: str, name: str, attributes: dict[str, Any], *, forward: bool) -> dict[str, Any]:
    end, opposite = ("Forward", "Reverse") if forward else ("Reverse", "Forward")
    ends = {"isForward": forward, "oppositeEndReferenceName": f"{stem}-{opposite}"}
    return _type(base, f"{stem}-{end}", name, _work_item_link(attributes) | ends)


def _work_item_link(attributes: dict[str, Any]) -> dict[str, Any]:
    return {"usage": "workItemLink", "enabled": True} | attributes


def _type(base: str, reference: str, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    url = f"{base}/_apis/wit/workItemRelationTypes/{reference}"
    return {"attributes": attributes, "referenceName": reference, "name": name, "url": url}
