"""Syncs of one item, or of one item with everything below it, that a person asked for (R22)."""

from itertools import batched

from shared.core.snapshots import work_item_id
from shared.engine.incremental import CHANGES, SETTLE
from shared.engine.parts import Engine
from shared.engine.requests import ASKED, class_of
from shared.ports import Page, Run, StoredConnection

AT_ONCE = 40


async def work_item_of(engine: Engine, connection: str, target: str) -> int | None:
    """The work item whose plan or task has this id of OnePlan; None where it is not connected."""
    key = await engine.links.by_target(connection, target.casefold())
    return work_item_id(key) if key else None


async def find_tree(engine: Engine, connection: StoredConnection, run: Run) -> None:
    """There is a page for every few items: the one that was asked for, and in a tree all below it."""
    root = int((await engine.bodies.get(connection.id, run.id, ASKED))["item"])
    numbers = [root]
    if run.kind == "tree":
        async with engine.remotes.open(connection, class_of(run.kind)) as sides:
            numbers = list(await sides.azure_devops.tree(root))
    pages: list[Page] = []
    for number, part in enumerate(batched(numbers, AT_ONCE, strict=False), 1):
        await engine.bodies.put(connection.id, run.id, f"work-{number}", {"items": list(part)})
        # Those above come before those below, so that each finds its parent linked.
        pages.append(Page(number, CHANGES, len(part), f"work-{number}", number - 1 if number > 1 else None))
    last = len(pages) + 1
    await engine.pages.put(connection.id, run.id, [*pages, Page(last, SETTLE, 0, "")])
