"""A save, a rotation or a removal that dies at any request, and is asked for again, ends complete and nothing twice."""

import json
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Any

from local.vault import RunningVault
from shared.configuration import parse_connection
from shared.connections.names import join_of
from shared.engine.removal import delete
from shared.engine.saving import create, enable, rotate_hook_secret, save
from shared.ports import StoredConnection
from shared.refusals import Conflict
from tests.connections.conftest import Desk
from tests.connections.kills import Killed, Watch, watching

# Each moment takes a third of a second, and there are a hundred for a save.
SAMPLE = 6
EVERY = "KILLS" in os.environ

type Operation = Callable[[StoredConnection], Awaitable[Any]]


class Bystander:
    """What there is of one connection, in the two systems and in the vault."""

    def __init__(self, desk: Desk, vault: RunningVault, connection: str) -> None:
        self.desk, self.vault, self.id = desk, vault, connection

    @property
    def registered(self) -> tuple[int, int, int]:
        """How many subscriptions, events and line items."""
        path = f"/api/hooks/azure-devops/{self.id}"
        subscriptions = [one for one in self.desk.subscriptions if one.consumer("url").endswith(path)]
        events = [one for one in self.desk.events if f"/{self.id}?" in one["EventUrl"]]
        items = [one for one in self.desk.line_items if one["Properties"] == {"Connection": self.id}]
        return len(subscriptions), len(events), len(items)

    @property
    def secrets(self) -> list[str]:
        """Names of the secrets that are not deleted."""
        kept = json.loads((self.vault.certificate.parent / "secrets.json").read_text())
        return sorted(one["name"] for one in kept if self.id in one["name"] and one["deleted"] is None)


async def _row(desk: Desk, body: dict[str, Any]) -> StoredConnection:
    """The only connection that joins these two."""
    join = join_of(parse_connection(body))
    rows = await desk.bench.parts.connections.list()
    (found,) = [one for one in rows if join_of(one.configuration) == join]
    return found


async def _again(desk: Desk, body: dict[str, Any]) -> StoredConnection:
    """As an administrator would: create it again; where it is there, enable it."""
    try:
        return (await create(desk.bench.parts.engine, parse_connection(body))).connection
    except Conflict:
        return (await enable(desk.bench.parts.engine, await _row(desk, body))).connection


async def _points(run: Callable[[Watch], Awaitable[Any]]) -> list[tuple[int, bool]]:
    """Moments to die at: before each request from the first write on, and after each request that writes; some of
    them, but all in `make soak`.
    """
    with watching(Watch()) as watch:
        await run(watch)
    writes = [n for n, one in enumerate(watch.requests) if not one.startswith(("GET", "HEAD")) and "budgets" not in one]
    points = [(n, False) for n in range(writes[0], len(watch.requests))] + [(n, True) for n in writes]
    return points if EVERY else Random(os.environ.get("SEED", "7")).sample(points, SAMPLE)


async def test_a_creation_that_dies_anywhere_is_completed_by_saving_again(desk: Desk, vault: RunningVault) -> None:
    desk.bench.oneplan.faults.apply({"switches": {"connected_systems_route": True}})
    engine = desk.bench.parts.engine

    async def once(_: Watch) -> None:
        await create(engine, parse_connection(desk.bench.body()))

    await once(Watch())
    for at, answered in await _points(once):
        body = desk.bench.body()
        with suppress(Killed), watching(Watch(at, answered=answered)):
            await create(engine, parse_connection(body))
        stored = await _again(desk, body)
        found = Bystander(desk, vault, stored.id)
        assert (await _row(desk, body)).state == "ready"
        assert {name: step.state for name, step in stored.steps.items() if step.state != "done"} == {}, (at, answered)
        assert found.registered == (5, 1, 1), (at, answered)
        assert found.secrets == sorted([stored.secrets.pat, stored.secrets.key, stored.secrets.hook])


async def _dies_anywhere(
    desk: Desk, vault: RunningVault, operation: Operation, expected: tuple[int, int, int]
) -> list[tuple[StoredConnection, Bystander]]:
    """One connection for each moment; the operation dies then, and is asked for again."""
    ended = []
    first = (await create(desk.bench.parts.engine, parse_connection(desk.bench.body()))).connection

    async def once(_: Watch) -> None:
        await operation(first)

    for at, answered in await _points(once):
        made = (await create(desk.bench.parts.engine, parse_connection(desk.bench.body()))).connection
        with suppress(Killed), watching(Watch(at, answered=answered)):
            await operation(await desk.stored(made.id))
        with suppress(Conflict):
            await operation(await desk.stored(made.id))
        stored, found = await desk.stored(made.id), Bystander(desk, vault, made.id)
        assert found.registered == expected, (at, answered)
        ended.append((stored, found))
    return ended


async def test_a_save_with_new_secrets_that_dies_anywhere_leaves_no_old_one(desk: Desk, vault: RunningVault) -> None:
    engine = desk.bench.parts.engine
    body = desk.bench.body()

    async def replaced(stored: StoredConnection) -> None:
        wanted = {**body, "oneplan": {**body["oneplan"], "group": stored.configuration.oneplan.group}}
        await save(engine, stored, parse_connection(wanted))

    for stored, found in await _dies_anywhere(desk, vault, replaced, (5, 1, 1)):
        assert (stored.state, stored.garbage) == ("ready", ())
        assert found.secrets == sorted([stored.secrets.pat, stored.secrets.key, stored.secrets.hook])


async def test_a_rotation_that_dies_anywhere_leaves_both_systems_with_the_secret(
    desk: Desk, vault: RunningVault
) -> None:
    engine = desk.bench.parts.engine

    async def rotated(stored: StoredConnection) -> None:
        await rotate_hook_secret(engine, stored)

    for stored, found in await _dies_anywhere(desk, vault, rotated, (5, 1, 1)):
        secret = await desk.bench.parts.secrets.get(stored.secrets.hook)
        ours = [one for one in desk.subscriptions if one.consumer("url").endswith(found.id)]
        assert {one.password for one in ours} == {secret}
        assert any(one["EventUrl"].endswith(f"{found.id}?key={secret}") for one in desk.events)


async def test_a_removal_that_dies_anywhere_leaves_nothing_behind(desk: Desk, vault: RunningVault) -> None:
    engine = desk.bench.parts.engine

    async def removed(stored: StoredConnection) -> None:
        if stored.state != "deleted":
            await delete(engine, stored)

    for stored, found in await _dies_anywhere(desk, vault, removed, (0, 0, 1)):
        assert (stored.state, found.secrets) == ("deleted", [])
