"""Authentication, groups, limits and errors (oneplan-api.md sections 1 to 3)."""

import json
from typing import Any

import httpx
import pytest

from local.oneplan.app import create_app
from local.oneplan.world import World
from tests.oneplan.conftest import OnePlan

UNKNOWN = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize("auth", [None, ("demo", "wrong"), ("wrong", "demo-key"), ("demo", ""), ("", "")])
async def test_wrong_credentials_are_401(oneplan: OnePlan, auth: Any) -> None:
    answer = await oneplan.client.get("/api/workplan", auth=auth or httpx.Auth())
    assert (answer.status_code, list(answer.json())) == (401, ["Message"])


@pytest.mark.parametrize("header", ["Bearer x", "Basic %%%", "Basic", "Basic /w=="])
async def test_a_header_that_is_no_key_is_401(oneplan: OnePlan, header: str) -> None:
    headers = {"Authorization": header}
    assert (await oneplan.client.get("/api/workplan", auth=httpx.Auth(), headers=headers)).status_code == 401


async def test_a_key_sees_nothing_of_another_group(oneplan: OnePlan) -> None:
    plan = await oneplan.plan("Secret")
    task = await oneplan.task(plan)
    fabrikam = ("fabrikam", "fabrikam-key")
    theirs = (await oneplan.client.get("/api/workplan", auth=fabrikam)).json()
    assert plan["ConfigId"] not in {one["ConfigId"] for one in theirs}
    for path in (f"workplan/{plan['id']}", f"workplan/{plan['id']}/tasks/{task['id']}", f"tasks/{task['id']}/comments"):
        assert (await oneplan.client.get(f"/api/{path}", auth=fabrikam)).status_code == 404
    their_type = oneplan.world.groups[1].plan_types[0]["id"]
    assert (await oneplan.post("workplan", {"WorkPlan": {"Name": "x", "PlanType": their_type}})).status_code == 500


async def test_the_groups_share_no_id_at_all(oneplan: OnePlan) -> None:
    first, second = (await oneplan.client.get("/__control/state")).json()["groups"]
    words = [{word for word in json.dumps(one).split('"') if word.count("-") == 4} for one in (first, second)]
    assert words[0] & words[1] == {"00000000-0000-0000-0000-000000000000"}


def client_of(world: World) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(world))
    return httpx.AsyncClient(transport=transport, base_url="http://oneplan/api", auth=("demo", "demo-key"))


async def test_each_group_has_a_limit_of_its_own_for_all_its_keys() -> None:
    async with client_of(World(rate_scale=0.01)) as client:
        statuses = [(await client.get("config")).status_code for _ in range(6)]
        second = await client.get("config", auth=("second", "second-key"))
        other_group = await client.get("config", auth=("fabrikam", "fabrikam-key"))
    assert statuses == [200] * 5 + [429]
    assert (second.status_code, other_group.status_code) == (429, 200)


def test_the_limits_are_those_of_the_record() -> None:
    world = World()
    limit = world.limits[world.groups[0].id]
    assert [limit.take() for _ in range(501)] == [True] * 500 + [False]


@pytest.mark.parametrize("asks", [False, True])
async def test_a_429_may_say_how_long_to_wait(asks: bool) -> None:
    async with client_of(World(rate_scale=0.002, switches={"retry_after": asks})) as client:
        await client.get("config")
        answer = await client.get("config")
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, asks)


@pytest.mark.parametrize("path", ["backlog/fields", "nothing", f"workplan/{UNKNOWN}/nothing", "workplan/fields/a/b"])
async def test_an_unknown_route_is_404(oneplan: OnePlan, path: str) -> None:
    assert (await oneplan.get(path)).status_code == 404


@pytest.mark.parametrize("position", ["404", "200-nothing"])
async def test_a_wrong_path_may_answer_200_and_do_nothing(oneplan: OnePlan, position: str) -> None:
    oneplan.switch("wrong_path", position)
    before = (await oneplan.client.get("/__control/state")).json()["groups"][0]["plans"]
    for path in ("nothing/at/all", f"workplan/{UNKNOWN}/tasks/{UNKNOWN}/nothing"):
        answer = await oneplan.post(path, {"Name": "x"})
        assert answer.status_code == (404 if position == "404" else 200)
    assert (await oneplan.client.get("/__control/state")).json()["groups"][0]["plans"] == before


@pytest.mark.undocumented_routes
async def test_a_switched_off_route_follows_the_wrong_path_switch(oneplan: OnePlan) -> None:
    oneplan.switch("wrong_path", "200-nothing")
    plan = await oneplan.plan()
    answer = await oneplan.get(f"basegrid/{plan['id']}/gantt", WorkTypeId=UNKNOWN)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
async def test_a_verb_that_a_route_lacks_is_405(oneplan: OnePlan, verb: str) -> None:
    plan = await oneplan.plan()
    assert (await oneplan.client.request(verb, f"/api/workplan/{plan['id']}")).status_code == 405
    assert (await oneplan.delete(f"workplan/fields/{UNKNOWN}")).status_code == 405


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "config/GetPlanTypeGuidByName"),
        ("GET", "agile/iterations"),
        ("GET", "tasks/localfields"),
        ("GET", "integration/getintegratedplanId?IntegrationId=x"),
        ("POST", "integration/updateplanintegration"),
        ("POST", "integration/connecttoplan?PlanId=x"),
    ],
)
async def test_a_missing_query_parameter_is_400(oneplan: OnePlan, method: str, path: str) -> None:
    answer = await oneplan.client.request(method, f"/api/{path}", json={} if method == "POST" else None)
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["workplan/7", f"workplan/{UNKNOWN}/tasks/seven", "resources/x"])
async def test_an_id_in_a_path_that_is_no_guid_is_400(oneplan: OnePlan, path: str) -> None:
    await oneplan.plan()
    status = (await oneplan.get(path)).status_code
    assert status == (404 if "seven" in path else 400)


@pytest.mark.parametrize("path", [f"workplan/{UNKNOWN}", f"resources/{UNKNOWN}", f"enterpriseteams/{UNKNOWN}"])
async def test_an_unknown_id_is_404(oneplan: OnePlan, path: str) -> None:
    assert (await oneplan.get(path)).status_code == 404


@pytest.mark.parametrize("shape", ["webapi", "text", "empty"])
async def test_errors_have_the_shape_of_the_switch(oneplan: OnePlan, shape: str) -> None:
    oneplan.switch("error_body", shape)
    answer = await oneplan.post("workplan", {})
    assert answer.status_code == 500
    if shape == "webapi":
        assert set(answer.json()) == {"Message", "ExceptionMessage", "ExceptionType", "StackTrace"}
    else:
        assert ("Object reference" in answer.text) == (shape == "text")


async def test_a_body_that_cannot_be_read_binds_to_nothing(oneplan: OnePlan) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await oneplan.client.post("/api/workplan", content="{", headers=headers)).status_code == 500
    headers = {"Content-Type": "text/plain"}
    assert (await oneplan.client.post("/api/workplan", content="{}", headers=headers)).status_code == 415


async def test_bad_input_of_any_kind_is_a_500_that_says_what_is_wrong(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    task = await oneplan.task(plan)
    path = f"workplan/{plan['id']}/tasks/{task['id']}/updateassignments"
    answer = await oneplan.post(path, [{"Unit": 100}])
    assert (answer.status_code, "UserId" in answer.json()["ExceptionMessage"]) == (500, True)


@pytest.mark.parametrize(("accepted", "status"), [(False, 400), (True, 200)])
async def test_names_of_enumerations(oneplan: OnePlan, accepted: bool, status: int) -> None:
    oneplan.switch("enum_names_accepted", accepted)
    event = {"List": "WorkPlan", "EventUrl": "http://127.0.0.1:9/x", "Triggers": ["Update"], "Type": "asynch"}
    made = await oneplan.post("events", event)
    field = await oneplan.post("tasks/fields", {"DisplayName": "New", "InternalName": "New", "ColumnType": "Choice"})
    item = await oneplan.post("integration", {"SystemType": "AzureDevOps"})
    assert (made.status_code, field.status_code, item.status_code) == (status, status, status)
    if accepted:
        numbers = (made.json()["List"], made.json()["Triggers"], made.json()["Type"])
        assert (numbers, field.json()["ColumnType"], item.json()["SystemType"]) == ((0, [1], 1), 5, 2)


async def test_an_unknown_enumeration_name_is_500(oneplan: OnePlan) -> None:
    oneplan.switch("enum_names_accepted", True)
    body = {"List": "Nothing", "EventUrl": "http://127.0.0.1:9/x", "Triggers": [1]}
    assert (await oneplan.post("events", body)).status_code == 500


async def test_a_truth_that_is_none_is_400(oneplan: OnePlan) -> None:
    assert (await oneplan.get("workplan", ShowArchived="yes")).status_code == 400


async def test_a_path_with_a_slash_too_many_is_404(oneplan: OnePlan) -> None:
    assert (await oneplan.get("workplan/")).status_code == 404
