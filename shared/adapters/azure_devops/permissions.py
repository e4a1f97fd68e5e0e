"""What a token may do, found out by calls that change nothing (R9).

No route tells a token its own scopes (ado-api.md section 2), so each permission is tried.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal

from shared.adapters.azure_devops.patch import Patch
from shared.adapters.azure_devops.people import Identities
from shared.adapters.azure_devops.subscriptions import Subscriptions
from shared.adapters.azure_devops.work_items import WorkItems
from shared.adapters.http import RemoteHttp
from shared.core.errors import CredentialRefused, NotFound, PermissionMissing, Rejected

Permission = Literal["read people", "read work items", "write work items", "manage subscriptions"]


@dataclass(frozen=True)
class Probe:
    """Whether a permission is there; `reason` says why not, in the words of Azure DevOps."""

    permission: Permission
    granted: bool
    reason: str = ""


@dataclass(frozen=True)
class Permissions:
    """Probes over the organization's two hosts. A token that is wrong altogether fails every one of them."""

    http: RemoteHttp
    identity_http: RemoteHttp

    async def read_people(self, name: str) -> Probe:
        return await _probe("read people", Identities(self.identity_http).search(name))

    async def read_work_items(self) -> Probe:
        return await _probe("read work items", anext(WorkItems(self.http).find(page=1)))

    async def write_work_items(self, project: str, type_name: str) -> Probe:
        """By a work item that is only validated. A rule that refuses it shows that writing is allowed."""
        patch = Patch().set("System.Title", "Permission check; nothing is saved")
        return await _probe("write work items", WorkItems(self.http).check_create(project, type_name, patch))

    async def manage_subscriptions(self) -> Probe:
        return await _probe("manage subscriptions", Subscriptions(self.http).read_all())


async def _probe(permission: Permission, call: Awaitable[object]) -> Probe:
    try:
        await call
    except (PermissionMissing, CredentialRefused, NotFound) as error:
        return Probe(permission, False, str(error))
    except Rejected:
        return Probe(permission, True)
    return Probe(permission, True)
