"""Which field is kept in step with which (R11). The defaults; an administrator's own pairs come on top."""

from dataclasses import dataclass, field, replace
from typing import Literal

from shared.core.merge import FieldRule, Policy
from shared.core.snapshots import TargetKind

type ValueKind = Literal["text", "owner", "people", "date", "path"]


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of each side: Azure DevOps by reference name, OnePlan by the neutral name of its adapter."""

    azure_devops: str
    oneplan: str
    kind: ValueKind
    rule: FieldRule = field(default_factory=FieldRule)
    required: bool = False

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
        """The mapping with the connection's policy for every pair."""
        plans, tasks = (
            tuple(replace(pair, rule=replace(pair.rule, policy=policy)) for pair in pairs)
            for pairs in (self.plans, self.tasks)
        )
        return replace(self, plans=plans, tasks=tasks)


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
