"""One work item by itself: after a notification, or when what it waited for has arrived (R14, R18)."""

from shared.core.ancestry import LeftOut
from shared.core.errors import Rejected
from shared.core.snapshots import ItemSnapshot, work_item_key
from shared.engine.desk import Desk
from shared.engine.items import release_waiting
from shared.engine.lay_out import add_ancestors, ancestry_of, subject_at
from shared.engine.parts import Context, Engine
from shared.engine.reconcile import Outcome, reconcile
from shared.engine.setup import kept_setup, read_setup
from shared.ports import Failure, Setup, StoredConnection
from shared.ports.remotes import Class, Sides


async def reconcile_item(
    engine: Engine, connection: StoredConnection, number: int, for_: Class
) -> Outcome | LeftOut | None:
    """What became of the work item; None where it is not there. Raises what is to be tried again later."""
    async with engine.remotes.open(connection, for_) as sides:
        context = Context(engine, connection, sides, await _setup(engine, connection, sides))
        items: dict[int, ItemSnapshot] = {one.item.id: one for one in (await sides.azure_devops.read([number])).items}
        if number not in items:
            return None
        await add_ancestors(sides.azure_devops, items)
        return await _placed(context, items, number)


async def _placed(context: Context, items: dict[int, ItemSnapshot], number: int) -> Outcome | LeftOut:
    ancestry = ancestry_of(context, [one.item for one in items.values()], await _condition(context, items))
    place = ancestry.place(items[number].item)
    if isinstance(place, LeftOut):
        return place
    desk = Desk(context, exact=True)
    try:
        outcome = await reconcile(desk, subject_at(context, items[number], place))
    except Rejected as error:
        failure = Failure(work_item_key(number), items[number].item.title, str(error))
        await context.engine.failures.add(context.id, failure)
        return LeftOut("exists", str(error))
    await context.engine.failures.remove(context.id, work_item_key(number))
    await release_waiting(context, desk)
    return outcome


async def _condition(context: Context, items: dict[int, ItemSnapshot]) -> frozenset[int] | None:
    """Which of the items the connection's WIQL finds; None where it has none."""
    wiql = context.configuration.scope.wiql
    if not wiql:
        return None
    among = f"({wiql}) AND [System.Id] IN ({', '.join(str(one) for one in items)})"
    pages = context.sides.azure_devops.find((), among)
    return frozenset([one async for page in pages for one in page])


async def _setup(engine: Engine, connection: StoredConnection, sides: Sides) -> Setup:
    """As it was read last; read now where it never was."""
    return await kept_setup(engine, connection.id) or await read_setup(sides, connection.configuration)
