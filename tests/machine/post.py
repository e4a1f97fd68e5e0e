"""A bad post between both systems and the receivers: it loses, doubles, delays and reorders what they really send.

The systems post to it as to the app; what it passes on goes through the functions that receive hooks and events.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest.mock import patch

import azure.functions as func
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from functions import azure_devops_hook, oneplan_hook
from shared.bootstrap import Parts
from tests.machine.mortal import Life, live

RECEIVERS: dict[str, Any] = {"azure-devops": azure_devops_hook, "oneplan": oneplan_hook}
# What becomes of a letter, with its weight. `held` comes rounds later, behind younger ones; `away` is not taken;
# `cut off` is taken, but the sender never hears of it; at `dies` the receiver's process ends between two requests.
FATES = {"arrives": 8, "lost": 3, "held": 5, "doubled": 3, "away": 1, "cut off": 1, "dies": 1}
ACCEPTED = 202
# Old letters that come once more at the end.
AGAIN = 60


@dataclass(frozen=True)
class Letter:
    """One post as it was sent."""

    system: str
    connection: str
    url: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def request(self) -> func.HttpRequest:
        return func.HttpRequest(
            method="POST",
            url=self.url,
            headers=self.headers,
            params=self.query,
            route_params={"connection": self.connection},
            body=self.body,
        )


@dataclass
class Post:
    """`fair`: everything arrives at once. `refused` are answers other than 202 of a receiver that was not cut off."""

    random: Random
    parts: Parts | None = None
    fair: bool = True
    held: list[Letter] = field(default_factory=list)
    taken: list[Letter] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    fates: Counter[str] = field(default_factory=Counter)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/api/hooks/{system}/{connection}", self._posted, methods=["POST"])])

    async def _posted(self, request: Request) -> Response:
        names = request.path_params
        letter = Letter(
            names["system"],
            names["connection"],
            str(request.url),
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        return Response(status_code=await self._sent(letter))

    async def _sent(self, letter: Letter) -> int:
        """What the sender is answered. Of one that is held or lost he knows no more than that it was taken."""
        if self.fair:
            return await self._received(letter)
        (fate,) = self.random.choices(list(FATES), list(FATES.values()))
        self.fates[fate] += 1
        match fate:
            case "lost":
                return ACCEPTED
            case "held":
                self.held.append(letter)
                return ACCEPTED
            case "doubled":
                self.held.append(letter)
            case "away":
                return 503
            case "cut off":
                await self._received(letter)
                return 504
            case "dies":
                return await self._received(letter, Life(self.random.randrange(3), after=self.random.random() < 0.5))
        return await self._received(letter)

    async def _received(self, letter: Letter, life: Life | None = None) -> int:
        """The receiver's answer; 504 where its process died at it, with all that it remembered."""
        answers: list[int] = []

        async def receive() -> None:
            answer = await _function(letter.system)(letter.request())
            answers.append(answer.status_code)

        if not await asyncio.create_task(_lived(receive, life)):
            self.forget()
            return 504
        if answers[0] != ACCEPTED:
            self.refused.append(f"{answers[0]} for {letter.body[:200]!r}")
        self.taken.append(letter)
        return answers[0]

    async def deliver(self, *, everything: bool = False) -> None:
        """What was held back arrives, in no order; some of it waits for another round."""
        letters, self.held = self.held, []
        self.random.shuffle(letters)
        for letter in letters:
            if not everything and self.random.random() < 1 / 3:
                self.held.append(letter)
            else:
                await self._received(letter)

    async def again(self) -> None:
        """Letters that were taken long ago come once more, to an instance that remembers none."""
        self.forget()
        old = self.random.sample(self.taken, min(AGAIN, len(self.taken)))
        self.taken.clear()
        for letter in old:
            await self._received(letter)

    def forget(self) -> None:
        """The instance is a new one: what came before, it does not know."""
        if self.parts is not None:
            self.parts.__dict__.pop("_arrivals", None)


async def _lived(work: Callable[[], Awaitable[None]], life: Life | None) -> bool:
    return await live(work(), life)


def _function(system: str) -> Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]:
    """The function as the runtime calls it."""
    module = RECEIVERS[system]
    built = getattr(module, module.__name__.rpartition(".")[2])
    found: Callable[[func.HttpRequest], Awaitable[func.HttpResponse]] = built._function.get_user_function()
    return found


@asynccontextmanager
async def receiving(post: Post, parts: Parts) -> AsyncIterator[None]:
    """The receivers work with these parts while the block runs."""
    post.parts = parts
    with patch.object(azure_devops_hook, "parts", lambda: parts), patch.object(oneplan_hook, "parts", lambda: parts):
        yield
