"""The steps of a save, in their order (R9)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from shared.ports import Connections, Step, StoredConnection
from shared.refusals import Conflict

CHECKED = ("credentials", "permissions", "types")
STEPS = (*CHECKED, "secrets", "integration", "event", "connectedSystem", "subscriptions", "firstSync")


def ahead(checked: Mapping[str, Step] | None = None) -> Mapping[str, Step]:
    """Of a save that has just begun: what had to be checked was checked, and the rest is to come."""
    return {**{name: Step("done" if name in CHECKED else "pending") for name in STEPS}, **(checked or {})}


async def change(
    connections: Connections, connection: StoredConnection, edit: Callable[[StoredConnection], StoredConnection]
) -> StoredConnection:
    """The row as it is now, with the edit; Conflict where another save has begun since it was read."""
    current = connection
    while True:
        try:
            return await connections.replace(edit(current))
        except Conflict:
            found = await connections.get(connection.id)
            if found is None or found.version != connection.version or found.state != connection.state:
                raise
            current = found


def with_step(connection: StoredConnection, name: str, step: Step) -> StoredConnection:
    return replace(connection, steps={**connection.steps, name: step})
