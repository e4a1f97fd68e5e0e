"""Fields and choices at every level, and the group's settings (section 6)."""

from typing import Any

import pytest

from tests.oneplan.conftest import OnePlan

UNKNOWN = "11111111-2222-4333-8444-555555555555"
LEVELS = ("workplan", "tasks", "resources")


@pytest.mark.parametrize("level", LEVELS)
async def test_a_display_name_is_unique_within_its_level(oneplan: OnePlan, level: str) -> None:
    body = {"DisplayName": "Brand new", "InternalName": "x", "ColumnType": 1}
    assert (await oneplan.post(f"{level}/fields", body)).status_code == 200
    again = await oneplan.post(f"{level}/fields", {**body, "DisplayName": "BRAND NEW"})
    assert (again.status_code, again.json()["ExceptionMessage"]) == (500, "Column with same name already exists")
    other = LEVELS[(LEVELS.index(level) + 1) % 3]
    assert (await oneplan.post(f"{other}/fields", body)).status_code == 200


@pytest.mark.parametrize("level", LEVELS)
async def test_an_unknown_field_is_200_null_and_nothing_is_stored(oneplan: OnePlan, level: str) -> None:
    before = (await oneplan.get(f"{level}/fields")).json()
    answer = await oneplan.post(f"{level}/fields/{UNKNOWN}", {"DisplayName": "Lost"})
    assert (answer.status_code, answer.text) == (200, "null")
    assert (await oneplan.get(f"{level}/fields")).json() == before


async def test_internal_names_are_derived_for_plans_and_taken_for_tasks(oneplan: OnePlan) -> None:
    body = {"DisplayName": "Business value", "InternalName": "mine"}
    assert (await oneplan.post("workplan/fields", body)).json()["InternalName"] == "BusinessValue"
    assert (await oneplan.post("tasks/fields", body)).json()["InternalName"] == "mine"
    empty = await oneplan.post("tasks/fields", {"DisplayName": "Broken", "InternalName": ""})
    assert (empty.status_code, empty.json()["InternalName"]) == (200, "")


async def test_a_choice_is_added_by_posting_the_whole_definition(oneplan: OnePlan) -> None:
    field = next(one for one in (await oneplan.get("workplan/fields")).json() if one["InternalName"] == "State")
    field["Choices"][UNKNOWN] = "Blocked"
    answer = await oneplan.post(f"workplan/fields/{field['Id'].upper()}", {**field, "InternalName": "Other"})
    assert answer.json()["Choices"][UNKNOWN] == "Blocked"
    assert answer.json()["InternalName"] == "State"
    oneplan.switch("dangling_choice", "ignored")
    assert (await oneplan.plan(Fields={"State": UNKNOWN}))["Fields"]["State"] == UNKNOWN


async def test_a_field_may_not_take_the_name_of_another(oneplan: OnePlan) -> None:
    rows = (await oneplan.get("tasks/fields")).json()
    body = {**rows[-1], "DisplayName": rows[0]["DisplayName"]}
    assert (await oneplan.post(f"tasks/fields/{rows[-1]['Id']}", body)).status_code == 500


async def test_deleting_a_task_field_answers_the_rest(oneplan: OnePlan) -> None:
    rows = (await oneplan.get("tasks/fields")).json()
    left = (await oneplan.delete(f"tasks/fields/{rows[-1]['Id']}")).json()
    assert left == rows[:-1] == (await oneplan.get("tasks/fields")).json()


async def test_system_fields_can_be_hidden(oneplan: OnePlan) -> None:
    rows = (await oneplan.get("tasks/fields", HideSystem="true")).json()
    assert rows
    assert not any(one["System"] for one in rows)


async def test_a_local_field_is_of_one_plan_only(oneplan: OnePlan) -> None:
    plan, other = await oneplan.plan(), await oneplan.plan("Other")
    body = {"DisplayName": "Local", "InternalName": "Local", "ColumnType": 1}
    field = (await oneplan.post("tasks/fields", body, WorkPlanId=plan["id"])).json()
    assert (await oneplan.get("tasks/localfields", WorkPlanId=plan["id"])).json() == [field]
    assert (await oneplan.get(f"workplan/{plan['id']}/config")).json()["LocalFields"] == [field]
    assert (await oneplan.get("tasks/localfields", WorkPlanId=other["id"])).json() == []
    assert (await oneplan.task(plan, Fields={"Local": "a"}))["Fields"] == {"Local": "a"}
    assert (await oneplan.task(other, Fields={"Local": "a"}))["Fields"] == {}


async def test_the_settings_name_types_and_fields(oneplan: OnePlan) -> None:
    config = (await oneplan.get("config")).json()
    assert config["PlanFields"] == (await oneplan.get("workplan/fields")).json()
    assert config["CustomColumns"] == (await oneplan.get("tasks/fields")).json()
    epic = (await oneplan.get("config/GetPlanTypeGuidByName", Name="Epic")).json()
    names = {one["id"]: one["Name"] for one in (await oneplan.get("portfolio/plantypes")).json()}
    assert names[epic] == "Epic"
    assert (await oneplan.get("config/GetPlanTypeGuidByName", Name="Nothing")).json() is None
    plan = await oneplan.plan()
    assert (await oneplan.get(f"workplan/{plan['id']}/worktypes")).json() == config["WorkTypes"]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"Priority": "2"}, {"Priority": 2}),
        ({"Effort": 1.239}, {"Effort": 1.24}),
        ({"Tags": None}, {}),
        ({"TargetDate": "2026-03-01"}, {"TargetDate": "2026-03-01T00:00:00.0000000+00:00"}),
    ],
)
async def test_values_are_stored_by_the_type_of_their_field(oneplan: OnePlan, fields: Any, kept: Any) -> None:
    made = await oneplan.plan(Fields=fields)
    made["Fields"].pop("Owner")
    assert made["Fields"] == kept


@pytest.mark.parametrize("fields", [{"Priority": "high"}, {"TargetDate": "soon"}])
async def test_a_value_of_the_wrong_type_is_500_and_nothing_is_made(oneplan: OnePlan, fields: Any) -> None:
    before = (await oneplan.get("workplan")).json()
    kind = oneplan.group.plan_types[0]["id"]
    answer = await oneplan.post("workplan", {"WorkPlan": {"Name": "x", "PlanType": kind, "Fields": fields}})
    assert answer.status_code == 500
    assert (await oneplan.get("workplan")).json() == before


async def test_iterations_keep_their_external_id(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    body = {"PlanId": plan["id"], "Name": "S1", "Start": "2026-01-01", "End": "2026-01-14", "ExternalId": "42"}
    made = (await oneplan.post("agile/iterations", body)).json()
    changed = (await oneplan.post(f"agile/iterations/{made['id']}", {"Name": "Sprint 1"})).json()
    assert changed == {**made, "Name": "Sprint 1"}
    assert (await oneplan.get("agile/iterations", PlannerId=plan["id"])).json() == [changed]
    assert (await oneplan.post(f"agile/iterations/{UNKNOWN}", body)).status_code == 404
    assert (await oneplan.delete(f"agile/iterations/{made['id']}")).status_code == 200
    assert (await oneplan.get("agile/iterations", PlannerId=plan["id"])).json() == []
