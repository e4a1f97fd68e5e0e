"""A remote system that answers as a test scripts it, at the wire: every test sees what was really sent."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.hosts import AllowedHosts
from shared.adapters.http import Budget
from shared.adapters.oneplan.client import OnePlan

PAT = "pat-7f3kq9-secret"
KEY = "key-x81mzp-secret"

type Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Ledger:
    """A budget that writes down what it is asked, and lets every request pass at once."""

    def __init__(self) -> None:
        self.taken = 0
        self.pauses: list[float] = []

    async def take(self) -> None:
        self.taken += 1

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@dataclass
class Wire:
    """Gives the scripted answers in order, the last one again and again; keeps the requests."""

    answers: list[Answer] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)

    def then(self, *answers: Answer) -> "Wire":
        self.answers += answers
        return self

    def azure_devops(
        self, url: str = "https://dev.azure.com/contoso", pat: str = PAT, budget: Budget | None = None
    ) -> AzureDevOps:
        return AzureDevOps.connect(url, pat, AllowedHosts(), budget=budget, transport=self.transport)

    def oneplan(self, url: str = "https://my.oneplan.ai", key: str = KEY, budget: Budget | None = None) -> OnePlan:
        return OnePlan.connect(url, "sync", key, AllowedHosts(), budget=budget, transport=self.transport)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]

    @property
    def body(self) -> Any:
        """The JSON of the last request."""
        return json.loads(self.last.content)


def ok(value: Any, **headers: str) -> httpx.Response:
    """A 200 with JSON; underscores in header names stand for dashes."""
    return httpx.Response(200, json=value, headers=_named(headers))


def status(code: int, content: bytes | str = b"", kind: str = "application/json", **headers: str) -> httpx.Response:
    """An answer with that status and body."""
    return httpx.Response(code, content=content, headers={"Content-Type": kind, **_named(headers)})


def failure(code: int, message: str, type_key: str = "", **members: Any) -> httpx.Response:
    """An error in the form of Azure DevOps (ado-api.md section 3 [R])."""
    body = {"$id": "1", "innerException": None, "message": message, "typeKey": type_key, "errorCode": 0, **members}
    return httpx.Response(code, json=body)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
