"""A connection is removed in steps that may be cut off anywhere; the links stay for a while (R10)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.connections.names import join_of
from shared.connections.steps import change
from shared.connections.store import remove_secrets
from shared.core.errors import Fatal, NotOffered, Rejected, Retriable, Stale
from shared.engine import by_hand
from shared.engine.finish import fail
from shared.engine.parts import Engine
from shared.engine.registries import remove_events, remove_hooks
from shared.ports import Step, StoredConnection
from shared.ports.registration import Registries

KEPT = timedelta(days=90)
# A system that does not answer for so long gets no more tries: the secrets must not stay for good.
PATIENCE = timedelta(days=1)


async def delete(engine: Engine, stored: StoredConnection) -> StoredConnection:
    """The connection is deleted, or is being deleted where a system does not answer. Both systems' data stay."""
    if stored.state != "deleting":
        now = datetime.now(UTC)
        stored = await engine.connections.replace(
            replace(stored, state="deleting", deleted=now, version=stored.version + 1)
        )
    return await go_on_removing(engine, stored)


async def go_on_removing(engine: Engine, stored: StoredConnection) -> StoredConnection:
    """As far as the two systems answer: no subscription, no event, no button; then no secret; then it is deleted."""
    await _stop_run(engine, stored)
    steps = await _unregistered(engine, stored)
    patience = datetime.now(UTC) < (stored.deleted or stored.created) + PATIENCE
    if patience and any(step.state == "pending" for step in steps.values()):
        return await change(engine.connections, stored, lambda row: replace(row, steps=steps))
    await remove_secrets(engine.secrets, stored)
    gone = {name: _given_up(stored, name, step) for name, step in steps.items()}
    return await change(
        engine.connections, stored, lambda row: replace(row, state="deleted", steps=gone, garbage=(), hooked="")
    )


async def _stop_run(engine: Engine, stored: StoredConnection) -> None:
    for connection, run_id in await engine.runs.active():
        run = await engine.runs.get(connection, run_id) if connection == stored.id else None
        if run is not None:
            await fail(engine, run, "the connection was deleted")


async def _unregistered(engine: Engine, stored: StoredConnection) -> Mapping[str, Step]:
    try:
        async with engine.remotes.registries(stored, "interactive") as both:
            return {name: await _tried(stored, name, do(stored, both)) for name, do in _DOING.items()}
    except Fatal as error:
        return {name: Step("warning", str(error), by_hand.removal(stored, name)) for name in _DOING}


async def _tried(stored: StoredConnection, name: str, doing: Awaitable[None]) -> Step:
    try:
        await doing
    except NotOffered as error:
        return Step("warning", str(error).partition(". ")[0], by_hand.removal(stored, name))
    except (Rejected, Fatal) as error:
        return Step("warning", str(error), by_hand.removal(stored, name))
    except (Retriable, Stale) as error:
        return Step("pending", str(error), by_hand.TRIED_AGAIN)
    return Step("done")


def _given_up(stored: StoredConnection, name: str, step: Step) -> Step:
    return step if step.state != "pending" else Step("warning", step.detail, by_hand.removal(stored, name))


async def _button(stored: StoredConnection, both: Registries) -> None:
    """What OnePlan did not offer to add, a person may have added."""
    await both.oneplan.hide_system(stored.integration)
    if stored.steps.get("connectedSystem", Step("done")).state == "warning":
        raise NotOffered("OnePlan does not offer this to other programs.", "")


_DOING: Mapping[str, Callable[[StoredConnection, Registries], Awaitable[None]]] = {
    "subscriptions": lambda stored, both: remove_hooks(both.azure_devops, stored.id),
    "event": lambda stored, both: remove_events(both.oneplan, stored.integration),
    "connectedSystem": _button,
}


async def purge(engine: Engine, stored: StoredConnection) -> None:
    """Nothing is left of a connection that was deleted long ago. The row goes last, so that it is tried again."""
    await engine.erasure.erase(stored.id)
    await engine.connections.release(join_of(stored.configuration), stored.id)
    await engine.connections.remove(stored.id)


def is_over(stored: StoredConnection, now: datetime) -> bool:
    """Whether the time is over for which a deleted connection's links are kept."""
    return stored.state == "deleted" and now >= (stored.deleted or stored.created) + KEPT
