"""Events: which saves fire them, and how they arrive (section 7.3)."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from local.oneplan.model import Record
from tests.oneplan.conftest import OnePlan
from tests.oneplan.receiver import Receiver, listening

ADD, UPDATE, DELETE, UPDATE_IF_CONNECTED = 0, 1, 2, 3


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with listening() as found:
        yield found


async def register(oneplan: OnePlan, receiver: Receiver, *triggers: int, **members: Any) -> Record:
    body = {"List": 0, "EventUrl": receiver.url, "Strategy": "Sync", "Triggers": list(triggers), "Type": 1, **members}
    made: Record = (await oneplan.post("events", body)).json()
    return made


async def arrived(oneplan: OnePlan, receiver: Receiver) -> list[str]:
    await oneplan.world.outbox.settled()
    return receiver.names


async def test_a_persons_save_posts_id_and_name_and_is_logged(oneplan: OnePlan, receiver: Receiver) -> None:
    event = await register(oneplan, receiver, ADD, UPDATE)
    plan = await oneplan.act("create-plan", name="By hand", type="Epic")
    await oneplan.act("edit-plan", plan=plan["id"], name="Renamed")
    await arrived(oneplan, receiver)
    assert sorted(receiver.names) == ["By hand", "Renamed"]
    assert receiver.bodies[0] == {"Id": plan["id"], "Name": receiver.names[0]}
    log = (await oneplan.get(f"events/{event['id']}/log")).json()
    assert [(one["PlanId"], one["SequenceNumber"]) for one in log] == [(plan["id"], 1), (plan["id"], 2)]


async def test_only_the_registered_triggers_fire(oneplan: OnePlan, receiver: Receiver) -> None:
    await register(oneplan, receiver, ADD)
    plan = await oneplan.act("create-plan", name="New", type="Epic")
    await oneplan.act("edit-plan", plan=plan["id"], name="Renamed")
    assert await arrived(oneplan, receiver) == ["New"]


async def test_other_lists_do_not_fire_on_plans(oneplan: OnePlan, receiver: Receiver) -> None:
    body = {"EventUrl": receiver.url, "Strategy": "s", "Triggers": [UPDATE]}
    assert (await oneplan.post("events/bylist/1", body)).json()["List"] == 1
    assert (await oneplan.post("events/bylist/0", body)).json()["List"] == 0
    await oneplan.act("edit-plan", plan="Website", name="Site")
    assert await arrived(oneplan, receiver) == ["Site"]


@pytest.mark.parametrize("echoed", [True, False])
async def test_saves_through_the_api_may_fire(oneplan: OnePlan, receiver: Receiver, echoed: bool) -> None:
    oneplan.switch("events_on_api_saves", echoed)
    await register(oneplan, receiver, ADD)
    await oneplan.plan("Through the API")
    assert await arrived(oneplan, receiver) == (["Through the API"] if echoed else [])


@pytest.mark.parametrize("fires", [True, False])
async def test_a_backlog_save_may_fire_the_event_of_its_plan(oneplan: OnePlan, receiver: Receiver, fires: bool) -> None:
    oneplan.switch("events_on_task_saves", fires)
    await register(oneplan, receiver, UPDATE)
    await oneplan.act("edit-task", task="Website step 1", fields={"State": "Done"})
    assert await arrived(oneplan, receiver) == (["Website"] if fires else [])


@pytest.mark.parametrize("fires", [False, True])
async def test_a_deleted_plan_may_fire(oneplan: OnePlan, receiver: Receiver, fires: bool) -> None:
    oneplan.switch("events_on_delete", fires)
    await register(oneplan, receiver, DELETE)
    await oneplan.act("remove-plan", plan="Website")
    assert await arrived(oneplan, receiver) == (["Website"] if fires else [])


@pytest.mark.parametrize("position", ["linked-only", "never"])
async def test_update_if_connected_is_for_linked_plans(oneplan: OnePlan, receiver: Receiver, position: str) -> None:
    oneplan.switch("update_if_connected", position)
    integration = str(uuid.uuid4())
    await register(oneplan, receiver, UPDATE_IF_CONNECTED, IntegrationId=integration)
    linked = await oneplan.plan("Linked")
    await oneplan.post("integration/connecttoplan", PlanId=linked["id"], IntegrationId=integration)
    await oneplan.act("edit-plan", plan="Linked", fields={"Priority": 1})
    await oneplan.act("edit-plan", plan="Website", fields={"Priority": 1})
    assert await arrived(oneplan, receiver) == (["Linked"] if position == "linked-only" else [])


async def test_a_changed_event_keeps_what_is_not_sent_and_a_deleted_one_is_silent(
    oneplan: OnePlan, receiver: Receiver
) -> None:
    event = await register(oneplan, receiver, ADD)
    changed = (await oneplan.post(f"events/{event['id']}", {"Triggers": [UPDATE]})).json()
    assert changed == {**event, "Triggers": [UPDATE]}
    assert (await oneplan.get("events", List=0)).json() == [changed]
    assert (await oneplan.get("events", List=1)).json() == []
    await oneplan.delete(f"events/{event['id']}")
    await oneplan.act("edit-plan", plan="Website", name="Site")
    assert (await arrived(oneplan, receiver), (await oneplan.get("events")).json()) == ([], [])
    assert (await oneplan.delete(f"events/{event['id']}")).status_code == 404


async def test_an_event_without_an_address_is_500(oneplan: OnePlan) -> None:
    assert (await oneplan.post("events", {"List": 0, "Triggers": [1]})).status_code == 500


async def test_an_event_of_another_group_stays_silent(oneplan: OnePlan, receiver: Receiver) -> None:
    await register(oneplan, receiver, ADD)
    await oneplan.act("create-plan", name="Theirs", type="Epic", group="Fabrikam PMO")
    assert await arrived(oneplan, receiver) == []


@pytest.mark.parametrize(("delivery", "names"), [({"lost": 1.0}, []), ({"doubled": 1.0}, ["New", "New"])])
async def test_events_may_be_lost_or_doubled(
    oneplan: OnePlan, receiver: Receiver, delivery: dict[str, float], names: list[str]
) -> None:
    event = await register(oneplan, receiver, ADD)
    oneplan.world.faults.apply({"delivery": delivery})
    await oneplan.plan("New")
    assert await arrived(oneplan, receiver) == names
    assert len((await oneplan.get(f"events/{event['id']}/log")).json()) == 1


async def test_events_may_be_late(oneplan: OnePlan, receiver: Receiver) -> None:
    await register(oneplan, receiver, ADD)
    oneplan.world.faults.apply({"delivery": {"delayed": 1.0, "delay_seconds": 0.1}})
    await oneplan.plan("Late")
    oneplan.world.faults.apply({"delivery": {"delayed": 0.0}})
    await oneplan.plan("Prompt")
    assert await arrived(oneplan, receiver) == ["Prompt", "Late"]


async def test_events_may_arrive_out_of_order(oneplan: OnePlan, receiver: Receiver) -> None:
    await register(oneplan, receiver, ADD)
    oneplan.world.faults.apply({"delivery": {"reordered": True}, "seed": 3})
    names = [f"Plan {number}" for number in range(6)]
    for name in names:
        await oneplan.plan(name)
    found = await arrived(oneplan, receiver)
    assert sorted(found) == names
    assert found != names


@pytest.mark.parametrize(("retried", "times"), [(False, 1), (True, 2)])
async def test_a_refused_post_may_be_repeated(oneplan: OnePlan, receiver: Receiver, retried: bool, times: int) -> None:
    oneplan.switch("events_retried", retried)
    receiver.statuses = [500]
    await register(oneplan, receiver, ADD)
    await oneplan.plan("New")
    assert await arrived(oneplan, receiver) == ["New"] * times
    assert [one["status"] for one in oneplan.world.outbox.sent] == [500, 204][:times]
