"""What goes wrong on the way: answers that fail, are lost, are stale, or say that nothing was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

type Rule = Mapping[str, Any]

ONEPLAN_WRITES = {"method": "POST", "path": "/workplan(/[^/]+)?$|/tasks(/[^/]+)?$|/updateplanintegration$"}
ONEPLAN_UPDATES = {"method": "POST", "path": "/workplan/[0-9a-f-]{36}(/tasks/[0-9a-f-]{36})?$"}
DEVOPS_WRITES = {"method": "PATCH"}
DEVOPS_READS = {"method": "POST", "path": "/workitemsbatch$"}
ONEPLAN_READS = {"method": "GET", "path": "/workplan"}

FAULTS: Mapping[str, tuple[str, Rule]] = {
    "oneplan is limited": ("oneplan", {"kind": "status", "status": 429, "retry_after": 0.05}),
    "oneplan fails": ("oneplan", {"kind": "status", "status": 503}),
    "oneplan refuses now and then": ("oneplan", {"kind": "status", "status": 500, **ONEPLAN_WRITES}),
    "oneplan does and answers 504": ("oneplan", {"kind": "answer-replaced", "status": 504, **ONEPLAN_WRITES}),
    "oneplan does and is silent": ("oneplan", {"kind": "answer-lost", "seconds": 0.1, **ONEPLAN_WRITES}),
    "oneplan says 200 and does nothing": ("oneplan", {"kind": "no-op", **ONEPLAN_UPDATES}),
    "oneplan shows what was": ("oneplan", {"kind": "stale", "seconds": 1.0, **ONEPLAN_READS}),
    "azure devops is limited": ("devops", {"kind": "status", "status": 429, "retry_after": 0.05}),
    "azure devops fails": ("devops", {"kind": "status", "status": 503}),
    "azure devops does and answers 503": ("devops", {"kind": "answer-replaced", "status": 503, **DEVOPS_WRITES}),
    "azure devops does and is silent": ("devops", {"kind": "answer-lost", "seconds": 0.1, **DEVOPS_WRITES}),
    "azure devops shows what was": ("devops", {"kind": "stale", "seconds": 1.0, **DEVOPS_READS}),
}
SHARE = 0.1


@dataclass(frozen=True)
class Weather:
    """The faults of one round by name; how often workers die, and how often a person edits right before a write."""

    faults: tuple[str, ...] = ()
    deaths: float = 0.0
    windows: float = 0.0

    def rules(self, system: str) -> list[dict[str, Any]]:
        return [{"probability": SHARE, **rule} for name in self.faults for at, rule in (FAULTS[name],) if at == system]


def weather(die: int) -> Weather:
    """A kind of weather; every fourth round is calm."""
    random = Random(die)
    if die % 4 == 0:
        return Weather()
    faults = tuple(sorted(random.sample(sorted(FAULTS), random.randint(0, 2))))
    return Weather(faults, random.choice((0.0, 0.3)), random.choice((0.0, 0.3)))
