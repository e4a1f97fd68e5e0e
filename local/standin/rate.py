"""Sliding-window rate limits, as the remote systems count them."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Window:
    """At most `limit` requests in any `seconds`; a refused request does not count."""

    limit: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def room(self, now: float) -> bool:
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return len(self.times) < self.limit


class RateLimit:
    """Several windows over one caller group; `scale` multiplies every limit (RATE_SCALE of contracts.md)."""

    def __init__(
        self, limits: list[tuple[int, float]], scale: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._windows = [Window(max(1, round(limit * scale)), seconds) for limit, seconds in limits]
        self._clock = clock

    def take(self) -> bool:
        """True and counted where every window has room; False and uncounted where one has not."""
        now = self._clock()
        rooms = [window.room(now) for window in self._windows]
        if not all(rooms):
            return False
        for window in self._windows:
            window.times.append(now)
        return True

    def peak(self) -> int:
        """How many requests the first window holds now."""
        self._windows[0].room(self._clock())
        return len(self._windows[0].times)
