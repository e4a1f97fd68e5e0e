"""Opens both remote systems of a connection, on the shared budgets."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from azure.data.tables.aio import TableServiceClient

from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.hooks import Hooks
from shared.adapters.azure_devops.item_feeds import OrganizationFeeds
from shared.adapters.azure_devops.work import Work
from shared.adapters.budget_rows import StoredBudget
from shared.adapters.hosts import AllowedHosts
from shared.adapters.oneplan.change_feed import GroupChanges
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.portfolio import Portfolio
from shared.adapters.oneplan.registry import Registry
from shared.adapters.storage_clock import StorageClock
from shared.configuration import Connection
from shared.core import attachments
from shared.core.budget import Window
from shared.core.errors import CredentialRefused
from shared.core.mapping import DEFAULT
from shared.ports.changes import Feeds
from shared.ports.registration import Registries
from shared.ports.remotes import Class, Sides
from shared.ports.stored import Secrets, StoredConnection

# OnePlan counts by group: a minute, an hour and a day (oneplan-api.md section 3 [DOCUMENTED]).
ONEPLAN = (Window(500, 60), Window(25_000, 3600), Window(300_000, 86_400))
# Azure DevOps slows an identity down above 200 TSTU in five minutes and blocks it far above that; what a request costs
# is not published (ado-api.md section 4). This many stay below it where a request costs a tenth of a TSTU.
AZURE_DEVOPS = (Window(2_000, 300),)
# What each class may use of a budget: the rest is kept for those above it, people first (R41).
SHARES: Mapping[Class, float] = {"bulk": 0.9, "timers": 0.93, "hooks": 0.97, "interactive": 1.0}
# Of what OnePlan allows a group in the long run, for going round the tasks of plans that no feed tells about.
SWEEP_SHARE = 0.1


@dataclass(frozen=True)
class StoredRemotes:
    """Fulfils `ports.Remotes`."""

    service: TableServiceClient
    clock: StorageClock
    secrets: Secrets
    allowed: AllowedHosts
    rate_scale: float = 1.0
    # Shared within the process, so that no block of requests is thrown away with an invocation.
    _budgets: dict[tuple[str, Class], StoredBudget] = field(default_factory=dict, repr=False)

    @asynccontextmanager
    async def open(self, connection: StoredConnection, for_: Class) -> AsyncIterator[Sides]:
        """CredentialRefused where the vault has not got the secrets; HostNotAllowed where an address may not be
        called."""
        async with self._clients(connection, for_) as (organization, group):
            mapped = connection.mapping.fields.azure_devops_fields | (
                {attachments.FIELD} if connection.configuration.attachments else frozenset()
            )
            work = _work(connection.configuration, organization, mapped, connection.id)
            yield Sides(work, Portfolio(group, connection.configuration.oneplan.url))

    @asynccontextmanager
    async def registries(self, connection: StoredConnection, for_: Class) -> AsyncIterator[Registries]:
        """As `open`."""
        async with self._clients(connection, for_) as (organization, group):
            yield Registries(Hooks(organization), Registry(group))

    @asynccontextmanager
    async def feeds(self, connection: StoredConnection, for_: Class) -> AsyncIterator[Feeds]:
        """As `open`."""
        async with self._clients(connection, for_) as (organization, group):
            per_minute = SWEEP_SHARE * self.rate_scale * min(one.limit * 60 / one.seconds for one in ONEPLAN)
            yield Feeds(OrganizationFeeds(organization), GroupChanges(group, per_minute, self.clock.now))

    @asynccontextmanager
    async def _clients(self, connection: StoredConnection, for_: Class) -> AsyncIterator[tuple[AzureDevOps, OnePlan]]:
        pat = await self._secret(connection.secrets.pat, "personal access token")
        key = await self._secret(connection.secrets.key, "authentication key")
        configuration = connection.configuration
        async with (
            self._organization(configuration, pat, for_) as organization,
            self._group(configuration, key, for_) as group,
        ):
            yield organization, group

    @asynccontextmanager
    async def azure_devops(self, configuration: Connection) -> AsyncIterator[Work]:
        async with self._organization(configuration, configuration.azure_dev_ops.pat or "", "interactive") as client:
            yield _work(configuration, client)

    @asynccontextmanager
    async def oneplan(self, configuration: Connection) -> AsyncIterator[Portfolio]:
        async with self._group(configuration, configuration.oneplan.key or "", "interactive") as client:
            yield Portfolio(client, configuration.oneplan.url)

    def _organization(self, configuration: Connection, pat: str, for_: Class) -> AzureDevOps:
        url = configuration.azure_dev_ops.url
        budget = self._budget("ado", url, AZURE_DEVOPS, for_)
        return AzureDevOps.connect(url, pat, self.allowed, budget=budget)

    def _group(self, configuration: Connection, key: str, for_: Class) -> OnePlan:
        part = configuration.oneplan
        budget = self._budget("oneplan", f"{part.url} {part.group}", ONEPLAN, for_)
        return OnePlan.connect(part.url, part.key_name, key, self.allowed, budget=budget)

    async def _secret(self, name: str, what: str) -> str:
        value = await self.secrets.get(name)
        if not value:
            raise CredentialRefused(f"the {what} of this connection is not in the vault; enter it in the connection")
        return value

    def _budget(self, system: str, of: str, windows: tuple[Window, ...], for_: Class) -> StoredBudget:
        """One budget for all connections to one group or organization."""
        scaled = tuple(Window(max(1, round(one.limit * self.rate_scale)), one.seconds) for one in windows)
        name = f"{system}-{urlsplit(of).hostname}-{sha256(of.casefold().encode()).hexdigest()[:12]}"
        if (name, for_) not in self._budgets:
            self._budgets[name, for_] = StoredBudget(self.service, self.clock, name, scaled, SHARES[for_])
        return self._budgets[name, for_]


def _work(
    configuration: Connection,
    client: AzureDevOps,
    fields: frozenset[str] = DEFAULT.azure_devops_fields,
    connection: str = "",
) -> Work:
    return Work(client, configuration.azure_dev_ops.url.rstrip("/"), fields, connection)
