"""What each rule of the scope says of an item, in the words that a person reads (R3 to R8, R34)."""

from dataclasses import replace

import pytest

from shared.core.scope import Finding, Rule, ScopeRules, WorkItem, in_scope, is_under, judge
from shared.core.types import BacklogLevel, ConfiguredTypes, ProjectTypes

PROJECT = ProjectTypes("Web", ("Epic", "Task", "Bug"), (BacklogLevel("Tasks", 1, "task", ("Task",)),), ("Bug",))
OPEN = ScopeRules(ConfiguredTypes(("Epic",), ("Task", "Bug")), {"web": PROJECT})
NARROW = replace(
    OPEN,
    only_projects=("App", "WEB"),
    areas=("App", "web\\team\\"),
    tags=("sync", "x"),
    condition=frozenset({7}),
    disconnected=frozenset({8}),
)
TASK = WorkItem(7, "Task", "Web", area="Web\\Team\\A", iteration="Web\\Sprint 1", tags=frozenset({"Sync", "other"}))

PASSED: list[tuple[Rule, str]] = [
    ("exists", "it exists and can be read"),
    ("type", "the type 'Task' becomes a task"),
    ("project", "team project 'Web' is in scope"),
    ("area", "area 'Web\\\\Team\\\\A' is in scope"),
    ("tags", "its tags are in scope"),
    ("condition", "the WIQL condition allows it"),
    ("iteration", "its iteration is in scope"),
    ("connected", "nobody has disconnected it"),
]


@pytest.mark.parametrize("rules", [OPEN, NARROW], ids=["open", "narrow"])
def test_each_rule_says_why_it_lets_an_item_through(rules: ScopeRules) -> None:
    assert judge(TASK, rules) == tuple(Finding(rule, True, reason) for rule, reason in PASSED)
    assert in_scope(TASK, rules)


@pytest.mark.parametrize(
    ("item", "rules", "rule", "reason"),
    [
        (replace(TASK, deleted=True), OPEN, "exists", "it is deleted, or the access token may not read it"),
        (replace(TASK, type="Risk"), OPEN, "type", "the type 'Risk' is in neither list of types of the connection"),
        (
            replace(TASK, project="Other"),
            NARROW,
            "project",
            "team project 'Other' is not in the connection's scope (App, WEB)",
        ),
        (
            replace(TASK, area="Web\\Teams"),
            NARROW,
            "area",
            "area 'Web\\\\Teams' is not below any area in the connection's scope (App, web\\team\\)",
        ),
        (
            replace(TASK, tags=frozenset({"other"})),
            NARROW,
            "tags",
            "it has none of the tags in the connection's scope (sync, x)",
        ),
        (replace(TASK, id=9), NARROW, "condition", "the connection's WIQL condition does not find it"),
        (
            replace(TASK, iteration="\\Web\\"),
            OPEN,
            "iteration",
            "it is in no iteration below '\\\\Web\\\\', and the connection leaves out tasks and bugs that are in none",
        ),
        (
            replace(TASK, iteration="", project="WEB", type="bug"),
            OPEN,
            "iteration",
            "it is in no iteration below 'WEB', and the connection leaves out tasks and bugs that are in none",
        ),
        (
            replace(TASK, id=8),
            replace(NARROW, condition=frozenset({8})),
            "connected",
            "it was disconnected, or its plan or task was deleted in OnePlan; connect it again to bring it back",
        ),
    ],
)
def test_the_first_rule_that_leaves_an_item_out_says_why_and_is_the_last(
    item: WorkItem, rules: ScopeRules, rule: Rule, reason: str
) -> None:
    *before, last = judge(item, rules)
    assert last == Finding(rule, False, reason)
    assert [one.rule for one in before] == [one for one, _ in PASSED][: len(before)]
    assert all(one.passed for one in before)
    assert not in_scope(item, rules)


@pytest.mark.parametrize(
    ("item", "rules", "reason"),
    [
        (replace(TASK, type="Epic", iteration="Web"), OPEN, "no iteration is needed"),
        (replace(TASK, iteration="Web"), replace(OPEN, without_iteration=True), "no iteration is needed"),
        (replace(TASK, iteration="Web", project="Unknown"), OPEN, "no iteration is needed"),
        (TASK, OPEN, "its iteration is in scope"),
        (replace(TASK, iteration="\\Web\\X\\"), OPEN, "its iteration is in scope"),
    ],
)
def test_only_tasks_and_bugs_of_known_projects_need_an_iteration(
    item: WorkItem, rules: ScopeRules, reason: str
) -> None:
    assert Finding("iteration", True, reason) in judge(item, rules)


@pytest.mark.parametrize(
    ("path", "ancestor", "under"),
    [
        ("Web\\Team", "Web\\Team", True),
        ("\\web\\TEAM\\", "Web\\Team", True),
        ("Web\\Team", "\\Web\\Team\\", True),
        ("Web\\Team\\Inner", "Web", True),
        ("Web\\TeamX", "Web\\Team", False),
        ("Web\\Team", "Web\\TeamX", False),
        ("Web", "Web\\Team", False),
        ("App\\Web\\Team", "Web", False),
    ],
)
def test_a_path_is_under_itself_and_under_what_is_above(path: str, ancestor: str, under: bool) -> None:
    assert is_under(path, ancestor) is under
