"""The pages of a run: parents first, whatever the tree."""

import itertools

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


def test_depth_counts_those_above_of_the_same_kind() -> None:
    places: dict[str, AsPlan | AsTask] = {"e": AsPlan(None), "f": AsPlan(1), "s": AsTask(2), "t": AsTask(2, 3)}
    assert depths(places, {"e": None, "f": "e", "s": None, "t": "s"}) == {"e": 0, "f": 1, "s": 0, "t": 1}
