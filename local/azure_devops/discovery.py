"""How the vendor's own clients find the routes: the list of resource locations (section 1 [D, R])."""

from typing import Any

from starlette.routing import Route

from local.azure_devops.calls import ANY, ORGANIZATION, Call, listed, routes_of
from local.azure_devops.world import World

# id, area, resource, route template: as the vendor's Python client 7.1 names them.
_LOCATIONS = (
    ("e81700f7-3be2-46de-8624-2eb35882fcaa", "Location", "ResourceAreas", "_apis/{resource}/{areaId}"),
    ("603fe2ac-9723-48b9-88ad-09305aa6c6e1", "core", "projects", "_apis/{resource}/{*projectId}"),
    ("1a9c53f7-f243-4447-b110-35ef023636e4", "wit", "wiql", "{project}/{team}/_apis/{area}/{resource}"),
    ("908509b6-4248-4475-a1cd-829139ba419f", "wit", "workItemsBatch", "{project}/_apis/{area}/{resource}"),
    ("62d3d110-0047-428c-ad3c-4fe872c91c74", "wit", "workItems", "{project}/_apis/{area}/{resource}/${type}"),
    ("72c7ddf8-2cdc-4f60-90cd-ab71c14a399b", "wit", "workItems", "{project}/_apis/{area}/{resource}/{id}"),
    ("b70d8d39-926c-465e-b927-b1bf0e5ca0e0", "wit", "recyclebin", "{project}/_apis/{area}/{resource}/{id}"),
    ("6570bf97-d02c-4a91-8d93-3abe9895b1a9", "wit", "updates", "_apis/{area}/workItems/{id}/{resource}/{updateNumber}"),
    ("fc50d02a-849f-41fb-8af1-0a5216103269", "hooks", "subscriptions", "_apis/{area}/{resource}/{subscriptionId}"),
)
_VERSIONS = {"resourceVersion": 4, "minVersion": "1.0", "maxVersion": "7.2", "releasedVersion": "7.1"}


def list_locations(_call: Call) -> Any:
    names = ("id", "area", "resourceName", "routeTemplate")
    return listed([dict(zip(names, one, strict=True)) | _VERSIONS for one in _LOCATIONS])


def list_areas(_call: Call) -> Any:
    """None: so the clients keep to this address, as they do for a server on premises."""
    return listed([])


def routes(world: World) -> list[Route]:
    """At the organization only; any token will do."""
    return routes_of(
        world,
        [
            ("OPTIONS", "", ANY, list_locations, (ORGANIZATION,)),
            ("GET", "ResourceAreas", ANY, list_areas, (ORGANIZATION,)),
        ],
    )
