"""Tokens, versions, scopes, unknown routes and rate limits (sections 1, 2, 4)."""

import base64

import httpx
import pytest

from local.azure_devops.app import create_app
from local.azure_devops.world import World
from tests.azure_devops.api import PATCH, Api, error_of

ITEMS = "/_apis/wit/recyclebin"


async def test_a_token_as_the_password_of_basic_is_let_in_and_the_version_is_repeated(api: Api) -> None:
    answer = await api.call("GET", ITEMS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8; api-version=7.1"


@pytest.mark.parametrize("pat", ["old-pat", "wrong"])
async def test_a_bad_token_is_401_without_a_body_when_redirects_are_suppressed(api: Api, pat: str) -> None:
    answer = await api.call("GET", ITEMS, pat=pat)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize(("look", "status"), [("401", 401), ("203", 203), ("302", 302)])
async def test_a_bad_token_has_three_looks(api: Api, look: str, status: int) -> None:
    await api.switch(bad_pat_look=look)
    answer = await api.call("GET", ITEMS, pat="wrong", headers={"X-TFS-FedAuthRedirect": ""})
    assert answer.status_code == status
    assert ("_signin" in answer.headers.get("location", "")) is (status == 302)
    assert ("html" in answer.headers.get("content-type", "")) is (status != 401)


@pytest.mark.parametrize(("look", "content"), [("empty", b""), ("list", b'{"count":0,"value":[]}')])
async def test_a_401_has_no_body_or_an_empty_list(api: Api, look: str, content: bytes) -> None:
    await api.switch(bad_pat_body=look)
    assert (await api.call("GET", ITEMS, pat="wrong")).content == content


async def test_a_401_in_json_names_the_exception(api: Api) -> None:
    await api.switch(bad_pat_body="json")
    answer = await api.call("GET", ITEMS, pat="wrong")
    assert error_of(answer) == (401, "UnauthorizedRequestException", "TF400813")


async def test_a_token_without_its_colon_gets_the_sign_in_page(api: Api) -> None:
    bare = base64.b64encode(b"pat").decode()
    answer = await api.http.get(f"/tiny{ITEMS}?api-version=7.1", headers={"Authorization": f"Basic {bare}"})
    assert answer.status_code == 203


@pytest.mark.parametrize(("position", "status"), [("403", 403), ("404", 404)])
async def test_a_read_only_token_may_not_write(api: Api, position: str, status: int) -> None:
    await api.switch(missing_scope=position)
    path = "/Alpha/_apis/wit/workitems/$Task"
    answer = await api.call("POST", path, pat="read-pat", json=[], headers=PATCH)
    assert answer.status_code == status


async def test_a_call_without_a_version_is_refused(api: Api) -> None:
    answer = await api.http.get(f"/tiny{ITEMS}", auth=("", "pat"))
    assert error_of(answer)[:2] == (400, "VssVersionNotSpecifiedException")


async def test_the_version_may_stand_in_accept(api: Api) -> None:
    accept = {"Accept": "application/json;api-version=7.1"}
    assert (await api.http.get(f"/tiny{ITEMS}", auth=("", "pat"), headers=accept)).status_code == 200


async def test_a_version_that_is_not_served_is_refused(api: Api) -> None:
    answer = await api.call("GET", ITEMS, params={"api-version": "9.9"})
    assert error_of(answer)[:2] == (400, "VssVersionOutOfRangeException")


async def test_a_preview_resource_wants_a_preview_version_unless_switched(api: Api) -> None:
    made = await api.create()
    path = f"/Alpha/_apis/wit/workItems/{made['id']}/comments"
    assert error_of(await api.call("GET", path))[1] == "VssInvalidPreviewVersionException"
    await api.switch(preview_refused=False)
    assert (await api.call("GET", path)).status_code == 200


async def test_an_unknown_route_is_404_in_plain_text(api: Api) -> None:
    answer = await api.call("GET", "/_apis/wit/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


async def test_slow_answers_carry_retry_after_with_200(api: Api) -> None:
    await api.switch(slowed=True)
    answer = await api.call("GET", ITEMS)
    assert (answer.status_code, answer.headers["retry-after"]) == (200, "1")
    assert answer.headers["x-ratelimit-limit"] == "200"


async def test_far_above_the_limit_is_429(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_SCALE", "0.0002")
    transport = httpx.ASGITransport(create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://stand-in") as http:
        answers = [await Api(http).call("GET", ITEMS) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 429, 429]
    assert ["retry-after" in one.headers for one in answers] == [False, True, True, True]
    assert error_of(answers[3])[2] == "TF400733"


async def test_an_injected_503_is_json_with_a_byte_order_mark(api: Api) -> None:
    await api.http.post("/__control/faults", json={"rules": [{"kind": "status", "status": 503, "times": 1}]})
    answer = await api.call("GET", ITEMS)
    assert answer.status_code == 503
    assert answer.content.startswith(b"\xef\xbb\xbf{")
