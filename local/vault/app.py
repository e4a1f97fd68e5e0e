"""The vault's HTTP interface: the routes of Key Vault's secrets, with or without a trailing slash."""

import hmac
import json
from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from local.vault.bundles import Bundles, checked_name, properties_of, value_of
from local.vault.errors import Refused, bad_parameter, unauthorized
from local.vault.store import Store

PAGE = 25
CHALLENGE = (
    'Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001", '
    'resource="https://vault.azure.net"'
)


class VaultRoutes:
    """One method per operation."""

    def __init__(self, store: Store, address: str) -> None:
        self._store = store
        self._bundles = Bundles(address, store.purge_protection)
        self._address = address

    async def set(self, request: Request) -> Response:
        """PUT /secrets/{name}"""
        body = await _body(request)
        secret = self._store.set(checked_name(_name(request)), value_of(body), properties_of(body))
        return JSONResponse(self._bundles.bundle(secret, secret.newest))

    async def get(self, request: Request) -> Response:
        """GET /secrets/{name}[/{version}]"""
        return JSONResponse(self._bundles.bundle(*self._store.read(_name(request), _version(request))))

    async def update(self, request: Request) -> Response:
        """PATCH /secrets/{name}[/{version}]"""
        changed = self._store.update(_name(request), _version(request), properties_of(await _body(request)))
        return JSONResponse({**self._bundles.bundle(*changed), "value": None})

    async def delete(self, request: Request) -> Response:
        """DELETE /secrets/{name}"""
        return JSONResponse(self._bundles.deleted(self._store.delete(_name(request))))

    async def list_secrets(self, request: Request) -> Response:
        """GET /secrets"""
        return self._page(request, [self._bundles.item(each) for each in self._store.list_secrets(deleted=False)])

    async def list_versions(self, request: Request) -> Response:
        """GET /secrets/{name}/versions"""
        secret = self._store.get(_name(request))
        return self._page(request, [self._bundles.item(secret, each) for each in secret.versions])

    async def list_deleted(self, request: Request) -> Response:
        """GET /deletedsecrets"""
        return self._page(request, [self._bundles.deleted(each) for each in self._store.list_secrets(deleted=True)])

    async def get_deleted(self, request: Request) -> Response:
        """GET /deletedsecrets/{name}"""
        return JSONResponse(self._bundles.deleted(self._store.get_deleted(_name(request))))

    async def purge(self, request: Request) -> Response:
        """DELETE /deletedsecrets/{name}"""
        self._store.purge(_name(request))
        return Response(status_code=204)

    async def recover(self, request: Request) -> Response:
        """POST /deletedsecrets/{name}/recover"""
        secret = self._store.recover(_name(request))
        return JSONResponse(self._bundles.item(secret, secret.newest))

    def _page(self, request: Request, rows: Sequence[dict[str, Any]]) -> Response:
        start = int(request.query_params.get("$skiptoken", "0"))
        size = min(int(request.query_params.get("maxresults", PAGE)), PAGE)
        following = start + size
        version = request.query_params["api-version"]
        link = f"{self._address}{request.url.path}?api-version={version}&$skiptoken={following}&maxresults={size}"
        return JSONResponse({"value": rows[start:following], "nextLink": link if following < len(rows) else None})

    def routes(self) -> list[Route]:
        """Every operation under its address, without its trailing slash."""
        one, deleted = "/secrets/{name}", "/deletedsecrets/{name}"
        return [
            Route("/secrets", self.list_secrets, methods=["GET"]),
            Route(f"{one}/versions", self.list_versions, methods=["GET"]),
            Route(one, self.set, methods=["PUT"]),
            Route(one, self.get, methods=["GET"]),
            Route(one, self.update, methods=["PATCH"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(one + "/{version}", self.get, methods=["GET"]),
            Route(one + "/{version}", self.update, methods=["PATCH"]),
            Route("/deletedsecrets", self.list_deleted, methods=["GET"]),
            Route(deleted, self.get_deleted, methods=["GET"]),
            Route(deleted, self.purge, methods=["DELETE"]),
            Route(f"{deleted}/recover", self.recover, methods=["POST"]),
        ]


class _Guard:
    """Lets through what carries the token and an api-version; tolerates a trailing slash."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), self._expected.encode()):
            refusal = JSONResponse(unauthorized().body, 401, {"WWW-Authenticate": CHALLENGE})
            await refusal(scope, receive, send)
        elif "api-version" not in request.query_params:
            await JSONResponse(bad_parameter("api-version is missing.").body, 400)(scope, receive, send)
        else:
            await self._app({**scope, "path": scope["path"].rstrip("/")}, receive, send)


def vault_app(store: Store, address: str, token: str) -> Starlette:
    """The ASGI application of a vault that calls itself `address` and lets in who has the token."""
    return Starlette(
        routes=VaultRoutes(store, address).routes(),
        middleware=[Middleware(_Guard, token=token)],
        exception_handlers={Refused: _refusal},
    )


async def _refusal(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for nothing else
    return JSONResponse(error.body, error.status)


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise bad_parameter("The body is no JSON.") from None
    if not isinstance(body, dict):
        raise bad_parameter("The body is no JSON object.")
    return body


def _name(request: Request) -> str:
    return str(request.path_params["name"])


def _version(request: Request) -> str:
    return str(request.path_params.get("version", ""))
