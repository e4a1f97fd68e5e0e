"""Fulfils `ports.AzureDevOpsItems`: work items as snapshots with the mapped fields, and writes back to them."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from shared.adapters.azure_devops.assumptions import ORDER_FIELDS
from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.comments import Comment as CommentRecord
from shared.adapters.azure_devops.hyperlinks import Hyperlinks, comment_of
from shared.adapters.azure_devops.live_fields import read_fields
from shared.adapters.azure_devops.model import ATTACHMENT, CHILD, Person, WorkItemRecord
from shared.adapters.azure_devops.patch import TAGS, Patch, hyperlinks_of, tags_of
from shared.adapters.azure_devops.processes import BacklogConfiguration
from shared.adapters.azure_devops.reading import refused_parent
from shared.adapters.members import moment, number
from shared.core import attachments
from shared.core.comments import Comment
from shared.core.errors import NotFound, Rejected, Stale, SyncError
from shared.core.fields import SideField
from shared.core.model import Raw
from shared.core.people import joined
from shared.core.rich_text import MARKDOWN, html_of, is_markdown
from shared.core.scope import WorkItem
from shared.core.snapshots import ItemSnapshot, Reparent, work_item_id, work_item_key
from shared.core.types import BacklogLevel, ProjectTypes
from shared.ports.remotes import Found, Granted, Hyperlinked


@dataclass(frozen=True)
class Work:
    """The work items of one organization; `fields` are the reference names of the mapped fields. `connection` is the
    id of the one that reads them, "" as long as it has none."""

    client: AzureDevOps
    base: str
    fields: frozenset[str]
    connection: str = ""

    @cached_property
    def _hyperlinks(self) -> Hyperlinks:
        return Hyperlinks(self.client, comment_of(self.connection) if self.connection else "")

    async def sign_in(self) -> str:
        return (await self.client.accounts.me()).name

    async def permissions(self, project: str, type_name: str, *, writing: bool) -> Sequence[Granted]:
        me, allowed = await self.client.accounts.me(), self.client.permissions
        probes = [await allowed.read_work_items(), await allowed.read_people(me.name)]
        probes.append(await allowed.manage_subscriptions())
        if writing:
            probes.append(await allowed.write_work_items(project, type_name))
        return [Granted(one.permission, one.granted, one.reason) for one in probes]

    async def projects(self) -> Sequence[tuple[str, str]]:
        return [(one.id, one.name) for one in await self.client.projects.read_all()]

    async def project_types(self, project: str) -> ProjectTypes:
        backlogs = await self.client.processes.backlogs(project)
        types = await self.client.processes.types(project)
        names = tuple(one.name for one in types if not one.disabled)
        return ProjectTypes(project, names, _levels(backlogs), await self._bugs(project))

    async def areas(self, project: str) -> Sequence[str]:
        return [one.path for one in await self.client.projects.nodes(project, "Areas")]

    async def iterations(self, project: str) -> Sequence[str]:
        return [one.path for one in await self.client.projects.nodes(project, "Iterations")]

    async def live_fields(self, projects: Sequence[ProjectTypes], type_names: Sequence[str]) -> Sequence[SideField]:
        return await read_fields(self.client, projects, type_names)

    async def _bugs(self, project: str) -> tuple[str, ...]:
        return (await self.client.processes.categories(project)).bugs

    async def find(self, projects: Sequence[str], condition: str | None) -> AsyncIterator[tuple[int, ...]]:
        clauses = [f"({condition})"] if condition else []
        if projects:
            names = ", ".join("'{}'".format(name.replace("'", "''")) for name in projects)
            clauses.append(f"[System.TeamProject] IN ({names})")
        async for page in self.client.work_items.find(" AND ".join(clauses)):
            yield page.ids

    async def read(self, ids: Sequence[int]) -> Found:
        found = await self.client.work_items.read(ids)
        return Found(tuple(self._snapshot(one) for one in found.items), found.missing)

    async def deleted(self, ids: Sequence[int]) -> frozenset[int]:
        return await self.client.work_items.deleted(ids)

    async def update(
        self, item: ItemSnapshot, values: Mapping[str, Raw], parent: Reparent | None = None
    ) -> ItemSnapshot:
        patch = Patch.at(item.rev)
        for name, value in values.items():
            patch = _set(patch, name, value)
        if parent:
            return await self._moved(item, patch, parent.parent)
        return self._snapshot(await self.client.work_items.update(work_item_id(item.key) or 0, patch))

    async def _moved(self, item: ItemSnapshot, patch: Patch, parent: int | None) -> ItemSnapshot:
        """Links move no revision, so the test of it guards none: they are read right before (section 6)."""
        number = work_item_id(item.key) or 0
        read = await self.client.work_items.read_one(number)
        if read.rev != item.rev or read.parent not in (item.item.parent, parent):
            raise Stale(f"updating work item {number}: it was changed or moved since it was read")
        if read.parent != parent:
            patch = patch.parent(read.relations or (), self._address(parent))
        if patch.empty:
            return self._snapshot(read)
        try:
            return self._snapshot(await self.client.work_items.update(number, patch))
        except Rejected as error:
            raise refused_parent(error, number, parent) or error from error

    def _address(self, number: int | None) -> str | None:
        return None if number is None else f"{self.base}/_apis/wit/workItems/{number}"

    async def hyperlink(self, item: ItemSnapshot, url: str | None) -> int:
        return await self._hyperlinks.write(item, url)

    async def hyperlinks(self, wanted: Mapping[int, str | None]) -> Mapping[int, Hyperlinked | SyncError]:
        return await self._hyperlinks.write_all(wanted)

    async def comments(self, number: int, project: str) -> Sequence[Comment]:
        return [_comment(one) async for one in self.client.comments.read_all(project, number)]

    async def add_comment(self, number: int, project: str, html: str) -> Comment:
        return _comment(await self.client.comments.create(project, number, html, "html"))

    async def edit_comment(self, number: int, project: str, comment: str, html: str) -> Comment:
        return _comment(await self.client.comments.update(project, number, int(comment), html, "html"))

    async def delete_comment(self, number: int, project: str, comment: str) -> None:
        try:
            await self.client.comments.delete(project, number, int(comment))
        except NotFound:
            return

    async def delete(self, number: int) -> None:
        try:
            await self.client.work_items.delete(number)
        except NotFound:
            return

    async def changed_since(self, number: int, rev: int, fields: Sequence[str]) -> Mapping[str, datetime]:
        found: dict[str, datetime] = {}
        async for update in self.client.work_items.updates(number, after=rev):
            at = update.at
            found |= {name: at for name in fields if name in update.fields and at}
        return found

    async def tree(self, root: int) -> tuple[int, ...]:
        return await self.client.work_items.tree(root)

    async def children(self, number: int) -> tuple[int, ...]:
        return _children(await self.client.work_items.read_one(number))

    async def mail_of(self, unique_name: str) -> str | None:
        people = await self.client.identities.search(unique_name, "AccountName")
        return next((one.unique_name for one in people if "@" in one.unique_name), None)

    def url(self, key: str, project: str) -> str:
        """Without the project in it, so that renaming or moving the item does not break it."""
        number = work_item_id(key)
        return f"{self.base}/{project}" if number is None else f"{self.base}/_workitems/edit/{number}"

    def _snapshot(self, record: WorkItemRecord) -> ItemSnapshot:
        key, fields = work_item_key(record.id), record.fields
        values = {name: raw for name in self.fields if (raw := _raw_of(record, name)) is not None}
        changed = moment(fields.get("System.ChangedDate"))
        links = hyperlinks_of(record.relations or (), self._hyperlinks.comment)
        item, rank, url = _item(record, fields), _rank(fields), self.url(key, "")
        comments = number(fields, "System.CommentCount")
        return ItemSnapshot(key, item, record.rev, values, url, changed, rank, links, comments, _children(record))


def _children(record: WorkItemRecord) -> tuple[int, ...]:
    return tuple(one.target for one in record.relations or () if one.rel == CHILD and one.target)


def _comment(one: CommentRecord) -> Comment:
    """Markdown as the HTML that it stands for."""
    raw: Raw = (MARKDOWN, one.text) if one.format.casefold() == MARKDOWN else one.text
    at = moment(one.created)
    when = at.strftime("%Y-%m-%d %H:%M UTC") if at else ""
    return Comment(str(one.id), html_of(raw), one.by.display_name if one.by else "", when)


def _item(record: WorkItemRecord, fields: Mapping[str, Any]) -> WorkItem:
    return WorkItem(
        id=record.id,
        type=record.type,
        project=str(fields.get("System.TeamProject", "")),
        title=str(fields.get("System.Title", "")),
        parent=record.parent,
        area=str(fields.get("System.AreaPath", "")),
        iteration=str(fields.get("System.IterationPath", "")),
        tags=frozenset(tags_of(fields.get("System.Tags"))),
    )


def _rank(fields: Mapping[str, Any]) -> float | None:
    """The place in the backlog: the field depends on the process (section 8)."""
    found = (fields.get(name) for name in ORDER_FIELDS)
    return next((float(rank) for rank in found if isinstance(rank, int | float)), None)


def _set(patch: Patch, name: str, value: Raw) -> Patch:
    """The field gets the value; a Markdown text says so, and tags are replaced as a whole (section 6 [K])."""
    if name == TAGS:
        return patch.tags(tags_of(value))
    if isinstance(value, tuple) and is_markdown(value):
        return patch.set(name, value[1]).markdown(name)
    return patch.set(name, value)


def _raw_of(record: WorkItemRecord, name: str) -> Raw:
    """A field of a work item; one that holds Markdown says so, even where it is empty (section 5 [R])."""
    if name == attachments.FIELD:
        files = [one for one in record.relations or () if one.rel == ATTACHMENT]
        return tuple(sorted(attachments.raw_of(one.url, one.name) for one in files)) or None
    raw = _raw(record.fields.get(name))
    return (MARKDOWN, raw or "") if record.is_markdown(name) else raw


def _raw(value: Any) -> Raw:
    """A field as plain data: a person in its text form, anything else as it is."""
    if isinstance(value, Mapping):
        person = Person.of(value)
        return joined(person.display_name, person.unique_name) if person else None
    return value if isinstance(value, str | int | float | bool) else None


def _levels(backlogs: BacklogConfiguration) -> tuple[BacklogLevel, ...]:
    return tuple(BacklogLevel(one.name, one.rank, one.kind, one.types) for one in backlogs.levels)


def ids_of(keys: Iterable[str]) -> list[int]:
    """The numbers of those keys that are work items."""
    return [number for key in keys if (number := work_item_id(key)) is not None]
