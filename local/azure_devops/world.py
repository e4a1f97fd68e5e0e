"""One running Azure DevOps organization: its model, its faults, and what is on its way to subscribers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from local.azure_devops.delivery import Deliveries
from local.azure_devops.links import Event
from local.azure_devops.model import Identity, Node, Organization, Update, WorkItem
from local.azure_devops.people import identity_ref
from local.azure_devops.store import Store
from local.azure_devops.switches import SWITCHES
from local.standin.faults import Faults
from local.standin.wire import Calls


def utc_now() -> datetime:
    """The service's clock, to the millisecond as fields show it (section 7 [R])."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class World:
    """The whole stand-in. `store` is the way to change work items."""

    def __init__(
        self,
        organization: Organization,
        faults: Faults | None = None,
        calls: Calls | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.faults = faults or Faults.of(SWITCHES)
        self.calls = calls or Calls()
        self.clock = clock
        self.deliveries = Deliveries(self)
        self.attachments: dict[str, bytes] = {}
        self.replace_organization(organization)

    def replace_organization(self, organization: Organization) -> None:
        """The world holds this organization; subscriptions and attachments of the one before are forgotten."""
        self.organization = organization
        self.store = Store(organization, self._announce, self.position, self.clock)
        self.attachments.clear()
        self.forget_subscriptions()

    def forget_subscriptions(self) -> None:
        self.deliveries.subscriptions.clear()

    def position(self, switch: str) -> Any:
        return self.faults.position(switch)

    def on(self, switch: str) -> bool:
        return self.faults.on(switch)

    def _announce(self, event: Event, item: WorkItem, update: Update | None) -> None:
        self.deliveries.fire(event, item, update)

    def base_url(self, request: Request) -> str:
        """Where this organization is reached, without a slash at the end; answers' URLs begin so."""
        return f"{request.url.scheme}://{request.url.netloc}/{self.organization.name}"

    def identity_ref(self, identity: Identity, request: Request) -> dict[str, Any]:
        """An IdentityRef (section 7)."""
        return identity_ref(identity, self.base_url(request))

    def readable(self, id_: int) -> WorkItem | None:
        """The item, unless it is deleted, gone, or one that no token may read."""
        item = self.organization.items.get(id_)
        hidden = item is None or item.deleted is not None or id_ in self.organization.unreadable
        return None if hidden else item

    def node(self, path: str, structure: str) -> Node | None:
        """The area or iteration of a path; None where it is gone."""
        name, *below = path.split("\\")
        project = self.organization.project(name)
        at = None if project is None else project.areas if structure == "Area" else project.iterations
        for part in below:
            at = next((one for one in at.children if one.name == part), None) if at else None
        return at
