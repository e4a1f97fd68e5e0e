"""The `connections` table: one row per connection, its configuration as one JSON text without secrets."""

import json
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
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
JOINS = "joins"


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

    async def remove(self, connection_id: str) -> None:
        await self._table.delete(PARTITION, connection_id)

    async def claim(self, join: str, connection_id: str, instead_of: str = "") -> str:
        key, members = _join_key(join), {"connection": connection_id}
        while True:
            found = await self._table.get(JOINS, key)
            if found is not None and found[0]["connection"] not in ("", instead_of):
                return str(found[0]["connection"])
            try:
                if found is None:
                    await self._table.insert(JOINS, key, members)
                else:
                    await self._table.replace(JOINS, key, members, found[1])
            except (ResourceExistsError, ResourceModifiedError):
                continue
            return connection_id

    async def release(self, join: str, connection_id: str) -> None:
        found = await self._table.get(JOINS, _join_key(join))
        if found is not None and found[0]["connection"] == connection_id:
            with suppress(ResourceModifiedError):
                await self._table.replace(JOINS, _join_key(join), {"connection": ""}, found[1])


def _join_key(join: str) -> str:
    """A hash, since a row key takes neither every character nor every length."""
    return sha256(join.encode()).hexdigest()


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
        "garbage": json.dumps(connection.garbage),
        **({"deleted": connection.deleted} if connection.deleted else {}),
    }


def _secret_names(members: dict[str, Any]) -> SecretNames:
    previous = tuple((str(name), float(until)) for name, until in members.get("previous_hooks", ()))
    return SecretNames(members["pat"], members["key"], members["hook"], previous)


def _connection(connection_id: str, members: dict[str, Any], etag: str) -> StoredConnection:
    created: datetime = members["created"]
    mapping = joined("mapping", members)
    return StoredConnection(
        id=connection_id,
        state=members["state"],
        configuration=Connection.model_validate_json(members["configuration"]),
        secrets=_secret_names(json.loads(members["secrets"])),
        created=created,
        integration=members.get("integration", ""),
        mapping=decode(mapping) if mapping else StoredMapping(),
        overrides=json.loads(joined("overrides", members) or "{}"),
        version=members.get("version", 1),
        steps={name: Step(**step) for name, step in json.loads(members.get("steps", "{}")).items()},
        hooked=members.get("hooked", ""),
        garbage=tuple(json.loads(members.get("garbage", "[]"))),
        deleted=members.get("deleted"),
        etag=etag,
    )
