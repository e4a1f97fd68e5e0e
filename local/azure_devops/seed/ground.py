"""What the seed needs of the world that it fills; a protocol, since the world itself imports the seed."""

from datetime import datetime
from typing import Any, Protocol

from local.azure_devops.model import Identity, Organization, Project, Relation, Update, WorkItem
from local.azure_devops.store import Change


class ItemStore(Protocol):
    """The store of work items: a link gets both its ends; with `quiet` no event is sent."""

    def create(
        self,
        project: Project,
        type_name: str,
        fields: dict[str, Any],
        *,
        by: Identity,
        at: datetime,
        parent: int | None,
        relations: list[Relation],
        formats: dict[str, str],
        bypass_rules: bool,
        quiet: bool,
    ) -> WorkItem: ...

    def change(self, item: WorkItem, change: Change, *, by: Identity, at: datetime, quiet: bool) -> Update | None: ...

    def delete(self, item: WorkItem, by: Identity, at: datetime, *, quiet: bool) -> None: ...


class Ground(Protocol):
    """An organization, the store that plants into it, and the bytes of attachments by id."""

    attachments: dict[str, bytes]

    @property
    def organization(self) -> Organization: ...

    @property
    def store(self) -> ItemStore: ...
