"""Azure DevOps answers as values or errors (ado-api.md sections 2 and 3), and its personal access token."""

import re
from collections.abc import Mapping
from typing import Any

import httpx

from shared.adapters.azure_devops.assumptions import (
    LINK_CODES,
    LINK_TYPES,
    RATE_LIMIT_PAUSE,
    STALE_CODES,
    STALE_TYPES,
)
from shared.adapters.http_answers import parsed, retry_after, shown
from shared.adapters.http_auth import BasicAuth
from shared.adapters.http_calls import Call
from shared.adapters.members import member, rows, table, text
from shared.core.errors import (
    CredentialRefused,
    FieldRefusal,
    NotFound,
    PermissionMissing,
    RateLimited,
    Rejected,
    Retriable,
    RouteMissing,
    Stale,
    SyncError,
    UnknownOutcome,
    Unreachable,
)

# A field's reference name as an error message quotes it.
NAMED_FIELD = re.compile(r"'([A-Za-z]\w*(?:\.\w+)+)'")


class PatAuth(BasicAuth):
    """A personal access token: Basic with an empty user name (section 2 [D])."""

    def __init__(self, pat: str) -> None:
        # Without the header a bad token is answered by a redirect to a page (section 2 [D]).
        super().__init__("", pat, {"X-TFS-FedAuthRedirect": "Suppress"})


def read(call: Call, answer: httpx.Response) -> Any:
    """The JSON of a good answer, None where it has no body; raises the SyncError that a bad one means."""
    if _is_sign_in(answer):
        raise CredentialRefused(
            f"{call.what}: Azure DevOps does not accept the access token; it is wrong, expired or revoked, or lacks "
            "a scope. Enter a new one in the connection."
        )
    if not answer.is_success:
        raise _error(call, answer)
    return _value(call, answer)


def _is_sign_in(answer: httpx.Response) -> bool:
    """The three looks of a bad token: 401, a sign-in page with 203, a redirect; or a page with 200 (section 2)."""
    if answer.status_code in (203, 401) or 300 <= answer.status_code < 400:
        return True
    kind = answer.headers.get("content-type", "application/json")
    return answer.is_success and bool(answer.content.strip()) and "json" not in kind.lower()


def _value(call: Call, answer: httpx.Response) -> Any:
    if not answer.content.strip():
        return None
    try:
        return parsed(answer.content)
    except ValueError:
        raise _unclear(call, f"{call.what}: Azure DevOps answered with broken JSON", answer) from None


def _error(call: Call, answer: httpx.Response) -> SyncError:
    body = _body(answer)
    said = f"{call.what}: {_message(body, answer) or f'Azure DevOps answered {answer.status_code}'}"
    if _is_stale(answer.status_code, body):
        return Stale(said)
    match answer.status_code:
        case 403:
            return PermissionMissing(f"{said} The access token lacks a scope or its owner lacks a permission.")
        case 404:
            return NotFound(said, code=_code(body))
        case 405 | 501:
            return RouteMissing(said)
        case 429:
            return RateLimited(said, retry_after(answer) or RATE_LIMIT_PAUSE)
        case 408 | 500 | 502 | 503 | 504:
            return _unclear(call, said, answer)
        case _:
            return Rejected(said, _fields(body), _code(body))


def _is_stale(status: int, body: Mapping[str, Any]) -> bool:
    """A failed test of /rev or a lost race (section 6). A 409 that names another cause is none."""
    if _code(body) in STALE_TYPES or text(body, "message").startswith(STALE_CODES):
        return True
    return status == 412 or (status == 409 and not _code(body))


def _unclear(call: Call, said: str, answer: httpx.Response) -> Retriable:
    """A server error: a safe call may come again; a write may have happened."""
    return Unreachable(said, retry_after(answer)) if call.safe else UnknownOutcome(said, retry_after(answer))


def refused_parent(error: Rejected, item: int, parent: int | None) -> Rejected | None:
    """What a refused move of an item that was just read means, naming `System.Parent`; None where it is another one.

    A 404 is then about the parent. A cycle, a second parent and the like are told apart by name (section 6 [K]).
    """
    link = error.code.startswith(LINK_TYPES) or any(code in str(error) for code in LINK_CODES)
    if not isinstance(error, NotFound) and not link:
        return None
    why = f"work item {parent} is deleted or may not be read" if isinstance(error, NotFound) else str(error)
    said = f"work item {item} cannot be put below work item {parent}: {why}"
    return Rejected(said, (FieldRefusal("System.Parent", said),), error.code)


def _body(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        body = parsed(answer.content)
    except ValueError:
        return {}
    return body if isinstance(body, Mapping) else {}


def _message(body: Mapping[str, Any], answer: httpx.Response) -> str:
    """The message in either documented shape, else a plain text that is no page (section 3 [R])."""
    said = text(body, "message") or text(member(body, "value"), "Message")
    return shown(said) if body else shown(answer.content.decode(errors="replace"))


def _code(body: Mapping[str, Any]) -> str:
    return text(body, "typeKey")


def _fields(body: Mapping[str, Any]) -> tuple[FieldRefusal, ...]:
    """The fields that a rule refused (TF401320, section 3 [K] for the shape), else those that the message names, as
    that of a tree path does (TF401347)."""
    errors = rows(table(body, "customProperties"), "RuleValidationErrors")
    if not errors:
        said = text(body, "message")
        return tuple(FieldRefusal(name, shown(said)) for name in dict.fromkeys(NAMED_FIELD.findall(said)))
    return tuple(FieldRefusal(text(one, "fieldReferenceName"), shown(text(one, "errorMessage"))) for one in errors)
