"""The control routes, edits as people make them, and the server as a process (contracts.md, Stand-ins)."""

import asyncio
import os
import sys
from typing import Any

import httpx
import pytest

from local.oneplan.model import ZERO
from local.oneplan.switches import SWITCHES
from tests.oneplan.conftest import STORY, OnePlan


async def test_the_state_is_the_whole_model_without_its_keys(oneplan: OnePlan) -> None:
    plan = await oneplan.plan("Shop")
    answer = await oneplan.client.get("/__control/state", auth=httpx.Auth())
    group = answer.json()["groups"][0]
    assert group["plans"][plan["id"]]["Name"] == "Shop"
    assert group["requestsLastMinute"] == 1
    assert "demo-key" not in answer.text


async def test_a_reset_brings_back_the_start(oneplan: OnePlan) -> None:
    before = await names(oneplan)
    await oneplan.plan("New")
    oneplan.switch("auditing", False)
    await oneplan.client.post("/__control/reset", json={"calls": True})
    assert [*before, "New"] == await names(oneplan)
    await oneplan.client.post("/__control/reset")
    assert await names(oneplan) == before
    assert oneplan.world.on("auditing")


async def names(oneplan: OnePlan) -> list[str]:
    return [one["Name"] for one in (await oneplan.get("workplan")).json()]


async def test_calls_are_counted_by_route(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    await oneplan.get(f"workplan/{plan['id']}")
    counts = (await oneplan.client.get("/__control/calls")).json()
    assert counts["byRoute"] == {"POST /api/workplan": 1, "GET /api/workplan/{plan}": 1}


async def test_a_fault_strikes_with_an_error_of_the_right_shape(oneplan: OnePlan) -> None:
    rule = {"kind": "answer-replaced", "method": "POST", "path": "/workplan$", "status": 500, "times": 1}
    await oneplan.client.post("/__control/faults", json={"rules": [rule]})
    body = {"WorkPlan": {"Name": "Half", "PlanType": oneplan.group.plan_types[0]["id"]}}
    answer = await oneplan.post("workplan", body)
    assert (answer.status_code, "ExceptionMessage" in answer.json()) == (500, True)
    assert "Half" in await names(oneplan)


async def test_every_switch_is_described_with_its_source_and_has_two_positions(oneplan: OnePlan) -> None:
    told = (await oneplan.client.get("/__control/faults")).json()["switches"]
    assert set(told) == {one.name for one in SWITCHES}
    assert all(len(one["positions"]) >= 2 and one["source"] for one in told.values())
    wrong = await oneplan.client.post("/__control/faults", json={"switches": {"auditing": "perhaps"}})
    assert wrong.status_code == 400


async def test_a_person_edits_plans(oneplan: OnePlan) -> None:
    plan = await oneplan.act(
        "create-plan", name="By hand", type="Epic", parent="Contoso portfolio", by="Jamal Hartnett"
    )
    path = f"workplan/{plan['id']}"
    await oneplan.act("edit-plan", plan="By hand", name="Renamed", fields={"State": "Done"}, owner="norman@contoso.com")
    await oneplan.act("change-plan-type", plan="Renamed", type="Feature")
    await oneplan.act("move-plan", plan="Renamed", parent="Website")
    await oneplan.act("comment", plan="Renamed", text="Well done")
    read = (await oneplan.get(path)).json()
    labels = next(one for one in oneplan.group.plan_fields if one["InternalName"] == "State")["Choices"]
    people = {one["id"]: one["name"] for one in (await oneplan.get("resources")).json()}
    assert (read["Name"], labels[read["Fields"]["State"]]) == ("Renamed", "Done")
    assert (people[read["Fields"]["Owner"]], people[read["Editor"]]) == ("Norman Paulk", "Jamal Hartnett")
    assert read["PlannerTypeId"] == oneplan.group.plan_type("Feature")["id"]
    assert (await oneplan.get(f"{path}/siblings")).json() == []
    assert (await oneplan.get(f"{path}/comments")).json()["Comments"][0]["Comment"] == "Well done"
    await oneplan.act("archive-plan", plan="Renamed")
    assert (await oneplan.get(path)).json()["Archived"] is True
    await oneplan.act("remove-plan", plan="Renamed")
    assert (await oneplan.get(path)).status_code == 404


async def test_a_person_edits_tasks(oneplan: OnePlan) -> None:
    task = await oneplan.act("create-task", plan="Website", name="By hand", type="Task", parent="Website step 1")
    members: dict[str, Any] = {"name": "Renamed", "fields": {"DueDate": "2026-02-01", "State": "Done"}}
    await oneplan.act("edit-task", task="By hand", assigned=["jamal@contoso.com"], **members)
    await oneplan.act("change-task-type", task="Renamed", type=STORY)
    await oneplan.act("move-task", task="Renamed", parent=None, index=0)
    await oneplan.act("comment", task="Renamed", text="Hello")
    path = f"workplan/{task['WorkPlanId']}/tasks"
    read = (await oneplan.get(path)).json()[0]
    assert (read["Name"], read["DueDate"][:10], read["ParentId"]) == ("Renamed", "2026-02-01", ZERO)
    assert read["WorkTypeId"] == oneplan.group.work_type(STORY)["Id"]
    assert (len(read["AssignedTo"]), read["Comments"][0]["Comment"]) == (1, "Hello")
    moved = await oneplan.act("move-task", task="Renamed", plan="Payments")
    assert task["id"] not in [one["id"] for one in (await oneplan.get(path)).json()]
    await oneplan.act("remove-task", task="Renamed")
    rows = (await oneplan.get(f"workplan/{moved['WorkPlanId']}/tasks")).json()
    assert task["id"] not in [one["id"] for one in rows]


@pytest.mark.parametrize(
    "body",
    [
        {"act": "dance"},
        {"act": "edit-plan", "plan": "Nowhere"},
        {"act": "edit-plan", "plan": "Website", "fields": {"Nonsense": 1}},
        {"act": "edit-plan", "plan": "Website", "fields": {"Priority": "high"}},
        {"act": "edit-plan", "plan": "Website", "by": "nobody@contoso.com"},
        {"act": "move-plan", "plan": "Contoso portfolio", "parent": "Website"},
        {"act": "create-task", "plan": "Website", "type": "Task"},
        {"act": "edit-plan", "plan": "Website", "group": "Nobody's"},
    ],
)
async def test_an_act_that_cannot_be_is_400_and_says_why(oneplan: OnePlan, body: dict[str, Any]) -> None:
    before = (await oneplan.get("workplan")).json()
    answer = await oneplan.client.post("/__control/act", json=body)
    assert (answer.status_code, bool(answer.json()["message"])) == (400, True)
    assert (await oneplan.get("workplan")).json() == before


async def test_the_server_prints_its_address_and_takes_the_rate_scale() -> None:
    words = [sys.executable, "-m", "local.oneplan", "--port", "0"]
    environment = {**os.environ, "RATE_SCALE": "0.002"}
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, env=environment)
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        name, _, url = line.partition(": ")
        async with httpx.AsyncClient(auth=("demo", "demo-key"), trust_env=False) as client:
            statuses = [(await client.get(f"{url}/config")).status_code for _ in range(2)]
    finally:
        process.terminate()
        await process.wait()
    assert (name, url.endswith("/api"), statuses) == ("oneplan", True, [200, 429])
