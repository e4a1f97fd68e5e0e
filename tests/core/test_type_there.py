"""What a type of OnePlan stands for, and where a plan of that level may stand."""

import pytest

from shared.core.type_there import NOT_ABOVE, NOT_BELOW, NOT_BROUGHT_IN, NOT_IN_PROJECT, TypeThere, fitting, named
from shared.core.types import ConfiguredTypes, Kind, ProjectTypes

CONFIGURED = ConfiguredTypes(("Theme", "Epic", "Feature"), ("User Story", "Bug"))
PROJECT = ProjectTypes("Web", ("Epic", "Feature", "Bug", "Other"), ())


@pytest.mark.parametrize(
    ("called", "kind", "meant"),
    [
        ("epic", "plan", TypeThere("Epic")),
        ("BUG", "task", TypeThere("Bug")),
        ("bug", "plan", TypeThere("Bug", NOT_BROUGHT_IN.format(type="Bug", kind="plan"))),
        ("epic", "task", TypeThere("Epic", NOT_BROUGHT_IN.format(type="Epic", kind="task"))),
        ("other", "task", TypeThere("Other", NOT_BROUGHT_IN.format(type="Other", kind="task"))),
        ("project", "plan", TypeThere("project", NOT_BROUGHT_IN.format(type="project", kind="plan"))),
        ("theme", "plan", TypeThere("theme", NOT_IN_PROJECT.format(type="theme", project="Web"))),
        ("user story", "task", TypeThere("user story", NOT_IN_PROJECT.format(type="user story", project="Web"))),
    ],
)
def test_a_type_stands_for_the_one_of_its_name(called: str, kind: Kind, meant: TypeThere) -> None:
    assert named(called, kind, CONFIGURED, PROJECT) == meant


@pytest.mark.parametrize(
    ("above", "below", "problem"),
    [
        (None, (), ""),
        ("theme", ("Feature", "Bug"), ""),
        ("Epic", (), NOT_BELOW),
        ("Feature", (), NOT_BELOW),
        ("", (), NOT_BELOW),
        ("Theme", ("Epic",), NOT_ABOVE),
        (None, ("Feature", "Theme"), NOT_ABOVE),
        (None, ("Other", "User Story"), ""),
        ("Bug", ("Theme",), NOT_BELOW),
    ],
)
def test_a_plan_stands_between_a_higher_level_and_lower_ones(
    above: str | None, below: tuple[str, ...], problem: str
) -> None:
    epic = TypeThere("Epic")
    assert fitting(epic, CONFIGURED, above, below) == TypeThere("Epic", problem.format(type="Epic"))
