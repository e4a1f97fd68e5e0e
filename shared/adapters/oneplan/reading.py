"""OnePlan answers as values or errors (oneplan-api.md section 3), and its authentication key."""

import base64
import json
from collections.abc import Generator, Mapping
from typing import Any

import httpx

from shared.adapters.http import Call, retry_after
from shared.core.errors import (
    CredentialRefused,
    NotFound,
    PermissionMissing,
    RateLimited,
    Rejected,
    SyncError,
    UnknownOutcome,
    Unreachable,
)

SHOWN = 400  # characters of a remote message that a person is shown


class KeyAuth(httpx.Auth):
    """An authentication key: Basic with its name as user and its value as password (section 1)."""

    def __init__(self, name: str, key: str) -> None:
        self._header = "Basic " + base64.b64encode(f"{name}:{key}".encode()).decode()

    def __repr__(self) -> str:
        return "KeyAuth(...)"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = self._header
        yield request


def read(call: Call, answer: httpx.Response) -> Any:
    """The JSON of a good answer; None where it has no body or `null`. Raises the SyncError that a bad one means."""
    if answer.status_code in (401, 203) or answer.is_redirect:
        raise CredentialRefused(
            f"{call.what}: OnePlan does not accept the authentication key; enter its name and value again, "
            "or make a new key under Settings > Integration > Authentication Keys."
        )
    if not answer.is_success:
        raise _error(call, answer)
    return _value(call, answer)


def _value(call: Call, answer: httpx.Response) -> Any:
    text = answer.text.strip()
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise _no_json(call) from None


def _no_json(call: Call) -> SyncError:
    """A page instead of JSON: a sign-in page, or a maintenance page."""
    text = f"{call.what}: OnePlan answered with something that is not JSON"
    return Unreachable(text) if call.safe else UnknownOutcome(text)


def _error(call: Call, answer: httpx.Response) -> SyncError:
    said = f"{call.what}: {_message(answer) or f'OnePlan answered {answer.status_code}'}"
    match answer.status_code:
        case 403:
            return PermissionMissing(f"{said} The authentication key may not do this.")
        case 404:
            return NotFound(said)
        case 429:
            return RateLimited(f"{call.what}: OnePlan's request limit is reached", retry_after(answer))
        case 500 if call.safe:
            return Rejected(said)
        case 500 | 502 | 503 | 504 | 408:
            wait = retry_after(answer)
            return Unreachable(said, wait) if call.safe else UnknownOutcome(said, wait)
        case _:
            return Rejected(said)


def _message(answer: httpx.Response) -> str:
    """What the body says, as text first: its shape is not documented (section 3). No stack trace."""
    text = answer.text.strip()
    try:
        body = json.loads(text)
    except ValueError:
        return "" if text.startswith("<") else text[:SHOWN]
    if isinstance(body, Mapping):
        parts = [str(body[name]) for name in ("Message", "ExceptionMessage") if body.get(name)]
        return " ".join(parts)[:SHOWN]
    return str(body or "")[:SHOWN]
