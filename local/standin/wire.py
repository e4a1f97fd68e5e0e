"""The wire around a stand-in: faults strike and calls are counted here, outside the model."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from local.standin.faults import FaultRule, Faults

ErrorWriter = Callable[[int], Response]


class Calls:
    """Counts of requests by `METHOD /route/template` since the last reset."""

    def __init__(self) -> None:
        self.by_route: Counter[str] = Counter()
        self.by_status: Counter[str] = Counter()

    @property
    def total(self) -> int:
        return sum(self.by_route.values())

    def reset(self) -> None:
        self.by_route.clear()
        self.by_status.clear()

    def describe(self) -> dict[str, Any]:
        return {"total": self.total, "byRoute": dict(self.by_route), "byStatus": dict(self.by_status)}


class Wire:
    """ASGI middleware: counts each call, then lets the fault rules strike. Control routes pass untouched."""

    def __init__(self, app: Starlette, faults: Faults, calls: Calls, error: ErrorWriter) -> None:
        self._app, self._faults, self._calls, self._error = app, faults, calls, error
        self._answers: dict[tuple[str, str, bytes], tuple[float, list[Message]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/__control"):
            await self._app(scope, receive, send)
            return
        self._calls.by_route[f"{scope['method']} {route_template(self._app, scope)}"] += 1
        await self._strike(scope, receive, self._counted(send))

    def _counted(self, send: Send) -> Send:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._calls.by_status[str(message["status"])] += 1
            await send(message)

        return counted

    async def _strike(self, scope: Scope, receive: Receive, send: Send) -> None:
        rules = {rule.kind: rule for rule in self._faults.take(scope["method"], scope["path"])}
        if "latency" in rules:
            await asyncio.sleep(rules["latency"].seconds)
        if "status" in rules:
            await self._failure(rules["status"])(scope, receive, send)
        elif "no-op" in rules:
            await Response("null", media_type="application/json")(scope, receive, send)
        elif "answer-replaced" in rules:
            await self._app(scope, receive, _nowhere)
            await self._failure(rules["answer-replaced"])(scope, receive, send)
        elif "answer-lost" in rules:
            await self._lose_answer(rules["answer-lost"], scope, receive, send)
        elif "stale" in rules:
            await self._stale(rules["stale"], scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _failure(self, rule: FaultRule) -> Response:
        response = self._error(rule.status)
        if rule.retry_after is not None:
            response.headers["Retry-After"] = f"{rule.retry_after:g}"
        return response

    async def _lose_answer(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, _nowhere)
        try:
            async with asyncio.timeout(rule.seconds):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            await self._error(504)(scope, receive, send)

    async def _stale(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        key = (scope["method"], f"{scope['path']}?{scope['query_string'].decode()}", body)
        kept = self._answers.get(key)
        if kept is None or time.monotonic() - kept[0] > rule.seconds:
            messages: list[Message] = []
            await self._app(scope, replayed(body), _into(messages))
            kept = self._answers[key] = (time.monotonic(), messages)
        for message in kept[1]:
            await send(message)


def route_template(app: Starlette, scope: Scope) -> str:
    """The path template of the route that will serve this request; the path itself where none does."""
    for route in app.routes:
        if route.matches(scope)[0] is Match.FULL:
            return str(getattr(route, "path", scope["path"]))
    return str(scope["path"])


async def read_body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return body


def replayed(body: bytes) -> Receive:
    """A `receive` that gives the body once, then waits for ever as an open connection does."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if pending:
            return pending.pop()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    return receive


def _into(messages: list[Message]) -> Send:
    async def keep(message: Message) -> None:
        messages.append(message)

    return keep


async def _nowhere(_message: Message) -> None:
    return None
