"""What a connection registers in the two systems, so that changes arrive by themselves (R9).

All of it is found again and repaired, never doubled: a save may be cut off anywhere, and two may run at once.
"""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from shared.configuration import Connection
from shared.core.errors import CredentialRefused, Rejected, UnknownOutcome
from shared.ports import StoredConnection
from shared.ports.registration import HOOK_EVENTS, Hook, HookEvent, HookRegistry, OnePlanRegistry, RegisteredEvent

# The name of the strategy that OnePlan's own integrations run on a save (oneplan-api.md section 7.3); by it and by the
# line item our event is found again.
STRATEGY = "OnePlanPublish"
HOOK_ROUTE, EVENT_ROUTE = "/api/hooks/azure-devops/", "/api/hooks/oneplan/"
WHOLE_ORGANIZATION = ""

type Place = tuple[HookEvent, str]


@dataclass(frozen=True, slots=True)
class Address:
    """Where one connection's notifications go, and the secret that proves them."""

    base: str
    connection: str
    secret: str = field(repr=False)

    @property
    def path(self) -> str:
        return f"{HOOK_ROUTE}{self.connection}"

    @property
    def hook(self) -> str:
        return f"{self.base}{self.path}"

    @property
    def event(self) -> str:
        return f"{self.base}{EVENT_ROUTE}{self.connection}?key={self.secret}"


@dataclass(frozen=True, slots=True)
class HookChanges:
    """What was done: how many subscriptions there are now, and of them made, and mended because they did not send."""

    there: int
    made: int = 0
    mended: tuple[str, ...] = ()


def integration_id(connection: str) -> str:
    """The id of a connection's line item, made of its own, so that a second try finds the first one's."""
    return str(uuid5(NAMESPACE_URL, f"oneplan-azure-devops-sync/{connection}"))


async def put_line_item(registry: OnePlanRegistry, connection: StoredConnection) -> str:
    """The id of the connection's line item in OnePlan, which every marker names (R30)."""
    return await registry.line_item(integration_id(connection.id), {"Connection": connection.id})


async def put_event(registry: OnePlanRegistry, integration: str, address: Address) -> None:
    """OnePlan posts saved plans to the address, once each."""
    found = await _events(registry, integration)
    if not found:
        found = await _registered(registry, integration, address)
    elif found[0].url != address.event or not found[0].whole:
        await registry.change(found[0].id, integration, STRATEGY, address.event)
    for surplus in found[1:]:
        await registry.unregister(surplus.id)


async def _registered(registry: OnePlanRegistry, integration: str, address: Address) -> Sequence[RegisteredEvent]:
    try:
        await registry.register(integration, STRATEGY, address.event)
    except UnknownOutcome:
        found = await _events(registry, integration)
        if not found:
            raise
        return found
    return await _events(registry, integration)


async def _events(registry: OnePlanRegistry, integration: str) -> Sequence[RegisteredEvent]:
    """In one order for everybody, so that two who tidy up at once keep the same one."""
    return sorted(await registry.events(integration, STRATEGY), key=lambda one: one.id)


async def remove_events(registry: OnePlanRegistry, integration: str) -> None:
    """OnePlan posts nothing to this connection any more. One whose line item was never made has no event; those
    without a line item are somebody else's."""
    if not integration:
        return
    for one in await registry.events(integration, STRATEGY):
        await registry.unregister(one.id)


async def places_of(registry: HookRegistry, configuration: Connection) -> Mapping[str, str]:
    """Whose events are wanted, by id, and its name: the whole organization, or each team project in scope."""
    names = {name.casefold() for name in configuration.scope.projects}
    if not names:
        return {WHOLE_ORGANIZATION: "the whole organization"}
    return {id_: name for id_, name in await registry.projects() if name.casefold() in names}


@dataclass
class _Refused:
    """What of many calls was refused, by place, so that one place does not keep the others from what they need."""

    places: dict[str, Rejected | CredentialRefused] = field(default_factory=dict)

    async def tried(self, place: str, call: Awaitable[None]) -> None:
        try:
            await call
        except (Rejected, CredentialRefused) as error:
            self.places.setdefault(place, error)

    def tell(self, names: Mapping[str, str]) -> None:
        """Raises where anything was refused: the first refusal, with the names of all places that met one.

        A right that the token lacks may look like a token that is refused, so that one is told as such.
        """
        if not self.places:
            return
        errors = [*self.places.values()]
        first = next((one for one in errors if isinstance(one, CredentialRefused)), errors[0])
        named = ", ".join(names.get(place, "a team project that left the scope") for place in self.places)
        text = f"{str(first).rstrip('.')}. So it was for: {named}."
        raise CredentialRefused(text) if isinstance(first, CredentialRefused) else Rejected(text)


async def put_hooks(registry: HookRegistry, address: Address, places: Mapping[str, str], *, anew: bool) -> HookChanges:
    """Azure DevOps posts every event of these places to the address, once each, and nothing else of ours.

    `anew`: the secret has changed, so each subscription gets it. What is new is made before what is old is removed.
    What is refused of one place is raised at the end, when all else is done.
    """
    refused = _Refused()
    wanted: list[Place] = [(event, place) for place in places for event in HOOK_EVENTS]
    found = await registry.hooks(address.path)
    kept = _first_of_each(found)
    missing = [place for place in wanted if place not in kept]
    silent = [kept[place] for place in wanted if place in kept and not kept[place].sends]
    for place in wanted:
        hook = kept.get(place)
        if hook is not None and (anew or not (hook.sends and hook.whole and hook.url == address.hook)):
            await refused.tried(place[1], registry.repair(hook, address.hook, address.secret))
    for place in missing:
        await refused.tried(place[1], _subscribe(registry, address, place))
    for one in _surplus(await registry.hooks(address.path) if missing else found, wanted):
        await refused.tried(one.project.lower(), registry.unsubscribe(one.id))
    refused.tell(places)
    return HookChanges(len(wanted), len(missing), tuple(f"{one.event}: {one.status}" for one in silent))


async def _subscribe(registry: HookRegistry, address: Address, place: Place) -> None:
    event, project = place
    try:
        await registry.subscribe(event, project, address.hook, address.secret)
    except UnknownOutcome:
        if place not in _first_of_each(await registry.hooks(address.path)):
            raise


def _first_of_each(found: Iterable[Hook]) -> Mapping[tuple[str, str], Hook]:
    """The hook that stays for each event and project: the one with the lowest id, whoever looks."""
    return {(one.event, one.project.lower()): one for one in sorted(found, key=lambda one: one.id, reverse=True)}


def _surplus(found: Sequence[Hook], wanted: Iterable[Place]) -> list[Hook]:
    kept = _first_of_each(found)
    staying = {kept[place].id for place in wanted if place in kept}
    return [one for one in found if one.id not in staying]


async def remove_hooks(registry: HookRegistry, connection: str) -> None:
    """Azure DevOps posts nothing to this connection any more."""
    for one in await registry.hooks(f"{HOOK_ROUTE}{connection}"):
        await registry.unsubscribe(one.id)
