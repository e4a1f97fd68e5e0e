"""A deleted connection leaves nothing behind but its links, which stay for a while (R10)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.engine.removal import KEPT, PATIENCE, delete, go_on_removing, is_over, purge
from shared.ports import Link
from tests.connections.conftest import Desk

PLAN = "5f0c2e0a-0000-4000-8000-00000000abcd"


async def _nobody(*_: object) -> None:
    """Nobody asked for another round."""


async def test_what_oneplan_does_not_answer_is_tried_again(desk: Desk) -> None:
    made = (await desk.create()).connection
    desk.fault("oneplan", kind="status", path="api/events", status=503)
    deleting = await delete(desk.bench.parts.engine, made)
    assert (deleting.state, deleting.steps["event"].state, desk.subscriptions) == ("deleting", "pending", [])
    assert await desk.bench.parts.secrets.get(made.secrets.key)
    desk.mend()
    deleted = await go_on_removing(desk.bench.parts.engine, deleting)
    assert (deleted.state, desk.events) == ("deleted", [])
    assert await desk.bench.parts.secrets.refresh(made.secrets.key) is None


async def test_a_connection_whose_line_item_was_never_made_takes_nobodys_event_away(desk: Desk) -> None:
    """An event without a line item is that of another integration."""
    made = (await desk.create()).connection
    for event in desk.events:
        event["IntegrationId"] = None
    await delete(desk.bench.parts.engine, replace(made, integration=""))
    assert len(desk.events) == 1


async def test_after_a_day_the_secrets_go_and_a_person_is_told_what_is_left(desk: Desk) -> None:
    made = (await desk.create()).connection
    desk.fault("oneplan", kind="status", path="api/events", status=503)
    deleting = await delete(desk.bench.parts.engine, made)
    late = await desk.bench.parts.connections.replace(replace(deleting, deleted=datetime.now(UTC) - PATIENCE))
    deleted = await go_on_removing(desk.bench.parts.engine, late)
    step = deleted.steps["event"]
    assert (deleted.state, step.state, made.integration in step.what_to_do) == ("deleted", "warning", True)


async def test_a_refused_token_does_not_keep_a_connection_from_being_deleted(desk: Desk) -> None:
    made = (await desk.create()).connection
    desk.bench.devops.organization.tokens.clear()
    deleted = await delete(desk.bench.parts.engine, made)
    assert (deleted.state, deleted.steps["subscriptions"].state, desk.events) == ("deleted", "warning", [])
    assert f"/api/hooks/azure-devops/{made.id}" in deleted.steps["subscriptions"].what_to_do


async def test_links_stay_for_90_days_and_the_same_connection_finds_them(desk: Desk) -> None:
    body = desk.bench.body()
    made = (await desk.create(**body)).connection
    engine = desk.bench.parts.engine
    link = await engine.links.acquire(made.id, Link("w0000000001", "linking", "plan"))
    await engine.links.record(made.id, replace(link, state="linked", target=PLAN), _nobody)
    deleted = await delete(engine, made)
    now = datetime.now(UTC)
    assert [is_over(deleted, now + KEPT + timedelta(minutes=shift)) for shift in (-1, 1)] == [False, True]
    again = (await desk.create(**body)).connection
    found = await engine.links.get(again.id, "w0000000001")
    assert (again.id, found and found.target) == (made.id, PLAN)


async def test_after_that_nothing_is_left(desk: Desk) -> None:
    body = desk.bench.body()
    made = (await desk.create(**body)).connection
    engine = desk.bench.parts.engine
    await engine.links.acquire(made.id, Link("w0000000001", "linking", "plan"))
    await purge(engine, await delete(engine, made))
    assert await engine.connections.get(made.id) is None
    assert await engine.links.get(made.id, "w0000000001") is None
    assert (await desk.create(**body)).connection.id != made.id
