"""The way of a local run to its vault: the real SecretClient, another transport and another credential.

The local vault answers for `*.vault.azure.net` on loopback with a certificate of its own, so that the client's
challenge verification stays on (reference/azure/functions-runtime.md, "SecretClient"). Imported only where LOCAL_MODE
is true, which Settings refuses in Azure.
"""

import socket
import ssl
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import AioHttpTransport, AsyncHttpTransport

VAULT_DOMAIN = ".vault.azure.net"
TOKEN_FILE = "token"  # noqa: S105 - a file name
_LOOPBACK = "127.0.0.1"
_TOKEN_SECONDS = 3600


def local_vault_transport(port: int, certificate: Path) -> AsyncHttpTransport[Any, Any]:
    """A transport on which every `{name}.vault.azure.net` is the local vault; no other host can be reached.

    Call it in the running loop. Closing the client that has it closes it.
    """
    trusted = ssl.create_default_context(cafile=certificate)
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=_LoopbackResolver(port), ssl=trusted),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )
    transport: AsyncHttpTransport[Any, Any] = AioHttpTransport(session=session)
    return transport


class LocalCredential:
    """The token that the local vault wrote next to its certificate, readable only by who started it."""

    def __init__(self, certificate: Path) -> None:
        self._token_file = certificate.with_name(TOKEN_FILE)

    async def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        """The token, for an hour."""
        return AccessToken(self._token_file.read_text(), int(time.time()) + _TOKEN_SECONDS)

    async def close(self) -> None:
        """Nothing is held."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()


class _LoopbackResolver(AbstractResolver):
    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if not host.endswith(VAULT_DOMAIN):
            raise OSError(f"{host} is no vault; the local transport reaches the local vault only")
        return [ResolveResult(hostname=host, host=_LOOPBACK, port=self._port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""
