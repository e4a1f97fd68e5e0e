"""What an administrator changes while a full sync is under way, and how old a set-up is (R3 to R8, R22, R23)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from local.azure_devops.seed.people import UNKNOWN_TO_ONEPLAN
from local.azurite import Azurite
from local.vault import RunningVault
from shared.configuration import parse_connection
from shared.engine.finish import supersede
from shared.engine.people import put_overrides
from shared.engine.requests import request_full_sync
from shared.engine.saving import disable, enable, save
from shared.engine.setup import kept_setup
from shared.engine.work import work
from shared.messages import SyncMessage
from shared.ports import Run, StoredConnection
from tests.sync.acts import act
from tests.sync.bench import Bench, bench, queues_of

HIRED = "7f1d3c52-0b7e-4d2f-8a54-1c9d1f7a0001"
READ = ("", "find", "read", "lay-out")


@pytest.fixture
async def tiny(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """The oddities and hardly anything else."""
    async with bench(azurite.connection_string, vault, size=1) as made:
        yield made


async def _stored(made: Bench) -> StoredConnection:
    stored = await made.parts.connections.get(made.connection)
    assert stored is not None
    return stored


async def _run(made: Bench, run: str) -> Run:
    found = await made.parts.engine.runs.get(made.connection, run)
    assert found is not None
    return found


async def _laid_out(made: Bench) -> Run:
    """A full sync whose work is laid out, and that has not done it."""
    run = await request_full_sync(made.parts.engine, made.connection, "timer")
    async with queues_of(made.storage) as service:
        while (await _run(made, run.id)).stage in READ:
            await made.drained(service)
    found = await _run(made, run.id)
    assert not found.over
    return found


async def _saved(made: Bench, **members: Any) -> None:
    """As the API saves what an administrator has changed; the same group, key and token."""
    stored = await _stored(made)
    body = {**made.body(**members), "oneplan": {**made.body()["oneplan"], "group": stored.configuration.oneplan.group}}
    await save(made.parts.engine, stored, parse_connection(body))


def _project(made: Bench) -> str:
    return str(made.devops.organization.projects[0].name)


async def _brought_in(made: Bench) -> set[str]:
    """The types of the work items that are linked."""
    items = made.devops.organization.items
    links = [one async for one in made.parts.engine.links.list(made.connection)]
    return {items[int(one.key[1:])].type for one in links if one.state == "linked" and one.key.startswith("w")}


async def test_types_that_are_saved_while_a_full_sync_runs_are_those_that_arrive(dozen: Bench) -> None:
    await dozen.connect(taskTypes=["User Story"])
    before = await _laid_out(dozen)
    await _saved(dozen)
    await dozen.pump(before.id)
    runs = {one.id: one.state for one in await dozen.parts.engine.runs.list(dozen.connection)}
    assert (runs.pop(before.id), list(runs.values())) == ("replaced", ["done"])
    assert await _brought_in(dozen) - {"Epic", "Feature", "User Story"}


async def test_the_set_up_that_a_save_has_read_outlives_the_run_under_way(tiny: Bench) -> None:
    types = {"planLevelTypes": ["Epic"], "taskTypes": ["Task"]}
    await tiny.connect(**types, scope={"projects": [_project(tiny)]})
    before = await _laid_out(tiny)
    await _saved(tiny, **types)
    await tiny.pump(before.id)
    kept = await kept_setup(tiny.parts.engine, tiny.connection)
    assert kept is not None
    assert len(kept.projects) == len(tiny.devops.organization.projects) > 1


async def test_people_named_while_a_full_sync_runs_are_assigned_by_the_run_that_follows(tiny: Bench) -> None:
    await tiny.connect()
    group = tiny.oneplan.groups[0]
    epic = next(one for one in tiny.devops.organization.items.values() if one.type == "Epic" and not one.deleted)
    await act(tiny.devops_url, act="update", id=epic.id, fields={"System.AssignedTo": UNKNOWN_TO_ONEPLAN.unique_name})
    before = await _laid_out(tiny)
    jamal = next(one["id"] for one in group.resources.values() if one["name"] == "Jamal Hartnett")
    _, run = await put_overrides(tiny.parts.engine, await _stored(tiny), {UNKNOWN_TO_ONEPLAN.unique_name: jamal})
    assert run != before.id
    await tiny.pump(run)
    assert ((await _run(tiny, before.id)).state, (await _run(tiny, run)).state) == ("replaced", "done")
    link = await tiny.parts.engine.links.get(tiny.connection, f"w{epic.id:010}")
    assert link is not None
    assert group.plans[link.target]["Fields"]["Owner"] == jamal


async def test_a_run_goes_on_where_nothing_was_saved_that_it_depends_on(tiny: Bench) -> None:
    """A new name, another schedule, disabled and enabled again, saved as it was."""
    await tiny.connect()
    engine = tiny.parts.engine
    before = await _laid_out(tiny)
    await _saved(tiny, name="Fabrikam", schedule={"incrementalMinutes": 10}, retentionDays=30)
    await _saved(tiny, name="Fabrikam", schedule={"incrementalMinutes": 10}, retentionDays=30)
    await enable(engine, await disable(engine, await _stored(tiny)))
    assert (await request_full_sync(engine, tiny.connection, "person")).id == before.id
    await tiny.pump(before.id)
    assert (await _run(tiny, before.id)).state == "done"


async def test_a_run_that_an_earlier_version_began_goes_on(tiny: Bench) -> None:
    """Its row does not say by which settings it was laid out."""
    await tiny.connect()
    engine = tiny.parts.engine
    before = await _laid_out(tiny)
    assert await engine.runs.replace(replace(before, settings=""))
    await tiny.pump(before.id)
    assert (await _run(tiny, before.id)).state == "done"


async def test_a_person_who_is_added_in_oneplan_is_seen_by_the_sync_that_is_started_then(tiny: Bench) -> None:
    await tiny.connect()
    epic = next(one for one in tiny.devops.organization.items.values() if one.type == "Epic" and not one.deleted)
    await act(tiny.devops_url, act="update", id=epic.id, fields={"System.AssignedTo": UNKNOWN_TO_ONEPLAN.unique_name})
    before = await tiny.full_sync()
    assert [one for one in before.unmatched if UNKNOWN_TO_ONEPLAN.unique_name in one]
    _hired(tiny)
    after = await tiny.full_sync()
    assert not [one for one in after.unmatched if UNKNOWN_TO_ONEPLAN.unique_name in one]


def _hired(made: Bench) -> None:
    """OnePlan knows the person from now on."""
    resources = made.oneplan.groups[0].resources
    one = next(one for one in resources.values() if one["Fields"].get("mail"))
    mail = UNKNOWN_TO_ONEPLAN.unique_name
    fields = {**one["Fields"], "mail": mail, "userPrincipalName": mail}
    resources[HIRED] = {**one, "id": HIRED, "name": "Uwe", "Fields": fields}


async def test_a_type_that_is_mended_in_oneplan_is_seen_by_the_sync_that_is_started_then(tiny: Bench) -> None:
    """The check of the save has read it before, moments ago."""
    await tiny.connect()
    first = await tiny.full_sync()
    epic = next(one for one in tiny.oneplan.groups[0].plan_types if one["Name"] == "Epic")
    epic["Name"] = "Initiative"
    second = await request_full_sync(tiny.parts.engine, tiny.connection, "person")
    await tiny.pump()
    (page,) = [one for one in await tiny.parts.engine.pages.list(tiny.connection, second.id) if one.problem]
    assert (first.state, page.problem.startswith("OnePlan has no plan type called 'Epic'")) == ("done", True)


async def test_mails_and_people_stay_known_where_team_projects_change(tiny: Bench) -> None:
    """They are read by full syncs only, and whom single items name is matched by them."""
    await tiny.connect()
    fields = {"System.Title": "Another", "System.AssignedTo": "CONTOSO\\iintern"}
    await act(tiny.devops_url, act="create", project=_project(tiny), type="Epic", fields=fields)
    await tiny.full_sync()
    engine, before = tiny.parts.engine, await kept_setup(tiny.parts.engine, tiny.connection)
    assert before is not None
    assert before.people
    projects = tiny.devops.organization.projects
    projects[-1] = replace(projects[-1], name="Contoso Renamed")
    await work(engine, "sync-timers", SyncMessage(tiny.connection, "timer", kind="projects"))
    after = await kept_setup(engine, tiny.connection)
    assert after is not None
    assert "contoso renamed" in after.project_ids
    assert (after.mails, after.people) == (before.mails, before.people)


@pytest.mark.parametrize("ends", ["by itself", "from outside"])
async def test_a_page_whose_run_gives_way_while_it_is_worked_on_ends_and_its_message_with_it(
    azurite: Azurite, vault: RunningVault, ends: str
) -> None:
    """A cancellation that came out would leave the host without an answer: it would restart the worker process, with
    all that others do in it. One that somebody else asks for does come out."""
    async with bench(azurite.connection_string, vault, size=12, lease_seconds=3) as made:
        await made.connect()
        run = await _laid_out(made)
        engine = made.parts.engine
        page = next(one for one in await engine.pages.list(made.connection, run.id) if one.state == "queued")
        slow = {"kind": "latency", "seconds": 4.0, "method": "POST", "path": "/workplan$"}
        made.oneplan.faults.apply({"rules": [slow]})
        message = SyncMessage(made.connection, "timer", kind="page", run=run.id, item=str(page.number))
        working = asyncio.create_task(work(engine, "sync-bulk", message))
        await asyncio.sleep(0.3)
        assert not working.done()
        if ends == "by itself":
            await supersede(engine, run)
            await asyncio.wait_for(working, 3)
        else:
            working.cancel()
            with pytest.raises(asyncio.CancelledError):
                await working
