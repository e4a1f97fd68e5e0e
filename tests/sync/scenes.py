"""What the scenario tests share: edits as people make them, and a look at what became of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableServiceClient

from local.azure_devops.model import PARENT
from shared.core.snapshots import work_item_key
from shared.engine.work import work
from shared.messages import SyncMessage
from shared.ports import Link
from shared.ports.trust import ActivityEntry, Wanted
from tests.sync.bench import Bench

type Record = dict[str, Any]


async def notified(made: Bench, number: int, event: str = "updated") -> None:
    """The work item is looked at, and all that follows from it. By a person's wish: a hook so soon after the first
    sync would be put off for three seconds."""
    message = SyncMessage(
        connection=made.connection, cause="person", side="azure-devops", item=str(number), event=event
    )
    await work(made.parts.engine, "sync-interactive", message)
    await made.pump()


async def link_of(made: Bench, number: int) -> Link:
    found = await made.parts.engine.links.get(made.connection, work_item_key(number))
    assert found is not None, f"{number} has no link"
    return found


async def rewritten(made: Bench, key: str, **members: Any) -> None:
    """The row of the link says this, whoever holds it: `lease_until=0.0` is a lease that has run out."""
    async with TableServiceClient.from_connection_string(made.storage) as service:
        row = {"PartitionKey": made.connection, "RowKey": key, **members}
        await service.get_table_client("links").update_entity(row, mode=UpdateMode.MERGE)


async def linked(made: Bench, kind: str, odd: str = "") -> int:
    """A linked work item of the kind; a task has none below it."""
    oddities = made.devops.organization.oddities
    above = {made_parent(one) for one in made.devops.organization.items.values()}
    async for link in made.parts.engine.links.list(made.connection):
        number = int(link.key[1:]) if link.key.startswith("w") else 0
        if kind == "task" and number in above:
            continue
        if number and link.kind == kind and (not odd or odd in oddities.get(number, [])):
            return number
    raise AssertionError(f"no {kind} with {odd}")


async def activity_of(made: Bench, number: int) -> list[ActivityEntry]:
    """What the activity says of the work item, the newest first."""
    now = datetime.now(UTC)
    wanted = Wanted(now - timedelta(hours=1), now + timedelta(minutes=1), key=work_item_key(number))
    return list((await made.parts.engine.activity.list(made.connection, wanted, 50)).entries)


def made_parent(item: Any) -> int | None:
    return next((one.target for one in item.relations if one.rel == PARENT), None)


def title(made: Bench, number: int) -> str:
    return str(made.devops.organization.items[number].now.fields["System.Title"])


def plan_of(made: Bench, link: Link) -> Record | None:
    return made.oneplan.groups[0].plans.get(link.target)


def task_of(made: Bench, link: Link) -> Record | None:
    return made.oneplan.groups[0].tasks.get(link.target)


def counterpart(made: Bench, link: Link) -> Record | None:
    return plan_of(made, link) if link.kind == "plan" else task_of(made, link)
