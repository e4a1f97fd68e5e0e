"""What a program did, and the verdict on it where that is bad."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What a program did, for the figures of the soak."""

    edits: int = 0
    writes: int = 0
    conflicts: int = 0
    echoes: int = 0
    duplicates: int = 0
    lost: int = 0
    excused: int = 0
    windows: int = 0
    deaths: int = 0
    unhandled: int = 0
    retried: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    raised: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)


class Failed(AssertionError):
    """The verdict on a program; its text replays it. `tally` is what it did up to then."""

    tally: Tally
