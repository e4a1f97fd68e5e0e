"""Tables: one row form for all, with a schema version, made on first use (docs/state.md)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import TableEntity, UpdateMode
from azure.data.tables.aio import TableClient, TableServiceClient

SCHEMA = 1


class NewerSchema(Exception):
    """A row was written by a newer version of this app, so this version must not touch it."""


class Table:
    """One table. Rows go in and out as plain mappings without the keys and the schema version."""

    def __init__(self, service: TableServiceClient, name: str) -> None:
        self._client: TableClient = service.get_table_client(name)

    async def get(self, partition: str, row: str) -> tuple[dict[str, Any], str] | None:
        """(members, ETag), or None where there is no such row."""
        try:
            return _read(await self._client.get_entity(partition, row))
        except ResourceNotFoundError:
            return None

    async def list(self, partition: str) -> AsyncIterator[tuple[str, dict[str, Any], str]]:
        """(row key, members, ETag) of each row of a partition, by row key; nothing where there is no table."""
        rows = self._client.query_entities("PartitionKey eq @partition", parameters={"partition": partition})
        try:
            async for entity in rows:
                yield entity["RowKey"], *_read(entity)
        except ResourceNotFoundError:
            return

    async def insert(self, partition: str, row: str, members: Mapping[str, Any]) -> str:
        """Inserted, with its ETag; azure.core's ResourceExistsError where the row is there already."""
        answer = await self._made(lambda: self._client.create_entity(_entity(partition, row, members)))
        return str(answer["etag"])

    async def replace(self, partition: str, row: str, members: Mapping[str, Any], etag: str) -> str:
        """Replaced where the ETag is still the row's; ResourceModifiedError otherwise."""
        answer = await self._client.update_entity(
            _entity(partition, row, members),
            mode=UpdateMode.REPLACE,
            etag=etag,
            match_condition=MatchConditions.IfNotModified,
        )
        return str(answer["etag"])

    async def _made[T](self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await call()
        except ResourceNotFoundError:
            await self._client.create_table()
            return await call()


def _entity(partition: str, row: str, members: Mapping[str, Any]) -> dict[str, Any]:
    return {**members, "PartitionKey": partition, "RowKey": row, "schema": SCHEMA}


def _read(entity: TableEntity) -> tuple[dict[str, Any], str]:
    if entity.get("schema", 0) > SCHEMA:
        raise NewerSchema(f"a row has schema {entity['schema']}; this version knows {SCHEMA}: update this app")
    members = {name: value for name, value in entity.items() if name not in ("PartitionKey", "RowKey", "schema")}
    return members, str(entity.metadata["etag"])
