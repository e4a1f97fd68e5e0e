"""The `budgets` table: what all instances together have sent to a remote system (R41; design.md, decision 11)."""

import asyncio
import json
import random
import secrets
from dataclasses import dataclass, field

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage_clock import StorageClock
from shared.adapters.tables import Table
from shared.core import budget
from shared.core.budget import Grant, Usage, Window
from shared.core.errors import RateLimited

LONGEST_WAIT = 2.0
ATTEMPTS = 12
ROW = "usage"
# One process is one holder of blocks.
HOLDER = secrets.token_hex(4)


@dataclass
class StoredBudget:
    """Fulfils `http.Budget`: one budget, drawn on under one class, whose share leaves the rest to classes above it."""

    service: TableServiceClient
    clock: StorageClock
    name: str
    windows: tuple[Window, ...]
    share: float
    _left: int = 0
    _expires: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._table = Table(self.service, "budgets")

    async def take(self) -> None:
        """One request may be sent now. RateLimited, with the wait, where that is more than two seconds off."""
        async with self._lock:
            waited = 0.0
            while self._left <= 0 or self.clock.now() >= self._expires:
                grant = await self._granted()
                self._left, self._expires = grant.granted, grant.expires
                if grant.granted:
                    break
                if waited + grant.wait > LONGEST_WAIT:
                    raise RateLimited(f"the request budget of {self.name} is used up for now", grant.wait)
                waited += grant.wait
                await asyncio.sleep(grant.wait)
            self._left -= 1

    async def pause(self, seconds: float) -> None:
        """Nobody sends for so long, in any instance."""
        self._left = 0

        def paused(usage: Usage, now: float) -> Usage:
            return budget.pause(usage, now + seconds)

        for _ in range(ATTEMPTS):
            usage, etag = await self._read()
            if await self._store(paused(usage, self.clock.now()), etag):
                return
            await _jitter()

    async def _granted(self) -> Grant:
        for _ in range(ATTEMPTS):
            usage, etag = await self._read()
            grant = budget.take(usage, self.windows, self.share, HOLDER, self.clock.now())
            if not grant.granted or await self._store(grant.usage, etag):
                return grant
            await _jitter()
        raise RateLimited(f"the request budget of {self.name} is asked for by too many at once", 1.0)

    async def _read(self) -> tuple[Usage, str]:
        found = await self._table.get(self.name, ROW)
        return (_decode(found[0]["usage"]), found[1]) if found else (Usage(), "")

    async def _store(self, usage: Usage, etag: str) -> bool:
        members = {"usage": _encode(usage)}
        try:
            if etag:
                await self._table.replace(self.name, ROW, members, etag)
            else:
                await self._table.insert(self.name, ROW, members)
        except (ResourceExistsError, ResourceModifiedError):
            return False
        return True


async def _jitter() -> None:
    await asyncio.sleep(random.uniform(0.005, 0.05))  # noqa: S311 - spreads retries, guards nothing


def _encode(usage: Usage) -> str:
    slices = [list(one.items()) for one in usage.slices]
    return json.dumps({"slices": slices, "holders": dict(usage.holders), "paused": usage.paused})


def _decode(text: str) -> Usage:
    members = json.loads(text)
    return Usage(tuple(dict(one) for one in members["slices"]), members["holders"], members["paused"])
