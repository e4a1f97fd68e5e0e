"""Configured types against the processes of the projects in scope (R3, R4)."""

import pytest

from shared.core.types import BacklogLevel, ConfiguredTypes, ProjectTypes, TypeProblem, check_types

AGILE = ProjectTypes(
    project="Web",
    types=("Epic", "Feature", "User Story", "Task", "Bug", "Issue", "Test Case"),
    levels=(
        BacklogLevel("Tasks", 1, "task", ("Task",)),
        BacklogLevel("Stories", 2, "requirement", ("User Story", "Bug")),
        BacklogLevel("Features", 3, "portfolio", ("Feature",)),
        BacklogLevel("Epics", 4, "portfolio", ("Epic",)),
    ),
    bugs=("Bug",),
)
BASIC = ProjectTypes(
    project="Small",
    types=("Epic", "Issue", "Task"),
    levels=(
        BacklogLevel("Tasks", 10, "task", ("Task",)),
        BacklogLevel("Issues", 20, "requirement", ("Issue",)),
        BacklogLevel("Epics", 40, "portfolio", ("Epic",)),
    ),
)


def problems(
    plan_levels: tuple[str, ...], tasks: tuple[str, ...] = ("Task",)
) -> list[tuple[str, int, tuple[str, ...]]]:
    found = check_types(ConfiguredTypes(plan_levels, tasks), [AGILE, BASIC])
    return [(problem.field, problem.index, problem.allowed) for problem in found]


@pytest.mark.parametrize("levels", [("Epic", "Feature"), ("Epic",), ("Feature",), ("epic", "FEATURE", "user story")])
def test_the_right_order_is_taken(levels: tuple[str, ...]) -> None:
    assert problems(levels) == []


@pytest.mark.parametrize(
    ("levels", "index", "right"),
    [
        (("Feature", "Epic"), 1, ("Epic", "Feature")),
        (("Epic", "User Story", "Feature"), 2, ("Epic", "Feature", "User Story")),
        (("User Story", "Bug"), 1, ("User Story", "Bug")),
    ],
    ids=["turned round", "in the middle", "the same level"],
)
def test_a_wrong_order_names_the_right_one(levels: tuple[str, ...], index: int, right: tuple[str, ...]) -> None:
    assert problems(levels) == [("planLevelTypes", index, right)]


def test_an_order_that_several_projects_contradict_is_told_of_the_first() -> None:
    (problem,) = check_types(ConfiguredTypes(("Task", "Epic"), ()), [BASIC, AGILE])
    said = "the order in team project 'Small' is Epic > Task"
    assert problem == TypeProblem("planLevelTypes", 1, said, ("Epic", "Task"))


def test_an_order_that_only_another_project_contradicts_is_refused_too() -> None:
    assert problems(("Issue", "Epic")) == [("planLevelTypes", 1, ("Epic", "Issue"))]


def test_a_type_that_no_project_has_is_named_with_those_that_exist() -> None:
    allowed = ("Epic", "Issue", "Task")
    assert check_types(ConfiguredTypes(("Epic", "Saga"), ("Task", "Chore")), [BASIC]) == (
        TypeProblem("planLevelTypes", 1, "no team project in scope has a work item type 'Saga'", allowed),
        TypeProblem("taskTypes", 1, "no team project in scope has a work item type 'Chore'", allowed),
    )


def test_a_type_on_no_backlog_cannot_be_a_plan_level() -> None:
    (problem,) = check_types(ConfiguredTypes(("Epic", "Test Case"), ("Task",)), [AGILE])
    said = "'Test Case' stands on no backlog level, so it cannot be a plan level"
    assert problem == TypeProblem("planLevelTypes", 1, said, ("Bug", "Epic", "Feature", "Task", "User Story"))


def test_only_the_task_level_and_bugs_need_an_iteration() -> None:
    assert [name for name in AGILE.types if AGILE.needs_iteration(name)] == ["Task", "Bug"]


def test_kinds_and_levels_ignore_letter_case() -> None:
    types = ConfiguredTypes(("Epic", "Feature"), ("Task",))
    assert (types.kind("EPIC"), types.kind("task"), types.kind("Risk")) == ("plan", "task", None)
    assert (types.above("epic", "Feature"), types.above("Feature", "Epic"), types.above("Task", "Epic")) == (
        True,
        False,
        False,
    )
