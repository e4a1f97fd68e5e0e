"""One group: the nouns of OnePlan over one connection."""

from collections import Counter
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from shared.adapters.hosts import AllowedHosts
from shared.adapters.http import Budget, RemoteHttp
from shared.adapters.oneplan.assumptions import API_ROOT
from shared.adapters.oneplan.audit import Audit
from shared.adapters.oneplan.comments import Comments
from shared.adapters.oneplan.config import Config
from shared.adapters.oneplan.events import Events
from shared.adapters.oneplan.fields import Fields
from shared.adapters.oneplan.integrations import Integrations
from shared.adapters.oneplan.iterations import Iterations
from shared.adapters.oneplan.plans import Plans
from shared.adapters.oneplan.reading import KeyAuth, read
from shared.adapters.oneplan.removals import Removals
from shared.adapters.oneplan.resources import Resources
from shared.adapters.oneplan.tasks import Tasks
from shared.adapters.oneplan.undocumented import Undocumented


@dataclass(frozen=True)
class OnePlan:
    """The client. Close it, or use it as a context."""

    http: RemoteHttp
    key_name: str = ""

    @classmethod
    def connect(
        cls,
        url: str,
        key_name: str,
        key: str,
        allowed: AllowedHosts,
        *,
        budget: Budget | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> "OnePlan":
        """A client that has sent nothing yet; HostNotAllowed where the address may not be called.

        The address may be the environment's or end in `/api` already.
        """
        base = url.strip().rstrip("/").removesuffix(API_ROOT) + API_ROOT
        auth = KeyAuth(key_name, key)
        return cls(RemoteHttp(base, auth, read, allowed, budget=budget, transport=transport), key_name)

    @property
    def plans(self) -> Plans:
        return Plans(self.http)

    @property
    def tasks(self) -> Tasks:
        return Tasks(self.http)

    @property
    def config(self) -> Config:
        return Config(self.http)

    @property
    def fields(self) -> Fields:
        return Fields(self.http)

    @property
    def resources(self) -> Resources:
        return Resources(self.http)

    @property
    def iterations(self) -> Iterations:
        return Iterations(self.http)

    @property
    def integrations(self) -> Integrations:
        return Integrations(self.http)

    @property
    def events(self) -> Events:
        return Events(self.http)

    @property
    def audit(self) -> Audit:
        return Audit(self.http)

    @property
    def comments(self) -> Comments:
        return Comments(self.http)

    @property
    def removals(self) -> Removals:
        return Removals(self.http)

    @property
    def undocumented(self) -> Undocumented:
        return Undocumented(self.http)

    @property
    def calls(self) -> Counter[str]:
        """How often each route was called, by `METHOD route`."""
        return self.http.calls

    async def close(self) -> None:
        await self.http.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
