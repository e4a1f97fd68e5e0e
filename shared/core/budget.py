"""How many requests may be sent now: windows of slices over all instances (R41; design.md, decision 11). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

BLOCK = 20
SLICES = 6


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` requests in any `seconds`."""

    limit: int
    seconds: int

    @property
    def slice_seconds(self) -> float:
        return self.seconds / SLICES


@dataclass(frozen=True, slots=True)
class Usage:
    """What is used: per window, how many requests each slice was granted; `paused` until then (seconds, epoch)."""

    slices: tuple[Mapping[int, int], ...] = ()
    holders: Mapping[str, float] = field(default_factory=dict)
    paused: float = 0.0


@dataclass(frozen=True, slots=True)
class Grant:
    """`granted` requests until `expires` (seconds, epoch), or none and how many seconds to wait."""

    usage: Usage
    granted: int
    expires: float
    wait: float = 0.0


def take(usage: Usage, windows: tuple[Window, ...], share: float, holder: str, now: float) -> Grant:
    """A block of requests for the holder, out of that share of each window.

    A slice counts until it has left the window whole, so no window of any phase holds more than its limit.
    """
    kept = _forgotten(usage, windows, holder, now)
    if now < kept.paused:
        return Grant(kept, 0, now, kept.paused - now)
    left = min(_left(slices, window, share) for slices, window in zip(kept.slices, windows, strict=True))
    granted = max(0, min(BLOCK, -(-left // len(kept.holders))))
    if not granted:
        return Grant(kept, 0, now, _wait(kept, windows, share, now))
    slices = tuple(
        {**one, _slice(window, now): one.get(_slice(window, now), 0) + granted}
        for one, window in zip(kept.slices, windows, strict=True)
    )
    expires = min((_slice(window, now) + 1) * window.slice_seconds for window in windows)
    return Grant(replace(kept, slices=slices), granted, expires)


def _forgotten(usage: Usage, windows: tuple[Window, ...], holder: str, now: float) -> Usage:
    """Without the slices and holders that no longer count."""
    slices = usage.slices or tuple({} for _ in windows)
    oldest = [_slice(window, now) - SLICES for window in windows]
    shortest = min(window.seconds for window in windows)
    holders = {name: at for name, at in usage.holders.items() if at > now - shortest} | {holder: now}
    return Usage(
        tuple({n: used for n, used in one.items() if n >= first} for one, first in zip(slices, oldest, strict=True)),
        holders,
        usage.paused,
    )


def _left(slices: Mapping[int, int], window: Window, share: float) -> int:
    return int(window.limit * share) - sum(slices.values())


def _wait(usage: Usage, windows: tuple[Window, ...], share: float, now: float) -> float:
    """Until the oldest slice of a window that is used up has left it."""
    full = [
        (min(slices) + SLICES + 1) * window.slice_seconds - now
        for slices, window in zip(usage.slices, windows, strict=True)
        if slices and _left(slices, window, share) <= 0
    ]
    return max(full, default=1.0)


def _slice(window: Window, now: float) -> int:
    return int(now // window.slice_seconds)


def pause(usage: Usage, until: float) -> Usage:
    """Nobody sends before then: the remote system asked for it."""
    return replace(usage, paused=max(usage.paused, until))
