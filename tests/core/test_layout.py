"""The pages of a run: parents first, whatever the tree."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.ancestry import AsPlan, AsTask
from shared.core.layout import PLANS_A_PAGE, TASKS_A_PAGE, PlanWork, TaskWork, depths, lay_out

plans = st.lists(
    st.builds(
        PlanWork, st.uuids().map(str), st.integers(0, 4), st.tuples(st.sampled_from("ab"), st.sampled_from("xy"))
    ),
    max_size=120,
    unique_by=lambda one: one.key,
)
tasks = st.lists(
    st.builds(TaskWork, st.uuids().map(str), st.sampled_from(["p1", "p2", "p3"]), st.integers(0, 6)),
    max_size=300,
    unique_by=lambda one: one.key,
)


@given(plans, tasks)
def test_every_item_is_on_one_page_and_those_above_come_first(some: list[PlanWork], below: list[TaskWork]) -> None:
    pages = lay_out(some, below)
    keys = [key for page in pages for key in page.keys]
    assert sorted(keys) == sorted([*(one.key for one in some), *(one.key for one in below)])
    deep = {one.key: one.depth for one in some}
    order = [deep[key] for key in keys if key in deep]
    assert order == sorted(order)
    stages = [page.stage for page in pages]
    assert stages == sorted(stages)


@given(plans)
def test_plans_alike_share_a_page(some: list[PlanWork]) -> None:
    alike = {one.key: (one.depth, one.alike) for one in some}
    where = {}
    for number, page in enumerate(lay_out(some, [])):
        for key in page.keys:
            assert where.setdefault(alike[key], number) == number
        assert len({alike[key] for key in page.keys}) <= PLANS_A_PAGE


@given(tasks)
def test_a_large_plan_has_pages_one_after_another(below: list[TaskWork]) -> None:
    pages = lay_out([], below)
    by_key = {one.key: one for one in below}
    for page in pages:
        assert len(page.keys) <= TASKS_A_PAGE
    for plan in {one.plan for one in below}:
        own = [n for n, page in enumerate(pages) if any(by_key[key].plan == plan for key in page.keys)]
        order = [by_key[key].depth for n in own for key in pages[n].keys if by_key[key].plan == plan]
        assert order == sorted(order)
        for earlier, later in itertools.pairwise(own):
            assert pages[later].after == earlier


def _plans(*groups: tuple[int, int]) -> list[PlanWork]:
    """For each (depth, how many), plans that are alike."""
    return [
        PlanWork(f"{group}-{number}", depth, (f"{group:02}", "epic"))
        for group, (depth, many) in enumerate(groups)
        for number in range(many)
    ]


def _tasks(**many: int) -> list[TaskWork]:
    return [TaskWork(f"{plan}{number:03}", plan, 0) for plan, count in many.items() for number in range(count)]


@pytest.mark.parametrize(
    ("some", "pages"),
    [
        ([], []),
        (_plans((0, 1), (1, 1), (1, 1)), [("plans-0", 1), ("plans-1", 2)]),
        (_plans(*[(0, 1)] * 20), [("plans-0", 20)]),
        (_plans(*[(0, 1)] * 21), [("plans-0", 20), ("plans-0", 1)]),
        (_plans(*[(0, 1)] * 19, (0, 3), (0, 1)), [("plans-0", 22), ("plans-0", 1)]),
        (_plans((2, 45), (0, 1)), [("plans-0", 1), ("plans-2", 45)]),
    ],
)
def test_the_pages_of_plans(some: list[PlanWork], pages: list[tuple[str, int]]) -> None:
    """20 are a page, more only where they are alike."""
    assert [(page.stage, len(page.keys)) for page in lay_out(some, [])] == pages


@pytest.mark.parametrize(
    ("below", "pages"),
    [
        (_tasks(a=30, b=20), [(50, None)]),
        (_tasks(a=30, b=21), [(30, None), (21, None)]),
        (_tasks(a=50), [(50, None)]),
        (_tasks(a=51), [(50, None), (1, 1)]),
        (_tasks(a=120, b=2), [(50, None), (50, 1), (20, 2), (2, None)]),
        (_tasks(a=10, b=120, c=5), [(10, None), (50, None), (50, 2), (20, 3), (5, None)]),
        (_tasks(a=40, b=40, c=60), [(40, None), (40, None), (50, None), (10, 3)]),
    ],
)
def test_the_pages_of_tasks(below: list[TaskWork], pages: list[tuple[int, int | None]]) -> None:
    """Small plans share a page of 50; each page of a large one names the page before it, here after one of plans."""
    (plans_, *found) = lay_out(_plans((0, 1)), below)
    assert plans_.stage == "plans-0"
    assert {page.stage for page in found} == {"tasks"}
    assert [(len(page.keys), page.after) for page in found] == pages


def test_tasks_of_a_plan_are_made_from_the_top_down_in_the_order_of_the_backlog() -> None:
    below = [
        TaskWork("d", "p", 1, 1.0),
        TaskWork("c", "p", 0),
        TaskWork("b", "p", 0, 2.0),
        TaskWork("a", "p", 0, 2.0),
        TaskWork("e", "o", 5, 9.0),
    ]
    assert [page.keys for page in lay_out([], below)] == [("e", "a", "b", "c", "d")]


def test_depth_counts_those_above_of_the_same_kind() -> None:
    places: dict[str, AsPlan | AsTask] = {
        "t": AsTask(2, 3),
        "e": AsPlan(None),
        "f": AsPlan(1),
        "s": AsTask(2),
        "u": AsTask(2, 4),
        "x": AsPlan(9),
    }
    above = {"e": None, "f": "e", "s": "f", "t": "s", "u": "t", "x": "not brought in"}
    assert depths(places, above) == {"e": 0, "f": 1, "s": 0, "t": 1, "u": 2, "x": 0}
