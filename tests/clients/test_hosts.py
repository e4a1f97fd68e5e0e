"""Which addresses may be called: by their URL, and by what they resolve to (R43)."""

import asyncio
import socket
import ssl
from collections.abc import Sequence

import httpcore
import httpx
import pytest

from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.hosts import AllowedHosts, GuardedBackend, guarded_transport, is_public
from shared.adapters.http import RemoteHttp
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.reading import KeyAuth, read
from shared.core.errors import Fatal, HostNotAllowed, Unreachable
from tests.clients.wire import KEY, PAT

DEFAULTS = [
    "https://dev.azure.com/contoso",
    "https://vssps.dev.azure.com/contoso",
    "https://contoso.visualstudio.com",
    "https://contoso.vssps.visualstudio.com",
    "https://my.oneplan.ai",
    "https://eu.oneplan.ai/api",
    "https://au.oneplan.ai",
    "https://ca.oneplan.ai:443",
    "HTTPS://DEV.AZURE.COM/contoso",
]


@pytest.mark.parametrize("url", DEFAULTS)
def test_the_addresses_of_the_two_systems_are_allowed(url: str) -> None:
    assert AllowedHosts().check(url).scheme == "https"


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://dev.azure.com/contoso", "https://"),
        ("ftp://dev.azure.com/contoso", "https://"),
        ("dev.azure.com/contoso", "https://"),
        ("https://dev.azure.com:8443/contoso", "port"),
        ("https://dev.azure.com:80/contoso", "port"),
        ("https://evil.example/contoso", "allowed are dev.azure.com"),
        ("https://visualstudio.com", "allowed are"),
        ("https://evilvisualstudio.com", "allowed are"),
        ("https://contoso.visualstudio.com.evil.example", "allowed are"),
        ("https://evil.example/dev.azure.com", "allowed are"),
        ("https://sub.dev.azure.com/contoso", "allowed are"),
        ("https://dev.azure.com./contoso", "allowed are"),
        ("https://user:pw@dev.azure.com/contoso", "user name"),
        ("https://dev.azure.com@evil.example/", "user name"),
        ("https://dev.azure.com\\@evil.example/", "user name"),
        ("https://dev.azure.com/contoso?key=1", "query"),
        ("https://dev.azure.com/contoso#part", "fragment"),
        ("https://127.0.0.1/", "allowed are"),
        ("https://2130706433/", "allowed are"),
        ("https://0x7f.1/", "allowed are"),
        ("https://017700000001/", "allowed are"),
        ("https://[::1]/", "allowed are"),
        ("https://[::ffff:127.0.0.1]/", "allowed are"),
        ("https://169.254.169.254/metadata", "allowed are"),
        ("https://localhost/", "allowed are"),
        ("https:///contoso", "allowed are"),
        ("https:dev.azure.com", "allowed are"),
        ("", "https://"),
    ],
)
def test_any_other_address_is_refused_by_the_rule_that_it_breaks(url: str, rule: str) -> None:
    with pytest.raises(HostNotAllowed, match=rule):
        AllowedHosts().check(url)


@pytest.mark.parametrize("url", ["https://[::1", "https://\x00dev.azure.com", "https://ｄev.azure.com/", None])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(HostNotAllowed, match="cannot be read"):
        AllowedHosts().check(url)


def test_an_operator_allows_a_host_but_not_another_port_or_scheme_of_it() -> None:
    allowed = AllowedHosts(("tfs.contoso.example", "*.corp.example"))
    assert allowed.check("https://tfs.contoso.example/tfs/Default").host == "tfs.contoso.example"
    assert allowed.check("https://a.corp.example").host == "a.corp.example"
    for url in ("http://tfs.contoso.example", "https://tfs.contoso.example:8080", "https://corp.example"):
        with pytest.raises(HostNotAllowed):
            allowed.check(url)


def test_an_exact_entry_exempts_that_scheme_host_and_port_only() -> None:
    allowed = AllowedHosts(("http://127.0.0.1:7081", "https://[::1]:8443"))
    for url in ("http://127.0.0.1:7081/contoso", "https://[::1]:8443/x"):
        assert allowed.is_exempt(allowed.check(url))
    for url in (
        "http://127.0.0.1:7082/",
        "https://127.0.0.1:7081/",
        "http://127.0.0.2:7081/",
        "http://u@127.0.0.1:7081",
    ):
        with pytest.raises(HostNotAllowed):
            allowed.check(url)


def test_the_refusal_shows_the_host_and_nothing_else_of_the_address() -> None:
    with pytest.raises(HostNotAllowed) as refused:
        AllowedHosts().check("https://user:hunter2@evil.example/path?key=hunter2")
    assert "evil.example" in str(refused.value)
    assert "hunter2" not in repr(refused.value)
    assert isinstance(refused.value, Fatal)


@pytest.mark.parametrize("url", ["https://evil.example", "http://dev.azure.com/contoso"])
def test_no_client_is_made_for_an_address_that_is_not_allowed(url: str) -> None:
    with pytest.raises(HostNotAllowed):
        AzureDevOps.connect(url, PAT, AllowedHosts())
    with pytest.raises(HostNotAllowed):
        OnePlan.connect(url, "sync", KEY, AllowedHosts())


@pytest.mark.parametrize(
    "address", ["13.107.42.20", "2620:1ec:a92::156", "::ffff:13.107.42.20", "64:ff9b::13.107.42.20"]
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "168.63.129.16",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
        "2130706433",
        "not an address",
        "",
    ],
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


class Inside(httpcore.AsyncMockBackend):
    """Records where connections would really go, and refuses the addresses it is told to."""

    def __init__(self, refusing: Sequence[str] = ()) -> None:
        super().__init__([])
        self.connected: list[str] = []
        self.refusing = refusing

    async def connect_tcp(self, host: str, *args: object, **options: object) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        if host in self.refusing:
            raise httpcore.ConnectError("refused")
        return httpcore.AsyncMockStream([])


def resolving(*answers: list[str]) -> tuple[list[str], "Resolver"]:
    asked: list[str] = []
    return asked, Resolver(asked, list(answers))


class Resolver:
    """Gives one answer after the other, the last again and again."""

    def __init__(self, asked: list[str], answers: list[list[str]]) -> None:
        self.asked, self.answers = asked, answers

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    inside, (asked, resolver) = Inside(), resolving(["127.0.0.1", "13.107.42.20"])
    await GuardedBackend(inside, resolver).connect_tcp("dev.azure.com", 443)
    assert (asked, inside.connected) == (["dev.azure.com"], ["13.107.42.20"])


async def test_a_name_that_resolves_inside_is_refused_and_nothing_is_connected() -> None:
    inside, (_, resolver) = Inside(), resolving(["10.0.0.5", "::1"])
    with pytest.raises(HostNotAllowed, match="no address on the open internet"):
        await GuardedBackend(inside, resolver).connect_tcp("dev.azure.com", 443)
    assert inside.connected == []


async def test_a_name_that_turns_inside_at_the_second_look_is_refused_then() -> None:
    inside, (_, resolver) = Inside(), resolving(["13.107.42.20"], ["169.254.169.254"])
    backend = GuardedBackend(inside, resolver)
    await backend.connect_tcp("dev.azure.com", 443)
    with pytest.raises(HostNotAllowed):
        await backend.connect_tcp("dev.azure.com", 443)
    assert inside.connected == ["13.107.42.20"]


async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    inside, (_, resolver) = Inside(["2620:1ec:a92::156"]), resolving(["2620:1ec:a92::156", "13.107.42.20"])
    await GuardedBackend(inside, resolver).connect_tcp("dev.azure.com", 443)
    assert inside.connected == ["2620:1ec:a92::156", "13.107.42.20"]


async def test_a_name_that_does_not_resolve_in_time_is_no_connection() -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(30)
        return []

    with pytest.raises(httpcore.ConnectTimeout):
        await GuardedBackend(Inside(), never).connect_tcp("dev.azure.com", 443, timeout=0.01)


async def test_a_name_that_does_not_resolve_is_no_connection() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    with pytest.raises(httpcore.ConnectError):
        await GuardedBackend(Inside(), unknown).connect_tcp("nowhere.visualstudio.com", 443)


async def test_no_socket_of_this_machine_is_opened() -> None:
    with pytest.raises(HostNotAllowed):
        await GuardedBackend(Inside()).connect_unix_socket("/var/run/docker.sock")


async def test_a_client_on_the_real_transport_does_not_follow_a_name_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way through httpx: the name resolves to this machine, where somebody listens, and is not reached."""
    reached: list[str] = []

    async def met(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append("met")
        writer.close()

    async def inside(_host: str, _port: int, **_options: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", server.sockets[0].getsockname())]

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", inside)
    client = OnePlan.connect("https://my.oneplan.ai", "sync", KEY, AllowedHosts())
    async with server, client:
        with pytest.raises(HostNotAllowed):
            await client.plans.read_all()
    assert reached == []


async def test_only_the_exempt_address_is_reached_without_the_guard() -> None:
    exempt = AllowedHosts(("http://127.0.0.1:9",))
    plain = guarded_transport(exempt, httpx.URL("http://127.0.0.1:9"))
    guarded = guarded_transport(exempt, httpx.URL("https://dev.azure.com"))
    assert not isinstance(plain._pool._network_backend, GuardedBackend)
    assert isinstance(guarded._pool._network_backend, GuardedBackend)
    await plain.aclose()
    await guarded.aclose()


async def test_an_exempt_address_where_nobody_listens_cannot_be_reached() -> None:
    async with RemoteHttp("http://127.0.0.1:9", KeyAuth("a", "b"), read, AllowedHosts(("http://127.0.0.1:9",))) as http:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached"):
            await OnePlan(http).plans.read_all()


def test_certificates_are_checked() -> None:
    context = guarded_transport(AllowedHosts(), httpx.URL("https://dev.azure.com"))._pool._ssl_context
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
