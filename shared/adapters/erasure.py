"""Fulfils `ports.Erasure`: every table keeps a connection's rows by its id, every container its blobs."""

from azure.data.tables.aio import TableServiceClient
from azure.storage.blob.aio import BlobServiceClient

# Its row holds the connection until all else is gone.
KEPT_TABLE = "connections"
# Of the platform, with rows and blobs of its own.
PLATFORM = "azure"


class StorageErasure:
    """Partitions are the connection's id, or begin with it and `~`; blobs begin with it and `/`."""

    def __init__(self, tables: TableServiceClient, blobs: BlobServiceClient) -> None:
        self._tables, self._blobs = tables, blobs

    async def erase(self, connection: str) -> None:
        names = [table.name async for table in self._tables.list_tables()]
        for name in names:
            if name != KEPT_TABLE and not name.lower().startswith(PLATFORM):
                await self._erase_rows(name, connection)
        containers = [one.name async for one in self._blobs.list_containers()]
        for container in containers:
            if not container.startswith(PLATFORM):
                await self._erase_blobs(container, connection)

    async def _erase_rows(self, table: str, connection: str) -> None:
        """`~` sorts after every other character of an id, and U+007F after it."""
        client = self._tables.get_table_client(table)
        condition = "PartitionKey eq @id or PartitionKey ge @first and PartitionKey lt @after"
        keys = {"id": connection, "first": f"{connection}~", "after": f"{connection}\x7f"}
        rows = client.query_entities(condition, parameters=keys, select=["PartitionKey", "RowKey"])
        async for row in rows:
            await client.delete_entity(row["PartitionKey"], row["RowKey"])

    async def _erase_blobs(self, container: str, connection: str) -> None:
        client = self._blobs.get_container_client(container)
        names = [one async for one in client.list_blob_names(name_starts_with=f"{connection}/")]
        for name in names:
            await client.delete_blob(name)
