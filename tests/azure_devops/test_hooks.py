"""Service hooks: who is told what, and what becomes of a notification that is not taken (section 10)."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest

from local.azure_devops.world import World
from tests.azure_devops.api import Api, adding, error_of, setting
from tests.azure_devops.receiver import Receiver, until
from tests.judge import Judge

PARENT = "System.LinkTypes.Hierarchy-Reverse"


@pytest.fixture
async def receiver(world: World) -> AsyncIterator[Receiver]:
    """Takes notifications; the waits between retries are a thousandth of the service's. What came is judged."""
    world.deliveries.time_scale = 0.001
    made = Receiver()
    await made.start()
    yield made
    await made.stop()
    judge = Judge.of("azure_devops")
    real = [(headers, body) for headers, body in made.posts if "notificationId" in body]  # the Test button's lack it
    assert [found for headers, body in real for found in judge.hook(body, headers)] == []


def _wanted(receiver: Receiver, event: str, inputs: dict[str, str], **more: Any) -> dict[str, Any]:
    consumer = {"url": receiver.url, "basicAuthUsername": "azure-devops", "basicAuthPassword": "secret"}
    return {
        "publisherId": "tfs",
        "eventType": f"workitem.{event}",
        "resourceVersion": "1.0",
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "publisherInputs": inputs,
        "consumerInputs": consumer,
        **more,
    }


async def _subscribe(api: Api, receiver: Receiver, event: str, **inputs: str) -> str:
    made = await api.ok("POST", "/_apis/hooks/subscriptions", json=_wanted(receiver, event, inputs))
    return str(made["id"])


async def _status(api: Api, id_: str) -> str:
    return str((await api.ok("GET", f"/_apis/hooks/subscriptions/{id_}"))["status"])


async def test_each_event_is_told_with_basic_authentication(api: Api, receiver: Receiver) -> None:
    for event in ("created", "updated", "deleted", "restored", "commented"):
        await _subscribe(api, receiver, event)
    item = await api.create("Task")
    await api.patch(item["id"], *setting({"System.Title": "renamed"}))
    await api.ok("DELETE", f"/_apis/wit/workitems/{item['id']}")
    restoring = {"json": {"isDeleted": False}}
    await api.ok("PATCH", f"/_apis/wit/recyclebin/{item['id']}", **restoring)
    said = {"params": {"api-version": "7.1-preview.4"}, "json": {"text": "hello"}}
    await api.ok("POST", f"/Alpha/_apis/wit/workItems/{item['id']}/comments", **said)
    await until(lambda: len(receiver.posts) == 6)
    told = sorted(body["eventType"].removeprefix("workitem.") for body in receiver.bodies)
    assert told == ["commented", "created", "deleted", "restored", "updated", "updated"]
    secret = base64.b64encode(b"azure-devops:secret").decode()
    assert {headers["authorization"] for headers, _ in receiver.posts} == {f"Basic {secret}"}


async def test_an_update_tells_old_and_new_values_and_the_item_after_it(api: Api, receiver: Receiver) -> None:
    item = await api.create("Task")
    await _subscribe(api, receiver, "updated")
    await api.patch(item["id"], *setting({"System.Title": "renamed"}))
    await until(lambda: bool(receiver.posts))
    resource = receiver.bodies[0]["resource"]
    assert resource["workItemId"] == item["id"]
    assert resource["fields"]["System.Title"] == {"oldValue": "made", "newValue": "renamed"}
    assert resource["revision"]["fields"]["System.ChangedBy"] == "Ann Ode <ann@tiny.test>"


@pytest.mark.parametrize(("both", "posts"), [(True, 2), (False, 1)])
async def test_a_link_change_is_told_with_the_revision_unmoved(
    api: Api, receiver: Receiver, both: bool, posts: int
) -> None:
    feature, story = await api.create("Feature"), await api.create("User Story")
    await _subscribe(api, receiver, "updated")
    await api.switch(links_fire_both_ends=both)
    await api.patch(story["id"], adding(PARENT, feature["id"]))
    await until(lambda: len(receiver.posts) == posts)
    told = {body["resource"]["workItemId"]: body["resource"] for body in receiver.bodies}
    assert told[story["id"]]["rev"] == story["rev"]
    assert [one["rel"] for one in told[story["id"]]["relations"]["added"]] == [PARENT]
    assert (feature["id"] in told) is both


@pytest.mark.parametrize("shared", [True, False])
async def test_one_event_for_two_subscriptions_has_one_id_unless_switched(
    api: Api, receiver: Receiver, shared: bool
) -> None:
    await api.switch(shared_event_id=shared)
    subscriptions = {await _subscribe(api, receiver, "created") for _ in range(2)}
    await api.create("Task")
    await until(lambda: len(receiver.posts) == 2)
    assert {body["subscriptionId"] for body in receiver.bodies} == subscriptions
    assert len({body["id"] for body in receiver.bodies}) == (1 if shared else 2)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({}, True),
        ({"workItemType": "Task"}, True),
        ({"workItemType": "Bug"}, False),
        ({"areaPath": "Alpha"}, True),
        ({"areaPath": "Beta"}, False),
        ({"tag": "red"}, True),
        ({"tag": "blue"}, False),
    ],
)
async def test_the_filters_of_a_subscription_hold(
    api: Api, receiver: Receiver, inputs: dict[str, str], told: bool
) -> None:
    await _subscribe(api, receiver, "created", **inputs)
    await _subscribe(api, receiver, "created")
    await api.create("Task", System__Tags="red")
    await until(lambda: len(receiver.posts) == 1 + told)


@pytest.mark.parametrize("status", [408, 502, 503, 504])
async def test_a_transient_failure_is_tried_again_until_it_is_taken(
    api: Api, world: World, receiver: Receiver, status: int
) -> None:
    receiver.answers = [status] * 8
    id_ = await _subscribe(api, receiver, "created")
    await api.create("Task")
    await until(lambda: world.deliveries.pending == 0)
    assert (len(receiver.posts), await _status(api, id_)) == (9, "enabled")
    shown = await api.ok("GET", f"/_apis/hooks/subscriptions/{id_}/notifications")
    assert [(one["result"], one["details"]["requestAttempts"]) for one in shown["value"]] == [("succeeded", 9)]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
async def test_any_other_failure_loses_the_notification_and_means_probation(
    api: Api, world: World, receiver: Receiver, status: int
) -> None:
    world.deliveries.time_scale = 1.0
    receiver.answers = [status]
    id_ = await _subscribe(api, receiver, "created")
    await api.create("Task")
    await until(lambda: world.deliveries.subscriptions[id_].status == "onProbation")
    await api.create("Task")
    assert (len(receiver.posts), await _status(api, id_)) == (1, "onProbation")


async def test_one_success_on_probation_restores_the_subscription(api: Api, world: World, receiver: Receiver) -> None:
    world.deliveries.time_scale = 0.000001
    receiver.answers = [500, 500, 500]
    id_ = await _subscribe(api, receiver, "created")
    await api.create("Task")
    await until(lambda: world.deliveries.pending == 0)
    assert (len(receiver.posts), await _status(api, id_)) == (4, "enabled")


async def test_probation_that_never_succeeds_ends_the_subscription_until_it_is_put_again(
    api: Api, world: World, receiver: Receiver
) -> None:
    world.deliveries.time_scale = 0.000001
    receiver.answers = [500] * 8
    id_ = await _subscribe(api, receiver, "created")
    await api.create("Task")
    await until(lambda: world.deliveries.pending == 0)
    assert (len(receiver.posts), await _status(api, id_)) == (8, "disabledBySystem")
    again = _wanted(receiver, "created", {}, status="enabled")
    assert (await api.ok("PUT", f"/_apis/hooks/subscriptions/{id_}", json=again))["status"] == "enabled"


async def test_410_ends_the_subscription_at_once(api: Api, world: World, receiver: Receiver) -> None:
    receiver.answers = [410]
    id_ = await _subscribe(api, receiver, "created")
    await api.create("Task")
    await until(lambda: world.deliveries.pending == 0)
    assert (len(receiver.posts), await _status(api, id_)) == (1, "disabledBySystem")


@pytest.mark.parametrize(("fault", "posts"), [({"lost": 1.0}, 0), ({"doubled": 1.0}, 2)])
async def test_notifications_can_be_lost_or_doubled(
    api: Api, world: World, receiver: Receiver, fault: dict[str, float], posts: int
) -> None:
    await _subscribe(api, receiver, "created")
    await api.http.post("/__control/faults", json={"delivery": fault})
    await api.create("Task")
    await until(lambda: world.deliveries.pending == 0)
    assert len(receiver.posts) == posts


async def test_notifications_can_overtake_each_other(api: Api, world: World, receiver: Receiver) -> None:
    await _subscribe(api, receiver, "created")
    await api.http.post("/__control/faults", json={"delivery": {"reordered": True}})
    made = [(await api.create("Task"))["id"] for _ in range(2)]
    await until(lambda: world.deliveries.pending == 0)
    assert [body["resource"]["id"] for body in receiver.bodies] == made[::-1]


async def test_a_password_reads_back_masked_and_must_be_sent_again(api: Api, receiver: Receiver) -> None:
    id_ = await _subscribe(api, receiver, "created")
    shown = await api.ok("GET", f"/_apis/hooks/subscriptions/{id_}")
    assert shown["consumerInputs"]["basicAuthPassword"] == "********"
    answer = await api.call("PUT", f"/_apis/hooks/subscriptions/{id_}", json=shown)
    assert error_of(answer)[:2] == (400, "SubscriptionInputException")


async def test_subscriptions_are_found_by_their_inputs(api: Api, receiver: Receiver) -> None:
    id_ = await _subscribe(api, receiver, "created", workItemType="Bug")
    await _subscribe(api, receiver, "created")
    conditions = [{"inputId": "workItemType", "inputValue": "bug", "operator": "equals", "caseSensitive": False}]
    wanted = {"publisherId": "tfs", "publisherInputFilters": [{"conditions": conditions}]}
    found = await api.ok("POST", "/_apis/hooks/subscriptionsquery", json=wanted)
    assert [one["id"] for one in found["results"]] == [id_]


async def test_the_test_button_posts_without_the_ids_of_subscription_and_notification(
    api: Api, world: World, receiver: Receiver
) -> None:
    await api.create("Task")
    id_ = await _subscribe(api, receiver, "created")
    wanted = {"params": {"api-version": "7.1", "useRealData": "true"}, "json": {"subscriptionId": id_, "details": {}}}
    await api.ok("POST", "/_apis/hooks/testnotifications", **wanted)
    await until(lambda: world.deliveries.pending == 0)
    assert [set(body) & {"subscriptionId", "notificationId"} for body in receiver.bodies] == [set()]


async def test_a_subscription_of_something_else_is_refused(api: Api, receiver: Receiver) -> None:
    wrong = _wanted(receiver, "created", {}) | {"consumerId": "slack"}
    assert error_of(await api.call("POST", "/_apis/hooks/subscriptions", json=wrong))[0] == 400
    numbers = _wanted(receiver, "created", {"projectId": 1})  # type: ignore[dict-item]
    assert error_of(await api.call("POST", "/_apis/hooks/subscriptions", json=numbers))[0] == 400
