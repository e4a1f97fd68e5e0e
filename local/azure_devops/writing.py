"""Routes that create and update work items (section 6)."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.auth import allowed
from local.azure_devops.calls import FULL, ORGANIZATION, PROJECT, WRITE, Call, check_media_type, routes_of
from local.azure_devops.documents import Document, kept_formats
from local.azure_devops.model import Project, WorkItem
from local.azure_devops.reading import View
from local.azure_devops.store import initial_fields
from local.azure_devops.world import World


def create(call: Call) -> Any:
    """POST {project}/workitems/${type}: 200, not 201 (section 6 [R])."""
    check_media_type(call)
    project, name = call.need_project(), str(call.request.path_params["type"])
    return _validated_or_kept(call, lambda: create_item(call, project, name, call.body, {}))


def update(call: Call) -> Any:
    """PATCH workitems/{id}."""
    check_media_type(call)
    item = call.item()
    return _validated_or_kept(call, lambda: update_item(call, item, call.body))


def _validated_or_kept(call: Call, write: Callable[[], WorkItem]) -> Any:
    """With `validateOnly` the rules run and nothing is saved: the answer has the old rev, or id -1 (assumed)."""
    _check_bypass(call)
    if not call.flag("validateOnly"):
        return answered(call, write())
    with call.world.store.attempt() as attempt:
        item = write()
        new = len(item.updates) == 1 and "id" not in call.request.path_params
        answer = answered(call, item)
        attempt.undone = True
    return answer | ({"id": -1, "rev": -1} if new else {"rev": item.now.rev})


def _check_bypass(call: Call) -> None:
    """bypassRules needs a permission of its own; here who may do all with work items has it (an assumption)."""
    if call.flag("bypassRules") and not allowed(call.request.state.token, FULL):
        raise errors.permission_missing("bypass rules on work item updates")


def create_item(call: Call, project: Project, name: str, body: Any, temporary: Mapping[int, int]) -> WorkItem:
    """A new item as the document says."""
    kind, bypass = call.kind(project, name), call.flag("bypassRules")
    document = Document(call, project, kind, None, bypass, temporary).read(body)
    document.checked(initial_fields(project, kind))
    fields = {name: value for name, value in document.change.fields.items() if value is not None}
    item = call.world.store.create(
        project,
        kind.name,
        fields,
        by=call.by,
        relations=document.change.add,
        formats=kept_formats(document.change.formats, list(fields)),
        bypass_rules=bypass,
    )
    _say(call, item, document)
    return item


def update_item(call: Call, item: WorkItem, body: Any) -> WorkItem:
    """The item changed as the document says, in one update."""
    race = call.world.position("lost_race")
    if race != "never":
        raise errors.revision_mismatch(int(race))
    project = call.world.store.project_of(item)
    document = Document(call, project, call.kind(project, item.type), item, call.flag("bypassRules")).read(body)
    document.checked(item.now.fields)
    call.world.store.change(item, document.change, by=call.by)
    _say(call, item, document)
    return item


def _say(call: Call, item: WorkItem, document: Document) -> None:
    """System.History is a comment (section 6)."""
    if document.history:
        call.world.store.comment(item, document.history, by=call.by)


def answered(call: Call, item: WorkItem) -> dict[str, Any]:
    """The item after the write; whether relations come without $expand is a switch."""
    expand = call.query("$expand").casefold() or ("relations" if call.world.on("update_answers_relations") else "")
    return View(call, (), expand).checked().item(item, links=True)


def routes(world: World) -> list[Route]:
    """Creates need the project; updates do with or without it."""
    both = (ORGANIZATION, PROJECT)
    return routes_of(
        world,
        [
            ("POST", "wit/workitems/${type}", WRITE, create, (PROJECT,)),
            ("PATCH", "wit/workitems/{id}", WRITE, update, both),
        ],
    )
