"""The pages of a full run that put siblings in the order of the backlog (R18)."""

from collections.abc import Iterator, Mapping
from itertools import batched

from shared.core.order import Sibling, siblings
from shared.engine.bodies import Subject
from shared.engine.parts import Engine
from shared.ports import Page, Run

ORDER = "order"
PLANS_A_PAGE = 200


async def order_pages(
    engine: Engine, run: Run, subjects: Mapping[str, Subject], first: int, homes: Mapping[str, int]
) -> list[Page]:
    """Pages for the plans that have siblings to be ordered, one after the other. `homes`: which page works on an item.

    A page of size 0 does not count for the progress: in a run where all are in order it does nothing.
    """
    pages: list[Page] = []
    for part in batched(sorted(siblings(_ranked(subjects)).items()), PLANS_A_PAGE, strict=False):
        number = first + len(pages)
        seen_by = {homes[key] for _, families in part for family in families for key in family}
        body = {"plans": dict(part), "pages": sorted(seen_by)}
        await engine.bodies.put(run.connection, run.id, f"{ORDER}-{number}", body)
        pages.append(Page(number, ORDER, 0, f"{ORDER}-{number}", pages[-1].number if pages else None))
    return pages


def _ranked(subjects: Mapping[str, Subject]) -> Iterator[Sibling]:
    for key, one in subjects.items():
        if one.plan and one.item.rank is not None:
            yield Sibling(key, one.plan, one.above or "", one.item.rank)
