"""An administrator who changes the mapping while everything else goes on: due dates are mapped, or are not."""

from dataclasses import replace

from shared.bootstrap import Parts
from shared.core.mapping import DEFAULT
from shared.core.revision import revised
from shared.mapping_configuration import StoredMapping

MEMBER = "DueDate"
_DUE = next(pair for pair in DEFAULT.tasks if pair.oneplan == MEMBER)


async def remap(parts: Parts, connection: str) -> None:
    """The pair is taken out where it is in, and is back, to be agreed on anew, where it is not."""
    stored = await parts.connections.get(connection)
    assert stored is not None
    fields = stored.mapping.fields
    others = tuple(pair for pair in fields.tasks if pair.oneplan != MEMBER)
    tasks = others if len(others) < len(fields.tasks) else (*others, _DUE)
    mapping = StoredMapping(revised(fields, replace(fields, tasks=tasks)))
    await parts.connections.replace(replace(stored, mapping=mapping, version=stored.version + 1))


async def mapped(parts: Parts, connection: str) -> frozenset[str]:
    """The members of a task that are mapped now."""
    stored = await parts.connections.get(connection)
    assert stored is not None
    return frozenset(pair.oneplan for pair in stored.mapping.fields.tasks)
