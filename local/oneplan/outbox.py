"""Posts events to their receivers, with the faults that a test turned on (section 7.3)."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from local.standin.faults import Faults

RETRY_SECONDS = (0.2, 0.5, 1.0)
TIMEOUT_SECONDS = 10.0


class Outbox:
    """Each post is a task of its own, so the order of arrival is not promised."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._running: set[asyncio.Task[None]] = set()
        self._held: list[tuple[str, Mapping[str, Any]]] = []
        self._client: httpx.AsyncClient | None = None
        self.sent: list[dict[str, Any]] = []

    def post(self, url: str, body: Mapping[str, Any]) -> None:
        """The body is on its way, unless a fault loses it."""
        faults, random = self._faults.delivery, self._faults.random
        if random.random() < faults.lost:
            return
        if faults.reordered and random.random() < 0.5:
            self._held.append((url, body))
            return
        for _ in range(2 if random.random() < faults.doubled else 1):
            delay = faults.delay_seconds if random.random() < faults.delayed else 0.0
            self._start(url, body, delay)
        held, self._held = self._held, []
        for late_url, late_body in held:
            self._start(late_url, late_body, 0.05)

    def _start(self, url: str, body: Mapping[str, Any], delay: float) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(url, body, delay))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _deliver(self, url: str, body: Mapping[str, Any], delay: float) -> None:
        await asyncio.sleep(delay)
        for wait in (*RETRY_SECONDS, None):
            status = await self._send(url, body)
            self.sent.append({"body": dict(body), "status": status})
            if 200 <= status < 300 or wait is None or not self._faults.on("events_retried"):
                return
            await asyncio.sleep(wait)

    async def _send(self, url: str, body: Mapping[str, Any]) -> int:
        """The status of the answer; 0 where there was none."""
        self._client = self._client or httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)
        try:
            return (await self._client.post(url, json=body)).status_code
        except httpx.HTTPError:
            return 0

    @property
    def pending(self) -> int:
        """How many posts are on their way."""
        return len(self._running)

    async def settled(self) -> None:
        """Nothing is on its way any more; what was held back for reordering is sent now."""
        for url, body in self._held:
            self._start(url, body, 0.0)
        self._held = []
        while self._running:
            await asyncio.gather(*self._running)

    async def clear(self) -> None:
        """Nothing is on its way, held back or remembered."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._held.clear()
        self.sent.clear()

    async def close(self) -> None:
        await self.clear()
        if self._client:
            await self._client.aclose()
