"""Credentials as objects: they sign requests and know what must never be shown."""

import base64
from collections.abc import Generator, Mapping

import httpx


class BasicAuth(httpx.Auth):
    """HTTP Basic, plus headers that belong to signing in. Nothing of it is in its repr."""

    def __init__(self, user: str, password: str, headers: Mapping[str, str] | None = None) -> None:
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}", **(headers or {})}
        self._secrets = (password, token)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What is taken out of every error text, should the remote system echo it."""
        return self._secrets

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers.update(self._headers)
        yield request
