"""The work queues: sent through the SDK, so that a receiver answers only after storing (decision 17)."""

from contextlib import suppress

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from shared.messages import QueueName, SyncMessage

NEVER_EXPIRES = -1


class StorageQueue:
    """Fulfils `ports.Queue`. A queue that is not there yet is made on its first message."""

    def __init__(self, service: QueueServiceClient) -> None:
        self._service = service
        self._clients: dict[str, QueueClient] = {}

    async def send(self, queue: QueueName, message: SyncMessage, delay_seconds: float = 0.0) -> None:
        client = self._client(queue)
        try:
            await self._send(client, message, delay_seconds)
        except ResourceNotFoundError:
            with suppress(ResourceExistsError):  # several may find it missing at once
                await client.create_queue()
            await self._send(client, message, delay_seconds)

    async def _send(self, client: QueueClient, message: SyncMessage, delay_seconds: float) -> None:
        await client.send_message(message.encode(), time_to_live=NEVER_EXPIRES, visibility_timeout=round(delay_seconds))

    def _client(self, queue: QueueName) -> QueueClient:
        if queue not in self._clients:
            # The Functions host expects Base64 (host.json, messageEncoding).
            self._clients[queue] = self._service.get_queue_client(queue, message_encode_policy=TextBase64EncodePolicy())
        return self._clients[queue]
