"""Requests in, answers out: problem+json for what is refused, 503 for everything unforeseen (decision 17)."""

import functools
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import azure.functions as func

from shared.configuration import pointer_part
from shared.core.errors import SyncError
from shared.ports import VaultAway
from shared.refusals import BodyTooLarge, ChangedMeanwhile, FieldError, InvalidInput, Refusal, WrongMediaType
from shared.settings import WrongSetting

log = logging.getLogger("sync.http")

type Handler = Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]

NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def answered(handler: Handler) -> Handler:
    """The handler, whose exceptions become answers. Never 500: Azure DevOps would not send again."""

    @functools.wraps(handler)
    async def answer(req: func.HttpRequest) -> func.HttpResponse:
        try:
            return await handler(req)
        except Refusal as refusal:
            return refused(refusal)
        except WrongSetting as error:
            log.error("the app cannot work: %s", error)
            return problem(503, "The app is not set up", str(error))
        except VaultAway as error:
            log.error("answered 503: %s", _described(error))
            return problem(503, "The app could not do this now", f"Try again in a moment: {error}.")
        except SyncError as error:
            return problem(502, "A remote system did not do its part", str(error))
        except Exception as error:
            log.error("answered 503: %s", _described(error))
            return problem(503, "The app could not do this now", "Try again in a moment; the log says why.")

    return answer


def _described(error: BaseException) -> str:
    """The kinds of the exception and its causes, without their texts: a text may hold a URL with a secret."""
    kinds = []
    current: BaseException | None = error
    while current is not None:
        kinds.append(f"{type(current).__module__}.{type(current).__qualname__}")
        current = current.__cause__ or current.__context__
    return " <- ".join(kinds)


def answer_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status_code=status,
        mimetype="application/json",
        headers={**NO_STORE, **(headers or {})},
    )


def accepted() -> func.HttpResponse:
    return func.HttpResponse(status_code=202, headers=NO_STORE)


def refused(refusal: Refusal) -> func.HttpResponse:
    errors = refusal.errors if isinstance(refusal, InvalidInput) else ()
    members = [
        {
            "path": error.path,
            "message": error.message,
            **({"allowed": error.allowed} if error.allowed else {}),
        }
        for error in errors
    ]
    headers = {"WWW-Authenticate": 'Basic realm="hooks"'} if refusal.status == 401 else {}
    more: Mapping[str, Any] = {}
    if isinstance(refusal, ChangedMeanwhile):
        headers["ETag"] = f'"{refusal.current}"'
        more = {"current": refusal.shown} if refusal.shown else {}
    return problem(refusal.status, refusal.title, refusal.detail, members, headers, more)


def problem(
    status: int,
    title: str,
    detail: str,
    errors: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> func.HttpResponse:
    """An RFC 9457 answer."""
    body = {
        "title": title,
        "status": status,
        "detail": detail,
        **({"errors": errors} if errors else {}),
        **(more or {}),
    }
    return func.HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status_code=status,
        mimetype="application/problem+json",
        headers={**NO_STORE, **(headers or {})},
    )


def body_of(req: func.HttpRequest, limit: int, media_types: tuple[str, ...]) -> bytes:
    """The body; BodyTooLarge or WrongMediaType where it is none of at most `limit` bytes in one of these types, of
    which "" is that of a body without any."""
    body = req.get_body()
    if len(body) > limit:
        raise BodyTooLarge(f"the body has {len(body)} bytes; at most {limit} are taken")
    given = (req.headers.get("content-type") or "").partition(";")[0].strip().lower()
    suffixes = {f"+{one.rpartition('/')[2]}" for one in media_types if one}
    if given not in media_types and not any(given.endswith(suffix) for suffix in suffixes):
        raise WrongMediaType(f"Content-Type is {given[:80]!r}; allowed is {' or '.join(filter(None, media_types))}")
    return bytes(body)


def json_body(
    req: func.HttpRequest, limit: int, *, strict: bool = True, media_types: tuple[str, ...] = ("application/json",)
) -> Any:
    """The parsed body; BodyTooLarge, WrongMediaType or Refusal where it is no JSON of at most `limit` bytes.

    `strict`: InvalidInput where a member is there twice. A notification must not be lost for that.
    """
    body = body_of(req, limit, media_types)
    try:
        parsed = json.loads(body, object_pairs_hook=_object, parse_constant=_no_number)
        twice = list(_twice(parsed, "")) if strict else []
    except (ValueError, RecursionError):
        raise Refusal("the body is not JSON") from None
    if twice:
        raise InvalidInput(tuple(twice))
    return parsed


class _Ambiguous(dict[str, Any]):
    """An object with a member that is there twice: parsers disagree on which one counts."""

    twice: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    names = [name for name, _ in pairs]
    ambiguous = _Ambiguous(members)
    ambiguous.twice = next(name for name in names if names.count(name) > 1)
    return ambiguous


def _twice(value: Any, path: str) -> Iterator[FieldError]:
    if isinstance(value, _Ambiguous):
        yield FieldError(f"{path}/{pointer_part(value.twice)}", "is there twice")
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from _twice(child, f"{path}/{pointer_part(str(name))}")


def _no_number(name: str) -> Any:
    """NaN and Infinity are no JSON, whatever Python takes."""
    raise ValueError(name)
