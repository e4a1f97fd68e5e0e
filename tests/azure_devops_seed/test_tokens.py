"""What each seeded token may read (R9: the minimum is Identity and Work Items)."""

import pytest

from local.azure_devops.seed import people, projects
from local.azure_devops.world import World
from tests.azure_devops_seed.seeded import service

NEEDED_TO_CHECK_A_CONNECTION = (
    "/_apis/connectionData",
    "/_apis/projects",
    "/_apis/work/processes",
    f"/{projects.INHERITED}/_apis/work/backlogconfiguration",
    f"/{projects.INHERITED}/_apis/wit/workitemtypes",
    f"/{projects.INHERITED}/_apis/wit/classificationnodes/Areas",
    "/_apis/wit/fields",
    f"/_apis/identities?identityIds={people.PMO.id}",
)


@pytest.mark.parametrize("pat", ["demo-pat", "read-only-pat", "all-scopes-pat"])
@pytest.mark.parametrize("path", NEEDED_TO_CHECK_A_CONNECTION)
async def test_the_minimum_scopes_read_all_that_a_connection_needs(contoso_world: World, pat: str, path: str) -> None:
    async with service(contoso_world, pat) as api:
        assert (await api.get(path)).status_code == 200


async def test_a_token_without_the_identity_scope_reads_no_identities(contoso_world: World) -> None:
    async with service(contoso_world, "no-identity-pat") as api:
        assert (await api.get(NEEDED_TO_CHECK_A_CONNECTION[-1])).status_code in {401, 403}
        assert (await api.get("/_apis/projects")).status_code == 200


async def test_a_read_only_token_makes_no_node(contoso_world: World) -> None:
    path = f"/{projects.AGILE}/_apis/wit/classificationnodes/Areas"
    async with service(contoso_world, "read-only-pat") as api:
        assert (await api.post(path, json={"name": "New"})).status_code in {401, 403}
        assert (await api.get(f"{path}/New")).status_code == 404


async def test_an_expired_token_reads_nothing(contoso_world: World) -> None:
    async with service(contoso_world, "expired-pat") as api:
        assert (await api.get("/_apis/projects")).status_code == 401


async def test_connection_data_says_whose_token_it_is(contoso_world: World) -> None:
    async with service(contoso_world, "demo-pat") as api:
        assert (await api.get("/_apis/connectionData")).json()["authorizedUser"]["id"] == people.SYNC.id
