"""The host's admin routes, of which the real host has the same: list the functions, run one by hand.

Unlike the real host, running one answers after it ran, with 500 where it failed, so that a test can wait.
"""

import json
from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.host.functions import HTTP, Function
from local.host.worker import Outcome

PREFIX = "/admin/functions"


class AdminRoutes:
    """`GET /admin/functions` and `POST /admin/functions/{name}` with `{"input": text}`."""

    def __init__(self, functions: Iterable[Function], run: Callable[[Function, str], Awaitable[Outcome]]) -> None:
        self._functions = {function.name: function for function in functions}
        self._run = run

    async def answer(self, request: Request, path: str) -> Response | None:
        """The answer to an admin request; None for any other."""
        name = path.removeprefix(PREFIX).strip("/")
        match request.method, path.startswith(PREFIX), name:
            case "GET", True, "":
                return JSONResponse([_described(function) for function in self._functions.values()])
            case "POST", True, name if name in self._functions:
                return await self._run_one(self._functions[name], await request.body())
        return None

    async def _run_one(self, function: Function, body: bytes) -> Response:
        if function.kind == HTTP:
            return Response("call an HTTP function at its route", 400)
        try:
            text = str(json.loads(body or b"{}").get("input", ""))
        except (ValueError, AttributeError):
            return Response('the body is {"input": "text"}', 400)
        outcome = await self._run(function, text)
        return Response(status_code=202) if outcome.succeeded else Response(outcome.message, 500)


def _described(function: Function) -> dict[str, object]:
    return {"name": function.name, "config": {"bindings": list(function.bindings)}}
