"""Workers that die between any two of their requests, as a killed process does: nothing of them runs on.

The requests are counted at the wire, where httpx and aiohttp send them, by the context of the worker's task.
"""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import aiohttp
import httpx

from tests.machine import trace


class Killed(BaseException):
    """The process is dead. No handler of the app may catch it."""


@dataclass
class Life:
    """How many more requests are sent; `answered` tells whether the last one's answer is still received."""

    left: int
    after: bool = False
    dead: bool = False

    def before_request(self) -> None:
        if self.dead or (self.left == 0 and not self.after):
            self.dead = True
            raise Killed
        self.left -= 1

    def after_request(self) -> None:
        if self.dead or (self.left < 0 and self.after):
            self.dead = True
            raise Killed


_life: ContextVar[Life | None] = ContextVar("life", default=None)


@contextmanager
def mortality() -> Iterator[None]:
    """Requests of workers with a limited life are counted."""

    def guarded(send: Any) -> Any:
        async def sent(*arguments: Any, **named: Any) -> Any:
            life = _life.get()
            if life is not None:
                life.before_request()
            trace.sent(arguments, named)
            answer = await send(*arguments, **named)
            if life is not None:
                life.after_request()
            return answer

        return sent

    with (
        patch.object(httpx.AsyncClient, "send", guarded(httpx.AsyncClient.send)),
        patch.object(aiohttp.ClientSession, "_request", guarded(aiohttp.ClientSession._request)),
    ):
        yield


async def live(work: Awaitable[None], life: Life | None) -> bool:
    """Whether the worker came to its end; its task must be one of its own."""
    token = _life.set(life)
    try:
        await work
    except Killed:
        return False
    except BaseExceptionGroup as group:
        if group.subgroup(Killed) is None:
            raise
        return False
    finally:
        _life.reset(token)
    return True
