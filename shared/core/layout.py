"""The work of a run in its order: parents first, in pages that one invocation finishes (R13; decision 9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, groupby
from math import inf

from shared.core.ancestry import AsPlan, AsTask

PLANS_A_PAGE = 20
TASKS = "tasks"
TASKS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class PageOfWork:
    """The keys of one page, in their order. `after` is the page that must be done first, within one stage."""

    stage: str
    keys: tuple[str, ...]
    after: int | None = None


@dataclass(frozen=True, slots=True)
class PlanWork:
    """A plan to be: `depth` counts the plans above it; plans alike in `alike` are never made at the same time."""

    key: str
    depth: int
    alike: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TaskWork:
    """A task to be, in the plan of `plan`; `depth` counts the tasks above it.

    Tasks are made in the order of `rank`, so that few have to be moved afterwards (R18).
    """

    key: str
    plan: str
    depth: int
    rank: float = inf


def lay_out(plans: Iterable[PlanWork], tasks: Iterable[TaskWork]) -> list[PageOfWork]:
    """The pages of a run: plans level by level, then tasks plan by plan, those above before those below.

    Plans of one name and type share a page: should the process die between making one and marking it, there is only
    one that it can be (decision 6).
    """
    pages = [
        PageOfWork(f"plans-{depth}", keys)
        for depth, level in groupby(sorted(plans, key=lambda one: (one.depth, one.alike)), lambda one: one.depth)
        for keys in _alike_together(list(level))
    ]
    return [*pages, *_task_pages(tasks, first=len(pages))]


def _alike_together(plans: Sequence[PlanWork]) -> Iterator[tuple[str, ...]]:
    page: list[str] = []
    for _, group in groupby(plans, lambda one: one.alike):
        page += [one.key for one in group]
        if len(page) >= PLANS_A_PAGE:
            yield tuple(page)
            page = []
    if page:
        yield tuple(page)


def _task_pages(tasks: Iterable[TaskWork], first: int) -> Iterator[PageOfWork]:
    """Small plans share a page; a large one has several, each after the one before it."""
    ordered = sorted(tasks, key=lambda one: (one.plan, one.depth, one.rank, one.key))
    page: list[str] = []
    number = first
    for _, group in groupby(ordered, lambda one: one.plan):
        keys = [one.key for one in group]
        if page and len(page) + len(keys) > TASKS_A_PAGE:
            yield PageOfWork(TASKS, tuple(page))
            page, number = [], number + 1
        if len(keys) <= TASKS_A_PAGE:
            page += keys
            continue
        after: int | None = None
        for part in batched(keys, TASKS_A_PAGE, strict=False):
            yield PageOfWork(TASKS, part, after)
            after, number = number, number + 1
    if page:
        yield PageOfWork(TASKS, tuple(page))


def depths(places: Mapping[str, AsPlan | AsTask], above: Mapping[str, str | None]) -> dict[str, int]:
    """How many of its own kind stand above each item; `above` leads from a key to the one above it."""
    known: dict[str, int] = {}
    for start in places:
        path = [start]
        while path[-1] not in known:
            upper = above.get(path[-1])
            if upper is None or upper not in places or type(places[upper]) is not type(places[path[-1]]):
                known[path[-1]] = 0
            else:
                path.append(upper)
        for key in reversed(path[:-1]):
            known[key] = known[str(above[key])] + 1
    return known
