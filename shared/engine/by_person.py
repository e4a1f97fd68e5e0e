"""What a person decides by a click: which value of a held conflict it is to be, and that failures are tried again."""

from collections.abc import Collection

from shared.core.snapshots import work_item_id
from shared.engine.parts import Engine
from shared.engine.requests import request_full_sync
from shared.messages import QueueName, Side, SyncMessage
from shared.ports import Conflict

# So many are done at once, before other people's clicks; more of them go behind what others do.
AT_ONCE = 20


async def settle(engine: Engine, connection: str, reference: str, winner: Side) -> Conflict | None:
    """The choice is kept and the item is looked at again; None where the conflict is no more.

    Should the message be lost, the next sync of the item finds the choice.
    """
    chosen = await engine.conflicts.choose(connection, reference, winner)
    if chosen is not None:
        await look_again(engine, connection, [chosen.key])
    return chosen


async def retry(engine: Engine, connection: str, keys: Collection[str] | None) -> int:
    """The failures of these items, or all, are tried again; how many that are. Those that succeed vanish."""
    failed = [one.key for one in await engine.failures.list(connection) if keys is None or one.key in keys]
    await look_again(engine, connection, failed)
    return len(failed)


async def look_again(engine: Engine, connection: str, keys: Collection[str]) -> None:
    """Each item is looked at by a message of its own. Team projects are looked at by full syncs only."""
    queue: QueueName = "sync-interactive" if len(keys) <= AT_ONCE else "sync-bulk"
    numbers = [number for key in keys if (number := work_item_id(key)) is not None]
    for number in numbers:
        message = SyncMessage(connection, "person", "item", "azure-devops", str(number))
        await engine.queue.send(queue, message)
    if len(numbers) < len(keys):
        await request_full_sync(engine, connection, "person")
