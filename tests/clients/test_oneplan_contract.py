"""The OnePlan client over the stand-in: what holds in the default positions, and what holds in every one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.adapters.oneplan.events import EventWanted
from shared.adapters.oneplan.iterations import IterationRecord
from shared.adapters.oneplan.model import Marker
from shared.adapters.oneplan.plans import PlanWrite
from shared.adapters.oneplan.tasks import TaskWrite
from shared.core.errors import (
    CredentialRefused,
    NotFound,
    NotOffered,
    RateLimited,
    Rejected,
    SyncError,
    UnknownOutcome,
    Unreachable,
)
from shared.core.order import Place
from tests.clients.oneplan_stand_in import POSITIONS, StandIn, standing_in

LINE = str(uuid4())
URL = "https://dev.azure.com/contoso/_workitems/edit/"


@pytest.fixture
async def remote() -> AsyncIterator[StandIn]:
    async with standing_in() as made:
        yield made


async def _plan(remote: StandIn, name: str = "Alpha", **members: Any) -> str:
    kind = await remote.plan_type("Epic")
    return (await remote.client.plans.create(PlanWrite(name, kind.id, **members))).id


async def _task(remote: StandIn, plan: str, name: str = "Story", **members: Any) -> str:
    kind = await remote.work_type("User Story")
    return (await remote.client.tasks.create(plan, TaskWrite(name, kind.id, **members))).id


async def test_a_plan_is_created_read_changed_archived_and_deleted(remote: StandIn) -> None:
    plans = remote.client.plans
    plan = await _plan(remote, fields={"Priority": 2})
    assert (await plans.read(plan)).fields["Priority"] == 2
    await plans.update(plan, PlanWrite("Beta", fields={"Effort": 5}))
    read = await plans.read(plan)
    assert (read.name, read.fields["Priority"], read.fields["Effort"]) == ("Beta", 2, 5)
    await plans.archive(plan)
    assert plan not in [one.id for one in await plans.read_all()]
    assert plan in [one.id for one in await plans.read_all(archived=True)]
    await plans.delete(plan)
    with pytest.raises(NotFound):
        await plans.read(plan)


async def test_a_plan_hangs_below_another_and_changes_its_type(remote: StandIn) -> None:
    plans, feature = remote.client.plans, await remote.plan_type("Feature")
    above = await _plan(remote, "Above")
    plan = await _plan(remote, "Below", parent=above)
    assert (await plans.read(plan)).parent == above
    await plans.place(plan, feature.id, None)
    read = await plans.read(plan)
    assert (read.parent, read.type) == (None, feature.id)


async def test_the_owner_of_a_plan_is_read_back(remote: StandIn) -> None:
    owner = (await remote.client.resources.find("jamal@contoso.com"))[0].id
    plan = await _plan(remote, owner=owner)
    assert (await remote.client.plans.read(plan)).owner == owner


async def test_a_marked_plan_is_found_by_its_work_item(remote: StandIn) -> None:
    plan, integrations = await _plan(remote), remote.client.integrations
    assert await integrations.find(LINE, "42") is None
    await integrations.mark(plan, Marker(LINE, "42", f"{URL}42"))
    assert await integrations.find(LINE, "42") == plan
    assert (await remote.client.plans.read(plan)).markers == (Marker(LINE, "42", f"{URL}42"),)


async def test_a_task_is_created_nested_and_marked_changed_and_deleted(remote: StandIn) -> None:
    plan, tasks = await _plan(remote), remote.client.tasks
    story = await _task(remote, plan, marker=Marker(LINE, "7", f"{URL}7"))
    task = await _task(remote, plan, "Task", parent=story, fields={"Priority": 1})
    by_id = {one.id: one for one in await tasks.read_all(plan)}
    assert by_id[story].marker == Marker(LINE, "7", f"{URL}7")
    assert (by_id[task].parent, by_id[task].fields["Priority"]) == (story, 1)
    await tasks.update(plan, task, TaskWrite("Renamed", fields={"Effort": 3}))
    read = await tasks.read(plan, task)
    assert (read.name, read.fields["Priority"], read.fields["Effort"], read.parent) == ("Renamed", 1, 3, story)
    await tasks.delete(plan, task)
    with pytest.raises(NotFound):
        await tasks.read(plan, task)


async def test_people_are_assigned_and_taken_off(remote: StandIn) -> None:
    plan, tasks = await _plan(remote), remote.client.tasks
    task = await _task(remote, plan)
    people = [one.assignable_id for one in (await remote.client.resources.read_all())[:2]]
    await tasks.assign(plan, task, people)
    assert set((await tasks.read(plan, task)).assigned) == set(people)
    await tasks.assign(plan, task, [])
    assert (await tasks.read(plan, task)).assigned == ()


async def test_the_settings_of_a_group_are_read(remote: StandIn) -> None:
    assert {"Epic", "Feature"} <= {one.name for one in await remote.client.config.plan_types()}
    assert {"Task", "User Story", "Bug"} <= {one.name for one in await remote.client.config.work_types()}
    people = {one.mail: one for one in await remote.client.resources.read_all()}
    assert people["sam.oneil@partner.example"].name == "Sam <Contractor> O'Neil"
    assert people["gunnar@contoso.com"].inactive
    columns = {one.name: one for one in await remote.client.fields.read_all("plans")}
    assert columns["PercentComplete"].read_only
    assert "In Progress" in columns["State"].choices.values()


async def test_a_choice_is_added_and_then_used(remote: StandIn) -> None:
    fields = remote.client.fields
    made = await fields.add_choice("tasks", "State", "Blocked")
    assert await fields.add_choice("tasks", "State", "blocked") == made
    plan = await _plan(remote)
    task = await _task(remote, plan, fields={"State": made})
    assert (await remote.client.tasks.read(plan, task)).fields["State"] == made


async def test_an_iteration_is_created_changed_and_deleted(remote: StandIn) -> None:
    plan, iterations = await _plan(remote), remote.client.iterations
    day = datetime(2026, 1, 5, tzinfo=UTC).date()
    wanted = IterationRecord("", plan, "S1", day, day + timedelta(days=11), "17", "https://x")
    made = await iterations.create(wanted)
    (read,) = await iterations.read_all(plan)
    assert (read.id, read.name, read.start, read.item) == (made, "S1", day, "17")
    await iterations.update(IterationRecord(made, plan, "S1b", day, day, "17", "https://x"))
    assert [one.name for one in await iterations.read_all(plan)] == ["S1b"]
    await iterations.delete(made)
    assert await iterations.read_all(plan) == []


async def test_a_line_item_and_an_event_are_registered_and_removed(remote: StandIn) -> None:
    line = await remote.client.integrations.create(LINE, {"Name": "Contoso DevOps"})
    assert line in {one.id for one in await remote.client.integrations.read_all()}
    wanted = EventWanted("http://127.0.0.1:9/hook?key=s3cret-hook", line, "OnePlanPublish")
    event = await remote.client.events.create(wanted)
    (read,) = await remote.client.events.read_all()
    assert (read.id, read.url, read.integration, read.strategy) == (event, wanted.url, line, "OnePlanPublish")
    await remote.client.events.replace(event, EventWanted("http://127.0.0.1:9/hook?key=other", line, "OnePlanPublish"))
    assert [one.url for one in await remote.client.events.read_all()] == ["http://127.0.0.1:9/hook?key=other"]
    assert await remote.client.events.log(event) == []
    await remote.client.events.delete(event)
    await remote.client.integrations.delete(line)
    assert await remote.client.events.read_all() == []
    assert line not in {one.id for one in await remote.client.integrations.read_all()}


async def test_the_audit_shows_what_our_key_wrote_and_the_deleted_plans(remote: StandIn) -> None:
    plan = await _plan(remote)
    await _task(remote, plan)
    today = datetime.now(UTC).date()
    (made,) = [one for one in await remote.client.audit.plans(today, today, plan=plan) if one.plan == plan][:1]
    assert made.key == "demo"
    assert {one.plan for one in await remote.client.audit.tasks(today, today, plan=plan)} == {plan}
    await remote.client.plans.delete(plan)
    assert plan in {one.plan for one in await remote.client.audit.deleted_plans(today, today)}


async def test_the_plans_changed_last_come_first(remote: StandIn) -> None:
    first, second = await _plan(remote, "First"), await _plan(remote, "Second")
    await remote.client.plans.update(first, PlanWrite("First again"))
    found, more = await remote.client.plans.recent(2)
    assert [one.id for one in found] == [first, second]
    assert more


async def test_the_key_tells_whose_name_it_writes_under(remote: StandIn) -> None:
    me = await remote.client.resources.me()
    assert me is not None
    plan = await _plan(remote)
    assert (await remote.client.plans.read(plan)).editor == me.id


@pytest.mark.parametrize(("name", "key"), [("demo", "wrong"), ("wrong", "demo-key"), ("demo", "fabrikam-key")])
async def test_a_wrong_key_is_refused(remote: StandIn, name: str, key: str) -> None:
    with pytest.raises(CredentialRefused):
        await remote.connect(key, name).plans.read_all()


async def test_a_key_sees_nothing_of_another_group(remote: StandIn) -> None:
    plan = await _plan(remote)
    with pytest.raises(NotFound):
        await remote.connect("fabrikam-key", "fabrikam").plans.read(plan)


async def test_the_request_limit_is_one_error_and_sends_nothing_more() -> None:
    async with standing_in(rate_scale=0.01) as remote:
        for _ in range(5):
            await remote.client.plans.read_all()
        with pytest.raises(RateLimited) as refused:
            await remote.client.plans.read_all()
        assert refused.value.retry_after == 10
        sent = remote.world.calls.total
        with pytest.raises(RateLimited):
            await remote.client.plans.read_all()
        assert remote.world.calls.total == sent


async def test_a_write_whose_answer_is_replaced_by_an_error_has_happened_and_says_that_it_may_have(
    remote: StandIn,
) -> None:
    remote.fault(kind="answer-replaced", method="POST", path="/workplan$", status=500, times=1)
    with pytest.raises(UnknownOutcome):
        await _plan(remote, "Only once")
    assert [one.name for one in await remote.client.plans.read_all()].count("Only once") == 1


async def test_a_write_that_does_nothing_is_told_by_reading_again(remote: StandIn) -> None:
    plan = await _plan(remote)
    remote.fault(kind="no-op", method="POST", path="/workplan/", times=1)
    assert await remote.client.plans.update(plan, PlanWrite("Never")) is None
    assert (await remote.client.plans.read(plan)).name == "Alpha"


async def test_a_read_survives_a_short_outage_and_a_long_one_is_told(remote: StandIn) -> None:
    remote.fault(kind="status", status=503, times=2)
    assert await remote.client.plans.read_all()
    remote.fault(kind="status", status=503)
    with pytest.raises(Unreachable):
        await remote.client.plans.read_all()


@pytest.fixture
async def unjudged() -> AsyncIterator[StandIn]:
    async with standing_in(judge=False) as made:
        yield made


@pytest.mark.parametrize("wrong_path", ["404", "200-nothing"])
async def test_each_undocumented_route_that_is_missing_says_what_to_do_by_hand(
    unjudged: StandIn, wrong_path: str
) -> None:
    remote = unjudged
    remote.set("wrong_path", wrong_path)
    plan = await _plan(remote)
    task = await _task(remote, plan)
    await remote.client.integrations.mark(plan, Marker(LINE, "42", f"{URL}42"))
    hand, other = remote.client.undocumented, await _plan(remote, "Other")
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: hand.order(plan, Place(task, 7, 0)),
        lambda: hand.move(plan, task, other),
        lambda: hand.detach(plan, LINE),
        lambda: hand.connect_system(LINE, "Contoso DevOps"),
    ]
    for attempt in attempts:
        with pytest.raises(NotOffered) as refused:
            await attempt()
        assert refused.value.steps


async def test_an_undocumented_route_that_is_there_is_used(unjudged: StandIn) -> None:
    remote = unjudged
    for switch in ("sibling_order_route", "connected_systems_route", "detach_route", "move_task_route"):
        remote.set(switch, True)
    hand = remote.client.undocumented
    plan, other = await _plan(remote), await _plan(remote, "Other")
    await _task(remote, plan, "First")
    second = await _task(remote, plan, "Second")
    await hand.order(plan, Place(second, 0, 1))
    assert (await remote.client.tasks.read(plan, second)).index == 0
    assert (await hand.move(plan, second, other)).plan == other
    line = await remote.client.integrations.create(LINE, {})
    await remote.client.integrations.mark(plan, Marker(line, "42", f"{URL}42"))
    await hand.detach(plan, line)
    assert (await remote.client.plans.read(plan)).markers == ()
    await hand.connect_system(line, "Contoso DevOps")


async def _everything(remote: StandIn) -> None:
    """What a sync does to one plan and one task; each step says so where it cannot."""
    client = remote.client
    line = await client.integrations.create(LINE, {"Name": "Contoso DevOps"})
    above = await _plan(remote, "Above")
    plan = await _plan(remote, "Below", parent=above)
    if (await client.plans.read(plan)).parent != above:
        await client.plans.place(plan, (await remote.plan_type("Epic")).id, above)
    assert (await client.plans.read(plan)).parent == above
    assert await client.integrations.find(line, "42") is None
    await client.integrations.mark(plan, Marker(line, "42", f"{URL}42"))
    assert await client.integrations.find(line, "42") == plan
    task = await _task(remote, plan, marker=Marker(line, "7", f"{URL}7"), fields={"Priority": 1})
    (found,) = [one for one in await client.tasks.read_all(plan) if one.marker and one.marker.item == "7"]
    assert found.id == task
    await client.plans.update(plan, PlanWrite("Renamed", fields={"Priority": 3}))
    renamed = await client.plans.read(plan)
    assert (renamed.name, renamed.fields["Priority"]) == ("Renamed", 3)
    await client.tasks.update(plan, task, TaskWrite("Renamed", fields={"Priority": 3}))
    assert (await client.tasks.read(plan, task)).name == "Renamed"
    assert plan in {one.id for one in await client.plans.read_all()}
    await client.tasks.delete(plan, task)
    await client.plans.archive(plan)


@pytest.mark.parametrize(("switch", "position"), POSITIONS, ids=lambda value: str(value) or "empty")
async def test_the_client_works_in_every_position_of_what_the_record_leaves_open(switch: str, position: Any) -> None:
    async with standing_in(switches={switch: position}) as remote:
        await _everything(remote)


@pytest.mark.parametrize("shape", ["webapi", "text", "empty"])
async def test_an_error_in_any_shape_is_told_in_words(remote: StandIn, shape: str) -> None:
    remote.set("error_body", shape)
    kind = await remote.plan_type("Epic")
    with pytest.raises(SyncError) as failed:
        await remote.client.plans.place(str(uuid4()), kind.id, None)
    assert "moving plan" in str(failed.value)
    assert "StackTrace" not in str(failed.value)


async def test_a_refused_plan_is_told_from_an_outage(remote: StandIn) -> None:
    remote.set("refuse_name_prefix", "⛔")
    with pytest.raises((UnknownOutcome, Rejected)) as failed:
        await _plan(remote, "⛔ refused")
    assert "⛔ refused" in str(failed.value)
