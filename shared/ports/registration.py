"""What a connection registers in the two systems, so that they call this app (R9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

HookEvent = Literal["created", "updated", "deleted", "restored", "commented"]
HOOK_EVENTS: tuple[HookEvent, ...] = ("created", "updated", "deleted", "restored", "commented")


@dataclass(frozen=True, slots=True)
class Hook:
    """A service hook subscription. `project` is a team project's id, "" for the whole organization.

    `whole`: it asks for everything that it must, in the form that it must; `status` is `enabled` where it sends.
    """

    id: str
    event: str
    project: str
    url: str
    whole: bool
    status: str

    @property
    def sends(self) -> bool:
        return self.status == "enabled"


@dataclass(frozen=True, slots=True)
class RegisteredEvent:
    """An event of OnePlan. Its address holds the hook secret, so it is never shown."""

    id: str
    url: str = field(repr=False)
    whole: bool = True


class HookRegistry(Protocol):
    """The service hooks of one organization."""

    async def hooks(self, path: str) -> Sequence[Hook]:
        """The subscriptions that post to an address whose path ends so, on whatever host."""
        ...

    async def subscribe(self, event: HookEvent, project: str, url: str, password: str) -> None:
        """UnknownOutcome: look before trying again."""
        ...

    async def repair(self, hook: Hook, url: str, password: str) -> None:
        """The subscription sends everything to that address, with that password."""
        ...

    async def unsubscribe(self, hook: str) -> None:
        """The subscription is gone, if it was there."""
        ...

    async def projects(self) -> Sequence[tuple[str, str]]:
        """(id, name) of every team project that may be seen."""
        ...


class OnePlanRegistry(Protocol):
    """What a OnePlan group knows of other systems."""

    async def line_item(self, wanted: str, properties: Mapping[str, str]) -> str:
        """The id of the line item with these properties, made where there is none."""
        ...

    async def events(self, integration: str, strategy: str) -> Sequence[RegisteredEvent]: ...

    async def register(self, integration: str, strategy: str, url: str) -> None:
        """UnknownOutcome: look before trying again."""
        ...

    async def change(self, event: str, integration: str, strategy: str, url: str) -> None: ...

    async def unregister(self, event: str) -> None:
        """The event is gone, if it was there."""
        ...

    async def show_system(self, integration: str, name: str) -> None:
        """Azure DevOps is among the connected systems under that name, once. NotOffered where a person must do it."""
        ...

    async def hide_system(self, integration: str) -> None:
        """It is not among them. NotOffered where a person must do it."""
        ...


@dataclass(frozen=True, slots=True)
class Registries:
    """Both systems of one connection."""

    azure_devops: HookRegistry
    oneplan: OnePlanRegistry
