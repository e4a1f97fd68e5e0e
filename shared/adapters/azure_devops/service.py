"""What every noun of the Azure DevOps client shares: the connection to one organization and its API version."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from shared.adapters.azure_devops.assumptions import (
    API_VERSION,
    IDENTITY_HOSTS,
    VISUAL_STUDIO,
    VISUAL_STUDIO_IDENTITIES,
)
from shared.adapters.http import Call, RemoteHttp

JSON_PATCH = "application/json-patch+json"


class Service:
    """Requests to one organization. Paths begin with `_apis/` or `{project}/`; every call names its version."""

    def __init__(self, http: RemoteHttp) -> None:
        self.http = http

    async def get(self, route: str, what: str, version: str = API_VERSION, /, **names: Any) -> Any:
        """The JSON of a GET. `names` fill the route's placeholders; the rest are query parameters."""
        return await self.call("GET", route, what, safe=True, version=version, names=names)

    async def call(
        self,
        method: str,
        route: str,
        what: str,
        *,
        body: Any = None,
        safe: bool = False,
        version: str = API_VERSION,
        content_type: str = "application/json",
        names: Mapping[str, Any] | None = None,
    ) -> Any:
        path, query = _filled(route, names or {})
        return await self.http.send(
            Call(
                method=method,
                path=path,
                route=route,
                what=what,
                query={**query, "api-version": version},
                body=body,
                content_type=content_type,
                safe=safe,
            )
        )


def _filled(route: str, names: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The path with its placeholders filled, and the names that are left over as query parameters."""
    path, query = route, {}
    for name, value in names.items():
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", _segment(value))
        elif value is not None:
            query[name.replace("dollar_", "$")] = value
    return path, query


def _segment(value: Any) -> str:
    """One path segment, percent-encoded whole: a project or team name may hold nearly anything."""
    return quote(str(value), safe="$")


def identity_base(organization_url: str) -> str:
    """Where the organization's identities are served (ado-api.md section 1)."""
    url = httpx.URL(organization_url)
    if url.host in IDENTITY_HOSTS:
        return str(url.copy_with(host=IDENTITY_HOSTS[url.host]))
    if url.host.endswith(VISUAL_STUDIO) and not url.host.endswith(VISUAL_STUDIO_IDENTITIES):
        return str(url.copy_with(host=url.host.removesuffix(VISUAL_STUDIO) + VISUAL_STUDIO_IDENTITIES))
    return organization_url
