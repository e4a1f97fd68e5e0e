"""A person who edits a record right before our write of it arrives: after our last read, so nothing knows of it."""

import json
import re
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from local.standin.wire import read_body, replayed
from tests.machine.landscape import MEMBERS, Paired
from tests.machine.people import People
from tests.machine.program import Step

# Edits in a window have numbers of their own, above those of any program.
FIRST_NUMBER = 100_000

# What is posted and writes nothing.
QUERIES = ("/wiql", "/workitemsbatch", "/audit/plan", "/audit/tasks")
DEVOPS = re.compile(r"/_apis/wit/workitems/(\d+)$", re.IGNORECASE)
ONEPLAN = re.compile(r"/api/workplan/([0-9a-f-]{36})(?:/tasks/([0-9a-f-]{36}))?$")


@dataclass
class Tap:
    """Sits before both stand-ins. `share` is how many of our writes a person gets ahead of."""

    random: Random
    people: People | None = None
    share: float = 0.0
    number: int = FIRST_NUMBER
    # The latest writes, for who has to find out why there were any.
    latest: deque[str] = field(default_factory=lambda: deque(maxlen=10))

    def around(self, app: ASGIApp) -> ASGIApp:
        async def tapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or self.people is None or scope["method"] == "GET":
                await app(scope, receive, send)
                return
            body = await read_body(receive)
            if not scope["path"].endswith(QUERIES):
                self.latest.append(f"{scope['method']} {scope['path']} {body[:300].decode(errors='replace')}")
            if self.random.random() < self.share:
                await self._edit(self.people, scope["method"], scope["path"], body)
            await app(scope, replayed(body), send)

        return tapped

    async def _edit(self, people: People, method: str, path: str, body: bytes) -> None:
        devops, oneplan = DEVOPS.search(path), ONEPLAN.search(path)
        if method == "PATCH" and devops:
            found = [one for one in people.land.pairs() if one.number == int(devops[1])]
            for paired in found[:1]:
                self.number += 1
                await people.edit_item(self.number, paired, self._field(paired))
        elif method == "POST" and oneplan:
            wanted = oneplan[2] or oneplan[1]
            found = [one for one in people.land.pairs() if one.record["id"] == wanted]
            for paired in found[:1]:
                await self._edit_record(people, paired, json.loads(body or b"{}"))

    async def _edit_record(self, people: People, paired: Paired, body: Any) -> None:
        """Of a field that is being written, which OnePlan does not refuse (decision 5), or of another one."""
        self.number += 1
        name = self._field(paired)
        step = Step(self.number, "oneplan-window", (0, 0, 0))
        await people.edit_record(step, paired, name, "window", in_window=MEMBERS[name] in _written(body))

    def _field(self, paired: Paired) -> str:
        return "title" if paired.kind == "plan" else self.random.choice(("title", "start", "due"))


def _written(body: Any) -> Collection[str]:
    sent = body.get("WorkPlan", body) if isinstance(body, dict) else {}
    return {*sent, *(sent.get("Fields") or {})} if isinstance(sent, dict) else set()
