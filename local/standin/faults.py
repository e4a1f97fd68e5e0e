"""Faults that a test turns on in a stand-in, and the switches of what the reference leaves open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, get_args

FaultKind = Literal["latency", "status", "answer-replaced", "answer-lost", "no-op", "stale"]
SwitchValue = bool | str | int


class UnknownFault(ValueError):
    """A control body names a fault, switch or member that the stand-in has not got."""


@dataclass
class FaultRule:
    """One fault on the requests whose method and path match.

    latency: waits `seconds`, then goes on. status: answers `status` and does nothing.
    answer-replaced: does the work, then answers `status`. answer-lost: does the work, then stays silent
    for `seconds` or until the caller gives up. no-op: answers 200 and does nothing.
    stale: repeats the previous answer to the same request while it is younger than `seconds`.
    """

    kind: FaultKind
    method: str = ".*"
    path: str = ".*"
    status: int = 503
    retry_after: float | None = None
    seconds: float = 5.0
    times: int | None = None
    skip: int = 0
    probability: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise UnknownFault(f"kind: {self.kind!r} is none of {', '.join(get_args(FaultKind))}")

    def matches(self, method: str, path: str) -> bool:
        return bool(re.fullmatch(self.method, method) and re.search(self.path, path))


@dataclass
class DeliveryFaults:
    """What goes wrong with the notifications that a stand-in sends out; shares are between 0 and 1."""

    lost: float = 0.0
    doubled: float = 0.0
    delayed: float = 0.0
    delay_seconds: float = 2.0
    reordered: bool = False


@dataclass(frozen=True)
class Switch:
    """One thing that the reference leaves open: its name, its positions (the default first), its source."""

    name: str
    positions: tuple[SwitchValue, ...]
    source: str

    @property
    def default(self) -> SwitchValue:
        return self.positions[0]


@dataclass
class Faults:
    """All that is switched in one stand-in; `random` is seeded so that a run can be repeated.

    `asked` are the switches whose position anything here depended on so far: a test need not turn any other.
    """

    switches: Mapping[str, Switch]
    rules: list[FaultRule] = field(default_factory=list)
    delivery: DeliveryFaults = field(default_factory=DeliveryFaults)
    positions: dict[str, SwitchValue] = field(default_factory=dict)
    random: Random = field(default_factory=lambda: Random(1))
    asked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, switches: Sequence[Switch]) -> "Faults":
        return cls(switches={switch.name: switch for switch in switches})

    def position(self, name: str) -> SwitchValue:
        """The present position of a switch; KeyError where the stand-in has no such switch."""
        self.asked.add(name)
        return self._now(name)

    def _now(self, name: str) -> SwitchValue:
        return self.positions.get(name, self.switches[name].default)

    def on(self, name: str) -> bool:
        return bool(self.position(name))

    def take(self, method: str, path: str) -> list[FaultRule]:
        """The rules that strike this request; counted rules are used up."""
        return [rule for rule in list(self.rules) if rule.matches(method, path) and self._strikes(rule)]

    def _strikes(self, rule: FaultRule) -> bool:
        if rule.skip > 0:
            rule.skip -= 1
            return False
        if self.random.random() >= rule.probability:
            return False
        if rule.times is not None:
            rule.times -= 1
            if rule.times <= 0:
                self.rules.remove(rule)
        return True

    def apply(self, body: Mapping[str, Any]) -> None:
        """Takes a control body `{clear, seed, rules, switches, delivery}`; UnknownFault where it is wrong.

        `clear` forgets everything set before; `rules` are added; `switches` and `delivery` are merged.
        """
        unknown = set(body) - {"clear", "seed", "rules", "switches", "delivery"}
        if unknown:
            raise UnknownFault(f"{sorted(unknown)[0]}: allowed are clear, seed, rules, switches, delivery")
        rules = [_dataclass_of(FaultRule, rule) for rule in body.get("rules", [])]
        positions = {name: self._checked(name, value) for name, value in body.get("switches", {}).items()}
        delivery = _dataclass_of(DeliveryFaults, {**vars(self.delivery), **body.get("delivery", {})})
        if body.get("clear"):
            self.rules, self.positions, delivery = [], {}, DeliveryFaults(**body.get("delivery", {}))
        if "seed" in body:
            self.random = Random(body["seed"])
        self.rules += rules
        self.positions |= positions
        self.delivery = delivery

    def _checked(self, name: str, value: SwitchValue) -> SwitchValue:
        if name not in self.switches:
            raise UnknownFault(f"switches/{name}: allowed are {', '.join(sorted(self.switches))}")
        if value not in self.switches[name].positions:
            raise UnknownFault(f"switches/{name}: {value!r} is none of {self.switches[name].positions}")
        return value

    def describe(self) -> dict[str, Any]:
        """What is on now, and every switch with its positions and source."""
        return {
            "rules": [vars(rule) for rule in self.rules],
            "delivery": vars(self.delivery),
            "switches": {
                name: {
                    "position": self._now(name),
                    "positions": switch.positions,
                    "source": switch.source,
                }
                for name, switch in self.switches.items()
            },
        }


def _dataclass_of[T](kind: type[T], members: Mapping[str, Any]) -> T:
    try:
        return kind(**members)
    except TypeError as error:
        raise UnknownFault(f"{kind.__name__}: {error}") from error
