"""The pages of a full run that write hyperlinks (R30)."""

from collections.abc import Mapping
from itertools import batched

from shared.core.snapshots import work_item_id
from shared.engine.bodies import Subject
from shared.engine.hyperlinks import are_asked_for
from shared.engine.parts import Context, Engine
from shared.engine.scan import READ_AT_ONCE
from shared.ports import Page, Run

HYPERLINKS = "hyperlinks"


async def hyperlink_pages(
    engine: Engine, context: Context, run: Run, subjects: Mapping[str, Subject], first: int
) -> list[Page]:
    """Pages for all work items, none where the connection asks for no hyperlinks. Of size 0, as those that order."""
    if not are_asked_for(context):
        return []
    pages: list[Page] = []
    items = [one.item for one in subjects.values() if work_item_id(one.item.key) is not None]
    for part in batched(items, READ_AT_ONCE, strict=False):
        number = first + len(pages)
        body = [[one.key, one.item.title, [[each.url, each.ours] for each in one.hyperlinks]] for one in part]
        await engine.bodies.put(run.connection, run.id, f"{HYPERLINKS}-{number}", body)
        pages.append(Page(number, HYPERLINKS, 0, f"{HYPERLINKS}-{number}"))
    return pages
