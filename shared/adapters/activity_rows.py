"""The table `activity`: what happened, by connection and day and by item; long values in blobs (docs/state.md)."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.raw_values import as_raw, beginning, decoded, encoded, fits
from shared.adapters.tables import Table
from shared.ports.runs import RunBodies
from shared.ports.trust import ActivityEntry, ActivityPage, Wanted, countdown

# The days of which there is something: partition `~days`, row connection + "~" + day. "~" sorts behind every id.
DAYS, SEPARATOR, BEHIND = "~days", "~", "~~"
LONGEST_NOTE = 4_000
# Rows that one page looks through: a filter that fits nothing must not read a year.
MOST_READ = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ActivityTable:
    """Fulfils `ports.Activity`. The row of a day is written before those of its items, so an entry is never lost: a
    worker that dies in between leaves it out of its item's list until the entry is added again."""

    def __init__(self, service: TableServiceClient, bodies: RunBodies) -> None:
        self._table, self._bodies = Table(service, "activity"), bodies
        self._known: set[tuple[str, str]] = set()

    async def add(self, connection: str, entries: Sequence[ActivityEntry]) -> None:
        once = {one.reference: one for one in entries}
        for day, found in groupby(sorted(once.values(), key=lambda one: one.reference), key=lambda one: _day(one.at)):
            await self._add_day(connection, day, list(found))
        for key in {one.key for one in once.values()}:
            rows: list[tuple[str, Mapping[str, Any]]] = [(row, {}) for row, one in once.items() if one.key == key]
            await self._table.insert_all(_of(connection, key), rows)

    async def _add_day(self, connection: str, day: str, entries: Sequence[ActivityEntry]) -> None:
        if (connection, day) not in self._known:
            await self._table.upsert(DAYS, _of(connection, day), {})
            self._known.add((connection, day))
        for one in entries:
            if not (fits(one.before) and fits(one.after)):
                await self._bodies.put(connection, day, one.reference, {"before": one.before, "after": one.after})
        await self._table.insert_all(_of(connection, day), [(one.reference, _members(one)) for one in entries])

    async def list(self, connection: str, wanted: Wanted, most: int, after: str = "") -> ActivityPage:
        found: list[ActivityEntry] = []
        read, last = 0, ""
        async for entry in self._entries(connection, wanted, after):
            read, last = read + 1, entry.reference
            if _fits(entry, wanted):
                found.append(entry)
            if len(found) == most or read == MOST_READ:
                return ActivityPage(tuple(found), last)
        return ActivityPage(tuple(found))

    def _entries(self, connection: str, wanted: Wanted, after: str) -> AsyncIterator[ActivityEntry]:
        first = max(countdown(wanted.until) + SEPARATOR, after + SEPARATOR if after else "")
        before = countdown(wanted.since) + SEPARATOR
        if wanted.key:
            return self._of_item(connection, wanted.key, first, before)
        return self._of_days(connection, first, before)

    async def _of_days(self, connection: str, first: str, before: str) -> AsyncIterator[ActivityEntry]:
        oldest, newest = _day_of(before), _day_of(first)
        for day in sorted(await self._days(connection), reverse=True):
            if oldest <= day <= newest:
                async for _, members, _ in self._table.list(_of(connection, day), first, before):
                    yield _entry(members)

    async def _of_item(self, connection: str, key: str, first: str, before: str) -> AsyncIterator[ActivityEntry]:
        async for row, _, _ in self._table.list(_of(connection, key), first, before):
            found = await self._table.get(_of(connection, _day_of(row)), row)
            if found:
                yield _entry(found[0])

    async def _days(self, connection: str) -> Sequence[str]:
        rows = self._table.list(DAYS, _of(connection, ""), connection + BEHIND)
        return [row.rpartition(SEPARATOR)[2] async for row, _, _ in rows]

    async def get(self, connection: str, reference: str) -> ActivityEntry | None:
        day = _day_of(reference)
        found = await self._table.get(_of(connection, day), reference) if day else None
        if found is None:
            return None
        body = None if found[0]["whole"] else await self._body(connection, day, reference)
        return _entry(found[0], body)

    async def _body(self, connection: str, day: str, reference: str) -> Mapping[str, Any] | None:
        """None where a purge was quicker."""
        try:
            found: Mapping[str, Any] = await self._bodies.get(connection, day, reference)
        except KeyError:
            return None
        return found

    async def purge(self, connection: str, before: date) -> int:
        """Items first, the day itself last: what dies in between is done again."""
        gone = 0
        for day in sorted(await self._days(connection)):
            if day < before.isoformat():
                gone += await self._purge_day(connection, day)
        return gone

    async def _purge_day(self, connection: str, day: str) -> int:
        partition = _of(connection, day)
        rows = {row: str(members["key"]) async for row, members, _ in self._table.list(partition)}
        older = countdown(datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC)) + SEPARATOR
        for part in _parts(set(rows.values())):
            await asyncio.gather(*(self._forget(connection, key, older) for key in part))
        await self._bodies.clear(connection, day)
        await self._table.clear(partition, rows)
        try:
            await self._table.delete(DAYS, partition)
        except ResourceNotFoundError:  # another purge was quicker
            return 0
        self._known.discard((connection, day))
        return len(rows)

    async def _forget(self, connection: str, key: str, older: str) -> None:
        partition = _of(connection, key)
        await self._table.clear(partition, [row async for row, _, _ in self._table.list(partition, older)])

    async def connections(self) -> Sequence[str]:
        found = [row.rpartition(SEPARATOR)[0] async for row, _, _ in self._table.list(DAYS)]
        return tuple(dict.fromkeys(found))


def _of(connection: str, part: str) -> str:
    return f"{connection}{SEPARATOR}{part}"


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _day_of(reference: str) -> str:
    """The day (UTC) of the time that a reference begins with; "" where it begins with none."""
    digits = reference[:17]
    if len(digits) < 17 or not digits.isdecimal():
        return ""
    try:
        return _day(_EPOCH + timedelta(microseconds=10**17 - 1 - int(digits)))
    except OverflowError:
        return ""


def _parts(keys: Iterable[str]) -> Iterable[Sequence[str]]:
    """A few at a time."""
    found = sorted(keys)
    return [found[start : start + 8] for start in range(0, len(found), 8)]


def _fits(one: ActivityEntry, wanted: Wanted) -> bool:
    asked = ((wanted.field, one.field), (wanted.cause, one.cause), (wanted.run, one.run), (wanted.key, one.key))
    return all(not want or want == have for want, have in asked)


def _members(one: ActivityEntry) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": one.key,
        "title": one.title[:LONGEST_NOTE],
        "field": one.field,
        "side": one.side,
        "action": one.action,
        "before": encoded(beginning(one.before)),
        "after": encoded(beginning(one.after)),
        "whole": fits(one.before) and fits(one.after),
        "cause": one.cause,
        "run": one.run,
        "at": one.at.isoformat(),
        "note": one.note[:LONGEST_NOTE],
    }


def _entry(members: Mapping[str, Any], body: Mapping[str, Any] | None = None) -> ActivityEntry:
    return ActivityEntry(
        id=members["id"],
        key=members["key"],
        title=members["title"],
        field=members["field"],
        side=members["side"],
        action=members["action"],
        before=as_raw(body["before"]) if body else decoded(members["before"]),
        after=as_raw(body["after"]) if body else decoded(members["after"]),
        cause=members["cause"],
        run=members["run"],
        at=datetime.fromisoformat(members["at"]),
        note=members["note"],
        whole=members["whole"] or body is not None,
    )
