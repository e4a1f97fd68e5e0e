"""The `connections` table: one row per connection, its configuration as one JSON text without secrets."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.long_text import joined, split
from shared.adapters.tables import Table
from shared.adapters.version_rows import VersionTable
from shared.configuration import Connection
from shared.mapping_configuration import StoredMapping, decode, encode
from shared.ports import SecretNames, Step, StoredConnection
from shared.refusals import Conflict

PARTITION = "connections"


class ConnectionRows:
    """Fulfils `ports.Connections`."""

    def __init__(self, service: TableServiceClient, versions: VersionTable) -> None:
        self._table, self._versions = Table(service, "connections"), versions

    async def insert(self, connection: StoredConnection) -> StoredConnection:
        try:
            etag = await self._table.insert(PARTITION, connection.id, _members(connection))
        except ResourceExistsError:
            raise Conflict(f"connection {connection.id} is there already") from None
        return await self._recorded(replace(connection, etag=etag))

    async def replace(self, connection: StoredConnection) -> StoredConnection:
        try:
            etag = await self._table.replace(PARTITION, connection.id, _members(connection), connection.etag)
        except ResourceModifiedError:
            raise Conflict(f"connection {connection.id} was changed in the meantime; read it again") from None
        return await self._recorded(replace(connection, etag=etag))

    async def _recorded(self, connection: StoredConnection) -> StoredConnection:
        """After the row itself, since only one of several writers gets that far with a version."""
        await self._versions.record(connection, datetime.now(UTC))
        return connection

    async def get(self, connection_id: str) -> StoredConnection | None:
        found = await self._table.get(PARTITION, connection_id)
        return _connection(connection_id, *found) if found else None

    async def list(self) -> list[StoredConnection]:
        return [_connection(*row) async for row in self._table.list(PARTITION)]


def _members(connection: StoredConnection) -> dict[str, Any]:
    return {
        "state": connection.state,
        "configuration": json.dumps(connection.configuration.public(), ensure_ascii=False),
        "secrets": json.dumps(asdict(connection.secrets)),
        "created": connection.created,
        "integration": connection.integration,
        "version": connection.version,
        **split("mapping", encode(connection.mapping)),
        **split("overrides", json.dumps(dict(connection.overrides), ensure_ascii=False)),
        "steps": json.dumps({name: asdict(step) for name, step in connection.steps.items()}, ensure_ascii=False),
        "hooked": connection.hooked,
    }


def _connection(connection_id: str, members: dict[str, Any], etag: str) -> StoredConnection:
    created: datetime = members["created"]
    mapping = joined("mapping", members)
    return StoredConnection(
        id=connection_id,
        state=members["state"],
        configuration=Connection.model_validate_json(members["configuration"]),
        secrets=SecretNames(**json.loads(members["secrets"])),
        created=created,
        integration=members.get("integration", ""),
        mapping=decode(mapping) if mapping else StoredMapping(),
        overrides=json.loads(joined("overrides", members) or "{}"),
        version=members.get("version", 1),
        steps={name: Step(**step) for name, step in json.loads(members.get("steps", "{}")).items()},
        hooked=members.get("hooked", ""),
        etag=etag,
    )
