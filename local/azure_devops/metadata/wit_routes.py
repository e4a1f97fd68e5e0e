"""Routes of fields, work item types, categories, relation types and transitions (specification area wit)."""

from typing import Any

from local.azure_devops.metadata import failures, fields, relation_types, types
from local.azure_devops.metadata.call import Call, listed
from local.azure_devops.model import WorkItem

_RESOLVING_ACTION = "Microsoft.VSTS.Actions.Checkin"
_ARTIFACTS = (("Git", "Branch"), ("Git", "Commit"), ("Git", "PullRequestId"), ("Build", "Build"))
_ICONS = ("icon_clipboard", "icon_crown", "icon_trophy", "icon_book", "icon_insect")


def list_fields(call: Call) -> dict[str, Any]:
    """Fields of the organization, or of the types of one project."""
    known = call.organization.fields
    names = known.keys() if "project" not in call.request.path_params else _names_in_project(call)
    return listed([fields.field(call.base, known[name]) for name in known if name in names])


def _names_in_project(call: Call) -> set[str]:
    process = call.organization.process_of(call.project())
    return {used.reference_name for one in process.types for used in one.fields}


def read_field(call: Call) -> dict[str, Any]:
    found = fields.find_field(call.organization, call.path("field"))
    if found is None:
        raise failures.field_not_found(call.path("field"))
    return fields.field(call.base, found)


def list_types(call: Call) -> dict[str, Any]:
    project = call.project()
    process = call.organization.process_of(project)
    return listed([types.work_item_type(call.base, call.organization, project, one) for one in process.types])


def read_type(call: Call) -> dict[str, Any]:
    project, one = call.type_of_project()
    made = types.work_item_type(call.base, call.organization, project, one)
    return made | {"_links": {"self": {"href": made["url"]}}}


def list_type_fields(call: Call) -> dict[str, Any]:
    return listed(_type_fields(call))


def read_type_field(call: Call) -> dict[str, Any]:
    wanted = call.path("field").casefold()
    for made in _type_fields(call):
        if wanted in (made["referenceName"].casefold(), made["name"].casefold()):
            return made
    raise failures.field_not_found(call.path("field"))


def _type_fields(call: Call) -> list[dict[str, Any]]:
    _, one = call.type_of_project()
    expand = call.query("$expand")
    return [fields.type_field(call.base, call.organization, used, expand) for used in one.fields]


def list_type_states(call: Call) -> dict[str, Any]:
    _, one = call.type_of_project()
    return listed([types.state_color(state) for state in one.states])


def list_categories(call: Call) -> dict[str, Any]:
    return listed(_categories(call))


def read_category(call: Call) -> dict[str, Any]:
    for made in _categories(call):
        if made["referenceName"].casefold() == call.path("category").casefold():
            return made
    raise failures.part_not_found(call.path("category"))


def _categories(call: Call) -> list[dict[str, Any]]:
    project = call.project()
    return types.categories(call.base, project, call.organization.process_of(project))


def list_relation_types(call: Call) -> dict[str, Any]:
    return listed(relation_types.relation_types(call.base))


def read_relation_type(call: Call) -> dict[str, Any]:
    for made in relation_types.relation_types(call.base):
        if made["referenceName"].casefold() == call.path("relation").casefold():
            return made
    raise failures.part_not_found(call.path("relation"))


def list_artifact_link_types(_call: Call) -> dict[str, Any]:
    return listed([{"toolType": tool, "artifactType": name, "linkType": name} for tool, name in _ARTIFACTS])


def list_icons(call: Call) -> dict[str, Any]:
    root = f"{call.base}/_apis/wit/workItemIcons"
    return listed([{"id": icon, "url": f"{root}/{icon}?v=2"} for icon in _ICONS])


def list_transitions(call: Call) -> dict[str, Any]:
    """The state that a check-in would set on each item: the first resolved or completed one it may go to."""
    ids = call.names("ids")
    wrong = next((text for text in ids if not text.isdecimal()), None)
    if wrong is not None or not ids:
        raise failures.bad_parameter("ids", wrong or "")
    action = call.query("action", "checkin").casefold()
    if action not in {"checkin", _RESOLVING_ACTION.casefold()}:
        raise failures.bad_parameter("action", action)
    found = [_readable(call, int(text)) for text in ids]
    return listed([{"id": item.id, "stateOnTransition": _next_state(call, item)} for item in found])


def _readable(call: Call, id_: int) -> WorkItem:
    item = call.organization.items.get(id_)
    if item is None or item.deleted or id_ in call.organization.unreadable:
        raise failures.work_item_not_found(id_)
    return item


def _next_state(call: Call, item: WorkItem) -> str:
    project = next(one for one in call.organization.projects if one.id == item.project_id)
    types_ = call.organization.process_of(project).types
    kind = next(one for one in types_ if one.name == item.type)
    now = str(item.now.fields["System.State"])
    ends = {"Resolved", "Completed"}
    return next((s.name for s in kind.states if s.category in ends and s.name in kind.transitions[now]), now)
