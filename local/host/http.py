"""HTTP triggers: a request becomes an invocation, its return value the response."""

import logging
from collections.abc import Iterable, Mapping
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local.host import protos
from local.host.admin import AdminRoutes
from local.host.functions import Function
from local.host.routes import Route, decoded_path, routes_of
from local.host.worker import Outcome, Worker

logger = logging.getLogger(__name__)
_SAME_SITE = {1: "Lax", 2: "Strict", 3: "None"}


class HttpTriggers:
    """The ASGI application that serves an app's HTTP functions and the host's admin routes.

    Authorization levels are ignored, as `func start` ignores them.
    """

    def __init__(self, worker: Worker, functions: Iterable[Function], prefix: str, admin: AdminRoutes) -> None:
        self._worker = worker
        self._routes = routes_of(functions, prefix)
        self._admin = admin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; 404 where no function takes it."""
        request = Request(scope, receive)
        path = decoded_path(scope["raw_path"])
        response = await self._admin.answer(request, path) or await self._answer(request, path)
        await response(scope, receive, send)

    async def _answer(self, request: Request, path: str) -> Response:
        for route in self._routes:
            parameters = route.match(request.method, path)
            if parameters is not None:
                return await self._invoke(route, request, parameters)
        return Response(status_code=404)

    async def _invoke(self, route: Route, request: Request, parameters: Mapping[str, str]) -> Response:
        data = protos.TypedData(http=await http_request(request, parameters))
        parent = request.headers.get("traceparent", "")
        return http_response(route.function, await self._worker.invoke(route.function, data, {}, parent))


async def http_request(request: Request, parameters: Mapping[str, str]) -> protos.RpcHttp:
    """The request as the real host sends it: names of headers in lower case, empty values left out."""
    return protos.RpcHttp(
        method=request.method,
        url=str(request.url),
        headers=_joined(request.headers.items()),
        params=dict(parameters),
        query=_joined(request.query_params.multi_items()),
        body=protos.TypedData(bytes=await request.body()),
    )


def http_response(function: Function, outcome: Outcome) -> Response:
    """The function's response; an empty 500 where the invocation failed, as the real host answers."""
    if not outcome.succeeded:
        logger.error("%s failed: %s\n%s", function.name, outcome.message, outcome.stack_trace)
        return Response(status_code=500)
    answer = getattr(outcome.value, "http", None)
    if answer is None:
        return Response(outcome.value.string, media_type="text/plain")
    response = Response(answer.body.bytes, int(answer.status_code), answer.headers)
    for cookie in answer.cookies or ():
        response.headers.append("set-cookie", _set_cookie(cookie))
    return response


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Repeated names joined by a comma, as .NET turns its lists of values into text."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    joined = {name: ",".join(each) for name, each in values.items()}
    return {name: value for name, value in joined.items() if value}


def _set_cookie(cookie: protos.RpcHttpCookie) -> str:
    attributes = {"Domain": cookie.domain, "Path": cookie.path, "Max-Age": cookie.max_age}
    parts = [f"{cookie.name}={cookie.value}"]
    parts += [f"{name}={_plain(each.value)}" for name, each in attributes.items() if each and each.value != ""]
    if cookie.expires:
        parts.append("Expires=" + formatdate(cookie.expires.value.seconds, usegmt=True))
    if cookie.same_site in _SAME_SITE:
        parts.append("SameSite=" + _SAME_SITE[cookie.same_site])
    flags = {"Secure": cookie.secure, "HttpOnly": cookie.http_only}
    return "; ".join(parts + [name for name, flag in flags.items() if flag and flag.value])


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)
