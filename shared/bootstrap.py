"""The only place that reads the environment and builds adapters.

Adapters are imported on first use: an import that raises or dawdles would leave the app without functions
(design.md, decision 16).
"""

import os
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from shared.arrivals import Floods, Recent
from shared.messages import Side
from shared.ports import Connections, DueRows, Queue, Remotes, Secrets, Unhandled, Versions
from shared.receive import Receiver
from shared.settings import Settings

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.data.tables.aio import TableServiceClient

    from shared.adapters.storage_clock import StorageClock
    from shared.adapters.version_rows import VersionTable
    from shared.engine.parts import Engine


@dataclass
class Parts:
    """The adapters that the use cases get. Each is built when it is first asked for, in the running loop."""

    settings: Settings
    _open: list[Any] = field(default_factory=list, repr=False)

    async def close(self) -> None:
        """Every client is closed. The app never does; whoever builds parts for a while does."""
        for client in reversed(self._open):
            await client.close()
        self._open.clear()

    def _kept[T](self, client: T) -> T:
        self._open.append(client)
        return client

    @cached_property
    def connections(self) -> Connections:
        from shared.adapters.connection_rows import ConnectionRows

        return ConnectionRows(self._tables, self._version_rows)

    @property
    def versions(self) -> Versions:
        return self._version_rows

    @cached_property
    def _version_rows(self) -> "VersionTable":
        from shared.adapters.version_rows import VersionTable

        return VersionTable(self._tables)

    @cached_property
    def due_rows(self) -> DueRows:
        from shared.adapters.due_rows import DueTable

        return DueTable(self._tables)

    @cached_property
    def unhandled(self) -> Unhandled:
        from shared.adapters.unhandled_rows import UnhandledTable

        return UnhandledTable(self._tables)

    @cached_property
    def queue(self) -> Queue:
        from shared.adapters.queues import StorageQueue
        from shared.adapters.storage import queue_service

        return StorageQueue(self._kept(queue_service(self.settings, self._credential)))

    @cached_property
    def secrets(self) -> Secrets:
        from shared.adapters.secrets import VaultSecrets
        from shared.adapters.vault import secret_client

        return VaultSecrets(self._kept(secret_client(self.settings, self._credential)))

    @cached_property
    def _arrivals(self) -> tuple[Recent, Floods]:
        return Recent(), Floods()

    def receiver(self, connection: str, side: Side) -> Receiver:
        """Where the notifications of one side of a connection go."""
        return Receiver(self.queue, *self._arrivals, connection, side)

    @cached_property
    def engine(self) -> "Engine":
        from shared.adapters.activity_rows import ActivityTable
        from shared.adapters.audit_rows import AuditTable
        from shared.adapters.comment_rows import CommentTable
        from shared.adapters.conflict_rows import ConflictTable
        from shared.adapters.erasure import StorageErasure
        from shared.adapters.failure_rows import FailureTables
        from shared.adapters.heard_rows import HeardTable
        from shared.adapters.intent_rows import IntentTable
        from shared.adapters.link_rows import LinkTable
        from shared.adapters.look_rows import LookTable
        from shared.adapters.page_rows import PageTable
        from shared.adapters.pause_rows import PauseTable
        from shared.adapters.run_blobs import RunBlobs
        from shared.adapters.run_rows import RunTable
        from shared.adapters.storage import blob_service
        from shared.adapters.waiting_rows import WaitingTable
        from shared.adapters.watermark_rows import WatermarkTable
        from shared.engine.parts import Engine

        blobs = self._kept(blob_service(self.settings, self._credential))
        return Engine(
            connections=self.connections,
            links=LinkTable(self._tables, self._clock, self.settings.lease_seconds),
            intents=IntentTable(self._tables),
            waiting=WaitingTable(self._tables),
            runs=RunTable(self._tables),
            pages=PageTable(self._tables, self._clock),
            bodies=RunBlobs(blobs),
            failures=FailureTables(self._tables),
            looks=LookTable(self._tables, self._clock, self.settings.lease_seconds),
            watermarks=WatermarkTable(self._tables),
            activity=ActivityTable(self._tables, RunBlobs(blobs, "activity")),
            comments=CommentTable(self._tables),
            conflicts=ConflictTable(self._tables),
            queue=self.queue,
            remotes=self.remotes,
            secrets=self.secrets,
            audit=AuditTable(self._tables),
            erasure=StorageErasure(self._tables, blobs),
            pauses=PauseTable(self._tables),
            heard=HeardTable(self._tables),
            lease_seconds=self.settings.lease_seconds,
            address=self.settings.address,
        )

    @cached_property
    def remotes(self) -> Remotes:
        from shared.adapters.hosts import AllowedHosts
        from shared.adapters.remotes import StoredRemotes

        allowed = AllowedHosts(self.settings.allowed_hosts)
        return StoredRemotes(self._tables, self._clock, self.secrets, allowed, self.settings.rate_scale)

    @cached_property
    def _tables(self) -> "TableServiceClient":
        from shared.adapters.storage import table_service

        return self._kept(table_service(self.settings, self._credential, self._clock))

    @cached_property
    def _clock(self) -> "StorageClock":
        from shared.adapters.storage_clock import StorageClock

        return StorageClock()

    def _credential(self) -> "AsyncTokenCredential":
        from azure.identity.aio import ManagedIdentityCredential

        client_id = self.settings.identity_client_id
        return ManagedIdentityCredential(client_id=client_id) if client_id else ManagedIdentityCredential()


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The app's parts, built once; WrongSetting where the environment is not right, again at each call."""
    return Parts(Settings.read(os.environ))
