"""One received queue message, until it is deleted, released or copied to the poison queue.

The rules are those of the WebJobs queue processor, which the real host uses (design.md, "Real parts").
"""

import asyncio
import json
import logging
import math
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from azure.core.exceptions import AzureError, ResourceExistsError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from local.host import protos
from local.host.settings import QueueSettings

logger = logging.getLogger(__name__)

Run = Callable[[str, Mapping[str, protos.TypedData]], Awaitable[bool]]
"""Runs the function on a message's text and metadata; True where it succeeded."""


class Delivery:
    """A message that is hidden for this host while its function runs."""

    def __init__(
        self,
        message: QueueMessage,
        queue: QueueClient,
        poison: QueueClient,
        settings: QueueSettings,
        invisibility: float,
    ) -> None:
        self._message = message
        self._queue = queue
        self._poison = poison
        self._settings = settings
        self._invisibility = invisibility

    async def settle(self, run: Run) -> None:
        """The function ran, and the message went where the outcome sends it.

        Where storage fails meanwhile, the message stays hidden and comes back by itself.
        """
        try:
            if self._dequeue_count > self._settings.max_dequeue_count:
                await self._copy_to_poison()  # a host that was killed left it behind on its last attempt
            else:
                await self._complete(await self._attempt(run))
        except AzureError as error:
            logger.warning("message %s of %s: %s", self._message.id, self._queue.queue_name, _first_line(error))

    async def _attempt(self, run: Run) -> bool:
        async with self._renewed():
            try:
                text = self._text()
            except ValueError:
                logger.error("message %s of %s is not Base64", self._message.id, self._queue.queue_name)
                return False
            return await run(text, metadata_of(self._message))

    async def _complete(self, succeeded: bool) -> None:
        if succeeded:
            await self._queue.delete_message(self._message.id, self._message.pop_receipt)
        elif self._dequeue_count >= self._settings.max_dequeue_count:
            await self._copy_to_poison()
        else:
            await self._hide_for(self._settings.visibility_timeout.total_seconds())

    async def _copy_to_poison(self) -> None:
        with suppress(ResourceExistsError):
            await self._poison.create_queue()
        await self._poison.send_message(self._message.content)
        await self._queue.delete_message(self._message.id, self._message.pop_receipt)
        logger.error("message %s was moved to %s", self._message.id, self._poison.queue_name)

    @asynccontextmanager
    async def _renewed(self) -> AsyncIterator[None]:
        """The message stays hidden for the length of the block, however long that is."""
        finished = asyncio.Event()
        renewal = asyncio.create_task(self._renew_until(finished))
        try:
            yield
        finally:
            finished.set()  # never cancelled: half a renewal would leave us with an outdated receipt
            await renewal

    async def _renew_until(self, finished: asyncio.Event) -> None:
        while not await set_within(finished, self._invisibility / 2):
            try:
                await self._hide_for(self._invisibility)
            except AzureError as error:
                logger.warning("renewing %s of %s: %s", self._message.id, self._queue.queue_name, _first_line(error))

    async def _hide_for(self, seconds: float) -> None:
        updated = await self._queue.update_message(
            self._message.id, self._message.pop_receipt, visibility_timeout=math.ceil(seconds)
        )
        self._message.pop_receipt = updated.pop_receipt

    @property
    def _dequeue_count(self) -> int:
        return self._message.dequeue_count or 0

    def _text(self) -> str:
        """Raises ValueError where the content is not what host.json's messageEncoding says."""
        content: str = self._message.content
        return b64decode(content, validate=True).decode() if self._settings.base64 else content


def metadata_of(message: QueueMessage) -> dict[str, protos.TypedData]:
    """A message's trigger metadata: JSON texts, times in ISO 8601 with their offset."""
    values = {
        "Id": message.id,
        "DequeueCount": message.dequeue_count,
        "InsertionTime": _iso(message.inserted_on),
        "ExpirationTime": _iso(message.expires_on),
        "NextVisibleTime": _iso(message.next_visible_on),
        "PopReceipt": message.pop_receipt,
    }
    return {name: protos.TypedData(json=json.dumps(value)) for name, value in values.items()}


async def set_within(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event was set before the time was over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


def _iso(time: datetime | None) -> str:
    return (time or datetime.now(UTC)).astimezone(UTC).isoformat()


def _first_line(error: Exception) -> str:
    """Enough to know what happened; the rest of an Azure error repeats the request."""
    return str(error).partition("\n")[0]
