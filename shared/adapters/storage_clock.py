"""The storage service's time, by the `Date` of its answers: leases and windows need one clock for all instances."""

import time
from email.utils import parsedate_to_datetime
from typing import Any


class StorageClock:
    """Sees every answer of a service client. `Date` has whole seconds, so the clock may be one second late."""

    def __init__(self) -> None:
        self._seen: tuple[float, float] | None = None

    def see(self, response: Any) -> None:
        """The `raw_response_hook` of a service client: takes the time of the answer."""
        date = response.http_response.headers.get("Date")
        if date:
            self._seen = (parsedate_to_datetime(date).timestamp(), time.monotonic())

    def now(self) -> float:
        """Seconds since 1970; RuntimeError where no answer was seen yet."""
        if self._seen is None:
            raise RuntimeError("the storage service was not asked anything yet")
        return self._seen[0] + time.monotonic() - self._seen[1]
