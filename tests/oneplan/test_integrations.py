"""Line items, markers on plans and tasks, the work log, and the undocumented routes (section 7)."""

import uuid
from typing import Any

import pytest

from local.oneplan.model import ZERO, Record
from tests.oneplan.conftest import OnePlan

INTEGRATION = "0a0b0c0d-1111-4222-8333-444444444444"


async def mark(oneplan: OnePlan, plan: Record, item: str = "7", *, importing: str = "true") -> Any:
    body = {"PlanId": plan["id"], "IntegrationId": INTEGRATION, "ItemId": item, "ItemUrl": f"u/{item}"}
    return await oneplan.post("integration/updateplanintegration", body, IsImport=importing)


async def marks(oneplan: OnePlan, plan: Record) -> list[Record]:
    found: list[Record] = (await oneplan.get(f"workplan/{plan['id']}")).json()["Integrations"]
    return found


@pytest.mark.parametrize("kept", [True, False])
async def test_a_line_item_may_keep_the_id_that_is_sent(oneplan: OnePlan, kept: bool) -> None:
    oneplan.switch("integration_id_kept", kept)
    made = (await oneplan.post("integration", {"Id": INTEGRATION.upper(), "SystemType": 2, "Properties": {}})).json()
    assert (made["Id"] == INTEGRATION) == kept
    changed = (await oneplan.post(f"integration/{made['Id']}", {"SystemType": 1, "Properties": {"a": "b"}})).json()
    assert (await oneplan.get("integration")).json() == [changed]
    assert (changed["Id"], changed["SystemType"], changed["Properties"]) == (made["Id"], 1, {"a": "b"})
    assert (await oneplan.delete(f"integration/{made['Id']}")).status_code == 200
    assert (await oneplan.delete(f"integration/{made['Id']}")).status_code == 404


async def test_an_import_saves_item_and_address_and_an_export_only_the_time(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    await mark(oneplan, plan)
    [first] = await marks(oneplan, plan)
    await mark(oneplan, plan, "8", importing="false")
    [second] = await marks(oneplan, plan)
    assert (first["ItemId"], second["ItemId"], second["ItemUrl"]) == ("7", "7", "u/7")
    assert second["LastExport"] > first["LastExport"]
    assert second["LastImport"] == first["LastImport"]


@pytest.mark.parametrize("saves", [True, False])
async def test_a_marker_may_be_a_save_of_the_plan(oneplan: OnePlan, saves: bool) -> None:
    oneplan.switch("marker_is_a_save", saves)
    plan = await oneplan.plan()
    await mark(oneplan, plan)
    assert ((await oneplan.get(f"workplan/{plan['id']}")).json()["Modified"] > plan["Modified"]) == saves
    assert len((await oneplan.post("audit/plan", {"PlanId": plan["id"]})).json()) == (2 if saves else 1)


@pytest.mark.parametrize("must_exist", [False, True])
async def test_an_integration_may_have_to_exist(oneplan: OnePlan, must_exist: bool) -> None:
    oneplan.switch("integration_must_exist", must_exist)
    plan = await oneplan.plan()
    task = await oneplan.task(plan)
    marker = {"Integration": {"IntegrationId": INTEGRATION, "ExternalItemId": "8", "ExternalUrl": "u"}}
    path = f"workplan/{plan['id']}/tasks/{task['id']}"
    expected = 500 if must_exist else 200
    assert ((await mark(oneplan, plan)).status_code, (await oneplan.post(path, marker)).status_code) == (expected,) * 2
    await oneplan.post("integration", {"Id": INTEGRATION, "SystemType": 2})
    assert ((await mark(oneplan, plan)).status_code, (await oneplan.post(path, marker)).status_code) == (200, 200)


@pytest.mark.parametrize(
    ("position", "status", "text"),
    [("null", 200, "null"), ("zero", 200, f'"{ZERO}"'), ("404", 404, None), ("empty", 204, "")],
)
async def test_a_plan_is_found_by_its_external_id_or_not(
    oneplan: OnePlan, position: str, status: int, text: str | None
) -> None:
    oneplan.switch("not_found_plan_id", position)
    plan = await oneplan.plan()
    await mark(oneplan, plan)
    query = {"IntegrationId": INTEGRATION.upper(), "ExternalItemId": "7"}
    assert (await oneplan.get("integration/getintegratedplanId", **query)).json() == plan["id"]
    missing = await oneplan.get("integration/getintegratedplanId", **{**query, "ExternalItemId": "70"})
    assert missing.status_code == status
    assert text is None or missing.text == text


@pytest.mark.parametrize("form", ["string", "object"])
async def test_a_found_plan_id_is_a_text_or_an_object(oneplan: OnePlan, form: str) -> None:
    oneplan.switch("plan_id_reply", form)
    plan = await oneplan.plan()
    await mark(oneplan, plan)
    query = {"IntegrationId": INTEGRATION, "ExternalItemId": "7"}
    found = (await oneplan.get("integration/getintegratedplanId", **query)).json()
    assert found == (plan["id"] if form == "string" else {"id": plan["id"]})


async def test_a_plan_is_connected_once_and_its_status_is_its_marker(oneplan: OnePlan) -> None:
    plan, query = await oneplan.plan(), {"IntegrationId": INTEGRATION}
    for _ in range(2):
        await oneplan.post("integration/connecttoplan", PlanId=plan["id"], **query)
    [marker] = await marks(oneplan, plan)
    assert (marker["IntegrationId"], marker["ItemId"]) == (INTEGRATION, "")
    assert (await oneplan.get("integration/status", PlanId=plan["id"], **query)).json() == marker


async def test_a_marker_on_an_unknown_plan_is_500(oneplan: OnePlan) -> None:
    assert (await mark(oneplan, {"id": str(uuid.uuid4())})).status_code == 500


@pytest.mark.undocumented_routes
async def test_detaching_is_a_404_unless_switched_on(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    await mark(oneplan, plan)
    query = {"PlanId": plan["id"], "IntegrationId": INTEGRATION}
    assert (await oneplan.post("integration/disconnectplan", **query)).status_code == 404
    assert len(await marks(oneplan, plan)) == 1
    oneplan.switch("detach_route", True)
    assert (await oneplan.post("integration/disconnectplan", **query)).status_code == 200
    assert await marks(oneplan, plan) == []


@pytest.mark.undocumented_routes
async def test_connected_systems_are_a_404_unless_switched_on(oneplan: OnePlan) -> None:
    entry = {"IntegrationId": INTEGRATION, "ButtonName": "Contoso DevOps"}
    assert (await oneplan.post("integration/connectedsystems", entry)).status_code == 404
    oneplan.switch("connected_systems_route", True)
    assert (await oneplan.get("integration/connectedsystems")).json() == []
    await oneplan.post("integration/connectedsystems", entry)
    assert (await oneplan.get("integration/connectedsystems")).json() == [entry]


async def test_the_work_log_finds_a_task_by_its_external_id_and_counts_hours(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    marker = {"IntegrationId": INTEGRATION, "ExternalItemId": "9", "ExternalUrl": "u", "ReadOnlyFields": ["Name"]}
    task = await oneplan.task(plan, Integration=marker)
    assert task["Integration"] == marker
    query = {"IntegrationId": INTEGRATION, "ExternalId": "9", "LogDate": "2026-01-01"}
    posted = (await oneplan.post("worklog", {**query, "Hours": {"Work": 1.5}})).json()
    assert (posted["Success"], posted["TaskFound"], posted["TotalUsedHours"]) == (True, True, 1.5)
    found = (await oneplan.get("worklog", **query)).json()
    assert (found["Task"]["id"], found["Plan"]["id"], found["TaskFound"]) == (task["id"], plan["id"], True)
    assert (found["TotalUsedHours"], found["Hours"]) == (1.5, {"Work": 1.5})
    lost = (await oneplan.get("worklog", **{**query, "ExternalId": "90"})).json()
    assert (lost["TaskFound"], lost["Task"], lost["Plan"]) == (False, None, None)
    missed = (await oneplan.post("worklog", {**query, "ExternalId": "90", "Hours": {"Work": 1}})).json()
    assert (missed["Success"], missed["TaskFound"]) == (False, False)
