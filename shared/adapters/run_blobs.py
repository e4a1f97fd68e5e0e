"""Bodies of runs as blobs, since a page of work is larger than a table property (design.md, decision 14)."""

import json
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient

CONTAINER = "runs"


class RunBlobs:
    """Fulfils `ports.RunBodies`."""

    def __init__(self, service: BlobServiceClient, container: str = CONTAINER) -> None:
        self._container = service.get_container_client(container)

    async def put(self, connection: str, run: str, name: str, body: Any) -> None:
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        path = f"{connection}/{run}/{name}"
        try:
            await self._container.upload_blob(path, data, overwrite=True)
        except ResourceNotFoundError:
            await self._create()
            await self._container.upload_blob(path, data, overwrite=True)

    async def _create(self) -> None:
        """The container is there, whoever made it."""
        try:
            await self._container.create_container()
        except ResourceExistsError:
            return

    async def get(self, connection: str, run: str, name: str) -> Any:
        try:
            found = await self._container.download_blob(f"{connection}/{run}/{name}")
        except ResourceNotFoundError:
            raise KeyError(name) from None
        return json.loads(await found.readall())

    async def clear(self, connection: str, run: str) -> None:
        try:
            names = [one async for one in self._container.list_blob_names(name_starts_with=f"{connection}/{run}/")]
        except ResourceNotFoundError:
            return
        for name in names:
            try:
                await self._container.delete_blob(name)
            except ResourceNotFoundError:
                continue
