"""The posting of notifications, with retries, probation and disabling (section 10, Delivery [D])."""

import asyncio
import copy
import uuid
from typing import TYPE_CHECKING, Any

import httpx

from local.azure_devops.model import Update, WorkItem
from local.azure_devops.payloads import payload
from local.azure_devops.subscription import BY_SYSTEM, ENABLED, ON_PROBATION, Notification, Subscription

if TYPE_CHECKING:
    from local.azure_devops.world import World

TRANSIENT = {408, 502, 503, 504}
RETRIES = (1, 2, 4, 8, 16, 32, 60, 60)
PROBATION = (1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 54_000)
LATE = 0.05


class Deliveries:
    """Every notification is a task of its own, so neither order nor number of arrivals is promised."""

    def __init__(self, world: "World", time_scale: float = 1.0) -> None:
        self._world = world
        self.time_scale = time_scale
        self.subscriptions: dict[str, Subscription] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._held: list[tuple[Subscription, Notification]] = []
        self._client: httpx.AsyncClient | None = None

    def fire(self, event: str, item: WorkItem, update: Update | None) -> None:
        """Every subscription that wants the event gets its notification; one event has one id ([K], a switch)."""
        event_id = str(uuid.uuid4())
        for subscription in self.subscriptions.values():
            if subscription.wants(event, item, update):
                own = event_id if self._world.on("shared_event_id") else str(uuid.uuid4())
                self._notify(subscription, payload(self._world, subscription, event, item, update) | {"id": own})

    def _notify(self, subscription: Subscription, body: dict[str, Any]) -> None:
        """On the way, unless a fault loses it. During probation events are lost (section 10)."""
        subscription.sent += 1
        body |= {"subscriptionId": subscription.id, "notificationId": subscription.sent}
        faults, random = self._world.faults.delivery, self._world.faults.random
        if subscription.status != ENABLED or random.random() < faults.lost:
            return
        notification = self.recorded(subscription, body)
        if faults.reordered and not self._held:
            self._held.append((subscription, notification))
            self._start(self._release(LATE * 4))
            return
        for _ in range(2 if random.random() < faults.doubled else 1):
            delay = faults.delay_seconds if random.random() < faults.delayed else 0.0
            self._start(self._deliver(subscription, notification, delay))
        self._release_held()

    def recorded(self, subscription: Subscription, body: dict[str, Any]) -> Notification:
        made = Notification(body.get("notificationId", 0), copy.deepcopy(body), self._world.clock())
        subscription.notifications.append(made)
        return made

    async def _release(self, delay: float) -> None:
        """What is held back for reordering goes, even if nothing follows that could overtake it."""
        await asyncio.sleep(delay)
        self._release_held()

    def _release_held(self) -> None:
        held, self._held = self._held, []
        for subscription, notification in held:
            self._start(self._deliver(subscription, notification, LATE))

    def post(self, subscription: Subscription, body: dict[str, Any]) -> Notification:
        """One notification on its way, whatever the faults say: the Test button's."""
        made = self.recorded(subscription, body)
        self._start(self._deliver(subscription, made, 0.0))
        return made

    def _start(self, delivery: Any) -> None:
        task = asyncio.get_running_loop().create_task(delivery)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _deliver(self, subscription: Subscription, notification: Notification, delay: float) -> None:
        await asyncio.sleep(delay)
        notification.status = "requestInProgress"
        for wait in (*RETRIES, None):
            status = await self._send(subscription, notification)
            if status not in TRANSIENT or wait is None:
                break
            await asyncio.sleep(wait * self.time_scale)
        notification.status = "completed"
        notification.result = "succeeded" if 200 <= status < 300 else "failed"
        if notification.result == "failed":
            await self._failed(subscription, notification, status)

    async def _failed(self, subscription: Subscription, notification: Notification, status: int) -> None:
        """410 ends the subscription; anything else puts it on probation, which one success ends."""
        if status == 410:
            subscription.status = BY_SYSTEM
            return
        if subscription.status != ENABLED:
            return
        subscription.status = ON_PROBATION
        for wait in PROBATION:
            await asyncio.sleep(wait * self.time_scale)
            if subscription.status != ON_PROBATION:
                return
            subscription.probation_retries += 1
            subscription.last_probation_retry = self._world.clock()
            if 200 <= await self._send(subscription, notification) < 300:
                subscription.status, subscription.probation_retries = ENABLED, 0
                return
        subscription.status = BY_SYSTEM

    async def _send(self, subscription: Subscription, notification: Notification) -> int:
        """The status of the answer; 504 where there was none in time."""
        user, password = subscription.consumer("basicAuthUsername"), subscription.password
        auth = httpx.BasicAuth(user, password) if user or password else httpx.USE_CLIENT_DEFAULT
        self._client = self._client or httpx.AsyncClient(timeout=20, trust_env=False)
        url, headers = subscription.consumer("url"), headers_of(subscription.consumer("httpHeaders"))
        try:
            answer = await self._client.post(url, json=notification.event, headers=headers, auth=auth)
            status = answer.status_code
        except httpx.HTTPError:
            status = 504
        notification.attempts.append(status)
        return status

    @property
    def pending(self) -> int:
        """How many notifications are on their way, retries and probation included."""
        return len(self._running)

    async def close(self) -> None:
        """Nothing is on its way any more."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._held.clear()
        if self._client:
            await self._client.aclose()
            self._client = None


def headers_of(text: str) -> dict[str, str]:
    """The headers of `httpHeaders`: one `Key:Value` a line (section 10)."""
    lines = (line.partition(":") for line in text.splitlines())
    return {name.strip(): value.strip() for name, _, value in lines if name.strip()}
