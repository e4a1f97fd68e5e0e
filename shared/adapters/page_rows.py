"""The `pages` table: the pages of a run's work and who is at them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage_clock import StorageClock
from shared.adapters.tables import Table
from shared.ports.runs import Page

# Characters of a problem that a row keeps.
PROBLEM = 1000


class PageTable:
    """Fulfils `ports.Pages`."""

    def __init__(self, service: TableServiceClient, clock: StorageClock) -> None:
        self._table, self._clock = Table(service, "pages"), clock

    async def put(self, connection: str, run: str, pages: Sequence[Page]) -> None:
        partition = _partition(connection, run)
        surplus = [row async for row, _, _ in self._table.list(partition, _row(pages[-1].number + 1))]
        await self._table.clear(partition, surplus)
        await self._table.insert_all(partition, [(_row(page.number), _members(page)) for page in pages])

    async def get(self, connection: str, run: str, number: int) -> Page | None:
        found = await self._table.get(_partition(connection, run), _row(number))
        return _page(_row(number), *found) if found else None

    async def list(self, connection: str, run: str, stage: str | None = None) -> Sequence[Page]:
        rows = [_page(*row) async for row in self._table.list(_partition(connection, run))]
        return [page for page in rows if stage in (None, page.stage)]

    async def replace(self, connection: str, run: str, page: Page) -> Page | None:
        try:
            etag = await self._table.replace(_partition(connection, run), _row(page.number), _members(page), page.etag)
        except (ResourceModifiedError, ResourceNotFoundError):
            return None
        return replace(page, etag=etag)

    async def clear(self, connection: str, run: str) -> None:
        partition = _partition(connection, run)
        await self._table.clear(partition, [row async for row, _, _ in self._table.list(partition)])

    async def now(self) -> float:
        try:
            return self._clock.now()
        except RuntimeError:
            await self._table.get("~", "~")
            return self._clock.now()


def _partition(connection: str, run: str) -> str:
    return f"{connection}~{run}"


def _row(number: int) -> str:
    return f"{number:06d}"


def _members(page: Page) -> dict[str, Any]:
    return {
        "stage": page.stage,
        "size": page.size,
        "body": page.body,
        "after": -1 if page.after is None else page.after,
        "state": page.state,
        "attempt": page.attempt,
        "until": page.until,
        "counts": json.dumps(dict(page.counts)),
        "finished": json.dumps(page.finished),
        "refused": page.refused,
        "problem": page.problem[:PROBLEM],
    }


def _page(row: str, members: dict[str, Any], etag: str) -> Page:
    return Page(
        number=int(row),
        stage=members["stage"],
        size=members["size"],
        body=members["body"],
        after=None if members["after"] < 0 else members["after"],
        state=members["state"],
        attempt=members["attempt"],
        until=float(members["until"]),
        counts=json.loads(members["counts"]),
        finished=tuple(json.loads(members["finished"])),
        refused=members.get("refused", 0),
        problem=members.get("problem", ""),
        etag=etag,
    )
