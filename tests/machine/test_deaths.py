"""Workers that die between any two of the last requests of one piece of work; their message comes again."""

import asyncio

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.core.snapshots import work_item_key
from shared.engine.work import work
from shared.messages import Seen, SyncMessage
from shared.ports import Link
from tests.machine.landscape import Landscape
from tests.machine.mortal import Life, live, mortality
from tests.sync.bench import Bench, bench

LEASE_SECONDS = 3
MOST = 1_000
# Requests from the end at which a worker dies: from before the pair is recorded up to the last message.
LAST = 6


async def _link(made: Bench, number: int) -> Link:
    found = await made.parts.engine.links.get(made.connection, work_item_key(number))
    assert found is not None
    return found


async def _with_one_below(made: Bench) -> tuple[int, int]:
    """A task, and one that hangs below it."""
    async for link in made.parts.engine.links.list(made.connection):
        if link.kind == "task" and link.base is not None and link.base.parent:
            above = await made.parts.engine.links.get(made.connection, link.base.parent)
            if above is not None and above.kind == "task":
                return int(above.key[1:]), int(link.key[1:])
    raise AssertionError("no task below a task")


async def _moved(made: Bench, number: int, parent: int) -> SyncMessage:
    """The notification of a move by a person."""
    await Landscape(made).devops(act="reparent", id=number, parent=parent)
    seen = Seen(made.devops.organization.items[number].now.rev, parent)
    return SyncMessage(made.connection, "timer", side="azure-devops", item=str(number), event="updated", seen=seen)


async def _dies(made: Bench, message: SyncMessage, life: Life) -> bool:
    return not await asyncio.create_task(_lived(made, message, life))


async def _lived(made: Bench, message: SyncMessage, life: Life) -> bool:
    return await live(work(made.parts.engine, "sync-hooks", message), life)


@pytest.mark.timeout(200)
async def test_what_hangs_below_follows_whoever_dies_at_the_move(azurite: Azurite, vault: RunningVault) -> None:
    async with bench(azurite.connection_string, vault, size=30, lease_seconds=LEASE_SECONDS) as made:
        await made.connect()
        assert (await made.full_sync()).state == "done"
        above, below = await _with_one_below(made)
        project = made.devops.organization.items[above].project_id
        plans = [
            one.number
            for one in Landscape(made).pairs("plan")
            if made.devops.organization.items[one.number].project_id == project
        ][:2]
        with mortality():
            for plan in plans:  # the first move finds less at hand than those after it
                whole = Life(MOST)
                assert not await _dies(made, await _moved(made, above, plan), whole)
                await made.pump()
            left, died = MOST - whole.left, 0
            while died < LAST:  # how many requests a move needs differs a little: the last of them are meant
                left -= 1
                plans.reverse()
                message = await _moved(made, above, plans[0])
                died += await _dies(made, message, Life(left))
                if (await _link(made, above)).lease is not None:
                    await asyncio.sleep(LEASE_SECONDS + 0.2)
                await work(made.parts.engine, "sync-hooks", message)
                await made.pump()
                home = (await _link(made, plans[0])).target
                assert {(await _link(made, one)).plan for one in (above, below)} == {home}, f"after {left} requests"
