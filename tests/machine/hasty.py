"""The queue of the machine: nobody waits long."""

import asyncio
from dataclasses import dataclass

from shared.messages import QueueName, SyncMessage
from shared.ports import Queue

LEASE_SECONDS = 5
# Delays of back-off pass so much faster than they would; one that waits for a lease to run out does not.
HASTE = 0.1


@dataclass
class Hasty:
    """The queue, with shorter delays. At `until` (time of the loop) no message is delayed any more."""

    queue: Queue
    until: float = 0.0

    async def send(self, queue: QueueName, message: SyncMessage, delay_seconds: float = 0.0) -> None:
        hasty = delay_seconds if delay_seconds == LEASE_SECONDS + 1 else round(delay_seconds * HASTE)
        self.hides(hasty)
        await self.queue.send(queue, message, hasty)

    def hides(self, seconds: float) -> None:
        self.until = max(self.until, asyncio.get_running_loop().time() + seconds)
