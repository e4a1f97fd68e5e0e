"""OnePlan answers as values or errors (oneplan-api.md section 3), and its authentication key."""

import json
import re
from collections.abc import Mapping
from typing import Any

import httpx

from shared.adapters.http_answers import parsed, retry_after, shown
from shared.adapters.http_auth import BasicAuth
from shared.adapters.http_calls import Call
from shared.adapters.members import text
from shared.adapters.oneplan.assumptions import RATE_LIMIT_PAUSE
from shared.core.errors import (
    CredentialRefused,
    NotFound,
    PermissionMissing,
    RateLimited,
    Rejected,
    RouteMissing,
    ServerFailed,
    SyncError,
    UnknownOutcome,
    Unreachable,
)

_BARE_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class KeyAuth(BasicAuth):
    """An authentication key: Basic with its name as user and its value as password (section 1)."""


def read(call: Call, answer: httpx.Response) -> Any:
    """The JSON of a good answer; None where it has no body or `null`. Raises the SyncError that a bad one means."""
    if answer.status_code in (401, 203) or 300 <= answer.status_code < 400:
        raise CredentialRefused(
            f"{call.what}: OnePlan does not accept the authentication key; enter its name and value again, "
            "or make a new key under Settings > Integration > Authentication Keys."
        )
    if not answer.is_success:
        raise _error(call, answer)
    return _value(call, answer)


def _value(call: Call, answer: httpx.Response) -> Any:
    if not answer.content.strip():
        return None
    try:
        return parsed(answer.content)
    except ValueError:
        bare = answer.content.decode(errors="replace").strip()
    if _BARE_GUID.fullmatch(bare):
        return bare  # a documented answer is "an id", without its form (section 7.1)
    problem = f"{call.what}: OnePlan answered with something that is not JSON"
    raise Unreachable(problem) if call.safe else UnknownOutcome(problem)


def _error(call: Call, answer: httpx.Response) -> SyncError:
    said = f"{call.what}: {_message(answer) or f'OnePlan answered {answer.status_code}'}"
    match answer.status_code:
        case 403:
            return PermissionMissing(f"{said} The authentication key may not do this.")
        case 404:
            return NotFound(said)
        case 405 | 501:
            return RouteMissing(said)
        case 429:
            said = f"{call.what}: OnePlan's request limit is reached"
            return RateLimited(said, retry_after(answer) or RATE_LIMIT_PAUSE)
        case 500 if call.safe:
            return ServerFailed(said, retry_after(answer))
        case 500 | 502 | 503 | 504 | 408:
            wait = retry_after(answer)
            failed = answer.status_code == 500
            return Unreachable(said, wait) if call.safe else UnknownOutcome(said, wait, answered=failed)
        case _:
            return Rejected(said)


def _message(answer: httpx.Response) -> str:
    """What the body says, as text first: its shape is not documented (section 3). No stack trace."""
    plain = answer.content.decode("utf-8-sig", errors="replace")
    try:
        body = json.loads(plain)
    except ValueError:
        return shown(plain)
    if isinstance(body, Mapping):
        parts = [said for name in ("Message", "ExceptionMessage") if (said := text(body, name))]
        return shown(" ".join(dict.fromkeys(parts)))
    return shown(str(body or ""))
