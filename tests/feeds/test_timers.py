"""What the timers of a connection ask for besides syncs: hooks and team projects are looked after."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.bootstrap import Parts
from shared.configuration import parse_connection
from shared.engine.saving import create
from shared.engine.setup import kept_setup
from shared.engine.work import work
from shared.messages import Kind, SyncMessage
from tests.sync.bench import Bench, bench, queues_of


@pytest.fixture
async def saved(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """A connection that registered its hooks."""
    settings = {"PUBLIC_URL": "https://sync.example"}
    async with bench(azurite.connection_string, vault, size=0, settings=settings) as made:
        stored = await create(made.parts.engine, parse_connection(made.body()))
        made.connection = stored.connection.id
        yield made


async def _due(made: Bench, kind: Kind) -> None:
    await work(made.parts.engine, "sync-timers", SyncMessage(made.connection, "timer", kind=kind))


async def test_a_disabled_subscription_is_repaired_when_hooks_are_due(saved: Bench) -> None:
    subscriptions = saved.devops.deliveries.subscriptions
    broken = next(iter(subscriptions.values()))
    broken.status = "disabledBySystem"
    await _due(saved, "hooks")
    assert {one.status for one in subscriptions.values()} == {"enabled"}
    assert len(subscriptions) == 5


async def test_a_renamed_team_project_is_known_to_single_items_when_projects_are_due(saved: Bench) -> None:
    engine = saved.parts.engine
    saved.reset_calls()
    await _due(saved, "projects")
    assert sum(saved.devops_calls.values()) == 1
    projects = saved.devops.organization.projects
    projects[0] = replace(projects[0], name="Contoso Renamed")
    await _due(saved, "projects")
    kept = await kept_setup(engine, saved.connection)
    assert kept is not None
    assert kept.project_ids["contoso renamed"] == projects[0].id


async def test_a_system_that_is_away_puts_a_chore_off_until_it_is_due_again(saved: Bench) -> None:
    saved.devops.faults.apply({"rules": [{"kind": "status", "path": "_apis/projects", "status": 503}]})
    await _due(saved, "projects")
    saved.devops.faults.apply({"clear": True})
    await _due(saved, "projects")


async def test_work_waits_for_a_vault_that_is_away(saved: Bench) -> None:
    """An instance that has just started knows no secret."""
    fresh = Parts(replace(saved.parts.settings, local_vault_port=9))
    item = SyncMessage(saved.connection, "hook", side="azure-devops", item="1", event="updated")
    await saved.parts.engine.queue.send("sync-hooks", item)
    async with queues_of(saved.storage) as service:
        queue = service.get_queue_client("sync-hooks")
        before = (await queue.get_queue_properties()).approximate_message_count
        assert before
        for kind in ("hooks", "projects"):
            await work(fresh.engine, "sync-timers", SyncMessage(saved.connection, "timer", kind=kind))
        await work(fresh.engine, "sync-hooks", item)
        assert (await queue.get_queue_properties()).approximate_message_count == before + 1
    await fresh.close()
    assert await saved.parts.engine.failures.list(saved.connection) == []
    stored = await saved.parts.connections.get(saved.connection)
    assert stored is not None
    assert {step.state for name, step in stored.steps.items() if name != "connectedSystem"} == {"done"}
