"""The two receivers, over the wire: what they answer and what is stored then."""

import json
import time
from base64 import b64decode
from typing import Any

import httpx
import pytest

from shared.messages import SyncMessage, decode
from tests.functions.bodies import PLAN_SAVED, UPDATED
from tests.functions.conftest import Product

QUEUE = "sync-hooks"


@pytest.fixture(scope="module")
def connection(product: Product) -> str:
    return product.create_connection(name="Hooks")


def post_azure_devops(product: Product, connection: str, **options: Any) -> httpx.Response:
    if "auth" not in options:
        options["auth"] = ("azure-devops", product.hook_secret(connection))
    with product.client() as client:
        return client.post(f"/hooks/azure-devops/{connection}", **{"json": UPDATED, **options})


def post_oneplan(product: Product, connection: str, key: str, **options: Any) -> httpx.Response:
    with product.client() as client:
        return client.post(f"/hooks/oneplan/{connection}", params={"key": key}, **{"json": PLAN_SAVED, **options})


def enqueued(product: Product, connection: str, queue: str = QUEUE) -> list[SyncMessage]:
    found = [decode(b64decode(text).decode()) for text in product.messages(queue)]
    return [message for message in found if message.connection == connection]


def test_an_azure_devops_notification_is_stored_before_202(product: Product) -> None:
    connection = product.create_connection(name="One notification")
    answer = post_azure_devops(product, connection, headers={"traceparent": "00-abc-def-01"})
    (message,) = enqueued(product, connection)
    assert answer.status_code == 202
    assert (message.side, message.item, message.cause, message.event) == ("azure-devops", "41", "hook", "updated")
    assert message.seen is not None
    assert (message.seen.rev, message.traceparent) == (2, "00-abc-def-01")


def test_a_oneplan_event_is_stored_before_202(product: Product) -> None:
    connection = product.create_connection(name="One event")
    answer = post_oneplan(product, connection, product.hook_secret(connection))
    (message,) = enqueued(product, connection)
    assert answer.status_code == 202
    assert (message.side, message.item, message.cause) == ("oneplan", PLAN_SAVED["Id"], "save")


def test_the_test_button_is_accepted_and_stores_nothing(product: Product) -> None:
    connection = product.create_connection(name="Test button")
    body = {"eventType": "workitem.updated", "resource": {"id": 2, "workItemId": 0, "rev": 2}}
    assert post_azure_devops(product, connection, json=body).status_code == 202
    assert enqueued(product, connection) == []


def test_a_notification_that_comes_twice_is_stored_once(product: Product) -> None:
    """By (subscription, notification), and by (item, update, event) where several subscriptions tell the same."""
    connection = product.create_connection(name="Doubled")
    for subscription, number in (("a-1", 7), ("a-1", 7), ("b-2", 1)):
        post = {**UPDATED, "subscriptionId": subscription, "notificationId": number}
        assert post_azure_devops(product, connection, json=post).status_code == 202
    assert len(enqueued(product, connection)) == 1
    resource = {**UPDATED["resource"], "id": UPDATED["resource"]["id"] + 1}
    later = {**UPDATED, "notificationId": 8, "resource": resource}
    assert post_azure_devops(product, connection, json=later).status_code == 202
    assert len(enqueued(product, connection)) == 2


def test_a_bulk_edit_by_one_person_goes_behind_what_others_do(product: Product) -> None:
    connection = product.create_connection(name="Bulk edit")
    product.forget_messages(QUEUE, "sync-bulk")
    for number in range(30):
        resource = {**UPDATED["resource"], "id": 100 + number, "workItemId": 500 + number, "revisedBy": {"id": "bulk"}}
        post_azure_devops(product, connection, json={**UPDATED, "notificationId": number + 1, "resource": resource})
    other = {**UPDATED["resource"], "id": 9, "workItemId": 900, "revisedBy": {"id": "another"}}
    post_azure_devops(product, connection, json={**UPDATED, "notificationId": 99, "resource": other})
    first, behind = enqueued(product, connection), enqueued(product, connection, "sync-bulk")
    assert ("900" in {one.item for one in first}, len(first), len(behind)) == (True, 21, 10)


def test_many_saves_of_one_plan_go_behind_those_of_others(product: Product) -> None:
    """OnePlan names no person, and tells of what we write ourselves."""
    connection = product.create_connection(name="Many saves")
    product.forget_messages(QUEUE, "sync-bulk")
    secret = product.hook_secret(connection)
    for _ in range(30):
        post_oneplan(product, connection, secret)
    other = "0b9f4d9c-9a3a-4b5c-8f5e-0d4a6f0a1b2c"
    post_oneplan(product, connection, secret, json={**PLAN_SAVED, "Id": other})
    first, behind = enqueued(product, connection), enqueued(product, connection, "sync-bulk")
    assert (other in {one.item for one in first}, len(first), len(behind)) == (True, 21, 10)


@pytest.mark.parametrize(
    "auth", [None, ("azure-devops", "wrong"), ("someone", "wrong"), ("azure-devops", ""), ("azure-devops", "ünïcode")]
)
def test_a_wrong_secret_is_401_on_the_azure_devops_route(
    product: Product, connection: str, auth: tuple[str, str] | None
) -> None:
    answer = post_azure_devops(product, connection, auth=auth)
    assert answer.status_code == 401
    assert enqueued(product, connection) == []


@pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Bearer abc", "Basic " + "ÿ"])
def test_a_broken_authorization_header_is_401(product: Product, connection: str, header: str) -> None:
    answer = post_azure_devops(product, connection, auth=None, headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401


def test_the_right_secret_with_another_user_is_401(product: Product, connection: str) -> None:
    answer = post_azure_devops(product, connection, auth=("admin", product.hook_secret(connection)))
    assert answer.status_code == 401


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_wrong_key_is_401_on_the_oneplan_route(product: Product, connection: str, key: str) -> None:
    assert post_oneplan(product, connection, key).status_code == 401


def test_the_secret_of_another_connection_is_401(product: Product, connection: str) -> None:
    other = product.create_connection(name="Other")
    assert post_oneplan(product, connection, product.hook_secret(other)).status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(3600, 202), (-1, 401)], ids=["within the hour", "after it"])
def test_the_secret_before_a_rotation_is_taken_for_an_hour(product: Product, seconds: int, status: int) -> None:
    """The one before is played by the secret of another connection, which lies in the vault too; there was another
    rotation after it."""
    rotated, other = product.create_connection(name="Rotated"), product.create_connection(name="Before")
    (row,) = [one for one in product.rows("connections", "connections") if one["RowKey"] == rotated]
    previous = [[f"hook-{other}-1", time.time() + seconds], ["hook-of-another-rotation", time.time() + 3600]]
    names = json.dumps({**json.loads(row["secrets"]), "previous_hooks": previous})
    product.change_row("connections", "connections", rotated, secrets=names)
    assert post_oneplan(product, rotated, product.hook_secret(other)).status_code == status
    assert post_oneplan(product, rotated, product.hook_secret(rotated)).status_code == 202
    assert post_oneplan(product, rotated, "neither").status_code == 401


def test_an_unknown_connection_is_404(product: Product) -> None:
    assert post_oneplan(product, "nobody-00000000", "x").status_code == 404
    assert post_azure_devops(product, "nobody-00000000", auth=("azure-devops", "x")).status_code == 404


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b"[" * 100_000, 400),
        (json.dumps({"eventType": "build.complete"}).encode(), 400),
        (json.dumps({"eventType": "workitem.created", "resource": {"id": "x"}}).encode(), 400),
    ],
    ids=["cut off", "empty", "no text", "a list", "no members", "deep", "another event", "no id"],
)
def test_what_is_no_notification_is_400(product: Product, connection: str, content: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = post_azure_devops(product, connection, json=None, content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert enqueued(product, connection) == []


def test_another_content_type_is_415(product: Product, connection: str) -> None:
    headers = {"Content-Type": "text/xml"}
    assert post_azure_devops(product, connection, json=None, content=b"<a/>", headers=headers).status_code == 415


@pytest.mark.parametrize("given", ["text/json; charset=utf-8", "text/plain", "application/vnd.oneplan+json", None])
def test_a_oneplan_event_is_taken_with_any_likely_content_type(product: Product, given: str | None) -> None:
    connection = product.create_connection(name="Content types")
    headers = {"Content-Type": given} if given else {}
    content = json.dumps(PLAN_SAVED).encode()
    answer = post_oneplan(
        product, connection, product.hook_secret(connection), json=None, content=content, headers=headers
    )
    assert answer.status_code == 202
    assert [one.item for one in enqueued(product, connection)] == [PLAN_SAVED["Id"]]


def test_a_body_over_the_limit_is_413(product: Product, connection: str) -> None:
    body = {**PLAN_SAVED, "Name": "x" * 1_100_000}
    assert post_oneplan(product, connection, product.hook_secret(connection), json=body).status_code == 413


def test_a_notification_with_whole_long_texts_is_taken(product: Product) -> None:
    connection = product.create_connection(name="Long texts")
    resource = {**UPDATED["resource"], "fields": {"System.Description": {"newValue": "x" * 4_000_000}}}
    assert post_azure_devops(product, connection, json={**UPDATED, "resource": resource}).status_code == 202


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_not_served(product: Product, connection: str, method: str) -> None:
    with product.client() as client:
        assert client.request(method, f"/hooks/oneplan/{connection}").status_code in (404, 405)
