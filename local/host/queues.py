"""Queue triggers: one listener per function, polling as the real host does."""

import asyncio
import logging
import math
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from local.host.delivery import Delivery, Run, set_within
from local.host.settings import QueueSettings

logger = logging.getLogger(__name__)

INVISIBILITY_SECONDS = 600.0
FIRST_POLL_SECONDS = 0.1


class QueueListener:
    """Runs a function for every message of one queue: at most batch size + new batch size at a time.

    It never creates its queue, as the real host does not: a queue that does not exist has no messages.
    """

    def __init__(
        self,
        connection: str,
        queue: str,
        settings: QueueSettings,
        run: Run,
        invisibility: float = INVISIBILITY_SECONDS,
    ) -> None:
        self._queue = _client(connection, queue)
        self._poison = _client(connection, f"{queue}-poison")
        self._settings = settings
        self._run = run
        self._invisibility = invisibility
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._queue.close()
        await self._poison.close()

    def stop(self) -> None:
        """No further message is taken; `listen` returns when the running ones are settled."""
        self._stopping.set()

    async def listen(self) -> None:
        """Every message was run, until `stop`."""
        delay = FIRST_POLL_SECONDS
        while not self._stopping.is_set():
            if len(self._running) > self._settings.new_batch_size:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            elif messages := await self._receive():
                self._start(messages)
                delay = FIRST_POLL_SECONDS
            else:
                await set_within(self._stopping, delay)
                delay = min(delay * 2, self._settings.max_polling_interval.total_seconds())
        await asyncio.gather(*self._running)

    async def _receive(self) -> Sequence[QueueMessage]:
        """At most one batch, hidden for the invisibility; none where the queue or storage is not there."""
        pages = self._queue.receive_messages(
            messages_per_page=self._settings.batch_size, visibility_timeout=math.ceil(self._invisibility)
        ).by_page()
        try:
            async for page in pages:
                return [message async for message in page]
        except ResourceNotFoundError:
            return []
        except AzureError as error:
            logger.warning("polling %s: %s", self._queue.queue_name, type(error).__name__)
        return []

    def _start(self, messages: Sequence[QueueMessage]) -> None:
        for message in messages:
            delivery = Delivery(message, self._queue, self._poison, self._settings, self._invisibility)
            task = asyncio.create_task(delivery.settle(self._run))
            self._running.add(task)
            task.add_done_callback(self._running.discard)


def _client(connection: str, queue: str) -> QueueClient:
    """Few and short retries: the next poll is the retry, and a stop must not wait for them."""
    return QueueClient.from_connection_string(
        connection, queue, retry_total=1, initial_backoff=1, random_jitter_range=0, use_env_settings=False
    )
