"""`$batch`: up to 200 writes in one request, linked by negative ids (section 6)."""

import json
from typing import Any
from urllib.parse import unquote

from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.auth import allowed
from local.azure_devops.calls import FULL, ORGANIZATION, PROJECT, WRITE, Call, listed, number, routes_of
from local.azure_devops.metadata import failures
from local.azure_devops.metadata.failures import Failure
from local.azure_devops.model import WorkItem
from local.azure_devops.world import World
from local.azure_devops.writing import answered, create_item, update_item

LIMIT = 200
HEADERS = {"Content-Type": "application/json; charset=utf-8"}


def write_batch(call: Call) -> Any:
    """One answer for each request, its body a JSON string."""
    entries = call.body
    if not isinstance(entries, list) or not 1 <= len(entries) <= LIMIT:
        raise errors.argument_invalid(f"A batch is an array of 1 to {LIMIT} requests.")
    if call.world.position("batch_scope") == "wider" and not allowed(call.request.state.token, FULL):
        raise errors.permission_missing("send batches")
    temporary: dict[int, int] = {}
    if not call.world.on("batch_all_or_nothing"):
        return listed([_entry(call, one, temporary) for one in entries])
    return listed(_all_or_nothing(call, entries, temporary))


def _all_or_nothing(call: Call, entries: list[Any], temporary: dict[int, int]) -> list[dict[str, Any]]:
    """Every entry is done, or none: then each answers with the failure of the one that failed (assumed)."""
    answers: list[dict[str, Any]] = []
    with call.world.store.attempt() as attempt:
        for entry in entries:
            answers.append(_entry(call, entry, temporary))
            if answers[-1]["code"] != 200:
                attempt.undone = True
                return [answers[-1]] * len(entries)
    return answers


def _entry(call: Call, entry: Any, temporary: dict[int, int]) -> dict[str, Any]:
    try:
        body = json.dumps(answered(call, _written(call, entry, temporary)))
    except Failure as failure:
        body = bytes(errors.answer_of(failure).body).decode()
        return {"code": failure.status, "headers": HEADERS, "body": body}
    return {"code": 200, "headers": HEADERS, "body": body}


def _written(call: Call, entry: Any, temporary: dict[int, int]) -> WorkItem:
    if not isinstance(entry, dict) or str(entry.get("method", "")).upper() != "PATCH":
        raise errors.argument_invalid("Each request of a batch has the method PATCH, a uri, headers and a body.")
    path, _, query = str(entry.get("uri", "")).partition("?")
    if "api-version=" not in query:
        raise errors.version_missing("PATCH")
    *_, last = parts = unquote(path).strip("/").split("/")
    if last.startswith("$"):
        return _created(call, parts[0], last[1:], entry.get("body"), temporary)
    return update_item(call, call.readable(number("id", last)), entry.get("body"))


def _created(call: Call, project: str, name: str, body: Any, temporary: dict[int, int]) -> WorkItem:
    """A new item; its temporary id, where it has one, stands for it in the entries that follow."""
    found = call.world.organization.project(project)
    if found is None:
        raise failures.project_not_found(project)
    item = create_item(call, found, name, body, temporary)
    for operation in body:
        if operation.get("path") == "/id":
            temporary[int(operation["value"])] = item.id
    return item


def routes(world: World) -> list[Route]:
    """POST or PATCH."""
    both = (ORGANIZATION, PROJECT)
    return routes_of(world, [(method, "wit/$batch", WRITE, write_batch, both) for method in ("POST", "PATCH")])
