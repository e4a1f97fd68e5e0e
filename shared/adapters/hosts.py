"""Which addresses may be called (R43). A connection's URL comes from a person, so it must not reach inside.

Checked twice: the URL before any request, and the address really connected to, so that a name which resolves to
another address the second time (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from shared.core.errors import HostNotAllowed

DEFAULT_HOSTS = (
    "dev.azure.com",
    "vssps.dev.azure.com",
    "*.visualstudio.com",
    "my.oneplan.ai",
    "eu.oneplan.ai",
    "au.oneplan.ai",
    "ca.oneplan.ai",
)


@dataclass(frozen=True)
class AllowedHosts:
    """The default hosts and the operator's (ALLOWED_HOSTS).

    An entry is a host name, `*.` before one allows every name below it, or an exact `scheme://host:port`, which is
    exempt from the rules on scheme, port and address.
    """

    entries: tuple[str, ...] = ()

    def check(self, url: str) -> httpx.URL:
        """The URL, parsed; HostNotAllowed says which rule it breaks."""
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError):
            raise HostNotAllowed("the address cannot be read as a URL") from None
        problem = None if self.is_exempt(parsed) else self._problem(parsed)
        if parsed.userinfo:
            problem = "it must not hold a user name or password"
        if problem:
            raise HostNotAllowed(f"the address on host {parsed.host[:255]!r} is refused: {problem}")
        return parsed

    def is_exempt(self, url: httpx.URL) -> bool:
        """True where the operator allowed exactly this scheme, host and port."""
        exact = {entry.rstrip("/").lower() for entry in self.entries if "://" in entry}
        return f"{url.scheme}://{_bracketed(url.host)}:{_port(url)}".lower() in exact

    def _problem(self, url: httpx.URL) -> str | None:
        if url.scheme != "https":
            return "it must start with https://"
        if url.port not in (None, 443):
            return "it must not name a port other than 443"
        names = (*DEFAULT_HOSTS, *(entry for entry in self.entries if "://" not in entry))
        if not any(_matches(url.host, name) for name in names):
            return f"allowed are {', '.join(names)}; an operator can add hosts to ALLOWED_HOSTS"
        return None


def _matches(host: str, name: str) -> bool:
    host, name = host.lower().rstrip("."), name.lower()
    return host.endswith(name[1:]) and len(host) > len(name) - 1 if name.startswith("*.") else host == name


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


type Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, as the machine resolves it now."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only: it resolves the name itself and connects to what it looked at."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend, resolve: Resolve = resolved) -> None:
        self._inner, self._resolve = inner, resolve

    async def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        try:
            addresses = await self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved") from error
        public = [address for address in addresses if is_public(address)]
        if not public:
            raise httpcore.ConnectError(f"{host} has no public address")
        return await self._inner.connect_tcp(public[0], port, *args, **options)

    async def connect_unix_socket(self, path: str, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("unix sockets are not called")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def is_public(address: str) -> bool:
    """True for an address of the open internet; false for loopback, link-local, private, reserved and nonsense."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_global and not (mapped or parsed).is_multicast


def guarded_transport(allowed: AllowedHosts, url: httpx.URL) -> httpx.AsyncHTTPTransport:
    """A transport that reaches public addresses only, unless the operator exempted exactly this address."""
    transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=20, max_keepalive_connections=10))
    if not allowed.is_exempt(url):
        # httpx has no public way to hand in the backend; the version is pinned and tests/clients covers it.
        pool = transport._pool
        pool._network_backend = GuardedBackend(pool._network_backend)
    return transport
