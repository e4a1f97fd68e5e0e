"""Stores connections: configuration in a table, secrets in the vault, in steps that may be cut off anywhere."""

import re
import secrets as random_secrets
from dataclasses import replace
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from shared.configuration import Connection
from shared.connections.steps import all_pending, with_step
from shared.ports import Connections, SecretNames, Secrets, Step, StoredConnection
from shared.refusals import Conflict, UnknownConnection


async def create(connections: Connections, secrets: Secrets, connection: Connection) -> StoredConnection:
    """The connection is stored and ready, its secrets lie in the vault, and it has a hook secret of its own.

    The row comes first, in state `saving`: where the process dies in between, the row shows what was begun
    and no secret lies in the vault under an id that nobody knows.
    """
    connection_id = new_id(connection.name)
    stored = await connections.insert(
        StoredConnection(
            id=connection_id,
            state="saving",
            configuration=connection.without_secrets(),
            secrets=secret_names(connection_id, generation=1),
            created=datetime.now(UTC),
            steps=all_pending(),
        )
    )
    await _store_secrets(secrets, stored.secrets, connection)
    return await connections.replace(replace(with_step(stored, "secrets", Step("done")), state="ready"))


async def check_unique(connections: Connections, wanted: Connection) -> None:
    """Conflict where another connection joins the same organization, under either form of its URL, to the group."""
    for stored in await connections.list():
        if _joins(stored.configuration) == _joins(wanted):
            raise Conflict(
                f"connection {stored.configuration.name!r} ({stored.id}) joins this organization to this group already"
            )


def _joins(configuration: Connection) -> tuple[str, str, str]:
    """(organization, OnePlan host, group), in one form each."""
    group = configuration.oneplan
    return (_organization(configuration.azure_dev_ops.url), urlsplit(group.url).netloc, group.group.casefold())


def _organization(url: str) -> str:
    """`https://dev.azure.com/{organization}` and `https://{organization}.visualstudio.com` are one (R2, R9)."""
    parts = urlsplit(url.strip().rstrip("/").casefold())
    old = parts.netloc.removesuffix(".visualstudio.com")
    return f"dev.azure.com/{old}" if old != parts.netloc else f"{parts.netloc}{parts.path}"


async def get(connections: Connections, connection_id: str) -> StoredConnection:
    """The stored connection; UnknownConnection where there is none."""
    found = await connections.get(connection_id)
    if found is None:
        raise UnknownConnection(f"no connection has the id {connection_id[:80]!r}")
    return found


def new_id(name: str) -> str:
    """An id of `[0-9a-z-]` only, as secret names need it (decision 15), that nobody else has."""
    slug = re.sub(r"[^0-9a-z]+", "-", name.casefold()).strip("-")[:24] or "connection"
    return f"{slug.strip('-')}-{random_secrets.token_hex(4)}"


def secret_names(connection_id: str, generation: int) -> SecretNames:
    return SecretNames(
        pat=f"ado-pat-{connection_id}-{generation}",
        key=f"oneplan-key-{connection_id}-{generation}",
        hook=f"hook-{connection_id}-{generation}",
    )


async def _store_secrets(secrets: Secrets, names: SecretNames, connection: Connection) -> None:
    expires = datetime.combine(connection.azure_dev_ops.pat_expires, time(), tzinfo=UTC)
    await secrets.set(names.pat, connection.azure_dev_ops.pat or "", expires)
    await secrets.set(names.key, connection.oneplan.key or "")
    await secrets.set(names.hook, random_secrets.token_urlsafe(32))
