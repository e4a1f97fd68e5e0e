"""One organization: the nouns of Azure DevOps over one connection each to its two hosts."""

from collections import Counter
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from shared.adapters.azure_devops.batches import Batches
from shared.adapters.azure_devops.comments import Comments
from shared.adapters.azure_devops.feeds import Feeds
from shared.adapters.azure_devops.people import Accounts, Identities
from shared.adapters.azure_devops.permissions import Permissions
from shared.adapters.azure_devops.processes import Processes
from shared.adapters.azure_devops.projects import Projects
from shared.adapters.azure_devops.reading import PatAuth, read
from shared.adapters.azure_devops.service import identity_base
from shared.adapters.azure_devops.subscriptions import Subscriptions
from shared.adapters.azure_devops.work_items import WorkItems
from shared.adapters.hosts import AllowedHosts
from shared.adapters.http import Budget, NoBudget, RemoteHttp


@dataclass(frozen=True)
class AzureDevOps:
    """The client. Close it, or use it as a context."""

    http: RemoteHttp
    identity_http: RemoteHttp

    @classmethod
    def connect(
        cls,
        url: str,
        pat: str,
        allowed: AllowedHosts,
        *,
        budget: Budget | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> "AzureDevOps":
        """A client that has sent nothing yet; HostNotAllowed where the address may not be called.

        Both hosts draw on one budget, since Azure DevOps counts by identity (ado-api.md section 4 [D]).
        """
        auth, shared = PatAuth(pat), budget or NoBudget()
        http = RemoteHttp(url, auth, read, allowed, budget=shared, transport=transport)
        if identity_base(url) == url:
            return cls(http, http)
        return cls(http, RemoteHttp(identity_base(url), auth, read, allowed, budget=shared, transport=transport))

    @property
    def work_items(self) -> WorkItems:
        return WorkItems(self.http)

    @property
    def batches(self) -> Batches:
        return Batches(self.http)

    @property
    def comments(self) -> Comments:
        return Comments(self.http)

    @property
    def projects(self) -> Projects:
        return Projects(self.http)

    @property
    def processes(self) -> Processes:
        return Processes(self.http)

    @property
    def feeds(self) -> Feeds:
        return Feeds(self.http)

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.http)

    @property
    def identities(self) -> Identities:
        return Identities(self.identity_http)

    @property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self.http)

    @property
    def permissions(self) -> Permissions:
        return Permissions(self.http, self.identity_http)

    @property
    def calls(self) -> Counter[str]:
        """How often each route was called, by `METHOD route`."""
        return self.http.calls if self.http is self.identity_http else self.http.calls + self.identity_http.calls

    async def close(self) -> None:
        await self.http.close()
        if self.identity_http is not self.http:
            await self.identity_http.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
