"""What every noun of the OnePlan client shares: the connection to one group."""

from typing import Any

from shared.adapters.http import RemoteHttp
from shared.adapters.http_calls import Call, Places, Query


class Service:
    """Requests to one environment. Routes are below `/api/`; there is no version and no paging (sections 2, 4)."""

    def __init__(self, http: RemoteHttp) -> None:
        self.http = http

    async def get(self, route: str, what: str, *, places: Places | None = None, query: Query | None = None) -> Any:
        """The JSON of a GET, None where the answer has no body."""
        return await self.call("GET", route, what, places=places, query=query, safe=True)

    async def post(
        self,
        route: str,
        what: str,
        body: Any = None,
        *,
        places: Places | None = None,
        query: Query | None = None,
        safe: bool = False,
        secrets: tuple[str, ...] = (),
    ) -> Any:
        """The answer of a POST, None where it has no body. `safe`: it only reads, so it may be sent again."""
        return await self.call("POST", route, what, places=places, query=query, body=body, safe=safe, secrets=secrets)

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
        secrets: tuple[str, ...] = (),
    ) -> Any:
        """The JSON of the answer, None where it has no body."""
        return await self.http.send(
            Call(
                method=method,
                route=route,
                what=what,
                places=places or {},
                query=query or {},
                body=body,
                safe=safe,
                secrets=secrets,
            )
        )
