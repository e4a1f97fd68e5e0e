"""A connection's row and secrets, from the first save to the removal. Nothing remote is called here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.configuration import Connection
from shared.connections.names import (
    join_of,
    new_hook_secret,
    new_id,
    next_name,
    pat_expiry,
    put_secret,
    secret_names,
)
from shared.connections.steps import ahead, change, with_step
from shared.ports import Connections, SecretNames, Secrets, Step, StoredConnection
from shared.refusals import Conflict, UnknownConnection

# Both secrets are taken for so long after a rotation: what is on its way has the one before.
OVERLAP_SECONDS = 3600.0


async def known(connections: Connections) -> Sequence[StoredConnection]:
    """Every connection but those that were deleted."""
    return [one for one in await connections.list() if one.state != "deleted"]


async def get(connections: Connections, connection_id: str) -> StoredConnection:
    """The stored connection; UnknownConnection where there is none, or none any more."""
    found = await connections.get(connection_id)
    if found is None or found.state == "deleted":
        raise UnknownConnection(f"no connection has the id {connection_id[:80]!r}")
    return found


async def check_unique(connections: Connections, wanted: Connection, but: str = "") -> None:
    """Conflict where another connection joins the same organization, under either form of its URL, to the group.

    One whose first save was cut off is no other: saving it again goes on with it.
    """
    for stored in await connections.list():
        if stored.id != but and stored.state in ("ready", "deleting") and _same_join(stored, wanted):
            raise taken(stored)


def taken(stored: StoredConnection) -> Conflict:
    what = "is being removed; try again in a moment" if stored.state == "deleting" else "joins them already"
    return Conflict(
        "this organization cannot be joined to this group: connection "
        f"{stored.configuration.name!r} ({stored.id}) {what}"
    )


def _same_join(stored: StoredConnection, wanted: Connection) -> bool:
    return join_of(stored.configuration) == join_of(wanted)


async def create(
    connections: Connections, secrets: Secrets, configuration: Connection, checked: Mapping[str, Step] | None = None
) -> StoredConnection:
    """The connection is stored and ready, its secrets lie in the vault, and it has a hook secret of its own.

    The row comes first, in state `saving`: where the process dies in between, the row shows what was begun, and
    creating it again goes on with it. One that was deleted is there again, with its links.
    """
    begun = await _begin(connections, configuration, ahead(checked))
    names = SecretNames(
        pat=await put_secret(
            secrets, begun.secrets.pat, configuration.azure_dev_ops.pat or "", pat_expiry(configuration)
        ),
        key=await put_secret(secrets, begun.secrets.key, configuration.oneplan.key or ""),
        hook=await put_secret(secrets, begun.secrets.hook, new_hook_secret()),
    )
    return await connections.replace(
        replace(with_step(begun, "secrets", Step("done")), state="ready", secrets=names, hooked="")
    )


async def _begin(connections: Connections, configuration: Connection, steps: Mapping[str, Step]) -> StoredConnection:
    """The row, in state `saving`, of the only connection that joins these two."""
    connection_id = await _claimed(connections, configuration, new_id(configuration.name))
    found = await connections.get(connection_id)
    if found is None:
        return await connections.insert(
            StoredConnection(
                id=connection_id,
                state="saving",
                configuration=configuration.without_secrets(),
                secrets=secret_names(connection_id, generation=1),
                created=datetime.now(UTC),
                steps=steps,
            )
        )
    if found.state in ("ready", "deleting"):
        raise taken(found)
    again = replace(found, configuration=configuration.without_secrets(), steps=steps)
    return await connections.replace(replace(again, state="saving", deleted=None, version=found.version + 1))


async def _claimed(connections: Connections, configuration: Connection, connection_id: str) -> str:
    """The id of the connection that joins them. A claim outlives a connection that was changed to join others."""
    join = join_of(configuration)
    holder = await connections.claim(join, connection_id)
    while holder != connection_id:
        found = await connections.get(holder)
        if found is None or join_of(found.configuration) == join:
            return holder
        holder = await connections.claim(join, connection_id, instead_of=holder)
    return holder


async def _move(connections: Connections, stored: StoredConnection, wanted: Connection) -> None:
    """The claim is the connection's; Conflict where a connection has it that is not deleted."""
    join, holder = join_of(wanted), await _claimed(connections, wanted, stored.id)
    while holder != stored.id:
        found = await connections.get(holder)
        if found is not None and found.state != "deleted":
            raise taken(found)
        holder = await connections.claim(join, stored.id, instead_of=holder)


async def with_secrets(secrets: Secrets, stored: StoredConnection, wanted: Connection) -> Connection:
    """As wanted, with the stored secrets where it has none of its own."""
    oneplan, devops = wanted.oneplan, wanted.azure_dev_ops
    key = oneplan.key or await secrets.get(stored.secrets.key)
    pat = devops.pat or await secrets.get(stored.secrets.pat)
    return wanted.model_copy(
        update={
            "oneplan": oneplan.model_copy(update={"key": key}),
            "azure_dev_ops": devops.model_copy(update={"pat": pat}),
        }
    )


async def replace_with(
    connections: Connections,
    secrets: Secrets,
    stored: StoredConnection,
    wanted: Connection,
    checked: Mapping[str, Step],
) -> StoredConnection:
    """The connection is as wanted, with every step ahead of it; a new secret lies in the next generation.

    Conflict where somebody changed it since it was read, or another connection joins the two.
    """
    await _move(connections, stored, wanted)
    names = await _new_secrets(secrets, stored, wanted)
    garbage = {stored.secrets.pat, stored.secrets.key} - {names.pat, names.key}
    made = await connections.replace(
        replace(
            with_step(replace(stored, steps=ahead(checked)), "secrets", Step("done")),
            configuration=wanted.without_secrets(),
            secrets=names,
            state="ready",
            version=stored.version + 1,
            garbage=(*stored.garbage, *sorted(garbage)),
        )
    )
    if not _same_join(stored, wanted):
        await connections.release(join_of(stored.configuration), stored.id)
    return made


async def _new_secrets(secrets: Secrets, stored: StoredConnection, wanted: Connection) -> SecretNames:
    names, devops = stored.secrets, wanted.azure_dev_ops
    if devops.pat is not None:
        pat = await put_secret(secrets, next_name(names.pat), devops.pat, pat_expiry(wanted))
        names = replace(names, pat=pat)
    elif devops.pat_expires != stored.configuration.azure_dev_ops.pat_expires:
        await secrets.set(names.pat, await secrets.get(names.pat) or "", pat_expiry(wanted))
    if wanted.oneplan.key is not None:
        names = replace(names, key=await put_secret(secrets, next_name(names.key), wanted.oneplan.key))
    if await secrets.get(names.hook) is None:
        names = replace(names, hook=await put_secret(secrets, names.hook, new_hook_secret()))
    return names


async def rotate(
    connections: Connections, secrets: Secrets, stored: StoredConnection, now: datetime
) -> tuple[StoredConnection, str]:
    """The connection has a new hook secret, which is returned; the one before it is taken for another hour, and so is
    each that was before that for what is left of its own."""
    value = new_hook_secret()
    hook = await put_secret(secrets, next_name(stored.secrets.hook), value)

    def edit(row: StoredConnection) -> StoredConnection:
        before = (row.secrets.hook, now.timestamp() + OVERLAP_SECONDS)
        names = replace(row.secrets, hook=hook, previous_hooks=(*row.secrets.previous_hooks, before))
        return replace(row, secrets=names, version=row.version + 1)

    return await change(connections, stored, edit), value


async def tidy_secrets(
    connections: Connections, secrets: Secrets, stored: StoredConnection, now: datetime
) -> StoredConnection:
    """No secret lies in the vault that the connection does not use any more."""
    if any(until <= now.timestamp() for _, until in stored.secrets.previous_hooks):
        stored = await change(connections, stored, lambda row: _without_previous(row, now.timestamp()))
    if not stored.garbage:
        return stored
    for name in stored.garbage:
        await secrets.delete(name)
    done = set(stored.garbage)
    return await change(
        connections, stored, lambda row: replace(row, garbage=tuple(one for one in row.garbage if one not in done))
    )


def _without_previous(row: StoredConnection, now: float) -> StoredConnection:
    """Without the hook secrets whose hour is over."""
    taken = tuple(one for one in row.secrets.previous_hooks if one[1] > now)
    over = tuple(name for name, until in row.secrets.previous_hooks if until <= now)
    return replace(row, secrets=replace(row.secrets, previous_hooks=taken), garbage=(*row.garbage, *over))


async def remove_secrets(secrets: Secrets, stored: StoredConnection) -> None:
    """No secret of the connection lies in the vault: neither those it names, nor one that a save was about to name."""
    names = stored.secrets
    current = (names.pat, names.key, names.hook)
    previous = [name for name, _ in names.previous_hooks]
    for name in (*current, *map(next_name, current), *stored.garbage, *previous):
        await secrets.delete(name)
