"""The storage service's time, by the `Date` of its answers: leases and windows need one clock for all instances."""

import time
from email.utils import parsedate_to_datetime
from typing import Any

# Seconds: more than whole seconds and a slow answer explain.
SET_BACK = 30.0


class StorageClock:
    """Sees every answer of a service client.

    `Date` has whole seconds and is some milliseconds old, so it is never ahead of the time: the latest that any answer
    makes it is the nearest. Until some answers were seen, the clock may be one second late.
    """

    def __init__(self) -> None:
        self._ahead: float | None = None

    def see(self, response: Any) -> None:
        """The `raw_response_hook` of a service client: takes the time of the answer."""
        date = response.http_response.headers.get("Date")
        if date:
            self._learn(parsedate_to_datetime(date).timestamp() - time.monotonic())

    def _learn(self, ahead: float) -> None:
        """By how much the service's time is ahead of this machine's counter; one that was set back counts at once."""
        if self._ahead is None or ahead > self._ahead or ahead < self._ahead - SET_BACK:
            self._ahead = ahead

    def now(self) -> float:
        """Seconds since 1970; RuntimeError where no answer was seen yet."""
        if self._ahead is None:
            raise RuntimeError("the storage service was not asked anything yet")
        return self._ahead + time.monotonic()
