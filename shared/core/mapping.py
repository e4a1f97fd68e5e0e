"""Which field is kept in step with which (R11). The defaults; an administrator's own pairs come on top."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from shared.core import attachments
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
    "links",
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

    def with_attachments(self, names: Mapping[TargetKind, str]) -> "FieldMapping":
        """The mapping with the attachments of work items going to the fields of these names, where none is mapped."""
        plans, tasks = names.get("plan"), names.get("task")
        return replace(self, plans=_with_attachments(self.plans, plans), tasks=_with_attachments(self.tasks, tasks))

    def under(self, policy: Policy) -> "FieldMapping":
        """The mapping with the policy of each pair in its rule: its own, or else the connection's."""
        plans, tasks = (tuple(_under(pair, policy) for pair in pairs) for pairs in (self.plans, self.tasks))
        return replace(self, plans=plans, tasks=tasks)


def _with_attachments(pairs: tuple[FieldPair, ...], name: str | None) -> tuple[FieldPair, ...]:
    if name is None or any(pair.oneplan.casefold() == name.casefold() for pair in pairs):
        return pairs
    return (*pairs, FieldPair(attachments.FIELD, name, "links", FieldRule("to-oneplan")))


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
        FieldPair("System.IterationPath", "Iteration", "iteration"),
    ),
)

_STATE = FieldPair("System.State", "State", "choice")
_DESCRIPTION = FieldPair("System.Description", "Description", "rich-text")
_PRIORITY = FieldPair("Microsoft.VSTS.Common.Priority", "Priority", "number")
_EFFORT = FieldPair("Microsoft.VSTS.Scheduling.Effort", "Effort", "number")
_STORY_POINTS = FieldPair("Microsoft.VSTS.Scheduling.StoryPoints", "Effort", "number")
_SIZE = FieldPair("Microsoft.VSTS.Scheduling.Size", "Effort", "number")
_TAGS = FieldPair("System.Tags", "Tags", "tags")
_AREA = FieldPair("System.AreaPath", "AreaPath", "path")
# No process of Azure DevOps has such a field, so it names one to be made.
_PERCENT = FieldPair("Custom.PercentComplete", "PercentComplete", "percent")

_EVERYWHERE = {
    "state": _STATE,
    "description": _DESCRIPTION,
    "priority": _PRIORITY,
    "effort": _EFFORT,
    "story-points": _STORY_POINTS,
    "size": _SIZE,
    "tags": _TAGS,
    "area-path": _AREA,
}
# What one click adds to a table (R11). A state needs a value map first. How large an item is has a field of its own in
# each process: effort in Scrum and Basic, story points in Agile, size in CMMI; one of them goes with OnePlan's effort.
# OnePlan computes how much of a plan is done, so that goes one way.
OPTIONAL: Mapping[TargetKind, Mapping[str, FieldPair]] = {
    "plan": {**_EVERYWHERE, "percent-complete": replace(_PERCENT, rule=FieldRule("to-azure-devops"))},
    "task": {**_EVERYWHERE, "percent-complete": _PERCENT},
}
