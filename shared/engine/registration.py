"""A connection registers itself in both systems, step by step, each outcome stored before the next step (R9)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from shared.connections.steps import change, with_step
from shared.connections.store import tidy_secrets
from shared.core.errors import CredentialRefused, Fatal, NotOffered, Rejected, Retriable, Stale
from shared.engine import by_hand
from shared.engine.parts import Engine
from shared.engine.pausing import pause_for
from shared.engine.registries import (
    WHOLE_ORGANIZATION,
    Address,
    HookChanges,
    integration_id,
    places_of,
    put_event,
    put_hooks,
    put_line_item,
)
from shared.ports import Step, StoredConnection
from shared.ports.registration import Registries
from shared.ports.remotes import Class

ONEPLAN_STEPS = ("integration", "event", "connectedSystem")
REMOTE_STEPS = (*ONEPLAN_STEPS, "subscriptions")
# What a timer looks after; the other two are gone on with only where a save left them.
KEPT_STEPS = ("event", "subscriptions")


async def keep_hooks(engine: Engine, connection: StoredConnection) -> StoredConnection:
    """Subscriptions and event are as they must be: what does not send is repaired, what is missing is made again, what
    is too many is removed, and team projects that came into scope or left it are followed. What a save left is done.
    """
    connection = await tidy_secrets(engine.connections, engine.secrets, connection, datetime.now(UTC))
    left = {name for name in REMOTE_STEPS if connection.steps.get(name, Step("pending")).state == "pending"}
    return await register(
        engine, connection, "timers", tuple(name for name in REMOTE_STEPS if name in {*left, *KEPT_STEPS})
    )


async def register(
    engine: Engine, connection: StoredConnection, for_: Class, steps: tuple[str, ...]
) -> StoredConnection:
    """These steps were tried, and what became of each is stored with the connection. Fatal is told as a step, too."""
    try:
        async with engine.remotes.registries(connection, for_) as both:
            return await _each(_Registration(engine, connection, both), steps)
    except Fatal as error:
        await pause_for(engine, connection.id, error)
        step = Step("pending", str(error), by_hand.SAVE_AGAIN)
        return await change(
            engine.connections, connection, lambda row: replace(row, steps={**row.steps, **dict.fromkeys(steps, step)})
        )


@dataclass
class _Registration:
    """A save under way. `connection` is its row as last stored."""

    engine: Engine
    connection: StoredConnection
    both: Registries

    async def store(self, name: str, step: Step, **members: Any) -> None:
        def edit(row: StoredConnection) -> StoredConnection:
            return replace(with_step(row, name, step), **members)

        same = self.connection.steps.get(name) == step and not members
        if not same:
            self.connection = await change(self.engine.connections, self.connection, edit)

    async def address(self) -> Address | None:
        """None where this app does not know where it is reached."""
        secret = await self.engine.secrets.get(self.connection.secrets.hook)
        if not self.engine.address or not secret:
            return None
        return Address(self.engine.address, self.connection.id, secret)


async def _each(now: _Registration, steps: tuple[str, ...]) -> StoredConnection:
    """One after the other. Where a system is away, its other steps are not tried either: each would wait in vain."""
    away: set[bool] = set()
    for name in steps:
        of_oneplan = name in ONEPLAN_STEPS
        if of_oneplan in away:
            await now.store(name, replace(now.connection.steps.get(name, Step("pending")), state="pending"))
        elif not await _tried(now, name):
            away.add(of_oneplan)
    return now.connection


async def _tried(now: _Registration, name: str) -> bool:
    """False where the system did not answer, so that the step is still pending."""
    do, manual = _DOING[name]
    try:
        await do(now)
    except NotOffered as error:
        await now.store(name, Step("warning", str(error).partition(". ")[0], manual(now)))
    except Rejected as error:
        await now.store(name, Step("warning", str(error), manual(now)), **_nevertheless(now, name))
    except CredentialRefused as error:
        # A right that the token lacks may look like a token that is refused (docs/assumptions.md): hooks are optional.
        if name != "subscriptions" or not await _signs_in(now):
            raise
        await now.store(name, Step("warning", str(error), manual(now)))
    except (Retriable, Stale) as error:
        await now.store(name, Step("pending", str(error), by_hand.SAVE_AGAIN))
        return False
    return True


async def _signs_in(now: _Registration) -> bool:
    """False also where Azure DevOps does not answer that: then it counts as what it looked like."""
    try:
        async with now.engine.remotes.open(now.connection, "timers") as sides:
            await sides.azure_devops.sign_in()
    except (CredentialRefused, Rejected, Retriable):
        return False
    return True


def _nevertheless(now: _Registration, name: str) -> Mapping[str, Any]:
    """Any GUID may mark a plan (oneplan-api.md section 7.2, a guess), so a refused line item stops nothing."""
    return (
        {"integration": now.connection.integration or integration_id(now.connection.id)}
        if name == "integration"
        else {}
    )


async def _integration(now: _Registration) -> None:
    made = await put_line_item(now.both.oneplan, now.connection)
    members = {} if made == now.connection.integration else {"integration": made}
    await now.store("integration", Step("done"), **members)


async def _event(now: _Registration) -> None:
    address = await now.address()
    if address is None:
        await now.store("event", Step("warning", "This app does not know its own address.", by_hand.NO_ADDRESS))
        return
    await put_event(now.both.oneplan, now.connection.integration, address)
    await now.store("event", Step("done"))


async def _connected_system(now: _Registration) -> None:
    name = by_hand.button_name(now.connection)
    await now.both.oneplan.show_system(now.connection.integration, name)
    await now.store("connectedSystem", Step("done", f"The button is called {name!r}."))


async def _subscriptions(now: _Registration) -> None:
    address, wanted = await now.address(), now.connection.secrets.hook
    if address is None:
        await now.store("subscriptions", Step("warning", "This app does not know its own address.", by_hand.NO_ADDRESS))
        return
    places = await places_of(now.both.azure_devops, now.connection.configuration)
    changes = await put_hooks(now.both.azure_devops, address, places, anew=now.connection.hooked != wanted)
    where = "the whole organization" if WHOLE_ORGANIZATION in places else f"{len(places)} team projects"
    members = {} if now.connection.hooked == wanted else {"hooked": wanted}
    step = Step("done", f"{changes.there} subscriptions to {where}.", note=_mended(now, changes))
    await now.store("subscriptions", step, **members)


def _mended(now: _Registration, changes: HookChanges) -> str:
    """What was mended last, and when: a subscription that was silent has lost what happened meanwhile (R36)."""
    if not changes.mended:
        return now.connection.steps.get("subscriptions", Step("pending")).note
    return f"Mended on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {', '.join(changes.mended)}."


type _Do = Callable[[_Registration], Awaitable[None]]
type _Manual = Callable[[_Registration], str]

_DOING: Mapping[str, tuple[_Do, _Manual]] = {
    "integration": (_integration, lambda now: by_hand.integration(now.connection)),
    "event": (_event, lambda now: by_hand.event(now.connection, now.engine.address)),
    "connectedSystem": (_connected_system, lambda now: by_hand.connected_system(now.connection)),
    "subscriptions": (_subscriptions, lambda now: by_hand.subscriptions(now.connection, now.engine.address)),
}
