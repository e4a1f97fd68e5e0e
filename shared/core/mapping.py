"""Which field is kept in step with which (R11). The defaults; an administrator's own pairs come on top."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from shared.core.merge import FieldRule, Policy
from shared.core.snapshots import TargetKind

type ValueKind = Literal[
    "text",
    "rich-text",
    "owner",
    "people",
    "date",
    "number",
    "path",
    "iteration",
    "tags",
    "choice",
    "flag",
    "percent",
]
type ValuePairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ValueMap:
    """Which value of Azure DevOps stands for which of OnePlan, in that order in each pair.

    Several values of one side may stand for one of the other; the first pair that fits decides the way back.
    `by_type` holds the pairs that replace the general ones for a work item type, by its folded name (R26).
    """

    pairs: ValuePairs = ()
    by_type: Mapping[str, ValuePairs] = field(default_factory=dict, hash=False)

    def of(self, type_name: str) -> ValuePairs:
        return self.by_type.get(type_name.casefold(), self.pairs)


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of each side: Azure DevOps by reference name, OnePlan by the neutral name of its adapter.

    `since` is the version of the mapping in which the pair last changed. `policy` None is the connection's.
    """

    azure_devops: str
    oneplan: str
    kind: ValueKind
    rule: FieldRule = field(default_factory=FieldRule)
    required: bool = False
    values: ValueMap = field(default_factory=ValueMap)
    since: int = 1
    policy: Policy | None = None

    @property
    def key(self) -> str:
        """The pair's name in a stored base."""
        return f"{self.azure_devops}>{self.oneplan}"


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """The pairs of both tables. `version` changes with every change of the mapping."""

    version: int
    plans: tuple[FieldPair, ...]
    tasks: tuple[FieldPair, ...]

    def pairs(self, kind: TargetKind) -> tuple[FieldPair, ...]:
        return self.plans if kind == "plan" else self.tasks

    @property
    def azure_devops_fields(self) -> frozenset[str]:
        return frozenset(pair.azure_devops for pair in (*self.plans, *self.tasks))

    def under(self, policy: Policy) -> "FieldMapping":
        """The mapping with the policy of each pair in its rule: its own, or else the connection's."""
        plans, tasks = (tuple(_under(pair, policy) for pair in pairs) for pairs in (self.plans, self.tasks))
        return replace(self, plans=plans, tasks=tasks)


def _under(pair: FieldPair, policy: Policy) -> FieldPair:
    return replace(pair, rule=replace(pair.rule, policy=pair.policy or policy))


_NAME = FieldPair("System.Title", "Name", "text", required=True)

DEFAULT = FieldMapping(
    version=1,
    plans=(_NAME, FieldPair("System.AssignedTo", "Owner", "owner")),
    tasks=(
        _NAME,
        FieldPair("System.AssignedTo", "AssignedTo", "people"),
        FieldPair("Microsoft.VSTS.Scheduling.StartDate", "StartDate", "date"),
        FieldPair("Microsoft.VSTS.Scheduling.TargetDate", "DueDate", "date"),
        FieldPair("System.IterationPath", "Iteration", "path"),
    ),
)
