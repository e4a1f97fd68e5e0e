"""Which work items take part, and why (R3 to R8, R34): ordered rules, each of which gives its reason.

The same rules decide in a sync and explain in "why is my item not there?".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from shared.core.types import ConfiguredTypes, ProjectTypes

type Rule = Literal[
    "exists", "type", "project", "area", "tags", "condition", "iteration", "connected", "order", "plan-above"
]


@dataclass(frozen=True)
class WorkItem:
    """What the rules look at. `parent` is an id, whatever became of that item. Paths use backslashes."""

    id: int
    type: str
    project: str
    title: str = ""
    parent: int | None = None
    area: str = ""
    iteration: str = ""
    tags: frozenset[str] = frozenset()
    deleted: bool = False


@dataclass(frozen=True)
class ScopeRules:
    """The scope of a connection. Empty members leave it open; `condition` holds the ids that the WIQL gave.

    `disconnected` are the items that a person disconnected, here or by deleting their counterpart.
    """

    types: ConfiguredTypes
    projects: Mapping[str, ProjectTypes]
    only_projects: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    condition: frozenset[int] | None = None
    without_iteration: bool = False
    disconnected: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Finding:
    """What one rule says of one item, in plain words."""

    rule: Rule
    passed: bool
    reason: str


def judge(item: WorkItem, rules: ScopeRules) -> tuple[Finding, ...]:
    """The findings of the rules in order, up to and with the first that leaves the item out."""
    findings: list[Finding] = []
    for rule in _RULES:
        findings.append(rule(item, rules))
        if not findings[-1].passed:
            break
    return tuple(findings)


def in_scope(item: WorkItem, rules: ScopeRules) -> bool:
    """True where every rule passes; the ancestry has its say only then."""
    return judge(item, rules)[-1].passed


def _exists(item: WorkItem, _rules: ScopeRules) -> Finding:
    if item.deleted:
        return Finding("exists", False, "it is deleted, or the access token may not read it")
    return Finding("exists", True, "it exists and can be read")


def _type(item: WorkItem, rules: ScopeRules) -> Finding:
    kind = rules.types.kind(item.type)
    if kind is None:
        return Finding("type", False, f"the type {item.type!r} is in neither list of types of the connection")
    return Finding("type", True, f"the type {item.type!r} becomes a {kind}")


def _project(item: WorkItem, rules: ScopeRules) -> Finding:
    if rules.only_projects and not _among(item.project, rules.only_projects):
        listed = ", ".join(rules.only_projects)
        return Finding("project", False, f"team project {item.project!r} is not in the connection's scope ({listed})")
    return Finding("project", True, f"team project {item.project!r} is in scope")


def _area(item: WorkItem, rules: ScopeRules) -> Finding:
    if rules.areas and not any(is_under(item.area, area) for area in rules.areas):
        listed = ", ".join(rules.areas)
        return Finding("area", False, f"area {item.area!r} is not below any area in the connection's scope ({listed})")
    return Finding("area", True, f"area {item.area!r} is in scope")


def _tags(item: WorkItem, rules: ScopeRules) -> Finding:
    if rules.tags and not any(_among(tag, rules.tags) for tag in item.tags):
        return Finding("tags", False, f"it has none of the tags in the connection's scope ({', '.join(rules.tags)})")
    return Finding("tags", True, "its tags are in scope")


def _condition(item: WorkItem, rules: ScopeRules) -> Finding:
    if rules.condition is not None and item.id not in rules.condition:
        return Finding("condition", False, "the connection's WIQL condition does not find it")
    return Finding("condition", True, "the WIQL condition allows it")


def _iteration(item: WorkItem, rules: ScopeRules) -> Finding:
    project = rules.projects.get(item.project.casefold())
    needed = not rules.without_iteration and project is not None and project.needs_iteration(item.type)
    if needed and "\\" not in item.iteration.strip("\\"):
        return Finding(
            "iteration",
            False,
            f"it is in no iteration below {item.iteration or item.project!r}, and the connection leaves out "
            "tasks and bugs that are in none",
        )
    return Finding("iteration", True, "its iteration is in scope" if needed else "no iteration is needed")


def _connected(item: WorkItem, rules: ScopeRules) -> Finding:
    if item.id in rules.disconnected:
        reason = "it was disconnected, or its plan or task was deleted in OnePlan; connect it again to bring it back"
        return Finding("connected", False, reason)
    return Finding("connected", True, "nobody has disconnected it")


_RULES: tuple[Callable[[WorkItem, ScopeRules], Finding], ...] = (
    _exists,
    _type,
    _project,
    _area,
    _tags,
    _condition,
    _iteration,
    _connected,
)


def is_under(path: str, ancestor: str) -> bool:
    """True where the path is the ancestor or lies below it; letter case and outer backslashes do not matter."""
    inner, outer = path.strip("\\").casefold(), ancestor.strip("\\").casefold()
    return inner == outer or inner.startswith(outer + "\\")


def _among(name: str, names: tuple[str, ...]) -> bool:
    return name.casefold() in {other.casefold() for other in names}
