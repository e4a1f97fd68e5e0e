"""The `links` table: a row per pair by work item, and rows that lead there from OnePlan's ids (docs/state.md)."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.long_text import joined, split
from shared.adapters.storage_clock import StorageClock
from shared.adapters.tables import Table, TransactionRefused, replacing, upserting
from shared.core import base
from shared.core.halves import agreed_half
from shared.ports.sync import AskedAgain, Held, Lease, Link, LostLease, Retired

# Index rows sort before the rows of pairs ("p" + project id, "w" + work item): "o" + OnePlan id, "n" + plan id for a
# pair that is a plan, "i" + plan id + "~" + task id for a pair that is a task in that plan.
INDEX, FIRST_PAIR, AFTER_PAIRS = "o", "p", "x"
# "g" + OnePlan id for a counterpart that was replaced and is still to be put away.
RETIRED = "g"
# "h" + the key above + "~" + key for a pair that hangs below another.
HANGING = "h"
# Ids begin with a letter or digit, so "~~" comes behind them all.
PLAN, IN_PLAN, BEHIND, AFTER_BEHIND = "n", "i", "~", "~~"


class LinkTable:
    """Fulfils `ports.Links`."""

    def __init__(self, service: TableServiceClient, clock: StorageClock, lease_seconds: float) -> None:
        self._table, self._clock, self._seconds = Table(service, "links"), clock, lease_seconds

    async def get(self, connection: str, key: str) -> Link | None:
        found = await self._table.get(connection, key)
        return _link(key, *found) if found else None

    async def by_target(self, connection: str, target: str) -> str | None:
        found = await self._table.get(connection, INDEX + target)
        return str(found[0]["key"]) if found else None

    async def by_retired(self, connection: str, target: str) -> str | None:
        found = await self._table.get(connection, RETIRED + target)
        return str(found[0]["key"]) if found else None

    async def plans(self, connection: str) -> Sequence[Held]:
        found = [one async for one in self._table.list(connection, PLAN, INDEX)]
        return [_held_row(row.removeprefix(PLAN), members) for row, members, _ in found]

    async def plan(self, connection: str, plan: str) -> Held | None:
        found = await self._table.get(connection, PLAN + plan)
        return _held_row(plan, found[0]) if found else None

    async def in_plan(self, connection: str, plan: str) -> Sequence[Held]:
        first = f"{IN_PLAN}{plan}{BEHIND}"
        found = [one async for one in self._table.list(connection, first, f"{IN_PLAN}{plan}{AFTER_BEHIND}")]
        return [_held_row(row.removeprefix(first), members) for row, members, _ in found]

    async def unlist(self, connection: str, target: str, plan: str) -> None:
        await self._table.delete(connection, _listing(target, plan))

    async def list(self, connection: str) -> AsyncIterator[Link]:
        async for key, members, etag in self._table.list(connection, FIRST_PAIR, AFTER_PAIRS):
            yield _link(key, members, etag)

    async def acquire(self, connection: str, link: Link) -> Link:
        if link.etag and self._is_held(link):
            raise LostLease(f"{link.key} is being worked on")
        token = secrets.token_hex(8)
        try:
            if not link.etag:
                # The first answer of the insert tells the time by which the lease is judged from then on.
                leased = replace(link, lease=Lease(token, await self._now(connection) + self._seconds))
                return replace(leased, etag=await self._table.insert(connection, link.key, _members(leased)))
            leased = replace(link, lease=Lease(token, self._clock.now() + self._seconds), pending=False)
            etag = await self._table.replace(connection, link.key, _members(leased), link.etag)
        except (ResourceExistsError, ResourceModifiedError, ResourceNotFoundError):
            return replace(leased, etag=await self._etag_of_ours(connection, link.key, token))
        return replace(leased, etag=etag)

    async def _etag_of_ours(self, connection: str, key: str, token: str) -> str:
        """A write is sent again where its answer is lost: it may be our own lease that was met."""
        stored = await self.get(connection, key)
        if stored is None or stored.lease is None or stored.lease.token != token:
            raise LostLease(f"{key} was changed meanwhile")
        return stored.etag

    def _is_held(self, link: Link) -> bool:
        return link.lease is not None and link.lease.until > self._clock.now()

    async def _now(self, connection: str) -> float:
        try:
            return self._clock.now()
        except RuntimeError:
            await self._table.get(connection, INDEX)
            return self._clock.now()

    async def keep(self, connection: str, link: Link) -> Link:
        left = link.lease.until - self._clock.now() if link.lease else 0.0
        if left > self._seconds / 2:
            return link
        if left <= 0:
            raise LostLease(f"the lease of {link.key} ran out")
        renewed = replace(link, lease=replace(_held(link), until=self._clock.now() + self._seconds))
        return await self._replace(connection, renewed)

    async def _replace(self, connection: str, link: Link) -> Link:
        """Stored; where somebody only asked for another round, with that."""
        try:
            etag = await self._table.replace(connection, link.key, _members(link), link.etag)
        except ResourceModifiedError:
            return await self._replace(connection, await self._asked_again(connection, link))
        return replace(link, etag=etag)

    async def _asked_again(self, connection: str, link: Link) -> Link:
        """The link with the ETag of its row, where the row is still leased to the caller."""
        stored = await self.get(connection, link.key)
        if stored is None or stored.lease is None or stored.lease.token != _held(link).token:
            raise LostLease(f"{link.key} was taken over")
        return replace(link, pending=stored.pending, revisit=stored.revisit, etag=stored.etag)

    async def record(self, connection: str, link: Link, asked_again: AskedAgain, was: Link | None = None) -> Link:
        given_back = replace(link, lease=None, pending=False, at=self._clock.now())
        rows = [upserting(connection, row, members) for row, members in _indexes(given_back).items()]
        try:
            etags = await self._table.transact(
                [replacing(connection, link.key, _members(given_back), link.etag), *rows]
            )
        except TransactionRefused:
            again = await self._asked_again(connection, link)
            if again.etag == link.etag:
                raise  # nobody came in between: the rows themselves are refused
            if again.pending:
                await asked_again()
            return await self.record(connection, again, asked_again, was)
        for row in _indexes(was).keys() - _indexes(given_back).keys() if was else ():
            await self._table.delete(connection, row)
        return replace(given_back, etag=etags[0])

    async def release(self, connection: str, link: Link, asked_again: AskedAgain) -> None:
        try:
            await self._table.replace(connection, link.key, _members(replace(link, lease=None)), link.etag)
        except ResourceModifiedError:
            try:
                again = await self._asked_again(connection, link)
            except LostLease:
                return
            if again.pending:
                await asked_again()
            await self.release(connection, replace(again, pending=False), asked_again)

    async def ask_again(self, connection: str, key: str) -> bool:
        stored = await self.get(connection, key)
        if stored is None or not self._is_held(stored):
            return False
        try:
            await self._table.replace(connection, key, _members(replace(stored, pending=True)), stored.etag)
        except (ResourceModifiedError, ResourceNotFoundError):
            return await self.ask_again(connection, key)
        return True

    async def put_off(self, connection: str, link: Link, until: float) -> bool:
        try:
            await self._table.replace(connection, link.key, _members(replace(link, revisit=until)), link.etag)
        except (ResourceModifiedError, ResourceNotFoundError):
            return False
        return True

    async def told_below(self, connection: str, link: Link) -> None:
        stored = await self.get(connection, link.key)
        same = stored is not None and (stored.target, stored.plan, stored.state) == (link.target, link.plan, link.state)
        if stored is None or not stored.arrived or not same:
            return
        told = replace(stored, arrived=False)
        rows = [upserting(connection, row, members) for row, members in _indexes(told).items()]
        with suppress(TransactionRefused):  # somebody works on it: another look at it tells once more
            await self._table.transact([replacing(connection, link.key, _members(told), stored.etag), *rows])

    async def children(self, connection: str, key: str) -> Sequence[str]:
        first, after = f"{HANGING}{key}{BEHIND}", f"{HANGING}{key}{AFTER_BEHIND}"
        return [str(members["key"]) async for _, members, _ in self._table.list(connection, first, after)]


def _listing(target: str, plan: str) -> str:
    """The row under which a pair is listed: by itself where it is a plan, else in its plan."""
    return f"{IN_PLAN}{plan}{BEHIND}{target}" if plan else PLAN + target


def _held_row(target: str, members: dict[str, Any]) -> Held:
    talk, parted = members.get("talk", ""), members.get("parted", "")  # older rows lack them
    return Held(target, members["key"], members["half"], members["modified"], talk, parted)


def _indexes(link: Link) -> dict[str, dict[str, Any]]:
    """The rows that lead to the pair from OnePlan's ids: those of its counterpart, and of one still to be put away."""
    retired = {RETIRED + link.retired.target: {"key": link.key}} if link.retired else {}
    if not link.target:
        return dict(retired)
    # A pair that has just arrived is looked at by every look at its plan, so it must not seem to be in step.
    agreed = "" if link.arrived else agreed_half(link.base)
    # One that ended rests as long as its counterpart is gone, once what hung below it was told.
    parted = "" if link.arrived else link.parted
    half = {"key": link.key, "half": agreed, "modified": link.modified, "talk": link.talk, "parted": parted}
    above = link.base.parent if link.base else ""
    hanging = {f"{HANGING}{above}{BEHIND}{link.key}": {"key": link.key}} if above else {}
    return {INDEX + link.target: {"key": link.key}, _listing(link.target, link.plan): half, **hanging, **retired}


def _held(link: Link) -> Lease:
    if link.lease is None:
        raise LostLease(f"{link.key} is not leased")
    return link.lease


def _members(link: Link) -> dict[str, Any]:
    lease = {"lease_token": link.lease.token, "lease_until": link.lease.until} if link.lease else {}
    agreed = split("base", base.encode(link.base)) if link.base else {}
    return {
        "state": link.state,
        "kind": link.kind,
        "target": link.target,
        "plan": link.plan,
        "rev": link.rev,
        "modified": link.modified,
        "pending": link.pending,
        "parent": link.parent or 0,
        "why": link.why,
        "held": link.held,
        "at": link.at,
        "revisit": link.revisit,
        "arrived": link.arrived,
        **({"hyperlink": link.hyperlink} if link.hyperlink else {}),
        **({"told": link.told} if link.told else {}),
        **({"talk": link.talk} if link.talk else {}),
        **({"retired": "~".join((link.retired.kind, link.retired.plan, link.retired.target))} if link.retired else {}),
        **({"retired_parent": link.retired.parent} if link.retired and link.retired.parent else {}),
        **agreed,
        **lease,
    }


def _link(key: str, members: dict[str, Any], etag: str) -> Link:
    token = members.get("lease_token")
    return Link(
        key=key,
        state=members["state"],
        kind=members["kind"],
        target=members["target"],
        plan=members["plan"],
        rev=members["rev"],
        modified=members["modified"],
        base=base.decode(joined("base", members)) if "base" in members else None,
        parent=members.get("parent") or None,
        why=members.get("why", ""),
        held=members.get("held", False),
        retired=_retired(members.get("retired", ""), members.get("retired_parent", "")),
        at=float(members.get("at", 0.0)),
        revisit=float(members.get("revisit", 0.0)),
        arrived=members.get("arrived", False),
        hyperlink=members.get("hyperlink", ""),
        told=members.get("told", 0),
        talk=members.get("talk", ""),
        pending=members.get("pending", False),
        lease=Lease(token, float(members["lease_until"])) if token else None,
        etag=etag,
    )


def _retired(text: str, parent: str) -> Retired | None:
    if not text:
        return None
    kind, plan, target = text.split("~")
    return Retired("plan" if kind == "plan" else "task", plan, target, parent)
