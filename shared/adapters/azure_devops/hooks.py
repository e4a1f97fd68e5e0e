"""Fulfils `ports.registration.HookRegistry`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlsplit

from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.subscriptions import Event, Subscription, Wanted
from shared.core.errors import NotFound
from shared.ports.registration import Hook, HookEvent

# As the receiver expects it (contracts.md, Function app).
USER = "azure-devops"


@dataclass(frozen=True)
class Hooks:
    """The subscriptions of one organization that are ours. A proxy may put something before the path."""

    client: AzureDevOps

    async def hooks(self, path: str) -> Sequence[Hook]:
        found = await self.client.subscriptions.read_all()
        return [_hook(one) for one in found if urlsplit(one.url).path.endswith(path)]

    async def subscribe(self, event: HookEvent, project: str, url: str, password: str) -> None:
        await self.client.subscriptions.create(Wanted(event, url, USER, password, project))

    async def repair(self, hook: Hook, url: str, password: str) -> None:
        wanted = Wanted(_event(hook.event), url, USER, password, hook.project)
        await self.client.subscriptions.replace(hook.id, wanted)

    async def unsubscribe(self, hook: str) -> None:
        try:
            await self.client.subscriptions.delete(hook)
        except NotFound:
            return

    async def projects(self) -> Sequence[tuple[str, str]]:
        return [(one.id, one.name) for one in await self.client.projects.read_all()]


def _hook(one: Subscription) -> Hook:
    whole = one.open and one.user == USER
    return Hook(one.id, one.event, one.project, one.url, whole, one.status)


def _event(name: str) -> Event:
    return next(event for event in get_args(Event) if event == name)
