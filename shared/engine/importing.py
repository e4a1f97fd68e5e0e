"""A whole configuration taken in: from a file, or from an earlier version (R12)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from shared.configuration import missing_secrets
from shared.configuration_document import ConfigurationDocument
from shared.connections.names import join_of
from shared.connections.steps import change
from shared.connections.store import with_secrets
from shared.core.difference import Difference, differences
from shared.engine.check import checked
from shared.engine.live_fields import read_live_fields
from shared.engine.parts import Engine
from shared.engine.people import resolved
from shared.engine.remapping import propose, resync
from shared.engine.saving import create, save
from shared.mapping_check import LiveFields
from shared.mapping_configuration import StoredMapping
from shared.ports import StoredConnection
from shared.ports.remotes import Sides
from shared.refusals import Conflict, FieldError, InvalidInput


@dataclass(frozen=True)
class Imported:
    """What was taken in: nothing changed where the document said what was there. `run`: the sync that began with it."""

    connection: StoredConnection
    changes: tuple[Difference, ...] = ()
    warnings: tuple[str, ...] = ()
    run: str = ""


@dataclass(frozen=True)
class _Rest:
    """Mapping and people as they are to be."""

    mapping: StoredMapping
    overrides: Mapping[str, str]
    warnings: tuple[str, ...] = ()


async def take_in(engine: Engine, stored: StoredConnection, wanted: ConfigurationDocument) -> Imported:
    """Connection, mapping and people are as the document says. What it says as it is stored is left alone.

    InvalidInput or Conflict, with nothing stored, where a part cannot be used. A connection that was deleted is there
    again with its links; its secrets must be given, since they are gone.
    """
    before = stored.document
    if stored.state == "deleted":
        return await _again(engine, stored, wanted, before)
    rest = await _checked(engine, stored, wanted)
    run = ""
    if _changes_connection(stored, wanted):
        with _below("/connection"):
            saved = await save(engine, stored, wanted.connection)
        stored, run = saved.connection, saved.run
    return await _with_rest(engine, stored, rest, before, run)


async def _again(
    engine: Engine, stored: StoredConnection, wanted: ConfigurationDocument, before: Mapping[str, Any]
) -> Imported:
    """The connection is made again under its id, and then gets the rest."""
    with _below("/connection"):
        missing = missing_secrets(wanted.connection)
        if missing:
            raise InvalidInput(tuple(missing))
        if join_of(wanted.connection) != join_of(stored.configuration):
            raise Conflict("the connection that had this id joined another organization or group; make a new one")
    await _check_rest(engine, stored, wanted)
    with _below("/connection"):
        saved = await create(engine, wanted.connection)
    stored = saved.connection
    return await _with_rest(engine, stored, await _checked(engine, stored, wanted), before, saved.run)


async def _check_rest(engine: Engine, stored: StoredConnection, wanted: ConfigurationDocument) -> None:
    """InvalidInput where mapping or people cannot be used, before anything is there again."""
    live = await _live_fields(engine, stored, wanted)
    with _below("/people"):
        await resolved(engine, stored, wanted.people.overrides, wanted.connection)
    with _below("/mapping"):
        await propose(engine, stored, wanted.mapping, live)


async def _with_rest(
    engine: Engine, stored: StoredConnection, rest: _Rest, before: Mapping[str, Any], run: str
) -> Imported:
    """Mapping and people are stored in one write, where they change."""
    if rest.mapping is not stored.mapping or dict(rest.overrides) != dict(stored.overrides):
        stored = await change(
            engine.connections,
            stored,
            lambda row: replace(row, mapping=rest.mapping, overrides=rest.overrides, version=stored.version + 1),
        )
        run = await resync(engine, stored)
    return Imported(stored, tuple(differences(before, stored.document)), rest.warnings, run)


def _changes_connection(stored: StoredConnection, wanted: ConfigurationDocument) -> bool:
    given = wanted.connection.oneplan.key or wanted.connection.azure_dev_ops.pat
    return bool(given) or wanted.connection.public() != stored.configuration.public()


async def _checked(engine: Engine, stored: StoredConnection, wanted: ConfigurationDocument) -> _Rest:
    """Nothing is asked of the two systems where the document says what is stored."""
    live = await _live_fields(engine, stored, wanted) if _changes_connection(stored, wanted) else None
    with _below("/people"):
        overrides = await resolved(engine, stored, wanted.people.overrides)
    if wanted.mapping == stored.whole.mapping and live is None:
        return _Rest(stored.mapping, overrides)
    with _below("/mapping"):
        proposal = await propose(engine, stored, wanted.mapping, live)
    return _Rest(proposal.mapping, overrides, proposal.warnings)


async def _live_fields(engine: Engine, stored: StoredConnection, wanted: ConfigurationDocument) -> LiveFields:
    """The fields of the systems that are to be joined; InvalidInput where they cannot be."""
    with _below("/connection"):
        configuration = await with_secrets(engine.secrets, stored, wanted.connection)
        found = await checked(engine.remotes, configuration, datetime.now(UTC).date())
    async with (
        engine.remotes.azure_devops(configuration) as devops,
        engine.remotes.oneplan(configuration) as oneplan,
    ):
        return await read_live_fields(Sides(devops, oneplan), configuration, found.setup.projects)


@contextmanager
def _below(path: str) -> Iterator[None]:
    """Errors name their members by their place in the whole document."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(
            tuple(FieldError(f"{path}{one.path}", one.message, one.allowed) for one in error.errors)
        ) from None
