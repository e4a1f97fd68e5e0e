"""Routes of deleting and of the recycle bin (section 5, Deleted)."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.auth import allowed
from local.azure_devops.calls import FULL, ORGANIZATION, PROJECT, READ, WRITE, Call, listed, number, routes_of
from local.azure_devops.metadata import failures
from local.azure_devops.model import WorkItem
from local.azure_devops.people import identity_text
from local.azure_devops.values import instant
from local.azure_devops.world import World

RESULT_LIMIT = 20_000


def delete(call: Call) -> Any:
    """To the recycle bin, or for good with destroy=true; 200 or, as an old example has it, 204."""
    item = call.item()
    _remove(call, item, destroy=call.flag("destroy"))
    if call.world.position("delete_answer") == "204" or call.flag("destroy"):
        return Response(status_code=204)
    return deleted(call, item)


def _remove(call: Call, item: WorkItem, *, destroy: bool) -> None:
    if not destroy:
        call.world.store.delete(item, call.by)
        return
    _check_destroy(call)
    call.world.store.destroy(item)


def _check_destroy(call: Call) -> None:
    """Deleting for good is a permission of its own (section 5 [D]); here of who may do all with work items."""
    if not allowed(call.request.state.token, FULL):
        raise errors.permission_missing("permanently delete work items")


def deleted(call: Call, item: WorkItem) -> dict[str, Any]:
    """A WorkItemDelete (specification)."""
    when = {"deletedDate": instant(item.deleted)} if item.deleted else {}
    by = {"deletedBy": identity_text(item.deleted_by)} if item.deleted_by else {}
    return {
        "id": item.id,
        "type": item.type,
        "name": str(item.now.fields.get("System.Title", "")),
        "project": call.world.store.project_of(item).name,
        **when,
        **by,
        "code": 200,
        "url": f"{call.base}/_apis/wit/{'recycleBin' if item.deleted else 'workItems'}/{item.id}",
        "resource": call.shape.item(item, links=True),
    }


def delete_many(call: Call) -> Any:
    """POST workitemsdelete `{ids, destroy, skipNotifications}`: one row for each id."""
    body = call.members
    ids = [number("ids", one) for one in body.get("ids") or ()]
    if not ids:
        raise errors.argument_invalid("ids must not be empty.")
    return {"results": [_delete_one(call, one, destroy=body.get("destroy") is True) for one in ids]}


def _delete_one(call: Call, id_: int, *, destroy: bool) -> dict[str, Any]:
    try:
        item = call.readable(id_)
        _remove(call, item, destroy=destroy)
    except failures.Failure as failure:
        return {"id": id_, "code": failure.status, "message": failure.message}
    return deleted(call, item)


def _binned(call: Call) -> WorkItem:
    id_ = number("id", call.request.path_params["id"])
    found = next((one for one in _all_binned(call) if one.id == id_), None)
    if found is None:
        raise failures.work_item_not_found(id_)
    return found


def _all_binned(call: Call) -> list[WorkItem]:
    project, organization = call.project(), call.world.organization
    return [
        one
        for one in organization.items.values()
        if one.deleted and one.id not in organization.unreadable and (not project or one.project_id == project.id)
    ]


def list_binned(call: Call) -> Any:
    """References to all, or with `ids` what is known of those; above 20,000 it is VS402337 (section 5 [I])."""
    rows, ids = _all_binned(call), call.names("ids")
    if ids:
        return listed(_named(call, {one.id: one for one in rows}, [number("ids", one) for one in ids]))
    if len(rows) > RESULT_LIMIT:
        raise errors.too_many_results()
    return listed([{"id": one.id, "url": f"{call.base}/_apis/wit/recycleBin/{one.id}"} for one in rows])


def _named(call: Call, there: dict[int, WorkItem], ids: list[int]) -> list[dict[str, Any]]:
    """By switch, an id that the bin has not got is left out, is a row with its code, or fails them all."""
    look, missing = call.world.position("binned_ids"), [one for one in ids if one not in there]
    if missing and look == "404":
        raise failures.work_item_not_found(missing[0])
    found = [deleted(call, there[one]) for one in ids if one in there]
    rows = [{name: one[name] for name in one if name != "resource"} for one in found]
    if look == "rows":
        refused = {one: failures.work_item_not_found(one) for one in missing}
        rows += [{"id": id_, "code": one.status, "message": one.message} for id_, one in refused.items()]
    return rows


def read_binned(call: Call) -> Any:
    return deleted(call, _binned(call))


def restore(call: Call) -> Any:
    """PATCH recyclebin/{id} with `{"isDeleted": false}`."""
    item = _binned(call)
    wanted = {name.casefold(): value for name, value in call.members.items()}
    if wanted.get("isdeleted") is not False:
        raise errors.argument_invalid("isDeleted must be false.")
    answer = deleted(call, item)
    call.world.store.restore(item, call.by)
    return answer | {"url": f"{call.base}/_apis/wit/workItems/{item.id}", "resource": call.shape.item(item, links=True)}


def destroy_binned(call: Call) -> Any:
    item = _binned(call)
    _check_destroy(call)
    call.world.store.destroy(item)
    return Response(status_code=204)


def routes(world: World) -> list[Route]:
    """With and without the project in the path."""
    both = (ORGANIZATION, PROJECT)
    return routes_of(
        world,
        [
            ("DELETE", "wit/workitems/{id}", WRITE, delete, both),
            ("POST", "wit/workitemsdelete", WRITE, delete_many, both),
            ("GET", "wit/recyclebin", READ, list_binned, both),
            ("GET", "wit/recyclebin/{id}", READ, read_binned, both),
            ("PATCH", "wit/recyclebin/{id}", WRITE, restore, both),
            ("DELETE", "wit/recyclebin/{id}", WRITE, destroy_binned, both),
        ],
    )
