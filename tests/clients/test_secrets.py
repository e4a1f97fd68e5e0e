"""No secret is in an exception, a log record or a repr, whatever the remote system does with it (R43)."""

import base64
import logging
import traceback
from collections.abc import Awaitable, Callable

import httpx
import pytest

from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.azure_devops.reading import PatAuth
from shared.adapters.azure_devops.subscriptions import Wanted
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.events import EventRecord, EventWanted
from shared.adapters.oneplan.plans import PlanWrite
from shared.adapters.oneplan.reading import KeyAuth
from shared.core.errors import SyncError
from tests.clients.wire import KEY, PAT, Wire, ok, status

HOOK = "hook-p4ssw0rd-secret"
EVENT_URL = f"https://app.example/api/hooks/oneplan/contoso?key={HOOK}"
SECRETS = (
    PAT,
    KEY,
    HOOK,
    base64.b64encode(f":{PAT}".encode()).decode(),
    base64.b64encode(f"sync:{KEY}".encode()).decode(),
)


def _echo(request: httpx.Request) -> httpx.Response:
    """A remote system that quotes everything it was sent in its error, the credential also decoded."""
    credential = request.headers["Authorization"]
    decoded = base64.b64decode(credential.removeprefix("Basic ")).decode()
    said = f"{request.content.decode()} {credential} {decoded} {decoded.partition(':')[2]} {request.url}"
    return httpx.Response(400, json={"message": said, "Message": said})


def _echo_as_text(request: httpx.Request) -> httpx.Response:
    return status(500, f"{request.headers['Authorization']} {request.content.decode()}", "text/plain")


def _reflect(request: httpx.Request) -> httpx.Response:
    return status(302, "", Location=f"https://evil.example/?token={request.headers['Authorization']}")


def _broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout(f"{request.headers['Authorization']} {request.url}", request=request)


def _refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"{request.headers['Authorization']}", request=request)


BEHAVIOURS = [_echo, _echo_as_text, _reflect, _broken, _refused]

type Use = Callable[[AzureDevOps, OnePlan], Awaitable[object]]
USES: dict[str, Use] = {
    "read item": lambda azure, _: azure.work_items.read_one(7),
    "update item": lambda azure, _: azure.work_items.update(7, Patch.at(1).set("System.Title", "A")),
    "subscribe": lambda azure, _: azure.subscriptions.create(Wanted("created", "https://app.example", "u", HOOK)),
    "resubscribe": lambda azure, _: azure.subscriptions.replace("s", Wanted("created", "https://a.example", "u", HOOK)),
    "list plans": lambda _, oneplan: oneplan.plans.read_all(),
    "create plan": lambda _, oneplan: oneplan.plans.create(PlanWrite("A", "type")),
    "register event": lambda _, oneplan: oneplan.events.create(EventWanted(EVENT_URL, "line", "OnePlanPublish")),
    "change event": lambda _, oneplan: oneplan.events.replace("e", EventWanted(EVENT_URL, "line", "OnePlanPublish")),
}


@pytest.mark.parametrize("behave", BEHAVIOURS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
async def test_no_secret_is_in_an_exception_or_a_log(
    use: Use, behave: Callable[[httpx.Request], httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wire = Wire([behave])
    with pytest.raises(SyncError) as failed:
        await use(wire.azure_devops(), wire.oneplan())
    written = _everything(failed.value) + caplog.text
    assert [secret for secret in SECRETS if secret in written] == []
    assert any(secret in _sent(wire) for secret in SECRETS)


def _sent(wire: Wire) -> str:
    return "".join(f"{request.headers['Authorization']} {request.content!r}" for request in wire.requests)


def _everything(error: BaseException | None) -> str:
    """All that a log could print of an exception and of those behind it."""
    parts: list[str] = []
    while error is not None:
        parts += [str(error), repr(error), repr(error.args), repr(vars(error))]
        parts += traceback.format_exception(error)
        error = error.__cause__ or error.__context__
    return "\n".join(parts)


async def test_the_secret_of_an_event_is_in_no_record_of_it() -> None:
    wire = Wire([ok([{"id": "e1", "EventUrl": EVENT_URL, "Strategy": "s"}])])
    (event,) = await wire.oneplan().events.read_all()
    assert event.url == EVENT_URL
    assert HOOK not in repr(event)
    assert HOOK not in repr(EventRecord("1", EVENT_URL, None, "s"))
    assert HOOK not in repr(EventWanted(EVENT_URL, "line", "s"))
    assert HOOK not in repr(Wanted("created", "https://app.example", "u", HOOK))


def test_the_secret_is_in_no_repr_of_a_client_or_its_auth() -> None:
    wire = Wire([ok([])])
    azure, oneplan = wire.azure_devops(), wire.oneplan()
    written = " ".join(
        repr(one)
        for one in (PatAuth(PAT), KeyAuth("sync", KEY), azure, oneplan, azure.http, vars(oneplan.http)["_client"])
    )
    assert [secret for secret in SECRETS if secret in written] == []


async def test_a_request_is_not_logged_at_all(caplog: pytest.LogCaptureFixture) -> None:
    """httpx logs the URL of each request at INFO; queries hold what nobody should read (decision 19)."""
    logging.getLogger().setLevel(logging.DEBUG)
    await Wire([ok({"value": []})]).azure_devops().identities.search("jamal@contoso.com")
    assert "jamal" not in caplog.text
    assert logging.getLogger("httpx").level == logging.WARNING
    assert logging.getLogger("httpcore").level == logging.WARNING
