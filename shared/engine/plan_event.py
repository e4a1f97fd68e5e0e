"""A plan was saved in OnePlan: one look at it for a whole burst of saves (R15).

The event names the plan only, and may be about one of its tasks, or our own write. A plan that is not connected costs
one table read: its tasks are none of ours, since a connected task is in a connected plan. A connected task that a
person moved into another plan is missed by the look at its former plan.

While the first sync of a connection is under way nearly every event is our own write: plans are looked at once it is
over, each once.
"""

from shared.engine.incremental import feed_in_use
from shared.engine.item import Asked
from shared.engine.look import look_at
from shared.engine.parts import Engine
from shared.messages import SyncMessage
from shared.ports import StoredConnection
from shared.ports.changes import Look
from shared.ports.remotes import Class

# Seconds until it is tried again whether the first sync is over.
UNTIL_OVER = 30.0


async def plan_saved(engine: Engine, connection: StoredConnection, plan: str, for_: Class, asked: Asked) -> None:
    """What moved in the plan is in step. Who dies at it is followed by his message, once his right has run out."""
    if not _matters(connection) or await engine.links.plan(connection.id, plan) is None:
        return
    if await _is_first_sync(engine, connection.id):
        await _put_off(engine, connection.id, plan)
        return
    looking = await engine.looks.begin(connection.id, plan)
    while looking is not None:
        try:
            await look_at(engine, connection, Look(plan), for_, asked)
        except BaseException:
            await engine.looks.give_up(looking)
            raise
        looking = await engine.looks.end(looking)


async def _is_first_sync(engine: Engine, connection: str) -> bool:
    """A full sync is under way, and no incremental one has ended yet: they end after the first full one only."""
    return await engine.runs.is_full_under_way(connection) and await feed_in_use(engine, connection) is None


async def _put_off(engine: Engine, connection: str, plan: str) -> None:
    """A later message looks at the plan. It is sent before the row says so; all others end here."""
    now = await engine.pages.now()
    if await engine.looks.put_off(connection, plan, None) > now:
        return
    message = SyncMessage(connection, "save", side="oneplan", item=plan)
    await engine.queue.send("sync-hooks", message, UNTIL_OVER)
    await engine.looks.put_off(connection, plan, now + UNTIL_OVER)


def _matters(connection: StoredConnection) -> bool:
    """An import-only connection leaves edits of OnePlan to the next full sync, unless it is to put them back (R7)."""
    configuration = connection.configuration
    put_back = configuration.on_one_plan_edit_when_import_only == "put-back"
    return configuration.options.allow_one_plan_edits or put_back
