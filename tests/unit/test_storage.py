"""The clients of the storage account go by the proxy that the environment names."""

import asyncio
from typing import NoReturn

import pytest

from shared.adapters.storage import queue_service
from shared.settings import Settings

ADDRESS = "http://storage.test:10001/devstoreaccount1"
STORAGE = f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;QueueEndpoint={ADDRESS};"


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asyncio.Queue[bytes]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.put_nowait(await reader.readline())
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        async with queue_service(Settings(storage=STORAGE), _no_credential) as service:
            await service.get_queue_client("any").clear_messages()
        assert (await asyncio.wait_for(asked.get(), 5)).startswith(b"DELETE http://storage.test:10001/")


def _no_credential() -> NoReturn:
    raise AssertionError("a connection string needs none")
