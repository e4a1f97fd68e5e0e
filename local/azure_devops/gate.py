"""What every request passes before its route: organization, token, version, scope and rate limit."""

import re
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.azure_devops import errors
from local.azure_devops.auth import Refused, allowed, token_of
from local.azure_devops.metadata.failures import Failure
from local.azure_devops.model import Token
from local.azure_devops.usage import Usage
from local.azure_devops.world import World

VERSION = re.compile(r"(?P<number>[1-6]\.\d|7\.[0-2])(?P<preview>-preview(\.\d+)?)?")
# Section 1 [D]: comments, graph and project properties; connectionData is preview only.
PREVIEW = re.compile(r"/comments(/|$)|/_apis/(graph/|connectiondata|projects/[^/]+/properties)", re.IGNORECASE)


class Gate:
    """ASGI middleware; leaves the token on the request. Control routes pass untouched."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app, self._world, self._usage = app, world, Usage(world)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/__control"):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if not self._is_ours(request.url.path):
            await errors.no_controller(request.url.path)(scope, receive, send)
            return
        try:
            token = token_of(self._world, request)
            if isinstance(token, Refused):
                await token.answer(scope, receive, send)
                return
            extra = await self._let_in(request, token)
        except Failure as failure:
            await _refusal(request, failure)(scope, receive, send)
            return
        await self._app(scope, receive, _labelled(send, requested_version(request), extra))

    def _is_ours(self, path: str) -> bool:
        """Whether the path begins with the organization; what the service answers to another one is an assumption."""
        return path.split("/")[1].casefold() == self._world.organization.name.casefold()

    async def _let_in(self, request: Request, token: Token) -> Mapping[str, str]:
        """Headers of the answer. A path that no route serves goes on, to be answered 404."""
        route = self._route(request)
        extra = await self._usage.take(request, token)
        request.state.token = token
        if route is not None:
            if request.method != "OPTIONS":
                self._check_version(request)
            self._check_scope(token, route.name)
        return extra

    def _route(self, request: Request) -> Route | None:
        routes = request.scope["app"].routes
        found = (route for route in routes if route.matches(request.scope)[0] is Match.FULL)
        return next((route for route in found if isinstance(route, Route)), None)

    def _check_version(self, request: Request) -> None:
        """Every call needs an api-version, and a preview resource a preview one (section 1)."""
        version = requested_version(request)
        if not version:
            raise errors.version_missing(request.method)
        parsed = VERSION.fullmatch(version)
        if parsed is None:
            raise errors.version_unknown(version)
        preview = PREVIEW.search(request.url.path) and self._world.on("preview_refused")
        if preview and not parsed["preview"]:
            raise errors.preview_missing(version)

    def _check_scope(self, token: Token, scope: str) -> None:
        if not allowed(token, scope):
            status = int(self._world.position("missing_scope"))
            message = f"TF400813: The user '{token.identity.id}' is not authorized to access this resource."
            raise Failure(status, "UnauthorizedRequestException", message)


def requested_version(request: Request) -> str:
    """From the query, or from Accept as the official clients send it (section 1 [D])."""
    for name, value in request.query_params.items():
        if name.casefold() == "api-version":
            return value
    found = re.search(r"api-version=([^;,\s]+)", request.headers.get("accept", ""))
    return found[1] if found else ""


def _refusal(request: Request, failure: Failure) -> Response:
    answer = errors.answer_of(failure)
    if failure.status == 429:
        answer.headers["Retry-After"] = str(request.state.retry_after)
    return answer


def _labelled(send: Send, version: str, extra: Mapping[str, str]) -> Send:
    """Answers in JSON repeat the version (section 1 [R])."""

    async def labelled(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type") == "application/json":
                label = f"; api-version={version}" if version else ""
                headers["content-type"] = f"application/json; charset=utf-8{label}"
            headers.update(extra)
        await send(message)

    return labelled
