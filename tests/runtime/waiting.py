"""Waiting for what another process or task does."""

import asyncio
import time
from collections.abc import Callable

SECONDS = 10.0
PAUSE = 0.05


def eventually(true: Callable[[], object]) -> None:
    """Fails unless the condition comes true in time."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(PAUSE)


async def eventually_async(true: Callable[[], object]) -> None:
    """Fails unless the condition comes true in time; other tasks run meanwhile."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(PAUSE)
