"""Azure DevOps answers as values or errors (ado-api.md sections 2 and 3), and its personal access token."""

import base64
import json
from collections.abc import Generator, Mapping
from typing import Any

import httpx

from shared.adapters.http import Call, retry_after
from shared.core.errors import (
    CredentialRefused,
    FieldRefusal,
    NotFound,
    PermissionMissing,
    RateLimited,
    Rejected,
    Retriable,
    Stale,
    SyncError,
    UnknownOutcome,
    Unreachable,
)

SHOWN = 400  # characters of a remote message that a person is shown


class PatAuth(httpx.Auth):
    """A personal access token: Basic with an empty user name (section 2 [D])."""

    def __init__(self, pat: str) -> None:
        self._header = "Basic " + base64.b64encode(f":{pat}".encode()).decode()

    def __repr__(self) -> str:
        return "PatAuth(...)"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = self._header
        # Without it a bad token is answered by a redirect to a page (section 2 [D]).
        request.headers["X-TFS-FedAuthRedirect"] = "Suppress"
        yield request


def read(call: Call, answer: httpx.Response) -> Any:
    """The JSON of a good answer, None where it has no body; raises the SyncError that a bad one means."""
    if _is_sign_in(answer):
        raise CredentialRefused(
            f"{call.what}: Azure DevOps does not accept the access token; it is wrong, expired or revoked. "
            "Enter a new one in the connection."
        )
    if not answer.is_success:
        raise _error(call, answer)
    return parsed(answer.content) if answer.content.strip() else None


def _is_sign_in(answer: httpx.Response) -> bool:
    """The three looks of a bad token: 401, a sign-in page with 203, a redirect; or a page with 200 (section 2)."""
    if answer.status_code in (203, 401) or answer.is_redirect:
        return True
    kind = answer.headers.get("content-type", "application/json")
    return answer.status_code == 200 and bool(answer.content.strip()) and "json" not in kind


def parsed(content: bytes) -> Any:
    """JSON, with or without a byte order mark (section 3 [R]); ValueError where it is none."""
    return json.loads(content.decode("utf-8-sig"))


def _error(call: Call, answer: httpx.Response) -> SyncError:
    body = _body(answer)
    said = f"{call.what}: {_message(body) or f'Azure DevOps answered {answer.status_code}'}"
    match answer.status_code:
        case 403:
            return PermissionMissing(f"{said} The access token lacks a scope or its owner lacks a permission.")
        case 404:
            return NotFound(said, code=_code(body))
        case 409 | 412:
            return Stale(said)
        case 429:
            return RateLimited(said, retry_after(answer))
        case 408 | 500 | 502 | 503 | 504:
            return _unclear(call, said, answer)
        case _:
            return Rejected(said, _fields(body), _code(body))


def _unclear(call: Call, said: str, answer: httpx.Response) -> Retriable:
    """A server error: a safe call may come again; a write may have happened."""
    return Unreachable(said, retry_after(answer)) if call.safe else UnknownOutcome(said, retry_after(answer))


def _body(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        body = parsed(answer.content)
    except ValueError:
        return {}
    return body if isinstance(body, Mapping) else {}


def _message(body: Mapping[str, Any]) -> str:
    wrapped = body.get("value")
    message = body.get("message") or (wrapped.get("Message") if isinstance(wrapped, Mapping) else "")
    return str(message or "")[:SHOWN].strip()


def _code(body: Mapping[str, Any]) -> str:
    return str(body.get("typeKey") or "")


def _fields(body: Mapping[str, Any]) -> tuple[FieldRefusal, ...]:
    """The fields that a rule refused (TF401320, section 3 [K] for the shape)."""
    properties = body.get("customProperties")
    errors = properties.get("RuleValidationErrors") if isinstance(properties, Mapping) else None
    return tuple(
        FieldRefusal(str(error.get("fieldReferenceName", "")), str(error.get("errorMessage", ""))[:SHOWN])
        for error in errors or ()
        if isinstance(error, Mapping)
    )
