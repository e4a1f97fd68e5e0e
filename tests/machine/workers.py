"""Workers on the real queues, as the Functions host runs them: sixteen messages at once, more as room is made."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue.aio import QueueClient

from shared.engine.work import NotHandled, work
from shared.messages import QUEUES, QueueName, decode
from tests.sync.bench import Bench, queues_of

BATCH, NEW_BATCH = 16, 8
POLL_SECONDS = 0.05


@asynccontextmanager
async def workers(made: Bench) -> AsyncIterator[None]:
    """Messages are worked on while the block runs."""
    async with queues_of(made.storage) as service:
        pollers = [asyncio.create_task(_poll(made, queue, service.get_queue_client(queue))) for queue in QUEUES]
        try:
            yield
        finally:
            for poller in pollers:
                poller.cancel()
            await asyncio.gather(*pollers, return_exceptions=True)


async def _poll(made: Bench, queue: QueueName, client: QueueClient) -> None:
    running: set[asyncio.Task[None]] = set()
    while True:
        if len(running) <= NEW_BATCH:
            with suppress(ResourceNotFoundError):
                async for message in client.receive_messages(max_messages=BATCH, visibility_timeout=300):
                    task = asyncio.create_task(_worked(made, queue, client, message))
                    running.add(task)
                    task.add_done_callback(running.discard)
                    if len(running) >= BATCH + NEW_BATCH:
                        break
        await asyncio.sleep(POLL_SECONDS)


async def _worked(made: Bench, queue: QueueName, client: QueueClient, message: Any) -> None:
    decoded = decode(b64decode(message.content).decode())
    if decoded.connection == made.connection:
        with suppress(NotHandled):
            await work(made.parts.engine, queue, decoded)
    await client.delete_message(message)
