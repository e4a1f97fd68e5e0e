"""Hyperlinks from work items to their counterparts, written in batches (ado-api.md section 6; R30).

A batch may be refused as a whole: where the token may not send one (reported so), all are written singly; where one
entry fails them all, its halves are sent, until what fails stands alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.adapters.azure_devops.batches import ItemUpdate
from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.model import WorkItemRecord
from shared.adapters.azure_devops.patch import Patch
from shared.core.errors import PermissionMissing, Rejected, Retriable, Stale, SyncError
from shared.core.hyperlinks import surplus
from shared.core.snapshots import ItemSnapshot, work_item_id
from shared.ports.remotes import Hyperlinked

type Outcome = WorkItemRecord | SyncError


def comment_of(connection: str) -> str:
    """What tells our hyperlink from a person's, and from that of a connection to another group."""
    return f"Counterpart in OnePlan, kept by the connection {connection}"


@dataclass
class Hyperlinks:
    """The hyperlinks of one connection."""

    client: AzureDevOps
    comment: str
    _singly: bool = False

    async def write(self, item: ItemSnapshot, url: str | None) -> int:
        """As `ports.AzureDevOpsItems.hyperlink`. Links move no revision, so those to be removed are read anew."""
        number, patch = work_item_id(item.key) or 0, Patch.at(item.rev)
        if not surplus(item.hyperlinks, url):
            return (await self.client.work_items.update(number, patch.only_hyperlink((), url, self.comment))).rev
        read = await self.client.work_items.read_one(number)
        if read.rev != item.rev:
            raise Stale(f"linking work item {number}: it was changed since it was read")
        patch = patch.only_hyperlink(read.relations or (), url, self.comment)
        return read.rev if patch.empty else (await self.client.work_items.update(number, patch)).rev

    async def write_all(self, wanted: Mapping[int, str | None]) -> Mapping[int, Hyperlinked | SyncError]:
        """As `ports.AzureDevOpsItems.hyperlinks`."""
        read = (await self.client.work_items.read(list(wanted))).items
        done: dict[int, Hyperlinked | SyncError] = {one.id: Hyperlinked(one.rev, one.rev) for one in read}
        revs = {one.id: one.rev for one in read}
        entries = []
        for one in read:
            patch = Patch.at(one.rev).only_hyperlink(one.relations or (), wanted[one.id], self.comment)
            if not patch.empty:
                entries.append(ItemUpdate(one.id, patch))
        for entry, outcome in zip(entries, await self._sent(entries), strict=True):
            if isinstance(outcome, WorkItemRecord):
                done[entry.id] = Hyperlinked(revs[entry.id], outcome.rev)
            else:
                done[entry.id] = outcome
        return done

    async def _sent(self, entries: Sequence[ItemUpdate]) -> list[Outcome]:
        """For each entry, in order, what became of it. Raises what is to be tried again later."""
        if len(entries) < 2 or self._singly:
            return [await self._alone(one) for one in entries]
        try:
            outcomes = await self.client.batches.write(entries)
        except PermissionMissing:
            self._singly = True
            return await self._sent(entries)
        later = next((one for one in outcomes if isinstance(one, Retriable)), None)
        if later is not None:
            raise later
        if not all(isinstance(one, SyncError) for one in outcomes):
            return outcomes
        half = len(entries) // 2
        return [*await self._sent(entries[:half]), *await self._sent(entries[half:])]

    async def _alone(self, entry: ItemUpdate) -> Outcome:
        try:
            return await self.client.work_items.update(entry.id, entry.patch)
        except (Rejected, Stale) as error:
            return error
