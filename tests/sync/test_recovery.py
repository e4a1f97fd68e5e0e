"""A create that was cut off anywhere is taken up again and makes nothing twice (design.md, decision 6)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest

from shared.core.recover import Intent
from shared.core.snapshots import work_item_key
from shared.engine.work import work
from shared.messages import SyncMessage
from shared.ports import Link, LostLease
from tests.machine.mortal import Killed, Life, live, mortality
from tests.machine.remap import remap
from tests.sync.acts import act, client
from tests.sync.bench import Bench
from tests.sync.scenes import activity_of, link_of, linked, notified, rewritten

TITLE = "System.Title"


async def _nobody() -> None:
    """Nobody asked for another round."""


async def _dead_worker(few: Bench, number: int, kind: str) -> str:
    """What a worker leaves that died right after it wrote its intent down: a begun link and an intent."""
    engine, item = few.parts.engine, few.devops.organization.items[number]
    key, name = work_item_key(number), item.now.fields[TITLE]
    types = few.oneplan.groups[0].plan_types if kind == "plan" else few.oneplan.groups[0].work_types
    wanted = next(one.get("id") or one["Id"] for one in types if one["Name"] == item.type)
    await engine.intents.note(few.connection, key, Intent(name, wanted, datetime.now(UTC)))
    held = await engine.links.acquire(few.connection, Link(key, "linking", kind))  # type: ignore[arg-type]
    await engine.links.release(few.connection, held, _nobody)
    return str(wanted)


def _an_epic(few: Bench) -> int:
    """An Epic at the top whose title nothing else has."""
    items = [one for one in few.devops.organization.items.values() if not one.deleted]
    titles = [one.now.fields[TITLE] for one in items]
    return next(
        one.id
        for one in items
        if one.type == "Epic"
        and titles.count(one.now.fields[TITLE]) == 1
        and "epic-without-parent" in _odd(few, one.id)
    )


def _odd(few: Bench, number: int) -> list[str]:
    return few.devops.organization.oddities.get(number, [])


async def _plan(few: Bench, number: int, kind: str, *, by: str = "demo") -> dict[str, Any]:
    """A plan as the dead worker made it: with its name and type, and no marker."""
    key = {"demo": "demo-key", "second": "second-key"}[by]
    name = few.devops.organization.items[number].now.fields[TITLE]
    async with client(few.oneplan_url, auth=(by, key)) as http:
        body = {"WorkPlan": {"Name": name, "PlanType": kind, "Fields": {}}}
        answer = await http.post("/api/workplan", json=body)
        return dict(answer.json())


async def _in_step(few: Bench) -> None:
    run = await few.full_sync()
    assert (run.state, run.counts["waiting"], run.counts["failures"]) == ("done", 0, 0)
    assert (await few.compare()).problems == []


async def test_nothing_was_made_so_it_is_made_now(few: Bench) -> None:
    await few.connect()
    await _dead_worker(few, _an_epic(few), "plan")
    await _in_step(few)


async def test_the_plan_was_made_and_not_marked_so_it_is_adopted(few: Bench) -> None:
    await few.connect()
    number = _an_epic(few)
    kind = await _dead_worker(few, number, "plan")
    made = await _plan(few, number, kind)
    await _in_step(few)
    link = await few.parts.engine.links.get(few.connection, work_item_key(number))
    assert link is not None
    assert link.target == made["id"]


async def test_the_plan_was_renamed_between_two_attempts_that_died_so_it_is_found_by_its_new_name(dozen: Bench) -> None:
    """The first worker died before it made anything, the second one with the plan made and not marked."""
    await dozen.connect()
    await dozen.full_sync()
    new = {"project": "Contoso Retail", "type": "Epic", "fields": {TITLE: "Named first"}}
    number = int((await act(dozen.devops_url, act="create", **new))["id"])
    await _dead_worker(dozen, number, "plan")
    await act(dozen.devops_url, act="update", id=number, fields={TITLE: "Renamed since"})
    made = partial(_plans_called, dozen, "Renamed since")
    message = SyncMessage(
        connection=dozen.connection, cause="person", side="azure-devops", item=str(number), event="updated"
    )
    with mortality():
        worker = work(dozen.parts.engine, "sync-interactive", message)
        assert not await asyncio.create_task(_lived(worker, _AtTheCreate(1000, there=made)))
    await rewritten(dozen, work_item_key(number), lease_until=0.0)
    (unmarked,) = made()
    await _in_step(dozen)
    assert made() == [unmarked]


async def test_the_plan_was_marked_and_not_linked_so_it_is_found_by_its_marker(few: Bench) -> None:
    await few.connect()
    number = _an_epic(few)
    await few.full_sync()
    before = await few.parts.engine.links.get(few.connection, work_item_key(number))
    assert before is not None
    await _forget_link(few, number, "plan")
    await _in_step(few)
    after = await few.parts.engine.links.get(few.connection, work_item_key(number))
    assert after is not None
    assert after.target == before.target


async def test_a_task_was_made_and_not_linked_so_it_is_found_by_its_marker(few: Bench) -> None:
    await few.connect()
    await few.full_sync()
    links = [one async for one in few.parts.engine.links.list(few.connection) if one.kind == "task"]
    await _forget_link(few, int(links[0].key[1:]), "task")
    await _in_step(few)
    after = await few.parts.engine.links.get(few.connection, links[0].key)
    assert after is not None
    assert after.target == links[0].target


@pytest.mark.parametrize("since", ["moved in OnePlan", "moved in Azure DevOps", "another type"])
async def test_a_task_that_was_made_and_not_linked_is_found_wherever_it_belongs_by_now(few: Bench, since: str) -> None:
    """The work item, or what was made of it, was moved after the worker died: there is still one of it."""
    await few.connect()
    await few.full_sync()
    number = await linked(few, "task", "task-under-plan")
    before = await link_of(few, number)
    plans = [one async for one in few.parts.engine.links.list(few.connection) if one.kind == "plan"]
    other = next(one for one in plans if one.target != before.plan and _type(few, one) == "Epic")
    await _forget_link(few, number, "task")
    match since:
        case "moved in OnePlan":
            await act(few.oneplan_url, act="move-task", task=before.target, plan=other.target)
        case "moved in Azure DevOps":
            await act(few.devops_url, act="reparent", id=number, parent=int(other.key[1:]))
        case _:
            await act(few.devops_url, act="reparent", id=number, parent=int(other.key[1:]))
            await act(few.devops_url, act="update", id=number, fields={"System.WorkItemType": "Feature"})
    await _in_step(few)


async def test_a_task_that_people_removed_before_its_making_was_recorded_is_made_anew(dozen: Bench) -> None:
    """Nobody can tell it from one that was never made. Removed once more, it stays away."""
    await dozen.connect()
    await dozen.full_sync()
    number = await linked(dozen, "task")
    before = await link_of(dozen, number)
    await _forget_link(dozen, number, "task")
    await act(dozen.oneplan_url, act="remove-task", task=before.target)
    await _in_step(dozen)
    after = await link_of(dozen, number)
    assert (after.state, after.target != before.target) == ("linked", True)
    await act(dozen.oneplan_url, act="remove-task", task=after.target)
    await dozen.full_sync()
    assert (await link_of(dozen, number)).state == "disconnected"


def _type(few: Bench, link: Link) -> str:
    return few.devops.organization.items[int(link.key[1:])].type


async def _forget_link(few: Bench, number: int, kind: str) -> None:
    """The link is as it was when its item was about to be created."""
    from azure.data.tables import TableServiceClient

    with TableServiceClient.from_connection_string(few.storage) as service:
        service.get_table_client("links").delete_entity(few.connection, work_item_key(number))
    await _dead_worker(few, number, kind)


async def test_two_plans_that_it_could_be_are_left_to_a_person(few: Bench) -> None:
    await few.connect()
    number = _an_epic(few)
    kind = await _dead_worker(few, number, "plan")
    made = [await _plan(few, number, kind) for _ in range(2)]
    run = await few.full_sync()
    failures = await few.parts.engine.failures.list(few.connection)
    assert [int(one.key[1:]) for one in failures] == [number]
    assert "several without a marker" in failures[0].reason
    assert run.state == "done"
    await act(few.oneplan_url, act="remove-plan", plan=made[1]["id"])
    await _in_step(few)


@pytest.mark.parametrize("path", ["/workplan$", "/tasks$", "/updateplanintegration$"])
@pytest.mark.parametrize("kind", ["answer-replaced", "status"])
async def test_a_write_without_a_clear_answer_makes_nothing_twice(few: Bench, path: str, kind: str) -> None:
    """504 after the work was done, and 504 without it."""
    await few.connect()
    few.oneplan.faults.apply({"rules": [{"kind": kind, "method": "POST", "path": path, "status": 504, "times": 2}]})
    await _in_step(few)


async def test_a_create_without_an_answer_is_not_sent_again_right_away(few: Bench) -> None:
    """OnePlan's gateway gave up, and OnePlan may still be at it."""
    await few.connect()
    await few.full_sync()
    project = few.devops.organization.projects[0].name
    made = await act(few.devops_url, act="create", project=project, type="Epic", fields={"System.Title": "New"})
    rule = {"kind": "status", "method": "POST", "path": "/api/workplan$", "status": 504, "times": 1}
    few.oneplan.faults.apply({"rules": [rule]})
    few.reset_calls()
    await notified(few, int(made["id"]), "created")
    for _ in range(3):
        await asyncio.sleep(1.2)
        await few.pump()
    assert few.oneplan_calls["POST /api/workplan"] == 1


async def test_a_lease_is_ours_though_the_answer_to_it_was_lost(few: Bench) -> None:
    """The client sends a write once more where it got no answer, and meets what it has written itself."""
    await few.connect()
    links = few.parts.engine.links
    with patch("secrets.token_hex", return_value="0" * 16):
        first = await links.acquire(few.connection, Link("w0000000001", "linking", "plan"))
        again = await links.acquire(few.connection, Link("w0000000001", "linking", "plan"))
    assert again.etag == first.etag
    with pytest.raises(LostLease):
        await links.acquire(few.connection, Link("w0000000001", "linking", "plan"))


async def test_a_plan_that_a_person_made_with_the_same_name_is_never_adopted(few: Bench) -> None:
    await few.connect()
    number = _an_epic(few)
    kinds = few.oneplan.groups[0].plan_types
    kind = next(one["id"] for one in kinds if one["Name"] == "Epic")
    made = await _plan(few, number, kind)
    await _in_step(few)
    link = await few.parts.engine.links.get(few.connection, work_item_key(number))
    assert link is not None
    assert link.target != made["id"]


@pytest.mark.parametrize(("method", "times"), [("GET|POST", 25), ("POST", 10)])
async def test_a_system_that_is_away_for_a_while_makes_no_item_fail(small: Bench, method: str, times: int) -> None:
    """Every request to OnePlan gets 503 for a while in the middle of the run."""
    await small.connect()
    away = {"kind": "status", "method": method, "path": "/workplan", "status": 503, "skip": 30, "times": times}
    small.oneplan.faults.apply({"rules": [away]})
    await _in_step(small)


async def _half_replaced(few: Bench) -> tuple[Link, str]:
    """A worker died between the new task and the link to it: the link, and the new one."""
    few.oneplan.faults.apply({"switches": {"move_task_route": False}})
    await few.connect()
    await few.full_sync()
    number = await linked(few, "task", "task-under-plan")
    before, engine = await link_of(few, number), few.parts.engine
    plans = [one async for one in engine.links.list(few.connection) if one.kind == "plan" and one.target != before.plan]
    await act(few.devops_url, act="reparent", id=number, parent=int(plans[0].key[1:]))
    message = SyncMessage(few.connection, "timer", side="azure-devops", item=str(number), event="updated")
    life = _AtTheCreate(1000, there=lambda: [one for one in _tasks_of(few, number) if one != before.target])
    with mortality():
        assert not await asyncio.create_task(_lived(work(engine, "sync-hooks", message), life)), "it should have died"
    await rewritten(few, before.key, lease_until=0.0)
    assert (await link_of(few, number)).target == before.target
    (made,) = life.there()
    return before, made


@dataclass
class _AtTheCreate(Life):
    """The worker dies with the answer after which something new is there."""

    there: Callable[[], list[str]] = list

    def after_request(self) -> None:
        if self.dead or self.there():
            self.dead = True
            raise Killed


async def _lived(worker: Awaitable[None], life: Life) -> bool:
    return await live(worker, life)


def _plans_called(few: Bench, name: str) -> list[str]:
    return [one["id"] for one in few.oneplan.groups[0].plans.values() if one["Name"] == name]


def _tasks_of(few: Bench, number: int) -> list[str]:
    """The tasks that carry the marker of the work item."""
    tasks = few.oneplan.groups[0].tasks.values()
    return [one["id"] for one in tasks if (one["Integration"] or {}).get("ExternalItemId") == str(number)]


async def test_where_the_older_of_two_was_removed_the_one_that_was_to_replace_it_is_taken_up(few: Bench) -> None:
    """A person sees two of it, and deletes one."""
    before, made = await _half_replaced(few)
    number = int(before.key[1:])
    await act(few.oneplan_url, act="remove-task", task=before.target)
    await notified(few, number)
    after = await link_of(few, number)
    assert (after.state, after.target) == ("linked", made)
    await _in_step(few)


async def test_what_was_to_replace_it_goes_where_the_work_item_is_deleted(few: Bench) -> None:
    """Seed 105: it stood beside the older one for good, connected with nothing."""
    before, made = await _half_replaced(few)
    number = int(before.key[1:])
    await act(few.devops_url, act="delete", id=number)
    await notified(few, number, "deleted")
    assert (await link_of(few, number)).state == "disconnected"
    assert _tasks_of(few, number) == [before.target]
    assert made not in few.oneplan.groups[0].tasks
    await act(few.devops_url, act="restore", id=number)
    await notified(few, number, "restored")
    assert len(_tasks_of(few, number)) == 1
    await _in_step(few)


async def test_what_people_gave_the_one_that_was_to_replace_it_is_in_the_activity_where_the_pair_ends(
    few: Bench,
) -> None:
    """Seed 104: they saw both, and edited the newer one."""
    before, made = await _half_replaced(few)
    number = int(before.key[1:])
    await act(few.oneplan_url, act="edit-task", task=made, name="Edited here")
    await act(few.devops_url, act="delete", id=number)
    await notified(few, number, "deleted")
    assert made not in few.oneplan.groups[0].tasks
    lost = [(one.field, one.before) for one in await activity_of(few, number) if one.action == "overwritten"]
    assert lost == [("Name", "Edited here")]


async def test_what_people_gave_the_one_that_was_to_replace_it_goes_over_as_it_takes_the_place(few: Bench) -> None:
    """What OnePlan fills in as it makes one is no edit; what people do before the next attempt finds it is."""
    before, made = await _half_replaced(few)
    number = int(before.key[1:])
    await act(few.oneplan_url, act="edit-task", task=made, fields={"StartDate": "2031-05-06"})
    await notified(few, number)
    assert (await link_of(few, number)).target == made
    await few.full_sync()
    start = few.devops.organization.items[number].now.fields.get("Microsoft.VSTS.Scheduling.StartDate")
    assert str(start).startswith("2031-05-06")


async def test_an_edit_of_what_is_still_to_be_put_away_is_in_the_activity(few: Bench) -> None:
    """Seed 103: of a field that goes over though it is not mapped, made after it had gone over."""
    few.oneplan.faults.apply({"switches": {"move_task_route": False}})
    await few.connect()
    await remap(few.parts, few.connection)
    await few.full_sync()
    number = await linked(few, "task", "task-under-plan")
    before, engine = await link_of(few, number), few.parts.engine
    await act(few.oneplan_url, act="edit-task", task=before.target, fields={"DueDate": "2031-05-06"})
    plans = [one async for one in engine.links.list(few.connection) if one.kind == "plan" and one.target != before.plan]
    limit = {"kind": "status", "method": "DELETE", "path": f"tasks/{before.target}$", "status": 429, "retry_after": 1}
    few.oneplan.faults.apply({"rules": [limit]})
    await act(few.devops_url, act="reparent", id=number, parent=int(plans[0].key[1:]))
    await notified(few, number)
    assert (await link_of(few, number)).retired is not None
    few.oneplan.faults.rules.clear()
    await act(few.oneplan_url, act="edit-task", task=before.target, fields={"DueDate": "2032-07-08"})
    await notified(few, number)
    tasks = few.oneplan.groups[0].tasks
    assert before.target not in tasks
    assert tasks[(await link_of(few, number)).target]["DueDate"].startswith("2031-05-06")
    lost = [str(one.before)[:10] for one in await activity_of(few, number) if one.action == "overwritten"]
    assert lost == ["2032-07-08"]
