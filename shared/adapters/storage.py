"""Table, queue and blob service clients for the storage account, by connection string or by identity."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.request import getproxies_environment

from azure.core.credentials_async import AsyncTokenCredential
from azure.data.tables.aio import TableServiceClient
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from shared.adapters.storage_clock import StorageClock
from shared.settings import Settings

logging.getLogger("azure").setLevel(logging.WARNING)  # at INFO it prints URLs and headers (decision 19)

# Receivers must answer in time: one quick second try, then 503 and the sender comes again (ado-api.md section 10).
RETRIES = 1
CONNECT_SECONDS = 2
READ_SECONDS = 8


def table_service(
    settings: Settings, credential: Callable[[], AsyncTokenCredential], clock: StorageClock
) -> TableServiceClient:
    options = {**_options(), "raw_response_hook": clock.see}
    if settings.storage:
        return TableServiceClient.from_connection_string(settings.storage, **options)
    return TableServiceClient(settings.storage_table_uri, credential=credential(), **options)


def blob_service(settings: Settings, credential: Callable[[], AsyncTokenCredential]) -> BlobServiceClient:
    if settings.storage:
        return BlobServiceClient.from_connection_string(settings.storage, **_options())
    return BlobServiceClient(settings.storage_blob_uri, credential=credential(), **_options())


def queue_service(settings: Settings, credential: Callable[[], AsyncTokenCredential]) -> QueueServiceClient:
    if settings.storage:
        return QueueServiceClient.from_connection_string(settings.storage, **_options())
    return QueueServiceClient(settings.storage_queue_uri, credential=credential(), **_options())


def _options() -> dict[str, Any]:
    """The same for every client. Where the environment names no proxy, the transport need not look for one: it reads
    the environment and .netrc in a thread before each request, which is over a third of a request's time."""
    return {
        "retry_total": RETRIES,
        "connection_timeout": CONNECT_SECONDS,
        "read_timeout": READ_SECONDS,
        "use_env_settings": bool(getproxies_environment()),
    }
