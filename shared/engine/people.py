"""Who is who between the two systems (R23): matches, overrides, and those whom OnePlan does not know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shared.configuration import Connection
from shared.connections.steps import change
from shared.core.people import Directory, How, Resource, joined, split
from shared.engine.parts import Engine
from shared.engine.remapping import resync
from shared.engine.setup import kept_setup
from shared.ports import StoredConnection
from shared.refusals import FieldError, InvalidInput


@dataclass(frozen=True, slots=True)
class Match:
    """A person of Azure DevOps, and whom of OnePlan they are: None where nobody matches."""

    name: str
    unique_name: str
    resource: Resource | None
    by: How | None


async def matches(engine: Engine, connection: StoredConnection) -> tuple[Match, ...]:
    """Everybody whom the items of the last full sync name, and everybody in the table of overrides.

    By what was read then; nothing remote is called.
    """
    setup = await kept_setup(engine, connection.id)
    resources = setup.resources if setup else ()
    directory = Directory(resources, connection.overrides, setup.mails if setup else {})
    known = {split(person)[1].casefold() or person.casefold(): person for person in (setup.people if setup else ())}
    told = {unique: joined(unique, unique) for unique in connection.overrides if unique not in known}
    by_id = {one.id.casefold(): one for one in resources}
    return tuple(_match(directory, by_id, person) for _, person in sorted({**known, **told}.items()))


def _match(directory: Directory, by_id: Mapping[str, Resource], person: str) -> Match:
    name, unique = split(person)
    found = directory.matched(person)
    if found is None:
        return Match(name, unique, None, None)
    return Match(name, unique, by_id.get(found[0].casefold(), Resource(found[0], "")), found[1])


async def resolved(
    engine: Engine, connection: StoredConnection, overrides: Mapping[str, str], given: Connection | None = None
) -> Mapping[str, str]:
    """Ids of OnePlan by folded unique names; InvalidInput names every person whom OnePlan does not know.

    People may be given by mail address, unique name or id. Those that the connection's table has already are known.
    `given` is the connection with its secrets, where the stored ones are gone.
    """
    kept = {unique: id_ for unique, id_ in overrides.items() if connection.overrides.get(unique.casefold()) == id_}
    asked = {unique: person for unique, person in overrides.items() if unique not in kept}
    found = {unique.casefold(): id_ for unique, id_ in kept.items()}
    if asked:
        known = _by_any_name(await _resources(engine, connection, given))
        unknown = [unique for unique, person in asked.items() if person.casefold() not in known]
        if unknown:
            raise InvalidInput(tuple(_nobody(unique, asked[unique]) for unique in unknown))
        found |= {unique.casefold(): known[person.casefold()] for unique, person in asked.items()}
    return dict(sorted(found.items()))


async def _resources(engine: Engine, connection: StoredConnection, given: Connection | None) -> Sequence[Resource]:
    if given is not None:
        async with engine.remotes.oneplan(given) as oneplan:
            return await oneplan.resources()
    async with engine.remotes.open(connection, "interactive") as sides:
        return await sides.oneplan.resources()


def _by_any_name(resources: Sequence[Resource]) -> dict[str, str]:
    names = ((name, one.id) for one in resources for name in (one.unique_name, one.mail, one.id) if name)
    return {name.casefold(): id_.casefold() for name, id_ in names}


def _nobody(unique: str, person: str) -> FieldError:
    path = f"/overrides/{unique.replace('~', '~0').replace('/', '~1')}"
    return FieldError(path, f"OnePlan knows nobody by {person!r}; name them by mail address or id")


async def put_overrides(
    engine: Engine, connection: StoredConnection, overrides: Mapping[str, str]
) -> tuple[StoredConnection, str]:
    """The table of people is in force; the full sync that takes it over, "" where nothing changed.

    Conflict where another save came first.
    """
    if dict(connection.overrides) == dict(overrides):
        return connection, ""
    stored = await change(
        engine.connections, connection, lambda row: replace(row, overrides=overrides, version=connection.version + 1)
    )
    return stored, await resync(engine, stored)
