"""Table, queue and blob service clients for the storage account, by connection string or by identity."""

import logging
from collections.abc import Callable

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
    if settings.storage:
        return TableServiceClient.from_connection_string(
            settings.storage,
            retry_total=RETRIES,
            connection_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            raw_response_hook=clock.see,
        )
    return TableServiceClient(
        settings.storage_table_uri, credential=credential(), retry_total=RETRIES, raw_response_hook=clock.see
    )


def blob_service(settings: Settings, credential: Callable[[], AsyncTokenCredential]) -> BlobServiceClient:
    if settings.storage:
        return BlobServiceClient.from_connection_string(
            settings.storage,
            retry_total=RETRIES,
            connection_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
        )
    return BlobServiceClient(settings.storage_blob_uri, credential=credential(), retry_total=RETRIES)


def queue_service(settings: Settings, credential: Callable[[], AsyncTokenCredential]) -> QueueServiceClient:
    if settings.storage:
        return QueueServiceClient.from_connection_string(
            settings.storage,
            retry_total=RETRIES,
            connection_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
        )
    return QueueServiceClient(settings.storage_queue_uri, credential=credential(), retry_total=RETRIES)
