"""Rate limits (section 4): first slower answers with Retry-After, only then 429."""

import asyncio
import os
import time

from starlette.requests import Request

from local.azure_devops.errors import too_many_requests
from local.azure_devops.model import Token
from local.azure_devops.world import World
from local.standin.rate import RateLimit

# 200 TSTU in a sliding 5 minutes (section 4 [D]). What a request costs is not published: an assumption.
TSTU, WINDOW, COST, BLOCKED_AT = 200, 300.0, 0.04, 1.5
DELAY, RETRY_AFTER = 0.05, 1


class Usage:
    """What each identity has used of its limit; `RATE_SCALE` multiplies the limit (contracts.md)."""

    def __init__(self, world: World, scale: float | None = None) -> None:
        self._world = world
        self._scale = float(os.environ.get("RATE_SCALE", "1")) if scale is None else scale
        self._limits: dict[str, tuple[RateLimit, RateLimit]] = {}

    async def take(self, request: Request, token: Token) -> dict[str, str]:
        """Headers for the answer, after the delay; TF400733 where the limit is far exceeded."""
        free, blocked = self._limits.setdefault(token.identity.id, self._windows())
        if not blocked.take():
            request.state.retry_after = RETRY_AFTER
            raise too_many_requests()
        if free.take() and not self._world.on("slowed"):
            return {}
        await asyncio.sleep(DELAY)
        return {"Retry-After": str(RETRY_AFTER), "X-RateLimit-Delay": f"{DELAY:.3f}", **headers(free)}

    def _windows(self) -> tuple[RateLimit, RateLimit]:
        requests = round(TSTU / COST)
        return (
            RateLimit([(requests, WINDOW)], self._scale),
            RateLimit([(round(requests * BLOCKED_AT), WINDOW)], self._scale),
        )


def headers(limit: RateLimit) -> dict[str, str]:
    """The X-RateLimit headers of an answer that came late."""
    return {
        "X-RateLimit-Resource": "Work Item Tracking",
        "X-RateLimit-Limit": str(TSTU),
        "X-RateLimit-Remaining": str(max(0, round(TSTU - limit.peak() * COST))),
        "X-RateLimit-Reset": str(int(time.time() + WINDOW)),
    }
