"""What a connection and its mapping say changes what is synced (R1 to R8, R11, R22, R23), one scenario each."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.engine.remapping import propose, put_mapping, resync
from shared.engine.requests import request_incremental
from shared.mapping_configuration import parse_mapping
from shared.ports import SaveState, StoredConnection
from shared.refusals import InvalidInput
from tests.sync.acts import act
from tests.sync.bench import Bench, bench


@pytest.fixture
async def bare(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """One epic, and no connection yet."""
    async with bench(azurite.connection_string, vault, size=1) as made:
        yield made


async def _synced(made: Bench, **members: Any) -> dict[str, Any]:
    """The plan of the only epic, as OnePlan has it."""
    await made.connect(**members)
    await made.full_sync()
    return await _plan(made)


def _epic(made: Bench) -> int:
    return next(one.id for one in made.devops.organization.items.values() if one.type == "Epic")


async def _plan(made: Bench) -> dict[str, Any]:
    link = await made.parts.engine.links.get(made.connection, f"w{_epic(made):010}")
    assert link is not None
    return dict(made.oneplan.groups[0].plans[link.target])


async def _stored(made: Bench) -> StoredConnection:
    stored = await made.parts.connections.get(made.connection)
    assert stored is not None
    return stored


def _type(made: Bench, name: str) -> str:
    found = made.oneplan.groups[0].plan_type(name)
    assert found is not None
    return str(found["id"])


async def test_a_team_project_becomes_a_plan_of_the_type_that_is_chosen(bare: Bench) -> None:
    plan = await _synced(bare, options={"teamProjectAsParentPlan": True}, teamProjectPlanType="Program")
    above = bare.oneplan.groups[0].plans[plan["PortfolioParentId"]]
    assert (above["Name"], above["PlannerTypeId"]) == ("Contoso Retail", _type(bare, "Program"))


async def test_without_the_option_a_team_project_is_ignored(bare: Bench) -> None:
    plan = await _synced(bare, teamProjectPlanType="Program")
    assert plan["PortfolioParentId"] not in bare.oneplan.groups[0].plans


async def test_a_plan_of_nobody_belongs_to_the_default_owner(bare: Bench) -> None:
    await act(bare.devops_url, act="update", id=_epic(bare), fields={"System.AssignedTo": None})
    plan = await _synced(bare, defaultOwner="jamal@contoso.com")
    owner = bare.oneplan.groups[0].resources[plan["Fields"]["Owner"]]
    assert owner["name"] == "Jamal Hartnett"


async def test_a_plan_type_in_another_letter_case_is_another_plan_type(bare: Bench) -> None:
    kind = bare.oneplan.groups[0].plan_type("Feature")
    assert kind is not None
    kind["Name"] = "FEATURE"
    with pytest.raises(InvalidInput) as caught:
        await bare.connect()
    (error,) = caught.value.errors
    assert (error.path, "it has 'FEATURE', and letter case counts" in error.message) == ("/planLevelTypes/1", True)


@pytest.mark.parametrize(
    ("feed", "asks", "asks_not"),
    [
        ("audit", "POST /api/audit/plan", "POST /api/workplan/find"),
        ("find", "POST /api/workplan/find", "POST /api/audit/plan"),
        ("sweep", "GET /api/workplan", "POST /api/audit/plan"),
    ],
)
async def test_changes_in_oneplan_are_looked_for_in_the_way_that_is_chosen(
    bare: Bench, feed: str, asks: str, asks_not: str
) -> None:
    await _synced(bare, changeFeed=feed)
    bare.reset_calls()
    run = await request_incremental(bare.parts.engine, bare.connection, "person")
    await bare.pump(run.id)
    assert [route for route in bare.oneplan_calls if route.startswith(asks)], bare.oneplan_calls
    assert [route for route in bare.oneplan_calls if route.startswith(asks_not)] == []


async def _mapped(made: Bench, **pair: Any) -> None:
    """The plans' mapping has the pair, and the run that agrees on it has ended."""
    stored = await _stored(made)
    body = stored.whole.mapping.model_dump(mode="json", by_alias=True)
    body["plans"] = [one for one in body["plans"] if one["oneplan"] != pair["oneplan"]] + [pair]
    engine = made.parts.engine
    proposal = await propose(engine, stored, parse_mapping(body))
    assert proposal.touched == 1
    _, run = await put_mapping(engine, stored, proposal)
    await made.pump(run)
    ended = await engine.runs.get(made.connection, run)
    assert ended is not None
    assert (ended.state, ended.counts["failures"]) == ("done", 0)


@pytest.mark.parametrize("state", ["saving", "deleting"])
async def test_a_connection_that_is_not_whole_gets_no_run_for_its_mapping(bare: Bench, state: SaveState) -> None:
    await bare.connect()
    assert await resync(bare.parts.engine, replace(await _stored(bare), state=state)) == ""
    assert await bare.parts.engine.runs.list(bare.connection) == []


async def test_a_value_map_that_changes_is_agreed_on_anew(bare: Bench) -> None:
    await act(bare.devops_url, act="update", id=_epic(bare), fields={"System.State": "Active"})
    await _synced(bare)
    (field,) = [one for one in bare.oneplan.groups[0].plan_fields if one["InternalName"] == "State"]
    labels = field["Choices"]
    state = {"azureDevOps": "System.State", "oneplan": "State"}
    for label in ("In Progress", "Resolved"):
        await _mapped(bare, **state, values=[["Active", label], ["New", "Not Started"]])
        assert labels[(await _plan(bare))["Fields"]["State"]] == label
    assert bare.devops.organization.items[_epic(bare)].now.fields["System.State"] == "Active"


@pytest.mark.parametrize(("first", "stands"), [("azure-devops", "there"), ("oneplan", "here")])
async def test_a_pair_that_is_new_begins_with_the_value_of_the_side_that_is_chosen(
    bare: Bench, first: str, stands: str
) -> None:
    await act(bare.devops_url, act="update", id=_epic(bare), fields={"Custom.SponsorNote": "there"})
    plan = await _synced(bare)
    await act(bare.oneplan_url, act="edit-plan", plan=plan["id"], fields={"ExternalKey": "here"})
    await _mapped(bare, azureDevOps="Custom.SponsorNote", oneplan="ExternalKey", first=first)
    after = await _plan(bare)
    item = bare.devops.organization.items[_epic(bare)]
    assert (after["Fields"]["ExternalKey"], item.now.fields["Custom.SponsorNote"]) == (stands, stands)


async def test_a_pair_of_one_direction_is_written_in_that_one_only(bare: Bench) -> None:
    await act(bare.devops_url, act="update", id=_epic(bare), fields={"Custom.SponsorNote": "there"})
    plan = await _synced(bare)
    note = {"azureDevOps": "Custom.SponsorNote", "oneplan": "ExternalKey", "direction": "to-oneplan"}
    await _mapped(bare, **note)
    await act(bare.oneplan_url, act="edit-plan", plan=plan["id"], fields={"ExternalKey": "here"})
    await bare.full_sync()
    assert bare.devops.organization.items[_epic(bare)].now.fields["Custom.SponsorNote"] == "there"
