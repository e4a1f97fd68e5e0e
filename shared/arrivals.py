"""What one instance remembers of the notifications that it took: which came before, and who sends a flood of them.

It is only memory: where it is lost, or another instance takes a notification, a message too many is queued, or one
waits behind others. Nothing here may lose one.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable

REMEMBERED = 20_000
# So many changes by one person within so many seconds are a bulk edit, which must not delay what others do.
FLOOD, FLOOD_SECONDS = 20, 10.0
FOLLOWED = 1_000


class Recent:
    """The notifications whose messages are stored, by every name of theirs."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()

    def has(self, connection: str, keys: Iterable[str]) -> bool:
        return any(f"{connection} {key}" in self._known for key in keys)

    def add(self, connection: str, keys: Iterable[str]) -> None:
        """To be called once the messages are stored: not before, or a failure would lose the repetition too."""
        for key in keys:
            self._known[f"{connection} {key}"] = None
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


class Floods:
    """Who changes how much, per connection."""

    def __init__(self) -> None:
        self._times: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def is_one(self, connection: str, person: str, now: float) -> bool:
        """Counts one change; whether it belongs to a bulk edit. `now` is in seconds of any clock that only grows."""
        times = self._times.setdefault((connection, person), deque(maxlen=FLOOD + 1))
        self._times.move_to_end((connection, person))
        while len(self._times) > FOLLOWED:
            self._times.popitem(last=False)
        times.append(now)
        return len(times) > FLOOD and now - times[0] <= FLOOD_SECONDS
