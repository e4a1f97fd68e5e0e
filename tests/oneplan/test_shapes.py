"""Every record that is answered has the documented members, each of its documented kind (oneplan-openapi.json)."""

import re
from typing import Any

import pytest

from local.oneplan.model import ZERO, Record
from tests.oneplan import members
from tests.oneplan.conftest import OnePlan

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00")


def is_kind(kind: str, value: Any) -> bool:
    """Enumerations are integers, "none" is the zero GUID and never null, dates have seven fraction digits."""
    match kind:
        case "g":
            return isinstance(value, str) and GUID.fullmatch(value) is not None
        case "d":
            return value is None or DATE.fullmatch(value) is not None
        case "i":
            return isinstance(value, int) and not isinstance(value, bool)
        case "n":
            return value is None or isinstance(value, int | float)
        case "o":
            return value is None or isinstance(value, dict)
        case _:
            return isinstance(value, {"s": str, "b": bool, "a": list}[kind])


def wrong(record: Record, table: str) -> list[str]:
    """What the record has too much, too little, or of another kind."""
    kinds = dict(one.split(":") for one in table.split())
    odd = [
        f"{name}: {record[name]!r}" for name in kinds.keys() & record.keys() if not is_kind(kinds[name], record[name])
    ]
    return sorted([*(kinds.keys() ^ record.keys()), *odd])


async def test_a_plan_has_every_member(oneplan: OnePlan) -> None:
    for plan in (await oneplan.get("workplan")).json():
        assert wrong(plan, members.PLAN) == []


async def test_a_task_has_every_member(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    made = await oneplan.task(plan, Fields={"StartDate": "2026-01-05", "DueDate": "2026-01-09T17:00:00+02:00"})
    assert wrong(made, members.TASK) == []
    assert wrong((await oneplan.get(f"workplan/{plan['id']}/tasks")).json()[0], members.TASK) == []


@pytest.mark.parametrize("path", ["workplan/fields", "tasks/fields", "resources/fields"])
async def test_a_field_has_every_member(oneplan: OnePlan, path: str) -> None:
    made = (await oneplan.post(path, {"DisplayName": "Brand new", "ColumnType": 5})).json()
    for column in [made, *(await oneplan.get(path)).json()]:
        assert wrong(column, members.COLUMN) == []


async def test_settings_have_every_member(oneplan: OnePlan) -> None:
    config = (await oneplan.get("config")).json()
    assert [wrong(one, members.WORK_TYPE) for one in config["WorkTypes"]] == [[]] * len(config["WorkTypes"])
    plan_types = (await oneplan.get("portfolio/plantypes")).json()
    assert [wrong(one, members.PLAN_TYPE) for one in plan_types] == [[]] * len(plan_types)
    assert wrong((await oneplan.get("resources/me")).json(), members.RESOURCE) == []
    assert wrong((await oneplan.get("enterpriseteams")).json()[0], members.TEAM) == []


async def test_markers_line_items_and_iterations_have_every_member(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    body = {"PlanId": plan["id"], "IntegrationId": ZERO, "ItemId": "7", "ItemUrl": "u", "IntegrationVersion": 0}
    await oneplan.post("integration/updateplanintegration", body, IsImport="true")
    read = (await oneplan.get(f"workplan/{plan['id']}")).json()
    assert wrong(read["Integrations"][0], members.PLAN_MARKER) == []
    item = (await oneplan.post("integration", {"SystemType": 2, "Properties": {"a": 1}})).json()
    assert wrong(item, members.LINE_ITEM) == []
    made = (await oneplan.post("agile/iterations", {"PlanId": plan["id"], "Name": "S1", "Start": "2026-01-01"})).json()
    assert wrong(made, members.ITERATION) == []


async def test_events_and_their_log_have_every_member(oneplan: OnePlan) -> None:
    body = {"List": 0, "EventUrl": "http://127.0.0.1:9/x", "Triggers": [0, 1], "Strategy": "s", "Type": 1}
    event = (await oneplan.post("events", body)).json()
    await oneplan.plan()
    log = (await oneplan.get(f"events/{event['id']}/log")).json()
    assert wrong(event, members.EVENT) == []
    assert [wrong(one, members.EVENT_ACTION) for one in log] == [[]]


async def test_audit_rows_have_every_member(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    await oneplan.task(plan)
    await oneplan.post("resources", {"Resource": {"Name": "New"}})
    tables = {"plan": members.AUDIT_PLAN, "tasks": members.AUDIT_TASK, "resource": members.AUDIT_RESOURCE}
    for path, table in tables.items():
        rows = (await oneplan.post(f"audit/{path}", {})).json()
        assert [wrong(one, table) for one in rows] == [[]], path


async def test_comments_dependencies_and_work_log_have_every_member(oneplan: OnePlan) -> None:
    plan = await oneplan.plan()
    first, second = await oneplan.task(plan, "1"), await oneplan.task(plan, "2")
    comment = (await oneplan.post(f"tasks/{first['id']}/comments", {"Comment": "hi"})).json()
    link = (await oneplan.post(f"tasks/dependency/{second['id']}/{first['id']}", Type=0)).json()
    assert wrong(comment, members.COMMENT) == []
    assert wrong(link, members.DEPENDENCY) == []
    assert wrong((await oneplan.get("worklog", TaskId=first["id"])).json(), members.WORK_LOG) == []
