"""Two organizations on one OnePlan group: each has its button, and their items never mix."""

from local.azure_devops.app import create_app
from local.azure_devops.seed import organization, populate
from local.azure_devops.world import World
from local.azurite import Azurite
from local.vault import RunningVault
from shared.configuration import parse_connection
from shared.engine.saving import Saved, create
from tests.connections.conftest import ADDRESS
from tests.sync.bench import Bench, bench, serving

SWITCHES = {"connected_systems_route": True}


async def _synced(made: Bench, **members: object) -> Saved:
    saved = await create(made.parts.engine, parse_connection(made.body(**members)))
    made.connection = saved.connection.id
    await made.pump(saved.run)
    return saved


async def test_two_organizations_on_one_group_never_mix(azurite: Azurite, vault: RunningVault) -> None:
    other = World(organization("fabrikam"))
    populate(other, 30, "default")
    async with (
        serving(create_app(other)) as address,
        bench(
            azurite.connection_string,
            vault,
            size=30,
            oneplan=SWITCHES,
            settings={"PUBLIC_URL": ADDRESS},
            hosts=(address,),
        ) as made,
    ):
        first_body = made.body()
        group = first_body["oneplan"]
        first = await _synced(made, oneplan={**group, "buttonName": "Contoso DevOps"})
        devops = {**first_body["azureDevOps"], "url": f"{address}/fabrikam"}
        second = await _synced(
            made, name="Fabrikam", oneplan={**group, "buttonName": "Fabrikam DevOps"}, azureDevOps=devops
        )
        theirs = made.oneplan.groups[0]
        marks = [{one["IntegrationId"] for one in plan["Integrations"]} for plan in theirs.plans.values()]
        counted = {
            saved.connection.integration: sum(saved.connection.integration in one for one in marks)
            for saved in (first, second)
        }
        assert max(len(one) for one in marks) == 1
        assert len(set(counted.values())) == 1
        assert min(counted.values()) > 0
        urls = {
            mark["IntegrationId"]: mark["ItemUrl"].split("/_workitems")[0]
            for plan in theirs.plans.values()
            for mark in plan["Integrations"]
        }
        assert urls[second.connection.integration] == f"{address}/fabrikam"
        assert [one["Name"] for one in theirs.connected_systems] == ["Contoso DevOps", "Fabrikam DevOps"]
        assert (len(made.devops.deliveries.subscriptions), len(other.deliveries.subscriptions)) == (5, 5)
