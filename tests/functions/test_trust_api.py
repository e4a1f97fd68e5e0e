"""What was written and what waits for a person, over the API (R16, R33, R35)."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from azure.data.tables.aio import TableServiceClient
from azure.storage.blob.aio import BlobServiceClient

from shared.adapters.activity_rows import ActivityTable
from shared.adapters.conflict_rows import ConflictTable
from shared.adapters.failure_rows import FailureTables
from shared.adapters.run_blobs import RunBlobs
from shared.core.snapshots import project_key, work_item_key
from shared.ports import ActivityEntry, Conflict, Failure
from tests.functions.conftest import Product

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROJECT = "6d0f0d4e-3f0e-4a43-9c52-0d7a52c8d5aa"


@pytest.fixture(scope="module")
def connection(product: Product) -> str:
    return product.create_connection(name="Trusted")


def stored[T](product: Product, use: Callable[[TableServiceClient, RunBlobs], Awaitable[T]]) -> T:
    """What the engine would have stored."""

    async def call() -> T:
        async with (
            TableServiceClient.from_connection_string(product.storage) as tables,
            BlobServiceClient.from_connection_string(product.storage) as blobs,
        ):
            return await use(tables, RunBlobs(blobs, "activity"))

    return asyncio.run(call())


def entry(number: int, **members: Any) -> ActivityEntry:
    known: dict[str, Any] = {
        "id": f"e{number}",
        "key": work_item_key(17),
        "title": "Story <b>",
        "field": "System.Title",
        "side": "oneplan",
        "action": "updated",
        "before": "Old",
        "after": ("New", 1),
        "cause": "hook",
        "run": "",
        "at": NOON + timedelta(hours=number),
    }
    return ActivityEntry(**{**known, **members})


ENTRIES = [
    entry(0, before="x" * 9_000),
    entry(1, key=project_key(PROJECT), field="", action="created", before=None, after=None),
    entry(2, cause="timer", run="20261120T120000-aa", field="System.State", note="Why"),
    entry(13, key=work_item_key(170), cause="person"),
]


@pytest.fixture(scope="module")
def written(product: Product, connection: str) -> str:
    stored(product, lambda tables, blobs: ActivityTable(tables, blobs).add(connection, ENTRIES))
    return connection


def get(product: Product, path: str) -> httpx.Response:
    with product.client() as client:
        return client.get(path)


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["entries"]]


def test_activity_is_shown_the_newest_first(product: Product, written: str) -> None:
    answer = get(product, f"/connections/{written}/activity")
    assert ids(answer) == [one.reference for one in ENTRIES[::-1]]
    assert answer.json()["after"] is None
    assert answer.json()["entries"][1] == {
        "id": ENTRIES[2].reference,
        "item": "17",
        "title": "Story <b>",
        "field": "System.State",
        "side": "oneplan",
        "action": "updated",
        "before": "Old",
        "after": ["New", 1],
        "whole": True,
        "cause": "timer",
        "run": "20261120T120000-aa",
        "at": "2026-11-20T14:00:00+00:00",
        "note": "Why",
    }


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("item=17", [2, 0]),
        (f"item={PROJECT}", [1]),
        ("item=99", []),
        ("field=System.Title", [3, 0]),
        ("cause=person", [3]),
        ("run=20261120T120000-aa", [2]),
        ("day=2026-11-20", [2, 1, 0]),
        ("day=2026-11-21", [3]),
        ("day=2026-11-20&item=17&cause=hook", [0]),
    ],
)
def test_activity_is_narrowed(product: Product, written: str, query: str, numbers: list[int]) -> None:
    found = ids(get(product, f"/connections/{written}/activity?{query}"))
    assert found == [ENTRIES[number].reference for number in numbers]


def test_activity_comes_in_pages(product: Product, written: str) -> None:
    found, after = [], ""
    for _ in range(3):
        answer = get(product, f"/connections/{written}/activity?most=2&after={after}")
        found += ids(answer)
        after = answer.json()["after"]
        if not after:
            break
    assert found == [one.reference for one in ENTRIES[::-1]]


def test_a_long_value_is_given_whole_for_its_own_entry(product: Product, written: str) -> None:
    listed = get(product, f"/connections/{written}/activity?day=2026-11-20").json()["entries"][-1]
    assert (listed["whole"], len(listed["before"]) < 1_000) == (False, True)
    whole = get(product, f"/connections/{written}/activity/{listed['id']}").json()
    assert (whole["whole"], whole["before"]) == (True, "x" * 9_000)
    assert get(product, f"/connections/{written}/activity/{'0' * 17}-{'a' * 16}").status_code == 404
    assert get(product, f"/connections/{written}/activity/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("item=abc", "/item"),
        ("item=٣", "/item"),
        ("item=12345678901", "/item"),
        ("cause=magic", "/cause"),
        ("day=yesterday", "/day"),
        ("day=9999-12-31", "/day"),
        ("day=0001-01-01", "/day"),
        ("most=0", "/most"),
        ("most=201", "/most"),
        ("most=²", "/most"),
        ("after=x", "/after"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(product: Product, written: str, query: str, path: str) -> None:
    answer = get(product, f"/connections/{written}/activity?{query}")
    assert answer.status_code == 400
    assert [one["path"] for one in answer.json()["errors"]] == [path]


def test_every_wrong_parameter_is_named_at_once(product: Product, written: str) -> None:
    errors = get(product, f"/connections/{written}/activity?item=x&cause=y&most=z").json()["errors"]
    assert {one["path"] for one in errors} == {"/item", "/cause", "/most"}


def test_what_cannot_be_undone_says_why(product: Product, written: str) -> None:
    created, nothing = ENTRIES[1].reference, "0" * 17 + "-" + "a" * 16
    with product.client() as client:
        answers = [client.post(f"/connections/{written}/activity/{one}/undo") for one in (created, nothing, "x")]
    assert [one.status_code for one in answers] == [409, 404, 404]
    assert "undone by hand" in answers[0].json()["detail"]


@pytest.fixture
def held(product: Product, connection: str) -> Conflict:
    """A conflict that is held, with an empty queue."""
    made = Conflict(work_item_key(17), "Story", "System.Title", "Here", ("there", 2), NOON)
    stored(product, lambda tables, _: ConflictTable(tables).keep(connection, made.key, [made]))
    product.forget_messages("sync-interactive", "sync-bulk")
    return made


def settle(product: Product, connection: str, conflict: str, body: Any) -> httpx.Response:
    with product.client() as client:
        return client.post(f"/connections/{connection}/conflicts/{conflict}/settle", json=body)


def test_conflicts_are_shown_with_both_values(product: Product, connection: str, held: Conflict) -> None:
    assert get(product, f"/connections/{connection}/conflicts").json()["conflicts"] == [
        {
            "id": held.reference,
            "item": "17",
            "title": "Story",
            "field": "System.Title",
            "azureDevOps": "Here",
            "oneplan": ["there", 2],
            "whole": True,
            "since": "2026-11-20T12:00:00+00:00",
            "winner": None,
        }
    ]


def test_a_conflict_is_settled_by_a_choice_and_the_item_is_looked_at(
    product: Product, connection: str, held: Conflict
) -> None:
    for winner in ("oneplan", "azure-devops"):
        answer = settle(product, connection, held.reference, {"winner": winner})
        assert (answer.status_code, answer.json()["winner"]) == (202, winner)
    (shown,) = get(product, f"/connections/{connection}/conflicts").json()["conflicts"]
    assert shown["winner"] == "azure-devops"
    sent = messages(product, "sync-interactive")
    assert [(one["cause"], one["side"], one["item"]) for one in sent] == [("person", "azure-devops", "17")] * 2
    stored(product, lambda tables, _: ConflictTable(tables).keep(connection, held.key, []))


@pytest.mark.parametrize("body", [{}, {"winner": "both"}, {"winner": None}, [], "oneplan"])
def test_a_choice_that_is_none_is_refused_and_nothing_is_sent(
    product: Product, connection: str, held: Conflict, body: Any
) -> None:
    answer = settle(product, connection, held.reference, body)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"path": "/winner", "message": answer.json()["errors"][0]["message"], "allowed": ["azure-devops", "oneplan"]}
    ]
    assert product.messages("sync-interactive") == []


def test_a_conflict_that_is_no_more_is_404(product: Product, connection: str, held: Conflict) -> None:
    assert settle(product, connection, "w0000000001-abc", {"winner": "oneplan"}).status_code == 404
    assert product.messages("sync-interactive") == []


def failing(product: Product, connection: str, *numbers: int) -> None:
    async def add(tables: TableServiceClient, _: RunBlobs) -> None:
        failures = FailureTables(tables)
        for one in await failures.list(connection):
            await failures.remove(connection, one.key)
        for number in numbers:
            await failures.add(connection, Failure(work_item_key(number), f"Item {number}", "It was refused"))

    stored(product, add)
    product.forget_messages("sync-interactive", "sync-bulk")


def messages(product: Product, queue: str) -> list[dict[str, Any]]:
    return [json.loads(base64.b64decode(one)) for one in product.messages(queue)]


def sent(product: Product, queue: str) -> list[str]:
    return sorted(one["item"] for one in messages(product, queue) if one["kind"] == "item")


@pytest.mark.parametrize(
    ("body", "retried"), [({"items": ["3"]}, ["3"]), ({"items": ["3", 5, "99"]}, ["3", "5"]), ({}, ["3", "4", "5"])]
)
def test_one_some_or_all_failures_are_tried_again(
    product: Product, connection: str, body: Any, retried: list[str]
) -> None:
    failing(product, connection, 3, 4, 5)
    with product.client() as client:
        answer = client.post(f"/connections/{connection}/failures/retry", json=body)
    assert (answer.status_code, answer.json()) == (202, {"retried": len(retried)})
    assert sent(product, "sync-interactive") == retried
    failing(product, connection)


def test_many_failures_go_behind_what_other_people_do(product: Product, connection: str) -> None:
    failing(product, connection, *range(1, 26))
    with product.client() as client:
        assert client.post(f"/connections/{connection}/failures/retry", json={}).json() == {"retried": 25}
    assert sent(product, "sync-interactive") == []
    assert len(sent(product, "sync-bulk")) == 25
    failing(product, connection)


@pytest.mark.parametrize("body", [{"items": "3"}, {"items": ["x"]}, {"items": [None]}, "3"])
def test_items_that_are_none_are_refused(product: Product, connection: str, body: Any) -> None:
    failing(product, connection, 3)
    with product.client() as client:
        answer = client.post(f"/connections/{connection}/failures/retry", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"].startswith("/items")
    assert sent(product, "sync-interactive") == []


@pytest.mark.parametrize("path", ["activity", "activity/x", "conflicts"])
def test_a_connection_that_is_not_there_is_404(product: Product, path: str) -> None:
    assert get(product, f"/connections/nobody/{path}").status_code == 404
