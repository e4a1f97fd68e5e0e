"""Queue listeners against Azurite, without an app."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from azure.storage.queue import QueueClient, QueueServiceClient

from local.azurite import Azurite, start_azurite
from local.host import protos
from local.host.delivery import Run
from local.host.queues import QueueListener
from local.host.settings import QueueSettings
from tests.runtime.waiting import eventually, eventually_async

SETTINGS = QueueSettings(max_dequeue_count=2, max_polling_interval=timedelta(seconds=0.2))
Metadata = Mapping[str, protos.TypedData]


class Function:
    """A function that remembers what it got, takes some time and ends as told."""

    def __init__(self, *, succeeds: bool = True, seconds: float = 0) -> None:
        self._succeeds = succeeds
        self._seconds = seconds
        self.texts: list[str] = []
        self.running = 0
        self.most_running = 0

    async def __call__(self, text: str, metadata: Metadata) -> bool:
        self.texts.append(text)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        await asyncio.sleep(self._seconds)
        self.running -= 1
        return self._succeeds


@asynccontextmanager
async def _listening(
    azurite: Azurite, queue: QueueClient, run: Run, settings: QueueSettings = SETTINGS, invisibility: float = 600
) -> AsyncIterator[None]:
    name = queue.queue_name
    async with QueueListener(azurite.connection_string, name, settings, run, invisibility) as listener:
        listening = asyncio.create_task(listener.listen())
        try:
            yield
        finally:
            listener.stop()
            await listening


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _length(queue: QueueClient) -> int:
    """Messages that are in the queue, hidden ones too."""
    return queue.get_queue_properties().approximate_message_count or 0


def _poison(azurite: Azurite, queue: QueueClient) -> QueueClient:
    return QueueClient.from_connection_string(azurite.connection_string, f"{queue.queue_name}-poison")


async def test_a_message_whose_function_succeeds_is_deleted(azurite: Azurite, queue: QueueClient) -> None:
    function = Function()
    queue.send_message(_encoded("one"))
    async with _listening(azurite, queue, function):
        await eventually_async(lambda: function.texts == ["one"])
    assert _length(queue) == 0


async def test_without_encoding_the_text_is_taken_as_it_is(azurite: Azurite, queue: QueueClient) -> None:
    function = Function()
    queue.send_message("grüße")
    async with _listening(azurite, queue, function, replace(SETTINGS, base64=False)):
        await eventually_async(lambda: function.texts == ["grüße"])


async def test_what_is_not_base64_never_reaches_the_function_and_ends_as_poison(
    azurite: Azurite, queue: QueueClient
) -> None:
    function = Function()
    queue.send_message("grüße")
    async with _listening(azurite, queue, function):
        await eventually_async(lambda: _length(queue) == 0)
    with _poison(azurite, queue) as poison:
        (moved,) = poison.peek_messages(2)
    assert moved.content == "grüße"
    assert function.texts == []


async def test_a_message_that_keeps_failing_is_poison_after_the_configured_count(
    azurite: Azurite, queue: QueueClient
) -> None:
    function = Function(succeeds=False)
    queue.send_message(_encoded("bad"))
    async with _listening(azurite, queue, function):
        await eventually_async(lambda: _length(queue) == 0)
    with _poison(azurite, queue) as poison:
        (moved,) = poison.peek_messages(2)
    assert moved.content == _encoded("bad")
    assert function.texts == ["bad", "bad"]


async def test_the_last_failure_poisons_at_once_and_waits_for_no_further_turn(
    azurite: Azurite, queue: QueueClient
) -> None:
    settings = replace(SETTINGS, max_dequeue_count=1, visibility_timeout=timedelta(minutes=5))
    queue.send_message(_encoded("bad"))
    async with _listening(azurite, queue, Function(succeeds=False), settings):
        await eventually_async(lambda: _length(queue) == 0)
    with _poison(azurite, queue) as poison:
        assert len(poison.peek_messages(2)) == 1


async def test_a_failed_message_stays_hidden_for_the_configured_time(azurite: Azurite, queue: QueueClient) -> None:
    function = Function(succeeds=False)
    queue.send_message(_encoded("later"))
    async with _listening(azurite, queue, function, replace(SETTINGS, visibility_timeout=timedelta(minutes=5))):
        await eventually_async(lambda: function.texts == ["later"])
    assert not queue.peek_messages()
    assert _length(queue) == 1


async def test_a_message_left_behind_on_its_last_attempt_is_poison_without_another_run(
    azurite: Azurite, queue: QueueClient
) -> None:
    function = Function()
    queue.send_message(_encoded("killer"))
    for _ in range(SETTINGS.max_dequeue_count):
        (taken,) = list(queue.receive_messages(max_messages=1, visibility_timeout=1))
        queue.update_message(taken, visibility_timeout=0)
    async with _listening(azurite, queue, function):
        await eventually_async(lambda: _length(queue) == 0)
    with _poison(azurite, queue) as poison:
        assert len(poison.peek_messages(2)) == 1
    assert function.texts == []


async def test_a_message_is_renewed_while_its_function_runs(azurite: Azurite, queue: QueueClient) -> None:
    function = Function(seconds=3.5)
    queue.send_message(_encoded("slow"))
    async with _listening(azurite, queue, function, invisibility=1):
        await eventually_async(lambda: function.texts)
        await eventually_async(lambda: function.running == 0)
    assert function.texts == ["slow"]
    assert _length(queue) == 0


async def test_at_most_a_batch_and_the_new_ones_run_at_a_time(azurite: Azurite, queue: QueueClient) -> None:
    function = Function(seconds=0.3)
    for number in range(14):
        queue.send_message(_encoded(str(number)))
    async with _listening(azurite, queue, function, replace(SETTINGS, batch_size=4, new_batch_size=2)):
        await eventually_async(lambda: _length(queue) == 0)
    assert sorted(function.texts, key=int) == [str(number) for number in range(14)]
    assert 4 <= function.most_running <= 6


async def test_a_stop_waits_for_the_running_function_and_deletes_its_message(
    azurite: Azurite, queue: QueueClient
) -> None:
    function = Function(seconds=0.5)
    queue.send_message(_encoded("last"))
    async with _listening(azurite, queue, function):
        await eventually_async(lambda: function.running)
    assert function.running == 0
    assert _length(queue) == 0


async def test_a_queue_that_does_not_exist_is_waited_for_and_not_created(azurite: Azurite, queue: QueueClient) -> None:
    function = Function()
    queue.delete_queue()
    async with _listening(azurite, queue, function):
        await asyncio.sleep(0.3)
        assert queue.queue_name not in _queues(azurite)
        queue.create_queue()
        queue.send_message(_encoded("finally"))
        await eventually_async(lambda: function.texts == ["finally"])


async def test_a_listener_takes_up_again_when_a_killed_storage_is_back(tmp_path: Path) -> None:
    function = Function()
    first = start_azurite(tmp_path / "first.log", location=tmp_path / "data")
    with QueueClient.from_connection_string(first.connection_string, "queue") as queue:
        async with _listening(first, queue, function):
            await asyncio.sleep(0.2)
            first.kill()
            await asyncio.sleep(0.2)
            ports = (first.blob_port, first.queue_port, first.table_port)
            second = await asyncio.to_thread(start_azurite, tmp_path / "second.log", ports, tmp_path / "data")
            try:
                queue.create_queue()
                queue.send_message(_encoded("back"))
                await eventually_async(lambda: function.texts == ["back"])
            finally:
                second.stop()


async def test_two_listeners_on_one_queue_run_each_message_once(azurite: Azurite, queue: QueueClient) -> None:
    function = Function(seconds=0.05)
    for number in range(20):
        queue.send_message(_encoded(str(number)))
    async with _listening(azurite, queue, function), _listening(azurite, queue, function):
        await eventually_async(lambda: _length(queue) == 0)
    eventually(lambda: function.running == 0)
    assert sorted(function.texts, key=int) == [str(number) for number in range(20)]


def _queues(azurite: Azurite) -> set[str]:
    with QueueServiceClient.from_connection_string(azurite.connection_string) as service:
        return {each.name for each in service.list_queues()}
