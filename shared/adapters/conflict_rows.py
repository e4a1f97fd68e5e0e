"""The table `conflicts`: fields that both sides changed and that wait for a person (R16)."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.raw_values import beginning, decoded, encoded, fits
from shared.adapters.tables import Table
from shared.messages import Side
from shared.ports.trust import Conflict, fingerprint

LONGEST_TITLE = 4_000


class ConflictTable:
    """Fulfils `ports.Conflicts`. A choice names the values that it was made for, by their hash: others void it."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "conflicts")

    async def keep(
        self,
        connection: str,
        key: str,
        conflicts: Sequence[Conflict],
        *,
        held: bool = True,
        spent: Collection[str] = (),
    ) -> None:
        stored = {row: members async for row, members, _ in self._of(connection, key)} if held else {}
        wanted = {one.reference: one for one in conflicts}
        rows = [
            (row, _members(one, stored.get(row)))
            for row, one in wanted.items()
            if row not in stored
            or stored[row]["values"] != fingerprint(one.azure_devops, one.oneplan)
            or (one.field in spent and stored[row]["choice"])
        ]
        await self._table.insert_all(connection, rows)
        await self._table.clear(connection, [row for row in stored if row not in wanted])

    def _of(self, connection: str, key: str) -> AsyncIterator[tuple[str, dict[str, Any], str]]:
        return self._table.list(connection, f"{key}-", f"{key}.")

    async def list(self, connection: str) -> Sequence[Conflict]:
        return [_conflict(members) async for _, members, _ in self._table.list(connection)]

    async def of_item(self, connection: str, key: str) -> Sequence[Conflict]:
        return [_conflict(members) async for _, members, _ in self._of(connection, key)]

    async def get(self, connection: str, reference: str) -> Conflict | None:
        found = await self._table.get(connection, reference)
        return _conflict(found[0]) if found else None

    async def choose(self, connection: str, reference: str, side: Side) -> Conflict | None:
        found = await self._table.get(connection, reference)
        if found is None:
            return None
        members, etag = found
        try:
            await self._table.replace(connection, reference, {**members, "choice": side}, etag)
        except (ResourceModifiedError, ResourceNotFoundError):
            return await self.choose(connection, reference, side)
        return replace(_conflict(members), choice=side)


def _members(one: Conflict, earlier: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title[:LONGEST_TITLE],
        "field": one.field,
        "azure_devops": encoded(beginning(one.azure_devops)),
        "oneplan": encoded(beginning(one.oneplan)),
        "whole": fits(one.azure_devops) and fits(one.oneplan),
        "values": fingerprint(one.azure_devops, one.oneplan),
        "since": earlier["since"] if earlier else one.since.isoformat(),
        "choice": one.choice,
    }


def _conflict(members: Mapping[str, Any]) -> Conflict:
    return Conflict(
        key=members["key"],
        title=members["title"],
        field=members["field"],
        azure_devops=decoded(members["azure_devops"]),
        oneplan=decoded(members["oneplan"]),
        since=datetime.fromisoformat(members["since"]),
        choice=members["choice"],
        whole=members["whole"],
        fingerprint=members["values"],
    )
