"""Tables: one row form for all, with a schema version, made on first use (docs/state.md)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.data.tables import TableEntity, TableTransactionError, UpdateMode
from azure.data.tables.aio import TableClient, TableServiceClient

SCHEMA = 1


# Operations that one transaction takes (azure.data.tables).
TRANSACTION = 100


class TransactionRefused(Exception):
    """A condition of a transaction did not hold, so none of it happened."""


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

    async def list(
        self, partition: str, first: str = "", before: str = "\uffff"
    ) -> AsyncIterator[tuple[str, dict[str, Any], str]]:
        """(row key, members, ETag) of each row of a partition, by row key; nothing where there is no table.

        Row keys from `first` up to, but without, `before`.
        """
        rows = self._client.query_entities(
            "PartitionKey eq @partition and RowKey ge @first and RowKey lt @before",
            parameters={"partition": partition, "first": first, "before": before},
        )
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

    async def upsert(self, partition: str, row: str, members: Mapping[str, Any]) -> str:
        """The row is as given, whatever was there."""
        answer = await self._made(
            lambda: self._client.upsert_entity(_entity(partition, row, members), mode=UpdateMode.REPLACE)
        )
        return str(answer["etag"])

    async def merge(self, partition: str, row: str, members: Mapping[str, Any]) -> None:
        """The row's other members stay; nothing happens where there is no such row."""
        try:
            await self._client.update_entity(_entity(partition, row, members), mode=UpdateMode.MERGE)
        except ResourceNotFoundError:
            return

    async def delete(self, partition: str, row: str) -> None:
        """The row is gone, if it was there."""
        await self._client.delete_entity(partition, row)

    async def transact(self, operations: Sequence[tuple[Any, ...]]) -> tuple[str, ...]:
        """All operations or none; their ETags. At most 100, of one partition.

        TransactionRefused where a condition does not hold.
        """
        try:
            answers = await self._made(lambda: self._client.submit_transaction(operations))
        except TableTransactionError as error:
            if str(getattr(error, "error_code", "")).endswith("TableNotFound"):
                await self._create()
                return await self.transact(operations)
            raise TransactionRefused(str(getattr(error, "error_code", ""))) from None
        return tuple(str(answer.get("etag", "")) for answer in answers)

    async def insert_all(self, partition: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """The rows are as given, in transactions of 100; a single one without, which is quicker."""
        for part in batched(rows, TRANSACTION, strict=False):
            if len(part) == 1:
                await self.upsert(partition, *part[0])
                continue
            await self.transact([upserting(partition, row, members) for row, members in part])

    async def clear(self, partition: str, rows: Iterable[str]) -> None:
        """The rows are gone. Those that were gone before make the others of their hundred go singly."""
        for part in batched(rows, TRANSACTION, strict=False):
            if len(part) == 1:
                await self.delete(partition, part[0])
                continue
            keys = [{"PartitionKey": partition, "RowKey": row} for row in part]
            try:
                await self.transact([("delete", key) for key in keys])
            except (TransactionRefused, ResourceNotFoundError):
                for row in part:
                    await self.delete(partition, row)

    async def _made[T](self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await call()
        except ResourceNotFoundError:
            await self._create()
            return await call()

    async def _create(self) -> None:
        """The table is there, whoever made it: several may find it missing at once."""
        try:
            await self._client.create_table()
        except ResourceExistsError:
            return


def upserting(partition: str, row: str, members: Mapping[str, Any]) -> tuple[Any, ...]:
    """An operation of a transaction: the row is as given, whatever was there."""
    return ("upsert", _entity(partition, row, members), {"mode": UpdateMode.REPLACE})


def replacing(partition: str, row: str, members: Mapping[str, Any], etag: str) -> tuple[Any, ...]:
    """An operation of a transaction: the row is as given, if its ETag is still that one."""
    condition = {"mode": UpdateMode.REPLACE, "etag": etag, "match_condition": MatchConditions.IfNotModified}
    return ("update", _entity(partition, row, members), condition)


def _entity(partition: str, row: str, members: Mapping[str, Any]) -> dict[str, Any]:
    return {**members, "PartitionKey": partition, "RowKey": row, "schema": SCHEMA}


def _read(entity: TableEntity) -> tuple[dict[str, Any], str]:
    if entity.get("schema", 0) > SCHEMA:
        raise NewerSchema(f"a row has schema {entity['schema']}; this version knows {SCHEMA}: update this app")
    members = {name: value for name, value in entity.items() if name not in ("PartitionKey", "RowKey", "schema")}
    return members, str(entity.metadata["etag"])
