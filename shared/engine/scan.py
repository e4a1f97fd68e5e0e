"""Finding and reading every work item of a run: ids first, then two hundred at a time (R13)."""

from itertools import batched

from shared.engine.bodies import SETUP, setup_json, snapshot_json
from shared.engine.conduct import FIND
from shared.engine.incremental import begin_watermark
from shared.engine.parts import Engine
from shared.engine.setup import ensure_integration, read_setup, take_checked
from shared.ports import Page, StoredConnection
from shared.ports.remotes import Sides

READ_AT_ONCE = 200
SCAN, LAY_OUT = "read", "lay-out"


async def find(engine: Engine, connection: StoredConnection, sides: Sides, run: str) -> None:
    """The set-up is stored, and there is a page for every two hundred work items, and one to lay out the rest."""
    await begin_watermark(engine, connection.id)
    await ensure_integration(engine, sides, connection)
    setup = await take_checked(engine, connection) or await read_setup(sides, connection.configuration)
    await engine.bodies.put(connection.id, run, SETUP, setup_json(setup))
    scope = connection.configuration.scope
    ids = [one async for page in sides.azure_devops.find(scope.projects, scope.wiql) for one in page]
    pages: list[Page] = []
    for number, part in enumerate(batched(ids, READ_AT_ONCE, strict=False), FIND.number + 1):
        await engine.bodies.put(connection.id, run, f"ids-{number}", list(part))
        pages.append(Page(number, SCAN, len(part), f"ids-{number}"))
    last = FIND.number + len(pages) + 1
    await engine.pages.put(connection.id, run, [*pages, Page(last, LAY_OUT, 1, "")])


async def read(engine: Engine, connection: StoredConnection, sides: Sides, run: str, page: Page) -> None:
    """The items of the page are stored as read. Those that vanished since they were found are left out."""
    ids = await engine.bodies.get(connection.id, run, page.body)
    found = await sides.azure_devops.read(ids)
    await engine.bodies.put(connection.id, run, items_body(page.number), [snapshot_json(one) for one in found.items])


def items_body(number: int) -> str:
    return f"items-{number}"
