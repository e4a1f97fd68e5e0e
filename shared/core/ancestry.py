"""What becomes of an item by what stands above it (requirements.md, "What becomes of each ancestry").

An ancestor that is left out by scope or type is passed over: the next one above it counts. A deleted or unreadable
parent is as if there were none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shared.core.scope import Finding, Rule, ScopeRules, WorkItem, in_scope, judge
from shared.core.types import ConfiguredTypes

ORDER_DIFFERS = "order differs from the configured levels"
NO_PLAN_ABOVE = "no plan above"


@dataclass(frozen=True)
class AsPlan:
    """A plan, below the plan of `parent`, or at the top; with R5 the top is below the project's plan."""

    parent: int | None
    project_plan: str | None = None


@dataclass(frozen=True)
class AsTask:
    """A task in the plan of `plan` (None: of the project's plan, R5), below the task of `parent` or at the top."""

    plan: int | None
    parent: int | None = None
    project_plan: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """Not brought in; the rule that decided, and its reason in plain words."""

    rule: Rule
    reason: str


type Place = AsPlan | AsTask | LeftOut


@dataclass(frozen=True)
class Ancestry:
    """Places items by their ancestors. `items` holds all items that may be an ancestor, by id."""

    items: Mapping[int, WorkItem]
    rules: ScopeRules
    project_plans: bool = False
    _known: dict[int, Place] = field(default_factory=dict, compare=False, repr=False)

    def place(self, item: WorkItem) -> Place:
        """What becomes of the item. Ancestors are placed first, each once, from the top down."""
        for one in (*reversed(tuple(self._above(item))), item):
            if one.id not in self._known:
                self._known[one.id] = self._placed(one)
        return self._known[item.id]

    def _placed(self, item: WorkItem) -> Place:
        finding = judge(item, self.rules)[-1]
        if not finding.passed:
            return LeftOut(finding.rule, finding.reason)
        return self._plan(item) if self._types.kind(item.type) == "plan" else self._task(item)

    def explain(self, item: WorkItem) -> tuple[Finding, ...]:
        """Every rule in order, with the one that decided last (R34)."""
        findings = judge(item, self.rules)
        match self.place(item) if findings[-1].passed else None:
            case LeftOut(rule, reason):
                return (*findings, Finding(rule, False, reason))
            case AsPlan(parent):
                where = f"below the plan of #{parent}" if parent else "at the top"
                return (*findings, Finding("order", True, f"it is a plan {where}"))
            case AsTask(plan, parent):
                where = f"below the task of #{parent}" if parent else f"in the plan of {_of(plan)}"
                return (*findings, Finding("plan-above", True, f"it is a task {where}"))
            case _:
                return findings

    def _plan(self, item: WorkItem) -> Place:
        for above in self._above(item):
            if not self._types.above(above.type, item.type):
                return LeftOut("order", _order_reason(item, above))
            if isinstance(self._known[above.id], AsPlan):
                return AsPlan(above.id)
        return AsPlan(None, item.project if self.project_plans else None)

    def _task(self, item: WorkItem) -> Place:
        for above in self._above(item):
            match self._known[above.id]:
                case AsPlan():
                    return AsTask(above.id)
                case AsTask(plan, _, project_plan):
                    return AsTask(plan, above.id, project_plan)
        if self.project_plans:
            return AsTask(None, None, item.project)
        return LeftOut("plan-above", NO_PLAN_ABOVE)

    def _above(self, item: WorkItem) -> Iterator[WorkItem]:
        """The ancestors in scope, nearest first."""
        ancestor = self._parent(item)
        while ancestor is not None:
            if in_scope(ancestor, self.rules):
                yield ancestor
            ancestor = self._parent(ancestor)

    def _parent(self, item: WorkItem) -> WorkItem | None:
        """The parent; None where it is deleted or unknown, or where a cycle is cut."""
        if item.parent is None or item.id in self._cuts:
            return None
        parent = self.items.get(item.parent)
        return None if parent is None or parent.deleted else parent

    @cached_property
    def _cuts(self) -> frozenset[int]:
        """The lowest id of each cycle: that item counts as having no parent. Azure DevOps allows no cycle, yet
        two reads a moment apart can show one while somebody moves items."""
        return frozenset(cycle_cuts({item.id: item.parent for item in self.items.values()}))

    @property
    def _types(self) -> ConfiguredTypes:
        return self.rules.types


def _order_reason(item: WorkItem, above: WorkItem) -> str:
    return f"{ORDER_DIFFERS}: {item.type} below {above.type} #{above.id}"


def _of(plan: int | None) -> str:
    return f"#{plan}" if plan else "its team project"


def cycle_cuts(parents: Mapping[int, int | None]) -> Iterator[int]:
    """The lowest id of each cycle in the map from an item to its parent."""
    done: set[int] = set()
    for start in parents:
        path: dict[int, None] = {}
        at: int | None = start
        while at is not None and at in parents and at not in done and at not in path:
            path[at] = None
            at = parents[at]
        if at is not None and at in path:
            walked = tuple(path)
            yield min(walked[walked.index(at) :])
        done.update(path)
