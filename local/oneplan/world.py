"""One running OnePlan: its groups, its faults and what is on its way to event receivers."""

from dataclasses import dataclass, field
from typing import Any

from local.oneplan.model import Group
from local.oneplan.outbox import Outbox
from local.oneplan.seed import group
from local.oneplan.switches import SWITCHES
from local.standin.faults import Faults
from local.standin.rate import RateLimit
from local.standin.wire import Calls

# Section 3 [DOCUMENTED]: per group, in a minute, an hour and a day.
LIMITS = [(500, 60.0), (25_000, 3_600.0), (300_000, 86_400.0)]
MAIN = "Contoso PMO"


@dataclass
class World:
    """The whole stand-in. `rate_scale` multiplies the request limits."""

    rate_scale: float = 1.0
    switches: dict[str, Any] = field(default_factory=dict)
    faults: Faults = field(default_factory=lambda: Faults.of(SWITCHES))
    calls: Calls = field(default_factory=Calls)
    groups: list[Group] = field(default_factory=list)
    limits: dict[str, RateLimit] = field(default_factory=dict)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.faults)
        self.faults.apply({"switches": self.switches})
        self.fill()

    def fill(self) -> None:
        """Everything is as at the start; the two groups see nothing of each other."""
        self.groups = [
            group(MAIN, {"demo": "demo-key", "second": "second-key"}, by_hand=True),
            group("Fabrikam PMO", {"fabrikam": "fabrikam-key"}, by_hand=True),
        ]
        self.limits = {one.id: RateLimit(LIMITS, self.rate_scale) for one in self.groups}

    def position(self, switch: str) -> Any:
        return self.faults.position(switch)

    def on(self, switch: str) -> bool:
        return self.faults.on(switch)
