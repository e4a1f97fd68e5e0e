"""One way to call: what is tried again, what waits, what is bounded, what a path can hold."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from shared.adapters import http, http_answers
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.http_answers import parsed, retry_after, shown
from shared.adapters.http_calls import Call, filled
from shared.adapters.oneplan.plans import PlanWrite
from shared.core.errors import NotFound, RateLimited, Rejected, Retriable, UnknownOutcome, Unreachable
from tests.clients.wire import Ledger, Wire, failure, ok, status

ITEM = {"id": 7, "rev": 1, "fields": {}}
BROKEN = (
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("closed"),
)
NOT_SENT = (httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("busy"))


@pytest.mark.parametrize("error", [*BROKEN, *NOT_SENT], ids=repr)
async def test_a_read_is_tried_again_until_it_is_answered(wire: Wire, error: Exception) -> None:
    wire.then(error, error, ok(ITEM))
    assert (await wire.azure_devops().work_items.read_one(7)).id == 7
    assert len(wire.requests) == 3


@pytest.mark.parametrize("error", BROKEN, ids=repr)
async def test_a_write_without_an_answer_may_have_happened_and_is_not_sent_again(wire: Wire, error: Exception) -> None:
    wire.then(error)
    with pytest.raises(UnknownOutcome, match="may have been done"):
        await wire.oneplan().plans.create(PlanWrite("A", "type"))
    assert len(wire.requests) == 1


@pytest.mark.parametrize("error", NOT_SENT, ids=repr)
async def test_a_write_that_was_never_sent_is_tried_again(wire: Wire, error: Exception) -> None:
    wire.then(error, ok(ITEM))
    assert (await wire.azure_devops().work_items.update(7, Patch.at(1))).id == 7
    assert len(wire.requests) == 2


async def test_attempts_end(wire: Wire) -> None:
    wire.then(httpx.ReadTimeout("slow"))
    with pytest.raises(Unreachable):
        await wire.azure_devops().work_items.read_one(7)
    assert len(wire.requests) == http.ATTEMPTS


async def test_a_refused_write_is_not_sent_again(wire: Wire) -> None:
    wire.then(failure(400, "TF401320: Rule Error", "RuleValidationException"))
    with pytest.raises(Rejected):
        await wire.azure_devops().work_items.update(7, Patch.at(1).set("System.Title", ""))
    assert len(wire.requests) == 1


async def test_a_query_that_only_reads_is_tried_again_though_it_is_a_post(wire: Wire) -> None:
    wire.then(status(503), ok({"workItems": [], "asOf": "2026-11-24T00:00:00Z"}))
    pages = [page async for page in wire.azure_devops().work_items.find()]
    assert [page.ids for page in pages] == [()]
    assert len(wire.requests) == 2


async def test_a_retry_after_on_a_200_reaches_the_budget(wire: Wire) -> None:
    ledger = Ledger()
    wire.then(ok({"value": []}, Retry_After="120"))
    assert await wire.azure_devops(budget=ledger).processes.fields() == []
    assert ledger.pauses == [120]


@pytest.mark.parametrize("code", [429, 503])
async def test_a_long_retry_after_on_a_failure_is_obeyed_by_not_trying_again(wire: Wire, code: int) -> None:
    ledger = Ledger()
    wire.then(status(code, Retry_After="120"))
    with pytest.raises(Retriable) as failed:
        await wire.azure_devops(budget=ledger).processes.fields()
    assert failed.value.retry_after == 120
    assert set(ledger.pauses) == {120}
    assert ledger.taken == 1


async def test_a_429_without_a_wait_pauses_all_the_same(wire: Wire) -> None:
    ledger = Ledger()
    wire.then(status(429))
    with pytest.raises(RateLimited):
        await wire.oneplan(budget=ledger).plans.read_all()
    assert ledger.pauses == [10.0]
    assert len(wire.requests) == 1


async def test_a_wait_of_nothing_is_tried_again(wire: Wire) -> None:
    wire.then(status(503, Retry_After="0"), ok([]))
    assert await wire.oneplan().plans.read_all() == []


async def test_a_short_wait_is_waited_for(wire: Wire) -> None:
    wire.then(status(429, Retry_After="0.05"), ok([]))
    started = asyncio.get_running_loop().time()
    assert await wire.oneplan().plans.read_all() == []
    assert asyncio.get_running_loop().time() - started >= 0.05


async def test_after_a_long_wait_on_a_200_the_next_request_is_not_sent(wire: Wire) -> None:
    wire.then(ok([], Retry_After="60"))
    client = wire.oneplan()
    await client.plans.read_all()
    with pytest.raises(RateLimited) as refused:
        await client.plans.read_all()
    assert refused.value.retry_after == pytest.approx(60, abs=1)
    assert len(wire.requests) == 1


async def test_both_hosts_of_an_organization_obey_one_pause(wire: Wire) -> None:
    wire.then(ok({"value": []}, Retry_After="60"))
    client = wire.azure_devops()
    await client.processes.fields()
    with pytest.raises(RateLimited):
        await client.identities.search("a")


async def test_every_request_is_taken_from_the_budget_also_a_repeated_one(wire: Wire) -> None:
    ledger = Ledger()
    wire.then(status(503), status(503), ok([]))
    await wire.oneplan(budget=ledger).plans.read_all()
    assert ledger.taken == 3


async def test_nothing_is_sent_where_the_budget_refuses(wire: Wire) -> None:
    class Empty(Ledger):
        async def take(self) -> None:
            raise RateLimited("the budget is spent", 30)

    wire.then(ok([]))
    with pytest.raises(RateLimited, match="spent"):
        await wire.oneplan(budget=Empty()).plans.read_all()
    assert wire.requests == []


async def test_calls_are_counted_by_route(wire: Wire) -> None:
    wire.then(ok({"id": "a1", "Name": "A"}))
    client = wire.oneplan()
    for plan in ("a1", "b2"):
        await client.plans.read(plan)
    assert client.calls == {"GET workplan/{plan}": 2}


async def test_an_answer_that_is_too_large_is_not_read_to_its_end(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            sent.append(1)
            yield b"x" * 1024

    monkeypatch.setattr(http_answers, "MOST_BYTES", 4096)
    wire.then(lambda _request: httpx.Response(200, content=endless()))
    with pytest.raises(Unreachable, match="more than this app reads"):
        await wire.oneplan().plans.read_all()
    assert len(sent) <= 6 * http.ATTEMPTS
    with pytest.raises(UnknownOutcome, match="more than this app reads"):
        await wire.oneplan().plans.create(PlanWrite("A", "type"))


async def test_a_body_that_drips_in_ends_with_the_request_time(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.01)
            yield b" "

    monkeypatch.setattr(http, "REQUEST_SECONDS", 0.05)
    wire.then(lambda _request: httpx.Response(200, content=dripping()))
    with pytest.raises(UnknownOutcome, match="TimeoutError"):
        await wire.oneplan().plans.create(PlanWrite("A", "type"))


async def test_redirects_are_never_followed(wire: Wire) -> None:
    wire.then(status(307, Location="https://evil.example/take"))
    with pytest.raises(Exception, match="does not accept"):
        await wire.oneplan().plans.read_all()
    assert [request.url.host for request in wire.requests] == ["my.oneplan.ai"]


async def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with Wire().oneplan() as client:
        assert client.http._client._mounts == {}


@pytest.mark.parametrize("value", ["", " ", ".", ".."])
async def test_a_value_that_would_change_the_route_is_refused(wire: Wire, value: str) -> None:
    with pytest.raises(Rejected, match="is no plan"):
        await wire.oneplan().plans.update(value, PlanWrite("A"))
    assert wire.requests == []


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("a/../b", "/api/workplan/a%2F..%2Fb"),
        ("x?Archive=true", "/api/workplan/x%3FArchive%3Dtrue"),
        ("x#y", "/api/workplan/x%23y"),
        ("https://evil.example/", "/api/workplan/https%3A%2F%2Fevil.example%2F"),
        ("{plan}", "/api/workplan/%7Bplan%7D"),
        ("Größe 1", "/api/workplan/Gr%C3%B6%C3%9Fe%201"),
    ],
)
async def test_a_value_stays_one_segment_of_the_path(wire: Wire, value: str, path: str) -> None:
    wire.then(status(404))
    with pytest.raises(NotFound):
        await wire.oneplan().plans.read(value)
    assert wire.last.url.raw_path == path.encode()
    assert wire.last.url.host == "my.oneplan.ai"


def test_a_path_of_several_names_keeps_each_of_them_whole() -> None:
    assert filled("nodes/{path}", {"path": ("Release 1", "a/b")}, "reading") == "nodes/Release%201/a%2Fb"


def test_a_call_shows_neither_its_body_nor_its_secrets() -> None:
    shown_call = repr(Call("POST", "x", "y", body={"password": "hunter2"}, secrets=("hunter2",)))
    assert "hunter2" not in shown_call


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("5", 5.0), ("0.25", 0.25), ("0", 0.0), ("-1", None), ("soon", None), ("", None), ("nan", None), ("999999", None)],
)
def test_a_retry_after_in_seconds(header: str, seconds: float | None) -> None:
    assert retry_after(httpx.Response(200, headers={"Retry-After": header})) == seconds


def test_a_retry_after_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after(httpx.Response(503, headers={"Retry-After": later})) == pytest.approx(90, abs=2)
    past = format_datetime(datetime.now(UTC) - timedelta(seconds=90), usegmt=True)
    assert retry_after(httpx.Response(503, headers={"Retry-After": past})) == 0


@pytest.mark.parametrize(
    ("said", "fit"),
    [
        ("  two\n lines ", "two lines"),
        ("<!DOCTYPE html><title>x</title>", ""),
        ("see https://a.example/p?key=abc&b=c now", "see https://a.example/p now"),
        ("Authorization: Basic OmFiY2RlZmdo was wrong", "Authorization: Basic *** was wrong"),
        ("Bearer eyJhbGciOi.abc.def failed", "Bearer *** failed"),
        ("x" * 1000, "x" * 400),
    ],
)
def test_what_a_remote_system_said_is_made_fit_for_a_person(said: str, fit: str) -> None:
    assert shown(said) == fit


def test_half_of_a_character_is_the_sign_for_a_missing_one() -> None:
    assert parsed(b'{"a": "x\\ud83d", "b": "\\ud83d\\ude00 \\\\ud"}') == {"a": "x\ufffd", "b": "😀 \\ud"}
