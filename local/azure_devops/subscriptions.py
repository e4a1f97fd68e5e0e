"""Routes of service hook subscriptions (section 10)."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import Route

from local.azure_devops.calls import ORGANIZATION, READ, Call, listed, routes_of
from local.azure_devops.metadata.failures import Failure
from local.azure_devops.subscription import BY_USER, ENABLED, Subscription
from local.azure_devops.values import instant
from local.azure_devops.world import World

MASK = "********"
NAMES = ("publisherId", "eventType", "consumerId", "consumerActionId")
EVENTS = ("created", "updated", "deleted", "restored", "commented")
DETAILS = {"", "all", "minimal", "none"}


def _bad(message: str) -> Failure:
    return Failure(400, "SubscriptionInputException", message)


def found(call: Call, key: str) -> Subscription:
    """The subscription; 404 where there is none."""
    subscription = call.world.deliveries.subscriptions.get(key.lower())
    if subscription is None:
        raise Failure(404, "SubscriptionNotFoundException", f"VS400304: No subscription {key} was found.")
    return subscription


def named(call: Call) -> Subscription:
    return found(call, str(call.request.path_params["subscription"]))


def shown(call: Call, one: Subscription) -> dict[str, Any]:
    """As read back: confidential inputs are masked, the server's own inputs are added."""
    secret = {"basicAuthPassword": MASK} if one.password else {}
    own = {"hostId": call.world.organization.id, "tfsSubscriptionId": one.id}
    owner = call.shape.value(one.owner)
    probation = {"lastProbationRetryDate": instant(one.last_probation_retry)} if one.last_probation_retry else {}
    return {
        "id": one.id,
        "url": f"{call.base}/_apis/hooks/subscriptions/{one.id}",
        "status": one.status,
        **{name: one.body[name] for name in NAMES},
        "resourceVersion": one.body["resourceVersion"],
        "eventDescription": "Any work item",
        "actionDescription": f"To host {urlsplit(one.consumer('url')).hostname}",
        "probationRetries": one.probation_retries,
        **probation,
        "createdBy": owner,
        "createdDate": instant(one.created),
        "modifiedBy": owner,
        "modifiedDate": instant(one.modified),
        "publisherInputs": one.body["publisherInputs"] | own,
        "consumerInputs": one.body["consumerInputs"] | secret,
    }


def _checked(call: Call) -> dict[str, Any]:
    """All inputs are strings; only web hooks on work item events are served."""
    body = call.members
    event = str(body.get("eventType", "")).removeprefix("workitem.")
    if body.get("publisherId") != "tfs" or event not in EVENTS:
        raise _bad(f"The event type {body.get('eventType')!r} is not supported by publisher tfs.")
    if (body.get("consumerId"), body.get("consumerActionId")) != ("webHooks", "httpRequest"):
        raise _bad("The consumer action is not supported.")
    publisher, consumer = dict(body.get("publisherInputs") or {}), dict(body.get("consumerInputs") or {})
    wrong = next((name for name, one in (publisher | consumer).items() if not isinstance(one, str)), None)
    if wrong:
        raise _bad(f"The input {wrong} is not a string.")
    _check_inputs(call, publisher, consumer)
    kept = {"publisherInputs": publisher, "consumerInputs": consumer}
    return {name: body[name] for name in NAMES} | kept | {"resourceVersion": str(body.get("resourceVersion") or "1.0")}


def _check_inputs(call: Call, publisher: dict[str, str], consumer: dict[str, str]) -> None:
    """Loopback targets are refused by the service and needed here, so they pass (section 10)."""
    url = urlsplit(consumer.get("url", ""))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise _bad("The input url is not valid.")
    if consumer.get("resourceDetailsToSend", "") not in DETAILS:
        raise _bad("The input resourceDetailsToSend is not valid.")
    for name in ("basicAuthUsername", "basicAuthPassword"):
        if len(consumer.get(name, "")) > 256 or " " in consumer.get(name, ""):
            raise _bad(f"The input {name} has 1 to 256 characters and no blanks.")
    project = publisher.get("projectId", "")
    if project and call.world.organization.project(project) is None:
        raise _bad(f"The project {project} does not exist.")


def _stored(call: Call, before: Subscription | None = None) -> Subscription:
    """A new subscription, or the whole replacement of one: a masked password is not taken for one."""
    body, now = _checked(call), call.world.clock()
    password = body["consumerInputs"].pop("basicAuthPassword", "")
    if password == MASK:
        raise _bad("basicAuthPassword must be sent again.")
    disabled = call.members.get("status") == BY_USER
    key, created = (before.id, before.created) if before else (str(uuid.uuid4()), now)
    made = Subscription(key, body, password, call.by, created, now, BY_USER if disabled else ENABLED)
    if before:
        made.sent, made.notifications = before.sent, before.notifications
    call.world.deliveries.subscriptions[key] = made
    return made


def create(call: Call) -> Any:
    return shown(call, _stored(call))


def replace(call: Call) -> Any:
    """PUT: the whole is replaced; `status` enables or disables, and a disabled one is enabled by it again."""
    return shown(call, _stored(call, named(call)))


def read(call: Call) -> Any:
    return shown(call, named(call))


def delete(call: Call) -> Any:
    """204 without a body; what is on probation is not tried again."""
    one = named(call)
    one.status = BY_USER
    del call.world.deliveries.subscriptions[one.id]
    return Response(status_code=204)


def list_all(call: Call) -> Any:
    """Filtered by publisherId, eventType, consumerId and consumerActionId."""
    wanted = {name: call.query(name) for name in NAMES if call.query(name)}
    return listed([shown(call, one) for one in _matching(call, wanted)])


def _matching(call: Call, wanted: dict[str, Any]) -> list[Subscription]:
    rows = call.world.deliveries.subscriptions.values()
    return [one for one in rows if all(one.body[name] == value for name, value in wanted.items())]


def query(call: Call) -> Any:
    """POST subscriptionsquery: filters by inputs besides; a filter holds where all its conditions do."""
    body = call.members
    kept = _matching(call, {name: body[name] for name in NAMES if body.get(name)})
    for side in ("publisherInput", "consumerInput"):
        filters = body.get(f"{side}Filters") or []
        kept = [one for one in kept if not filters or any(_holds(one, f"{side}s", each) for each in filters)]
    return {**body, "results": [shown(call, one) for one in kept]}


def _holds(one: Subscription, side: str, each: dict[str, Any]) -> bool:
    return all(_condition(one.body[side], condition) for condition in each.get("conditions") or [])


def _condition(inputs: dict[str, str], condition: dict[str, Any]) -> bool:
    held, wanted = inputs.get(str(condition.get("inputId"))), condition.get("inputValue")
    if not condition.get("caseSensitive"):
        held, wanted = str(held or "").casefold(), str(wanted or "").casefold()
    return (held == wanted) is (str(condition.get("operator", "equals")).casefold() != "notequals")


def routes(world: World) -> list[Route]:
    """At the organization only. Hooks have no scope of their own: rights on ServiceHooks decide (section 2)."""
    rows = (
        ("GET", "subscriptions", list_all),
        ("POST", "subscriptions", create),
        ("POST", "subscriptionsquery", query),
        ("GET", "subscriptions/{subscription}", read),
        ("PUT", "subscriptions/{subscription}", replace),
        ("DELETE", "subscriptions/{subscription}", delete),
    )
    return routes_of(
        world, [(method, f"hooks/{path}", READ, handler, (ORGANIZATION,)) for method, path, handler in rows]
    )
