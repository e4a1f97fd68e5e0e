"""What a remote system answers."""

import json
from collections.abc import Iterator

from tests.judge.errors import judge_error
from tests.judge.schemas import Schemas
from tests.judge.specification import Operation
from tests.judge.violation import Violation

type Finding = tuple[str, str, str]

# ado-api.md sections 2, 3, 4, 6; oneplan-api.md section 3.
ERRORS = {
    "azure_devops": frozenset({400, 401, 403, 404, 405, 409, 412, 413, 415, 429, 500, 502, 503, 504}),
    "oneplan": frozenset({400, 401, 403, 404, 405, 415, 429, 500, 502, 503, 504}),
}
REFUSALS = frozenset({401, 403, 429})
# ado-api.md section 2: a bad token also looks like a 203 page or a redirect to one.
SIGN_IN = frozenset({203, 302})


def refuses(status: int) -> bool:
    """Whether the status may be answered before the route is looked at."""
    return status in REFUSALS or status in SIGN_IN or status >= 500


def judge_answer(
    schemas: Schemas, operation: Operation, status: int, headers: dict[str, str], body: bytes
) -> list[Violation]:
    """All violations of the answer."""
    found = _findings(schemas, operation, status, headers, body)
    return [Violation("response", operation.key, *finding) for finding in found]


def _findings(
    schemas: Schemas, operation: Operation, status: int, headers: dict[str, str], body: bytes
) -> Iterator[Finding]:
    system = schemas.specification.system
    if status in operation.statuses and status < 300:
        yield from _success(schemas, operation, status, headers, body)
    elif status in ERRORS[system] or (system == "azure_devops" and status in SIGN_IN):
        yield from judge_error(schemas, status, headers, body)
    else:
        yield "status", "", f"{status} is not {sorted(operation.statuses)} nor an error that the reference knows"


def _success(
    schemas: Schemas, operation: Operation, status: int, headers: dict[str, str], body: bytes
) -> Iterator[Finding]:
    if operation.method == "HEAD" or operation.binary or status == 204:
        if status == 204 and body:
            yield "body", "", "204 has no body"
        return
    if not body:
        if operation.answer is not None and operation.answer != {}:
            yield "missing-body", "", "the reference has a body here"
        return
    if operation.answer is None:
        return
    yield from _kind(schemas, headers)
    try:
        value = json.loads(body)
    except ValueError as error:
        yield "body", "", f"not JSON: {error}"
        return
    yield from schemas.errors(operation.key, "response", operation.answer, value)


def _kind(schemas: Schemas, headers: dict[str, str]) -> Iterator[Finding]:
    """Azure DevOps repeats the version in the content type (ado-api.md section 1 [R])."""
    kind = headers.get("content-type", "").replace(" ", "").lower()
    if not kind.startswith(("application/json", "text/json")):
        yield "content-type", "", f"{kind!r} is not application/json"
    elif schemas.specification.system == "azure_devops" and "charset=utf-8" not in kind:
        yield "content-type", "", f"{kind!r} does not name its charset"
