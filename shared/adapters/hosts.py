"""Which addresses may be called (R43). A connection's URL comes from a person, so it must not reach inside.

Checked twice: the URL before any request, and the address really connected to, so that a name which resolves to
another address the second time (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

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

# Public by its number, but inside every Azure network: the platform's own host (DNS, health, agent).
AZURE_PLATFORM = ipaddress.IPv4Address("168.63.129.16")
# IPv6 forms that carry an IPv4 address which a gateway would go on to.
TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


@dataclass(frozen=True)
class AllowedHosts:
    """The default hosts and the operator's (ALLOWED_HOSTS).

    An entry is a host name, `*.` before one allows every name below it, or an exact `scheme://host:port`, which is
    exempt from the rules on scheme, port and address.
    """

    entries: tuple[str, ...] = ()

    def check(self, url: str) -> httpx.URL:
        """The URL, parsed; HostNotAllowed says which rule it breaks, and shows no more of it than the host."""
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError):
            raise HostNotAllowed("the address cannot be read as a URL") from None
        problem = _malformed(parsed) or (None if self.is_exempt(parsed) else self._problem(parsed))
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


def _malformed(url: httpx.URL) -> str | None:
    if url.userinfo:
        return "it must not hold a user name or password"
    if url.query or url.fragment:
        return "it must not hold a query or a fragment"
    return None


def _matches(host: str, name: str) -> bool:
    host, name = host.lower(), name.lower()
    return host.endswith(name[1:]) and len(host) >= len(name) if name.startswith("*.") else host == name


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


type Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
type SocketOptions = Iterable[httpcore.SOCKET_OPTION] | None


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, as the machine resolves it now."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only: it resolves the name itself and connects to what it looked at."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend, resolve: Resolve = resolved) -> None:
        self._inner, self._resolve = inner, resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore
        local_address: str | None = None,
        socket_options: SocketOptions = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first public address that takes it; HostNotAllowed where the host has none."""
        addresses = await self._public(host, port, timeout)
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def _public(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            async with asyncio.timeout(seconds):
                found = await self._resolve(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} could not be resolved in time") from None
        except OSError:
            raise httpcore.ConnectError(f"{host} cannot be resolved") from None
        public = [address for address in dict.fromkeys(found) if is_public(address)]
        if not public:
            raise HostNotAllowed(f"the host {host!r} is refused: it has no address on the open internet")
        return public

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore
        socket_options: SocketOptions = None,
    ) -> httpcore.AsyncNetworkStream:
        raise HostNotAllowed("the address is refused: a socket of this machine is not called")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def is_public(address: str) -> bool:
    """True for an address of the open internet; false for loopback, link-local, private, reserved and nonsense."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    plain = _carried(parsed)
    return plain.is_global and not plain.is_multicast and plain != AZURE_PLATFORM


def _carried(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address within an IPv6 one that carries one; else the address itself."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if any(address in network for network in TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


@cache
def _certificates() -> ssl.SSLContext:
    """One for the process: loading the authorities takes longer than a request."""
    return httpx.create_ssl_context()


def guarded_transport(allowed: AllowedHosts, url: httpx.URL) -> httpx.AsyncHTTPTransport:
    """A transport that reaches public addresses only, unless the operator exempted exactly this address."""
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=10)
    transport = httpx.AsyncHTTPTransport(verify=_certificates(), limits=limits)
    if not allowed.is_exempt(url):
        # httpx has no public way to hand in the backend; the version is pinned and tests/clients covers it.
        pool = transport._pool
        pool._network_backend = GuardedBackend(pool._network_backend)
    return transport
