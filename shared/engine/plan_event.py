"""A plan was saved in OnePlan: one look at it for a whole burst of saves (R15).

The event names the plan only, and may be about one of its tasks, or our own write. A plan that is not connected costs
one table read: its tasks are none of ours, since a connected task is in a connected plan. A connected task that a
person moved into another plan is missed by the look at its former plan.
"""

from shared.engine.item import Asked
from shared.engine.look import look_at
from shared.engine.parts import Engine
from shared.ports import StoredConnection
from shared.ports.changes import Look
from shared.ports.remotes import Class


async def plan_saved(engine: Engine, connection: StoredConnection, plan: str, for_: Class, asked: Asked) -> None:
    """What moved in the plan is in step. Who dies at it is followed by his message, once his right has run out."""
    if not _matters(connection) or await engine.links.plan(connection.id, plan) is None:
        return
    looking = await engine.looks.begin(connection.id, plan)
    while looking is not None:
        try:
            await look_at(engine, connection, Look(plan), for_, asked)
        except BaseException:
            await engine.looks.give_up(looking)
            raise
        looking = await engine.looks.end(looking)


def _matters(connection: StoredConnection) -> bool:
    """An import-only connection leaves edits of OnePlan to the next full sync, unless it is to put them back (R7)."""
    configuration = connection.configuration
    put_back = configuration.on_one_plan_edit_when_import_only == "put-back"
    return configuration.options.allow_one_plan_edits or put_back
