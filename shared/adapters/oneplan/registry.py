"""Fulfils `ports.registration.OnePlanRegistry`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.events import EventWanted
from shared.adapters.oneplan.model import guid
from shared.adapters.oneplan.portfolio import Portfolio
from shared.core.errors import NotFound
from shared.ports.registration import RegisteredEvent


@dataclass(frozen=True)
class Registry:
    """What one group knows of other systems."""

    client: OnePlan

    async def line_item(self, wanted: str, properties: Mapping[str, str]) -> str:
        return await Portfolio(self.client).ensure_integration(wanted, properties)

    async def events(self, integration: str, strategy: str) -> Sequence[RegisteredEvent]:
        found = await self.client.events.read_all()
        ours = [one for one in found if one.integration == guid(integration) and one.strategy == strategy]
        return [RegisteredEvent(one.id, one.url, one.whole) for one in ours]

    async def register(self, integration: str, strategy: str, url: str) -> None:
        await self.client.events.create(EventWanted(url, integration, strategy))

    async def change(self, event: str, integration: str, strategy: str, url: str) -> None:
        await self.client.events.replace(event, EventWanted(url, integration, strategy))

    async def unregister(self, event: str) -> None:
        try:
            await self.client.events.delete(event)
        except NotFound:
            return

    async def show_system(self, integration: str, name: str) -> None:
        await self.client.undocumented.connect_system(integration, name)

    async def hide_system(self, integration: str) -> None:
        await self.client.undocumented.disconnect_system(integration)
