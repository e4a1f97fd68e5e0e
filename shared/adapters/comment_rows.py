"""The `comments` table: which comments of an item were copied, and to which (docs/state.md)."""

import json

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters import long_text
from shared.adapters.tables import Table
from shared.core.comments import Told
from shared.core.model import Side
from shared.ports.sync import CopiedComments, LostLease


class CommentTable:
    """Fulfils `ports.Comments`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "comments")

    async def get(self, connection: str, key: str) -> CopiedComments:
        found = await self._table.get(connection, key)
        if found is None:
            return CopiedComments()
        members, etag = found
        told = json.loads(long_text.joined("told", members))
        return CopiedComments(members["target"], tuple(Told(Side(one[0]), *one[1:]) for one in told), etag)

    async def put(self, connection: str, key: str, copied: CopiedComments) -> None:
        told = [[one.side.value, one.id, one.sense, one.copy, one.copied] for one in copied.told]
        members = {"target": copied.target, **long_text.split("told", json.dumps(told, separators=(",", ":")))}
        try:
            if copied.etag:
                await self._table.replace(connection, key, members, copied.etag)
            else:
                await self._table.insert(connection, key, members)
        except (ResourceExistsError, ResourceModifiedError, ResourceNotFoundError):
            raise LostLease(f"the comments of {key} were changed meanwhile") from None
