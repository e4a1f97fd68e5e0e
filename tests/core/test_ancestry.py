"""What becomes of each ancestry: the table of requirements.md, row by row, and what holds for every tree."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.ancestry import Ancestry, AsPlan, AsTask, LeftOut, Place
from shared.core.scope import ScopeRules, WorkItem, judge
from shared.core.types import BacklogLevel, ConfiguredTypes, ProjectTypes

PROJECT = ProjectTypes(
    "Web",
    ("Initiative", "Epic", "Feature", "User Story", "Task", "Bug"),
    (
        BacklogLevel("Tasks", 1, "task", ("Task",)),
        BacklogLevel("Stories", 2, "requirement", ("User Story",)),
        BacklogLevel("Features", 3, "portfolio", ("Feature",)),
        BacklogLevel("Epics", 4, "portfolio", ("Epic",)),
    ),
    ("Bug",),
)
TYPES = ConfiguredTypes(("Epic", "Feature"), ("User Story", "Task", "Bug"))
RULES = ScopeRules(TYPES, {"web": PROJECT, "app": replace(PROJECT, project="App")})
SPRINT = "Web\\Sprint 1"


def chain(*types: str, **changes: dict[str, object]) -> dict[int, WorkItem]:
    """Items 1, 2, ... each below the one before; `changes` alter the item with that number (`i2={...}`)."""
    items = {
        number: WorkItem(number, name, "Web", parent=number - 1 or None, iteration=SPRINT)
        for number, name in enumerate(types, 1)
    }
    for key, members in changes.items():
        number = int(key.removeprefix("i"))
        items[number] = replace(items[number], **members)  # type: ignore[arg-type]
    return items


def place(items: dict[int, WorkItem], rules: ScopeRules = RULES, *, project_plans: bool = False) -> Place:
    """What becomes of the last item of the chain."""
    return Ancestry(items, rules, project_plans).place(items[max(items)])


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (chain("Epic"), AsPlan(None)),
        (chain("Epic", "Feature"), AsPlan(1)),
        (chain("Feature"), AsPlan(None)),
        (chain("Initiative", "Feature"), AsPlan(None)),
        (chain("Epic", "Initiative", "Feature"), AsPlan(1)),
        (chain("Feature", "User Story"), AsTask(1)),
        (chain("Epic", "User Story"), AsTask(1)),
        (chain("Feature", "User Story", "Task"), AsTask(1, 2)),
        (chain("Feature", "User Story", "Task", "Bug"), AsTask(1, 3)),
        (chain("Epic", "Feature", i2={"project": "App"}), AsPlan(1)),
        (chain("Epic", "Feature", i1={"deleted": True}), AsPlan(None)),
        (chain("Feature", "User Story", "Task", "Task", i3={"iteration": "Web"}), AsTask(1, 2)),
        (chain("Epic", "Feature", "Feature", "Task"), AsTask(2)),
        (chain("Epic", "User Story", "Feature", "Task"), AsTask(1, 2)),
    ],
    ids=[
        "epic without parent",
        "feature under an epic in scope",
        "feature without parent",
        "child of a type that is left out, nothing above",
        "child of a type that is left out, taken to the nearest above",
        "task type under a plan",
        "task type under the highest plan",
        "task under a task",
        "task under a task under a task",
        "parent in another project",
        "deleted parent",
        "parent left out by scope",
        "task of a plan left out for its order",
        "task of a plan type that is under a task",
    ],
)
def test_what_is_brought_in(items: dict[int, WorkItem], expected: Place) -> None:
    assert place(items) == expected


@pytest.mark.parametrize(
    ("items", "rule", "words"),
    [
        (chain("Feature", "Epic"), "order", "order differs"),
        (chain("Feature", "Feature"), "order", "order differs"),
        (chain("Epic", "User Story", "Feature"), "order", "order differs"),
        (chain("User Story", "Feature"), "order", "order differs"),
        (chain("Feature", "Epic", "Feature"), "order", "order differs"),
        (chain("User Story"), "plan-above", "no plan above"),
        (chain("User Story", "Task"), "plan-above", "no plan above"),
        (chain("Feature", "Task", i1={"deleted": True}), "plan-above", "no plan above"),
        (chain("Epic", "Feature", "Task", i2={"deleted": True}), "plan-above", "no plan above"),
        (chain("Initiative"), "type", "neither list"),
        (chain("Feature", "Task", i2={"iteration": "Web"}), "iteration", "in no iteration"),
        (chain("Feature", "Bug", i2={"iteration": "Web"}), "iteration", "in no iteration"),
        (chain("Epic", i1={"deleted": True}), "exists", "deleted"),
    ],
    ids=[
        "inverted",
        "same type",
        "plan type under a task",
        "plan type under a task that is left out itself",
        "feature under an inverted epic",
        "task without parent",
        "task whose chain reaches no plan",
        "task of a deleted plan",
        "task of a deleted plan below another plan",
        "type in neither list",
        "task in no iteration",
        "bug in no iteration",
        "deleted itself",
    ],
)
def test_what_is_left_out_and_by_which_rule(items: dict[int, WorkItem], rule: str, words: str) -> None:
    found = place(items)
    assert isinstance(found, LeftOut)
    assert found.rule == rule
    assert words in found.reason


def test_an_ancestor_that_is_not_known_counts_as_none() -> None:
    items = chain("Epic", "Feature")
    del items[1]
    assert place(items) == AsPlan(None)


def test_stories_are_never_filtered_by_iteration() -> None:
    assert place(chain("Feature", "User Story", i2={"iteration": "Web"})) == AsTask(1)


def test_without_iteration_all_come_in_where_the_connection_says_so() -> None:
    rules = replace(RULES, without_iteration=True)
    assert place(chain("Feature", "Task", i2={"iteration": "Web"}), rules) == AsTask(1)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (chain("Epic"), AsPlan(None, "Web")),
        (chain("Epic", "Feature"), AsPlan(1)),
        (chain("User Story"), AsTask(None, None, "Web")),
        (chain("User Story", "Task"), AsTask(None, 1, "Web")),
        (chain("User Story", i1={"project": "App"}), AsTask(None, None, "App")),
    ],
)
def test_with_project_plans_the_top_is_the_project(items: dict[int, WorkItem], expected: Place) -> None:
    assert place(items, project_plans=True) == expected


@pytest.mark.parametrize(
    ("rules", "members", "rule"),
    [
        (replace(RULES, only_projects=("app",)), {}, "project"),
        (replace(RULES, areas=("Web\\Team A",)), {"area": "Web\\Team AB"}, "area"),
        (replace(RULES, tags=("sync",)), {"tags": frozenset({"other"})}, "tags"),
        (replace(RULES, condition=frozenset({7})), {}, "condition"),
    ],
)
def test_each_scope_rule_leaves_out_by_its_name(rules: ScopeRules, members: dict[str, object], rule: str) -> None:
    found = place(chain("Epic", i1=members), rules)
    assert isinstance(found, LeftOut)
    assert found.rule == rule


@pytest.mark.parametrize(
    ("rules", "members"),
    [
        (replace(RULES, only_projects=("WEB",)), {}),
        (replace(RULES, areas=("web\\team a\\",)), {"area": "Web\\Team A\\Inner"}),
        (replace(RULES, tags=("Sync", "x")), {"tags": frozenset({"sync"})}),
        (replace(RULES, condition=frozenset({1})), {}),
    ],
)
def test_each_scope_rule_lets_through_without_regard_to_letter_case(
    rules: ScopeRules, members: dict[str, object]
) -> None:
    assert place(chain("Epic", i1=members), rules) == AsPlan(None)


def test_a_cycle_is_cut_at_its_lowest_id() -> None:
    items = chain("Epic", "Feature", "User Story", i1={"parent": 3})
    ancestry = Ancestry(items, RULES)
    assert [ancestry.place(item) for item in items.values()] == [AsPlan(None), AsPlan(1), AsTask(2)]


def test_an_item_that_is_its_own_parent_has_none() -> None:
    assert place(chain("Epic", i1={"parent": 1})) == AsPlan(None)


def test_a_very_long_chain_is_placed() -> None:
    items = chain("Feature", *["Task"] * 5_000)
    assert place(items) == AsTask(1, 5_000)


@pytest.mark.parametrize("last", ["Epic", "Feature", "User Story", "Initiative"])
def test_the_explanation_ends_with_the_rule_that_decided(last: str) -> None:
    items = chain("Feature", last)
    ancestry = Ancestry(items, RULES)
    findings = ancestry.explain(items[2])
    placed = ancestry.place(items[2])
    assert all(finding.passed for finding in findings[:-1])
    assert findings[-1].passed == (not isinstance(placed, LeftOut))
    if isinstance(placed, LeftOut):
        assert (findings[-1].rule, findings[-1].reason) == (placed.rule, placed.reason)


@pytest.mark.parametrize(
    ("items", "project_plans", "rule", "reason"),
    [
        (chain("Epic"), False, "order", "it is a plan at the top"),
        (chain("Epic", "Feature"), False, "order", "it is a plan below the plan of #1"),
        (chain("Epic", "User Story"), False, "plan-above", "it is a task in the plan of #1"),
        (chain("Epic", "User Story", "Task"), False, "plan-above", "it is a task below the task of #2"),
        (chain("User Story"), True, "plan-above", "it is a task in the plan of its team project"),
        (chain("User Story"), False, "plan-above", "no plan above"),
        (chain("Feature", "Epic"), False, "order", "order differs from the configured levels: Epic below Feature #1"),
        (chain("Initiative"), False, "type", "the type 'Initiative' is in neither list of types of the connection"),
        (
            chain("Task", i1={"iteration": "Web"}),
            False,
            "iteration",
            "it is in no iteration below 'Web', and the connection leaves out tasks and bugs that are in none",
        ),
    ],
)
def test_the_explanation_ends_with_the_place_or_with_what_is_in_its_way(
    items: dict[int, WorkItem], project_plans: bool, rule: str, reason: str
) -> None:
    item = items[max(items)]
    *passed, last = Ancestry(items, RULES, project_plans).explain(item)
    assert (last.rule, last.reason) == (rule, reason)
    assert last.passed == (not isinstance(place(items, project_plans=project_plans), LeftOut))
    assert passed == [one for one in judge(item, RULES) if one.passed]


def test_a_plan_of_a_like_type_that_is_left_out_by_scope_is_passed_over() -> None:
    items = chain("Epic", "Feature", "Feature", **{f"i{n}": {"area": "Web"} for n in (1, 3)})
    assert place(items, replace(RULES, areas=("Web",))) == AsPlan(1)


@st.composite
def forests(draw: st.DrawFn) -> dict[int, WorkItem]:
    count = draw(st.integers(1, 12))
    names = st.sampled_from(["Initiative", "Epic", "Feature", "User Story", "Task", "Bug"])
    return {
        number: WorkItem(
            number,
            draw(names),
            draw(st.sampled_from(["Web", "App"])),
            parent=draw(st.none() | st.integers(1, count + 1)),
            iteration=draw(st.sampled_from(["Web", SPRINT])),
            deleted=draw(st.booleans()) and draw(st.booleans()),
        )
        for number in range(1, count + 1)
    }


@given(forests(), st.booleans())
def test_whatever_is_brought_in_hangs_below_something_brought_in(items: dict[int, WorkItem], projects: bool) -> None:
    ancestry = Ancestry(items, RULES, projects)
    for item in items.values():
        match ancestry.place(item):
            case AsPlan(parent) if parent is not None:
                assert isinstance(ancestry.place(items[parent]), AsPlan)
                assert TYPES.above(items[parent].type, item.type)
            case AsTask(plan, parent):
                assert plan is not None or projects
                assert plan is None or isinstance(ancestry.place(items[plan]), AsPlan)
                above = ancestry.place(items[parent]) if parent is not None else None
                assert above is None or (isinstance(above, AsTask) and above.plan == plan)


@given(forests())
def test_the_order_of_asking_does_not_matter(items: dict[int, WorkItem]) -> None:
    forwards, backwards = Ancestry(items, RULES), Ancestry(items, RULES)
    one = {number: forwards.place(items[number]) for number in sorted(items)}
    other = {number: backwards.place(items[number]) for number in sorted(items, reverse=True)}
    assert one == other
