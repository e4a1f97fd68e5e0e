"""What every noun of the OnePlan client shares: the connection to one group."""

from typing import Any

from shared.adapters.http import Call, RemoteHttp


class Service:
    """Requests to one environment. Paths are below `/api/`; there is no version and no paging (sections 2, 4)."""

    def __init__(self, http: RemoteHttp) -> None:
        self.http = http

    async def get(self, route: str, what: str, **names: Any) -> Any:
        """The JSON of a GET. `names` fill the route's placeholders; the rest are query parameters."""
        return await self.call("GET", route, what, safe=True, **names)

    async def post(self, route: str, what: str, body: Any = None, *, safe: bool = False, **names: Any) -> Any:
        """The answer of a POST, None where it has no body. `safe`: it only reads, so it may be sent again."""
        return await self.call("POST", route, what, body=body, safe=safe, **names)

    async def call(
        self, method: str, route: str, what: str, *, body: Any = None, safe: bool = False, **names: Any
    ) -> Any:
        path, query = route, {}
        for name, value in names.items():
            if f"{{{name}}}" in path:
                path = path.replace(f"{{{name}}}", str(value))
            elif value is not None:
                query[name] = value
        return await self.http.send(Call(method, path, route, what, query=query, body=body, safe=safe))
