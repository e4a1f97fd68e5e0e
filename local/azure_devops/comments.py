"""Comments of a work item (section 9): a preview resource, so its version must say -preview."""

from dataclasses import replace
from typing import Any, Literal

from starlette.responses import Response
from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.calls import PROJECT, READ, WRITE, Call, number, routes_of
from local.azure_devops.html import sanitised
from local.azure_devops.metadata import failures
from local.azure_devops.model import Comment, WorkItem
from local.azure_devops.values import instant
from local.azure_devops.world import World

PAGE = 200


def shown(call: Call, item: WorkItem, comment: Comment) -> dict[str, Any]:
    """A comment; `isDeleted` only on a deleted one."""
    url = f"{call.base}/{item.project_id}/_apis/wit/workItems/{item.id}/comments/{comment.id}"
    rendered = f"<p>{comment.text}</p>" if comment.format == "markdown" else comment.text
    return {
        "workItemId": item.id,
        "id": comment.id,
        "version": comment.version,
        "text": comment.text,
        "renderedText": rendered,
        "format": comment.format,
        "createdBy": call.shape.value(comment.created_by),
        "createdDate": instant(comment.created),
        "modifiedBy": call.shape.value(comment.modified_by),
        "modifiedDate": instant(comment.modified),
        **({"isDeleted": True} if comment.deleted else {}),
        "url": url,
    }


def _found(call: Call, item: WorkItem) -> Comment:
    wanted = number("commentId", call.request.path_params["comment"])
    found = next((one for one in item.comments if one.id == wanted), None)
    if found is None or (found.deleted and not call.flag("includeDeleted")):
        raise failures.part_not_found(f"comment {wanted}")
    return found


def list_comments(call: Call) -> Any:
    """A page, newest first unless `order=asc`; the token continues after the last one."""
    item, top = call.item(), min(call.number("$top", PAGE), PAGE)
    ascending = call.query("order").casefold() == "asc"
    rows = [one for one in item.comments if not one.deleted or call.flag("includeDeleted")]
    rows.sort(key=lambda one: one.id, reverse=not ascending)
    rows = _selected(call, rows, ascending=ascending)
    page = rows[:top]
    answer = {
        "totalCount": sum(not one.deleted for one in item.comments),
        "count": len(page),
        "comments": [shown(call, item, one) for one in page],
    }
    if len(rows) > top:
        url = f"{call.base}/{item.project_id}/_apis/wit/workItems/{item.id}/comments"
        token = str(page[-1].id)
        answer |= {"continuationToken": token, "nextPage": f"{url}?continuationToken={token}"}
    return answer


def _selected(call: Call, rows: list[Comment], *, ascending: bool) -> list[Comment]:
    ids, token = {number("ids", one) for one in call.names("ids")}, call.number("continuationToken", 0)
    if ids:
        return [one for one in rows if one.id in ids]
    return [one for one in rows if not token or (one.id > token if ascending else one.id < token)]


def read_comment(call: Call) -> Any:
    item = call.item()
    return shown(call, item, _found(call, item))


def create_comment(call: Call) -> Any:
    item = call.item()
    kind = _format(call)
    made = call.world.store.comment(item, _text(call, kind), by=call.by, kind=kind)
    return shown(call, item, made)


def _format(call: Call, default: Literal["html", "markdown"] = "html") -> Literal["html", "markdown"]:
    match call.query("format", default).casefold():
        case "html":
            return "html"
        case "markdown":
            return "markdown"
        case other:
            raise failures.bad_parameter("format", other)


def _text(call: Call, kind: str) -> str:
    text = call.members.get("text")
    if not isinstance(text, str) or not text.strip():
        raise errors.argument_invalid("The text of a comment must not be empty.")
    return sanitised(text) if kind == "html" and call.world.on("html_sanitised") else text


def update_comment(call: Call) -> Any:
    """An edit keeps the id and counts the version up; it makes a revision (section 9)."""
    item = call.item()
    comment = _found(call, item)
    kind = _format(call, comment.format)
    changed = replace(comment, text=_text(call, kind), format=kind)
    return shown(call, item, _revised(call, item, comment, changed))


def delete_comment(call: Call) -> Any:
    item = call.item()
    comment = _found(call, item)
    _revised(call, item, comment, replace(comment, deleted=True))
    return Response(status_code=200)


def _revised(call: Call, item: WorkItem, old: Comment, new: Comment) -> Comment:
    now = call.world.clock()
    made = replace(new, version=old.version + 1, modified=now, modified_by=call.by)
    item.comments[item.comments.index(old)] = made
    call.world.store.recount_comments(item, call.by, at=now, quiet=False)
    return made


def routes(world: World) -> list[Route]:
    """The project is needed (section 9)."""
    root, one = "wit/workItems/{id}/comments", "wit/workItems/{id}/comments/{comment}"
    return routes_of(
        world,
        [
            ("GET", root, READ, list_comments, (PROJECT,)),
            ("POST", root, WRITE, create_comment, (PROJECT,)),
            ("GET", one, READ, read_comment, (PROJECT,)),
            ("PATCH", one, WRITE, update_comment, (PROJECT,)),
            ("DELETE", one, WRITE, delete_comment, (PROJECT,)),
        ],
    )
