"""Each connection is synced by its own mapping and its own table of people (R11, R23)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from local.azure_devops.seed.people import UNKNOWN_TO_ONEPLAN
from local.azurite import Azurite
from local.standins import KEY, PAT
from local.vault import RunningVault
from shared.configuration_document import parse_document
from shared.core.mapping import FieldPair
from shared.core.outcomes import IMPORT_ONLY
from shared.engine.bodies import SETUP
from shared.engine.importing import take_in
from shared.engine.people import matches
from shared.engine.removal import delete
from shared.engine.requests import request_full_sync
from shared.engine.setup import LATEST
from shared.mapping_configuration import StoredMapping
from shared.ports import StoredConnection
from tests.sync.acts import act
from tests.sync.bench import Bench, bench

NOTE = FieldPair("Custom.SponsorNote", "ExternalKey", "text", since=2)


@pytest.fixture
async def tiny(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """The oddities and hardly anything else."""
    async with bench(azurite.connection_string, vault, size=1) as made:
        await made.connect()
        yield made


async def _stored(made: Bench) -> StoredConnection:
    stored = await made.parts.connections.get(made.connection)
    assert stored is not None
    return stored


async def _edited(made: Bench, kind: str, fields: dict[str, Any]) -> str:
    """The key of a work item of the kind whose fields a person has set."""
    found = next(one for one in made.devops.organization.items.values() if one.type == kind and not one.deleted)
    await act(made.devops_url, act="update", id=found.id, fields=fields)
    return f"w{found.id:010}"


async def test_a_field_that_the_connection_maps_arrives_and_one_that_it_does_not_stays_empty(tiny: Bench) -> None:
    stored = await _stored(tiny)
    fields = stored.mapping.fields
    tasks = tuple(pair for pair in fields.tasks if pair.oneplan != "DueDate")
    mapping = StoredMapping(replace(fields, version=2, plans=(*fields.plans, NOTE), tasks=tasks))
    await tiny.parts.connections.replace(replace(stored, mapping=mapping))
    noted = await _edited(tiny, "Epic", {"Custom.SponsorNote": "Ask Jamal"})
    run = await tiny.full_sync()
    assert (run.state, run.counts["failures"]) == ("done", 0)
    links = [link async for link in tiny.parts.engine.links.list(tiny.connection)]
    group = tiny.oneplan.groups[0]
    keys = {link.key: group.plans[link.target]["Fields"].get("ExternalKey") for link in links if link.kind == "plan"}
    assert {key: note for key, note in keys.items() if note} == {noted: "Ask Jamal"}
    assert not [link for link in links if link.kind == "task" and group.tasks[link.target]["DueDate"]]
    assert {link.base.mapping for link in links if link.base} == {2}


async def test_a_person_whom_the_connection_names_is_assigned(tiny: Bench) -> None:
    stored, group = await _stored(tiny), tiny.oneplan.groups[0]
    jamal = next(one["id"] for one in group.resources.values() if one["name"] == "Jamal Hartnett")
    overrides = {UNKNOWN_TO_ONEPLAN.unique_name: jamal}
    await tiny.parts.connections.replace(replace(stored, overrides=overrides))
    assigned = await _edited(tiny, "Epic", {"System.AssignedTo": UNKNOWN_TO_ONEPLAN.unique_name})
    run = await tiny.full_sync()
    assert not [person for person in run.unmatched if UNKNOWN_TO_ONEPLAN.unique_name in person]
    link = await tiny.parts.engine.links.get(tiny.connection, assigned)
    assert link is not None
    assert group.plans[link.target]["Fields"]["Owner"] == jamal
    told = {one.unique_name: one for one in await matches(tiny.parts.engine, await _stored(tiny))}
    uwe = told[UNKNOWN_TO_ONEPLAN.unique_name]
    assert (uwe.by, uwe.resource and uwe.resource.name) == ("override", "Jamal Hartnett")


async def test_everybody_whom_an_item_names_is_shown_once_with_whom_they_are(tiny: Bench) -> None:
    await _edited(tiny, "Epic", {"System.AssignedTo": UNKNOWN_TO_ONEPLAN.unique_name})
    fields = {"System.Title": "Another", "System.AssignedTo": "CONTOSO\\iintern"}
    await act(tiny.devops_url, act="create", project="Contoso Retail", type="Epic", fields=fields)
    await tiny.full_sync()
    told = await matches(tiny.parts.engine, await _stored(tiny))
    by = {one.unique_name: one.by for one in told}
    assert len(by) == len(told)
    assert (by[UNKNOWN_TO_ONEPLAN.unique_name], by["CONTOSO\\iintern"]) == (None, "name")


async def test_a_run_that_began_under_another_mapping_gives_way_to_a_new_one(tiny: Bench) -> None:
    """What it has read lacks the fields that are mapped now, so it would empty them in OnePlan."""
    engine = tiny.parts.engine
    noted = await _edited(tiny, "Epic", {"Custom.SponsorNote": "Ask Jamal"})
    before = await request_full_sync(engine, tiny.connection, "timer")
    stored = await _stored(tiny)
    fields = stored.mapping.fields
    mapping = StoredMapping(replace(fields, version=2, plans=(*fields.plans, NOTE)))
    await tiny.parts.connections.replace(replace(stored, mapping=mapping))
    await tiny.pump(before.id)
    runs = {run.id: run for run in await engine.runs.list(tiny.connection)}
    (after,) = [run for run in runs.values() if run.id != before.id]
    assert (runs[before.id].state, after.state, after.counts["failures"]) == ("replaced", "done", 0)
    link = await engine.links.get(tiny.connection, noted)
    assert link is not None
    assert tiny.oneplan.groups[0].plans[link.target]["Fields"]["ExternalKey"] == "Ask Jamal"


async def test_a_configuration_exported_deleted_and_imported_finds_its_links(tiny: Bench) -> None:
    engine = tiny.parts.engine
    first = await tiny.full_sync()
    before = {link.key: link.target async for link in engine.links.list(tiny.connection)}
    stored = await _stored(tiny)
    exported = stored.document
    deleted = await delete(engine, stored)
    assert deleted.state == "deleted"
    systems = exported["connection"]
    systems["oneplan"]["key"], systems["azureDevOps"]["pat"] = KEY, PAT
    taken = await take_in(engine, deleted, parse_document(exported))
    assert taken.connection.id == tiny.connection
    tiny.reset_calls()
    await tiny.pump(taken.run)
    again = await engine.runs.get(tiny.connection, taken.run)
    assert again is not None
    assert (first.counts["created"], again.state, again.counts.get("created", 0)) == (len(before), "done", 0)
    assert {link.key: link.target async for link in engine.links.list(tiny.connection)} == before
    assert [route for route in tiny.oneplan_calls if route == "POST /api/workplan"] == []


async def test_a_field_that_is_mapped_no_more_blanks_nothing(tiny: Bench) -> None:
    """It is not read any more, so it looks empty everywhere; the brake must not take that for a mass change."""
    await tiny.connect(brake={"share": 0.01, "items": 0})
    assert (await tiny.full_sync()).state == "done"
    stored = await _stored(tiny)
    fields = stored.mapping.fields
    plans, tasks = (tuple(one for one in pairs if one.required) for pairs in (fields.plans, fields.tasks))
    mapping = StoredMapping(replace(fields, version=2, plans=plans, tasks=tasks))
    await tiny.parts.connections.replace(replace(stored, mapping=mapping))
    run = await tiny.full_sync()
    assert (run.state, run.problem) == ("done", "")


async def test_what_was_left_in_oneplan_stays_told_where_the_list_of_plans_lacks_it(tiny: Bench) -> None:
    """Nobody saved the plan since the edit was looked at, yet it does not hold what was agreed before."""
    tiny.oneplan.faults.apply({"switches": {"list_has_fields": False}})
    await tiny.connect(options={"allowOnePlanEdits": False})
    stored = await _stored(tiny)
    mapping = replace(stored.mapping.fields, version=2, plans=(*stored.mapping.fields.plans, NOTE))
    await tiny.parts.connections.replace(replace(stored, mapping=StoredMapping(mapping)))
    noted = await _edited(tiny, "Epic", {"Custom.SponsorNote": "Ask Jamal"})
    await tiny.full_sync()
    link = await tiny.parts.engine.links.get(tiny.connection, noted)
    assert link is not None
    await act(tiny.oneplan_url, act="edit-plan", plan=link.target, fields={"ExternalKey": "Ask Uwe"})
    for _ in range(2):
        await tiny.full_sync()
        after = await tiny.parts.engine.links.get(tiny.connection, noted)
        assert after is not None
        assert after.base is not None
        assert after.base.residues == {NOTE.key: IMPORT_ONLY}


async def test_a_type_that_is_gone_in_oneplan_is_told_by_its_name(tiny: Bench) -> None:
    """Somebody renamed it there since the connection was saved; the set-up that was kept then is read anew."""
    engine = tiny.parts.engine
    await engine.bodies.put(tiny.connection, LATEST, SETUP, {"read": 0.0, "setup": {}})
    next(one for one in tiny.oneplan.groups[0].plan_types if one["Name"] == "Epic")["Name"] = "Initiative"
    run = await request_full_sync(engine, tiny.connection, "person")
    await tiny.pump()
    (page,) = [one for one in await engine.pages.list(tiny.connection, run.id) if one.problem]
    assert page.problem.startswith("OnePlan has no plan type called 'Epic' any more. Give one that name in OnePlan")
