"""What every noun of the Azure DevOps client shares: the connection to one organization and its API version."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from shared.adapters.azure_devops.assumptions import (
    API_VERSION,
    IDENTITY_HOSTS,
    PAGE,
    VISUAL_STUDIO,
    VISUAL_STUDIO_IDENTITIES,
)
from shared.adapters.http import RemoteHttp
from shared.adapters.http_calls import Call, Places, Query
from shared.adapters.members import listed, member

JSON_PATCH = "application/json-patch+json"


class Service:
    """Requests to one organization. Routes begin with `_apis/` or `{project}/`; every call names its version."""

    def __init__(self, http: RemoteHttp) -> None:
        self.http = http

    async def get(
        self,
        route: str,
        what: str,
        *,
        places: Places | None = None,
        query: Query | None = None,
        version: str = API_VERSION,
    ) -> Any:
        """The JSON of a GET, None where the answer has no body."""
        return await self.call("GET", route, what, places=places, query=query, version=version, safe=True)

    async def call(
        self,
        method: str,
        route: str,
        what: str,
        *,
        places: Places | None = None,
        query: Query | None = None,
        body: Any = None,
        safe: bool = False,
        version: str = API_VERSION,
        content_type: str = "application/json",
        secrets: tuple[str, ...] = (),
    ) -> Any:
        """The JSON of the answer. `safe`: it only reads, so it may be sent again."""
        call = Call(
            method=method,
            route=route,
            what=what,
            places=places or {},
            query={**(query or {}), "api-version": version},
            body=body,
            content_type=content_type,
            safe=safe,
            secrets=secrets,
        )
        return await self.http.send(call)

    async def pages(
        self, route: str, what: str, *, places: Places | None = None, query: Query | None = None, skip: int = 0
    ) -> AsyncIterator[list[Mapping[str, Any]]]:
        """The rows of a list that is paged by `$top` and `$skip` (section 1), a page at a time, but for the first
        `skip`."""
        while True:
            paged = {**(query or {}), "$top": PAGE, "$skip": skip}
            found = listed(member(await self.get(route, what, places=places, query=paged), "value"), what)
            yield found
            if len(found) < PAGE:
                return
            skip += len(found)


def identity_base(organization_url: str) -> str:
    """Where the organization's identities are served (ado-api.md section 1)."""
    url = httpx.URL(organization_url)
    if url.host in IDENTITY_HOSTS:
        return str(url.copy_with(host=IDENTITY_HOSTS[url.host]))
    if url.host.endswith(VISUAL_STUDIO) and not url.host.endswith(VISUAL_STUDIO_IDENTITIES):
        return str(url.copy_with(host=url.host.removesuffix(VISUAL_STUDIO) + VISUAL_STUDIO_IDENTITIES))
    return organization_url
