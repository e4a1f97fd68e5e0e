"""The `unhandled` table: messages that no use case of this version handles yet, by queue and message id."""

from datetime import UTC, datetime

from azure.core.exceptions import ResourceExistsError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table
from shared.messages import QueueName


class UnhandledTable:
    """Fulfils `ports.Unhandled`. A message that comes twice leaves one row."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "unhandled")

    async def record(self, message_id: str, queue: QueueName, text: str, reason: str) -> None:
        members = {"text": text[:32_000], "reason": reason, "recorded": datetime.now(UTC)}
        try:
            await self._table.insert(queue, message_id, members)
        except ResourceExistsError:
            return
