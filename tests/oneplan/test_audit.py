"""The audit: who wrote what, through which key (section 8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oneplan.conftest import OnePlan


def day(offset: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=offset)).date().isoformat()


async def test_a_row_names_the_key_or_the_person_and_the_values(oneplan: OnePlan) -> None:
    plan = await oneplan.plan("Shop")
    await oneplan.act("edit-plan", plan="Shop", by="norman@contoso.com", fields={"Priority": 2})
    norman = (await oneplan.get("resources", email="norman@contoso.com")).json()[0]["id"]
    by_key, by_hand = (await oneplan.post("audit/plan", {"PlanId": plan["id"].upper()})).json()
    assert (by_key["Action"], by_key["AuthKey"], by_key["UpdatedFieldValues"]["Name"]) == ("Add", "demo", "Shop")
    assert (by_hand["Action"], by_hand["AuthKey"], by_hand["UserId"]) == ("Update", "", norman)
    assert by_hand["UpdatedFieldValues"] == {"Priority": 2}


@pytest.mark.parametrize("position", ["name", "id"])
async def test_a_key_is_named_by_its_name_or_by_an_id(oneplan: OnePlan, position: str) -> None:
    oneplan.switch("audit_auth_key", position)
    plan = await oneplan.plan()
    [row] = (await oneplan.post("audit/plan", {"PlanId": plan["id"]})).json()
    assert (row["AuthKey"] == "demo") == (position == "name")
    assert row["AuthKey"]


async def test_rows_are_asked_for_by_days(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()

    async def count(**body: Any) -> int:
        return len((await oneplan.post("audit/plan", {"PlanId": plan["id"], **body})).json())

    assert await count(DateBetweenStart=day(), DateBetweenEnd=day()) == 1
    assert await count(DateBetweenStart=day(1)) == 0
    assert await count(DateBetweenEnd=day(-1)) == 0
    assert await count(DateBetweenStart=day(1), HourOffset=-24) == 1


async def test_rows_are_asked_for_by_task_user_action_and_field(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    task = await oneplan.task(plan, Fields={"Effort": 1})
    await oneplan.task(plan, "Other")
    await oneplan.delete(f"workplan/{plan['id']}/tasks/{task['id']}")

    async def actions(**body: Any) -> list[str]:
        return [one["Action"] for one in (await oneplan.post("audit/tasks", {"PlanId": plan["id"], **body})).json()]

    assert await actions() == ["Add", "Add", "Delete"]
    assert await actions(TaskId=task["id"]) == ["Add", "Delete"]
    assert await actions(Action="delete") == ["Delete"]
    assert await actions(Fields="Effort, Priority") == ["Add"]
    assert await actions(UserId=plan["id"]) == []


async def test_deleted_plans_have_a_feed_of_their_own(oneplan: OnePlan) -> None:
    plan, archived = await oneplan.plan("Gone"), await oneplan.plan("Archived")
    await oneplan.delete(f"workplan/{plan['id']}")
    await oneplan.delete(f"workplan/{archived['id']}", Archive="true")
    rows = (await oneplan.post("audit/plans/deleted", {})).json()
    assert [(one["PlanId"], one["PlanName"]) for one in rows] == [(plan["id"], "Gone")]


@pytest.mark.parametrize(("answer", "status"), [("500", 500), ("empty", 200)])
async def test_auditing_may_be_off(oneplan: OnePlan, answer: str, status: int) -> None:
    oneplan.world.faults.apply({"switches": {"auditing": False, "auditing_off_answer": answer}})
    await oneplan.plan()
    found = await oneplan.post("audit/plan", {})
    assert found.status_code == status
    if status == 200:
        assert found.json() == []
    oneplan.switch("auditing", True)
    assert (await oneplan.post("audit/plan", {})).json() == []


@pytest.mark.parametrize(("limit", "rows"), [(0, 101), (100, 100)])
async def test_rows_may_be_limited(oneplan: OnePlan, limit: int, rows: int) -> None:
    oneplan.switch("audit_row_limit", limit)
    plan = await oneplan.plan()
    for _ in range(100):
        await oneplan.act("edit-plan", plan=plan["id"], fields={"Priority": 1})
    assert len((await oneplan.post("audit/plan", {})).json()) == rows


@pytest.mark.parametrize("owner", ["owner", "zero"])
async def test_a_key_writes_under_its_owners_name_or_nobodys(oneplan: OnePlan, owner: str) -> None:
    oneplan.switch("editor_of_key", owner)
    pmo = (await oneplan.get("resources", email="pmo@contoso.com")).json()[0]["id"]
    made = await oneplan.plan()
    assert ((made["Editor"] == pmo), (await oneplan.get("resources/me")).json() is not None) == (owner == "owner",) * 2


async def test_people_are_audited(oneplan: OnePlan) -> None:
    made = (await oneplan.post("resources", {"Resource": {"Name": "Nina", "Mail": "nina@contoso.com"}})).json()
    await oneplan.delete(f"resources/{made['id']}")
    rows = (await oneplan.post("audit/resource", {"ResourceId": made["id"]})).json()
    assert [one["Action"] for one in rows] == ["Add", "Delete"]
    assert (await oneplan.post("audit/resources/deleted", {})).json() == rows[1:]
