"""A connection is saved in steps, each stored before the next begins: a save cut off anywhere goes on where it was."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shared.configuration import Connection, missing_secrets
from shared.connections.names import systems_of
from shared.connections.steps import change, with_step
from shared.connections.store import (
    check_unique,
    replace_with,
    rotate,
    tidy_secrets,
    with_secrets,
)
from shared.connections.store import create as create_stored
from shared.engine.check import checked
from shared.engine.parts import Engine
from shared.engine.registration import REMOTE_STEPS, register
from shared.engine.requests import request_full_sync, request_incremental
from shared.engine.setup import keep_checked
from shared.ports import Step, StoredConnection
from shared.refusals import Conflict, FieldError, InvalidInput

DISABLED = Step("pending", "The connection is disabled.", "Enable it; the sync begins then.")


@dataclass(frozen=True)
class Saved:
    """A connection as it was saved, and the full sync that began with it: "" where none did."""

    connection: StoredConnection
    run: str


async def create(engine: Engine, configuration: Connection) -> Saved:
    """The connection is stored and registered, and its first sync is under way where it is enabled.

    InvalidInput or Conflict, with nothing stored, where the members or one of the two systems say that it cannot work.
    """
    await check_unique(engine.connections, configuration)
    found = await checked(engine.remotes, configuration, datetime.now(UTC).date())
    stored = await create_stored(engine.connections, engine.secrets, configuration, found.steps)
    await keep_checked(engine, stored, found.setup)
    return await go_on(engine, stored)


async def save(engine: Engine, stored: StoredConnection, wanted: Connection) -> Saved:
    """The stored connection is as wanted, with the secrets it has where none are given, and registered anew.

    InvalidInput or Conflict, with nothing stored, as for `create`; Conflict also where somebody changed it since.
    """
    if stored.state == "deleting":
        raise Conflict("this connection is being removed")
    check_same_systems(stored.configuration, wanted)
    await check_unique(engine.connections, wanted, but=stored.id)
    whole = await with_secrets(engine.secrets, stored, wanted)
    missing = missing_secrets(whole)
    if missing:
        raise InvalidInput(tuple(missing))
    found = await checked(engine.remotes, whole, datetime.now(UTC).date())
    await engine.pauses.end(stored.id)
    saved = await replace_with(engine.connections, engine.secrets, stored, wanted, found.steps)
    await keep_checked(engine, saved, found.setup)
    return await go_on(engine, saved)


def check_same_systems(now: Connection, wanted: Connection) -> None:
    """InvalidInput where the connection would go over to another organization or OnePlan: its links would lead into
    records that have nothing to do with each other."""
    paths = ("/azureDevOps/url", "/oneplan/url")
    said = "is another system than this connection was made for; make a new connection for it"
    pairs = zip(paths, systems_of(now), systems_of(wanted), strict=True)
    errors = tuple(FieldError(path, said, (old,)) for path, old, new in pairs if old != new)
    if errors:
        raise InvalidInput(errors)


async def go_on(engine: Engine, connection: StoredConnection) -> Saved:
    """Every step that touches the two systems was tried, and a full sync is queued where the connection is enabled."""
    connection = await tidy_secrets(engine.connections, engine.secrets, connection, datetime.now(UTC))
    connection = await register(engine, connection, "interactive", REMOTE_STEPS)
    run, step = "", DISABLED
    if connection.configuration.enabled:
        run = (await request_full_sync(engine, connection.id, "person")).id
        step = Step("done", f"Run {run}")
    stored = await change(engine.connections, connection, lambda row: with_step(row, "firstSync", step))
    return Saved(stored, run)


async def enable(engine: Engine, stored: StoredConnection) -> Saved:
    """The connection is synced; what an earlier save left is done. What it missed is caught up with."""
    stored = await _switched(engine, stored, enabled=True)
    if stored.steps.get("firstSync", DISABLED).state != "done":
        return await go_on(engine, stored)
    stored = await tidy_secrets(engine.connections, engine.secrets, stored, datetime.now(UTC))
    stored = await register(engine, stored, "interactive", REMOTE_STEPS)
    await request_incremental(engine, stored.id, "person")
    return Saved(stored, "")


async def disable(engine: Engine, stored: StoredConnection) -> StoredConnection:
    """Nothing of the connection is synced; what arrives meanwhile is acknowledged and dropped."""
    return await _switched(engine, stored, enabled=False)


async def _switched(engine: Engine, stored: StoredConnection, *, enabled: bool) -> StoredConnection:
    """Saying it again changes nothing."""
    if stored.state != "ready":
        raise Conflict("this connection was not saved to its end; save it again, with its secrets")
    if stored.configuration.enabled == enabled:
        return stored
    wanted = stored.configuration.model_copy(update={"enabled": enabled})
    return await change(
        engine.connections, stored, lambda row: replace(row, configuration=wanted, version=row.version + 1)
    )


async def rotate_hook_secret(engine: Engine, stored: StoredConnection) -> tuple[StoredConnection, str]:
    """The hook secret is a new one, which is returned this once; both systems have it as far as they let us."""
    if stored.state != "ready":
        raise Conflict("this connection was not saved to its end; save it again, with its secrets")
    rotated, secret = await rotate(engine.connections, engine.secrets, stored, datetime.now(UTC))
    return await register(engine, rotated, "interactive", REMOTE_STEPS), secret
