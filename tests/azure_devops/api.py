"""A caller of the stand-in: one line for each thing that a test does."""

from collections.abc import Mapping
from typing import Any

import httpx

PATCH = {"Content-Type": "application/json-patch+json"}
PARENT, CHILD, RELATED = (
    "System.LinkTypes.Hierarchy-Reverse",
    "System.LinkTypes.Hierarchy-Forward",
    "System.LinkTypes.Related",
)


class Api:
    """Requests to the organization `tiny`, with a token and version unless told otherwise."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def call(self, method: str, path: str, pat: str = "pat", **more: Any) -> httpx.Response:
        params = {"api-version": "7.1"} | dict(more.pop("params", {}))
        headers = {"X-TFS-FedAuthRedirect": "Suppress"} | dict(more.pop("headers", {}))
        auth = httpx.BasicAuth("", pat)
        return await self.http.request(method, f"/tiny{path}", params=params, headers=headers, auth=auth, **more)

    async def ok(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.call(method, path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def create(self, kind: str = "Task", parent: int | None = None, **fields: Any) -> dict[str, Any]:
        named = {"System.Title": "made"} | {name.replace("__", "."): value for name, value in fields.items()}
        document = [*setting(named), *([adding(PARENT, parent)] if parent else [])]
        path = f"/Alpha/_apis/wit/workitems/${kind}"
        return dict(await self.ok("POST", path, json=document, headers=PATCH))

    async def patch(self, id_: int, *operations: Mapping[str, Any], **more: Any) -> httpx.Response:
        return await self.call("PATCH", f"/_apis/wit/workitems/{id_}", json=list(operations), headers=PATCH, **more)

    async def get(self, id_: int, **params: str) -> dict[str, Any]:
        named = {name.replace("expand", "$expand"): value for name, value in params.items()}
        return dict(await self.ok("GET", f"/_apis/wit/workitems/{id_}", params=named))

    async def wiql(self, query: str, **more: Any) -> Any:
        return await self.ok("POST", "/_apis/wit/wiql", json={"query": query}, **more)

    async def found(self, where: str, **more: Any) -> list[int]:
        query = f"SELECT [System.Id] FROM WorkItems WHERE {where} ORDER BY [System.Id]"
        return [one["id"] for one in (await self.wiql(query, **more))["workItems"]]

    async def switch(self, **positions: Any) -> None:
        answer = await self.http.post("/__control/faults", json={"switches": positions})
        assert answer.status_code == 200, answer.text


def setting(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"op": "add", "path": f"/fields/{name}", "value": value} for name, value in fields.items()]


def adding(rel: str, target: int) -> dict[str, Any]:
    value = {"rel": rel, "url": f"https://dev.azure.com/tiny/_apis/wit/workItems/{target}"}
    return {"op": "add", "path": "/relations/-", "value": value}


def testing(rev: int) -> dict[str, Any]:
    return {"op": "test", "path": "/rev", "value": rev}


def removing(index: int) -> dict[str, Any]:
    return {"op": "remove", "path": f"/relations/{index}"}


def error_of(answer: httpx.Response) -> tuple[int, str, str]:
    """(status, typeKey, code that starts the message)."""
    body = answer.json()
    return answer.status_code, body["typeKey"], body["message"].split(":")[0]


testing.__test__ = False  # type: ignore[attr-defined]
