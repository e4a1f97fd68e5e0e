"""The control routes that both stand-ins answer (contracts.md, Stand-ins). No credentials; loopback only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.standin.faults import Faults, UnknownFault
from local.standin.wire import Calls


class UnknownAct(ValueError):
    """An act body names an act or member that the stand-in has not got, or an item that is not there."""


@dataclass(frozen=True)
class Control:
    """What the control routes need of a stand-in. `act` edits as a person would and fires what that fires."""

    faults: Faults
    calls: Calls
    state: Callable[[], Mapping[str, Any]]
    act: Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
    reset: Callable[[], Awaitable[None]]

    def routes(self) -> list[Route]:
        return [
            Route("/__control/state", self._state),
            Route("/__control/faults", self._faults, methods=["GET", "POST"]),
            Route("/__control/calls", self._calls),
            Route("/__control/reset", self._reset, methods=["POST"]),
            Route("/__control/act", self._act, methods=["POST"]),
        ]

    async def _state(self, _request: Request) -> Response:
        return JSONResponse(self.state())

    async def _faults(self, request: Request) -> Response:
        try:
            if request.method == "POST":
                self.faults.apply(await request.json())
        except UnknownFault as error:
            return JSONResponse({"message": str(error)}, 400)
        return JSONResponse(self.faults.describe())

    async def _calls(self, _request: Request) -> Response:
        return JSONResponse(self.calls.describe())

    async def _reset(self, request: Request) -> Response:
        """`{"calls": true}` resets the counts only; without a body the whole stand-in is as at the start."""
        body = await request.json() if await request.body() else {}
        self.calls.reset()
        if not body.get("calls"):
            self.faults.apply({"clear": True, "seed": 1})
            await self.reset()
        return JSONResponse({})

    async def _act(self, request: Request) -> Response:
        try:
            return JSONResponse(await self.act(await request.json()))
        except UnknownAct as error:
            return JSONResponse({"message": str(error)}, 400)
