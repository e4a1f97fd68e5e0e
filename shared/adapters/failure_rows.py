"""The tables `failures` and `leftout`: items that could not be brought over, and items that are not to be."""

from collections.abc import Sequence
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table
from shared.ports.runs import Failure, LeftOutItem

LONGEST = 4000


class FailureTables:
    """Fulfils `ports.Failures`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._failures, self._left_out = Table(service, "failures"), Table(service, "leftout")

    async def add(self, connection: str, failure: Failure) -> None:
        earlier = await self._failures.get(connection, failure.key)
        attempts = int(earlier[0]["attempts"]) + 1 if earlier else 1
        members = {
            "title": failure.title[:LONGEST],
            "reason": failure.reason[:LONGEST],
            "field": failure.field,
            "steps": failure.steps[:LONGEST],
            "attempts": attempts,
            "run": failure.run,
        }
        await self._failures.upsert(connection, failure.key, members)

    async def remove(self, connection: str, key: str) -> None:
        try:
            await self._failures.delete(connection, key)
        except ResourceNotFoundError:
            return

    async def get(self, connection: str, key: str) -> Failure | None:
        found = await self._failures.get(connection, key)
        return _failure(key, found[0]) if found else None

    async def list(self, connection: str) -> Sequence[Failure]:
        return [_failure(key, members) async for key, members, _ in self._failures.list(connection)]

    async def replace_left_out(self, connection: str, run: str, items: Sequence[LeftOutItem]) -> None:
        before = {row async for row, _, _ in self._left_out.list(connection)}
        rows = [
            (one.key, {"title": one.title[:LONGEST], "rule": one.rule, "reason": one.reason[:LONGEST], "run": run})
            for one in items
        ]
        await self._left_out.insert_all(connection, rows)
        await self._left_out.clear(connection, sorted(before - {one.key for one in items}))

    async def left_out(self, connection: str, key: str) -> LeftOutItem | None:
        found = await self._left_out.get(connection, key)
        if found is None:
            return None
        members = found[0]
        return LeftOutItem(key, members["title"], members["rule"], members["reason"], members["run"])


def _failure(key: str, members: dict[str, Any]) -> Failure:
    return Failure(
        key,
        members["title"],
        members["reason"],
        members["field"],
        members["steps"],
        members["attempts"],
        members["run"],
    )
