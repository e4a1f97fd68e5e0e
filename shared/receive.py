"""Takes a notification: proves the caller, names the item, enqueues. Nothing remote is called (R42)."""

import base64
import hmac
import time
from dataclasses import dataclass

from shared.arrivals import Floods, Recent
from shared.messages import QueueName, Side, SyncMessage
from shared.notifications import Named, Notification
from shared.ports import Connections, Queue, Secrets
from shared.refusals import UnknownConnection, WrongSecret

BASIC_USER = "azure-devops"


async def authenticate(connections: Connections, secrets: Secrets, connection_id: str, given: str) -> None:
    """Returns where `given` is the hook secret of the connection, or one before it in the hour after its rotation.

    UnknownConnection or WrongSecret otherwise.
    """
    connection = await connections.get(connection_id)
    if connection is None or connection.state != "ready":
        raise UnknownConnection("no connection has this id")
    names = connection.secrets
    if _same(given, await secrets.get(names.hook)):
        return
    for previous, until in names.previous_hooks:
        if time.time() < until and _same(given, await secrets.get(previous)):
            return
    if not _same(given, await secrets.refresh(names.hook)):
        raise WrongSecret("the hook secret is missing or is not the one of this connection")


def _same(given: str, wanted: str | None) -> bool:
    return wanted is not None and hmac.compare_digest(given.encode(), wanted.encode())


def basic_password(header: str | None) -> str:
    """The password of a Basic header whose user is `azure-devops`; empty where it is anything else."""
    scheme, _, encoded = (header or "").partition(" ")
    try:
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return ""
    return password if scheme.lower() == "basic" and user == BASIC_USER else ""


@dataclass(frozen=True)
class Receiver:
    """Where notifications of one connection's side go. `recent` and `floods` are those of the instance."""

    queue: Queue
    recent: Recent
    floods: Floods
    connection: str
    side: Side

    async def take(self, notification: Notification, traceparent: str | None) -> None:
        """The messages of all its items are stored when this returns.

        A test of the hook that names no item stores nothing, nor does what was stored before by this instance. What
        belongs to a bulk edit goes behind the changes of others (R40).
        """
        if self.recent.has(self.connection, notification.keys):
            return
        flood = self.floods.is_one(self.connection, f"{self.side} {notification.source}", time.monotonic())
        queue: QueueName = "sync-bulk" if flood else "sync-hooks"
        for named in notification.items:
            await self.queue.send(queue, self._message(notification, named, traceparent))
        self.recent.add(self.connection, notification.keys)

    def _message(self, notification: Notification, named: Named, traceparent: str | None) -> SyncMessage:
        return SyncMessage(
            connection=self.connection,
            side=self.side,
            item=named.item,
            cause="hook" if self.side == "azure-devops" else "save",
            event=notification.event,
            seen=named.seen,
            traceparent=traceparent,
        )
