"""The two remote systems as the engine sees them: snapshots in, writes out, errors of `shared.core.errors`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from shared.configuration import Connection
from shared.core.comments import Comment
from shared.core.errors import SyncError
from shared.core.fields import SideField
from shared.core.model import Raw
from shared.core.order import Place
from shared.core.people import Resource
from shared.core.snapshots import Counterpart, ItemSnapshot, Reparent, Target, TargetKind
from shared.core.types import ProjectTypes
from shared.ports.changes import Feeds
from shared.ports.registration import Registries
from shared.ports.stored import StoredConnection

type Class = Literal["interactive", "hooks", "timers", "bulk"]


@dataclass(frozen=True, slots=True)
class Found:
    """Items as read; `missing` are those that are deleted or may not be read."""

    items: tuple[ItemSnapshot, ...]
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Setup:
    """How the two systems are set up: what a run needs besides the items.

    `plan_types` and `work_types` lead from a folded name to an id of OnePlan; `project_ids` from a team project's
    folded name to its id. `author` is whose name our key writes under, None where OnePlan does not tell. `people` are
    those whom the items of the last run name, as "Name <unique name>". `attachments` are the fields that show the
    attachments of work items, where the connection asks for them and OnePlan has one.
    """

    projects: tuple[ProjectTypes, ...]
    project_ids: Mapping[str, str]
    plan_types: Mapping[str, str]
    work_types: Mapping[str, str]
    resources: tuple[Resource, ...]
    author: str | None = None
    mails: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    attachments: Mapping[TargetKind, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Granted:
    """Whether the token may do something; `reason` says why not, in the words of Azure DevOps."""

    permission: str
    granted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hyperlinked:
    """The revision of a work item before its hyperlink was written and after; equal where there was nothing to do."""

    before: int
    after: int


class AzureDevOpsItems(Protocol):
    """One organization."""

    async def sign_in(self) -> str:
        """The name of the person whose token it is. CredentialRefused where it is none."""
        ...

    async def permissions(self, project: str, type_name: str, *, writing: bool) -> Sequence[Granted]:
        """What the connection needs, each tried by a call that changes nothing (R9)."""
        ...

    async def projects(self) -> Sequence[tuple[str, str]]:
        """(id, name) of every team project that may be seen."""
        ...

    async def project_types(self, project: str) -> ProjectTypes: ...

    async def areas(self, project: str) -> Sequence[str]:
        """The paths of the project's areas, the root first."""
        ...

    async def iterations(self, project: str) -> Sequence[str]:
        """The paths of the team project's iterations, the root first."""
        ...

    async def live_fields(self, projects: Sequence[ProjectTypes], type_names: Sequence[str]) -> Sequence[SideField]:
        """The fields that work items of these types have in these team projects (R11)."""
        ...

    def find(self, projects: Sequence[str], condition: str | None) -> AsyncIterator[tuple[int, ...]]:
        """The ids of all work items of these team projects, or of all where none is named, that the WIQL finds."""
        ...

    async def read(self, ids: Sequence[int]) -> Found:
        """At most 200 work items."""
        ...

    async def deleted(self, ids: Sequence[int]) -> frozenset[int]:
        """Those of at most 200 work items that lie in the recycle bin; the others are there, or may not be read."""
        ...

    async def update(
        self, item: ItemSnapshot, values: Mapping[str, Raw], parent: Reparent | None = None
    ) -> ItemSnapshot:
        """The item after the write, below its new parent where one is given.

        Stale where it has another revision or hangs below another parent than `item` says. Rejected, naming the field
        `System.Parent`, where it may not hang there.
        """
        ...

    async def hyperlink(self, item: ItemSnapshot, url: str | None) -> int:
        """The item's revision, now that it has exactly one hyperlink to `url` and no other one of this connection.

        `None`: it has none. Stale where it has another revision than `item` says.
        """
        ...

    async def hyperlinks(self, wanted: Mapping[int, str | None]) -> Mapping[int, Hyperlinked | SyncError]:
        """The same for at most 200 work items, read anew, in as few requests as may be; those not found are absent.

        An error stands for the one item that it concerns. Raises what is to be tried again later.
        """
        ...

    async def comments(self, number: int, project: str) -> Sequence[Comment]:
        """Every comment of the work item as HTML, the oldest first."""
        ...

    async def add_comment(self, number: int, project: str, html: str) -> Comment: ...

    async def edit_comment(self, number: int, project: str, comment: str, html: str) -> Comment: ...

    async def delete_comment(self, number: int, project: str, comment: str) -> None:
        """It is gone, whether it was there before or not."""
        ...

    async def delete(self, number: int) -> None:
        """The work item is in the recycle bin, whether it was there before or not."""
        ...

    async def changed_since(self, number: int, rev: int, fields: Sequence[str]) -> Mapping[str, datetime]:
        """When each of these fields last changed (UTC) in a revision above `rev`; absent where it did not."""
        ...

    async def tree(self, root: int) -> tuple[int, ...]:
        """The work item and all below it, those above before those below."""
        ...

    async def children(self, number: int) -> tuple[int, ...]:
        """The work items directly below it. NotFound where it is deleted or may not be read."""
        ...

    async def mail_of(self, unique_name: str) -> str | None:
        """The mail address of a person known by another name; None where there is none."""
        ...

    def url(self, key: str, project: str) -> str:
        """Where a person opens the work item, or the team project."""
        ...


class OnePlanItems(Protocol):
    """One group."""

    async def plan_types(self) -> Mapping[str, str]: ...

    async def work_types(self) -> Mapping[str, str]: ...

    async def type_names(self) -> tuple[Sequence[str], Sequence[str]]:
        """The names of all plan types and of all work types, in their own letter case."""
        ...

    async def resources(self) -> Sequence[Resource]: ...

    async def live_fields(self) -> Mapping[Literal["plans", "tasks"], Sequence[SideField]]:
        """The fields of every plan and of every task, under the names that a mapping gives them (R11)."""
        ...

    async def author(self) -> str | None: ...

    async def ensure_integration(self, wanted: str, properties: Mapping[str, str]) -> str:
        """The id of the line item with these properties, made where there is none."""
        ...

    async def plans(self) -> Sequence[Counterpart]:
        """Every plan of the group, archived ones among them."""
        ...

    async def plan(self, id_: str) -> Counterpart:
        """The plan, archived or not. NotFound where it is deleted or may not be seen."""
        ...

    async def find_plan(self, integration: str, item: str) -> str | None:
        """The id of the plan with that marker."""
        ...

    async def tasks(self, plan: str) -> Sequence[Counterpart]:
        """NotFound where the plan is gone; Rejected where it is archived and its tasks are not shown."""
        ...

    async def task(self, plan: str, id_: str) -> Counterpart:
        """NotFound where the task or its plan is gone; Rejected where the plan is archived and they are not shown."""
        ...

    async def comments(self, kind: TargetKind, id_: str) -> Sequence[Comment]:
        """Every comment of the plan or task, the oldest first."""
        ...

    async def add_comment(self, kind: TargetKind, id_: str, html: str) -> Comment: ...

    async def delete_comment(self, kind: TargetKind, id_: str, comment: str) -> None:
        """It is gone, whether it was there before or not."""
        ...

    def page(self, there: Target, id_: str) -> str:
        """Where a person opens the plan or task."""
        ...

    def places(self) -> Mapping[str, Mapping[str, int]]:
        """Where each task stood in its plan's list when it was last read or made here, by plan and task."""
        ...

    async def order(self, plan: str, place: Place) -> None:
        """The task stands there in its plan's list, or nearby where others moved at the same moment; NotOffered where a
        person must do it, NotFound where the task is gone."""
        ...

    async def create_plan(self, target: Target, values: Mapping[str, Raw]) -> Counterpart:
        """The new plan, without marker; its place may not be the one asked for."""
        ...

    async def create_task(
        self, target: Target, values: Mapping[str, Raw], integration: str, item: str, url: str
    ) -> Counterpart:
        """The new task with its marker."""
        ...

    async def mark_plan(self, plan: str, integration: str, item: str, url: str) -> None:
        """The plan's marker of the integration names that item, whatever it named before."""
        ...

    async def mark_task(self, task: Counterpart, integration: str, item: str, url: str) -> Counterpart:
        """The task's marker names that item, whatever it named before. Rejected where OnePlan did not take it."""
        ...

    async def detach(self, there: Counterpart, integration: str) -> None:
        """No marker of the integration is on it any more; NotOffered where a person must take it off."""
        ...

    async def archive(self, plan: str) -> None:
        """The plan is archived, not deleted; it may be said again. NotFound where it is gone."""
        ...

    async def delete(self, there: Counterpart) -> bool:
        """It is gone, or was before. False where it is kept for what it holds: hours, comments, and what hangs below it
        (plans below a plan, tasks below a task). A plan goes with its tasks, unless one has hours or comments."""
        ...

    async def changed_at(self, there: Counterpart, names: Sequence[str], since: str) -> Mapping[str, datetime]:
        """When somebody other than our key last changed each of these fields (UTC) after `since`, a `modified` text.

        By neutral names, with `parent` and `type` for its place. Absent where nobody did, or OnePlan does not tell.
        """
        ...

    async def update(self, there: Counterpart, values: Mapping[str, Raw]) -> Counterpart:
        """As it is after the write. NotTaken where OnePlan says it was done, and nothing happened."""
        ...

    async def move(self, there: Counterpart, target: Target) -> Counterpart:
        """As it is after the move; NotOffered where a person must do it, and nothing was done.

        A task that reached its other plan is given as it is there, even where its type or what it hangs below was
        refused.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sides:
    """Both systems of one connection."""

    azure_devops: AzureDevOpsItems
    oneplan: OnePlanItems


class Remotes(Protocol):
    """Opens the two systems of a connection."""

    def open(self, connection: StoredConnection, for_: Class) -> AbstractAsyncContextManager[Sides]:
        """Clients that draw on the shared budgets under that class."""
        ...

    def feeds(self, connection: StoredConnection, for_: Class) -> AbstractAsyncContextManager[Feeds]:
        """What changed in both systems."""
        ...

    def registries(self, connection: StoredConnection, for_: Class) -> AbstractAsyncContextManager[Registries]:
        """Where the connection registers itself."""
        ...

    def azure_devops(self, configuration: Connection) -> AbstractAsyncContextManager[AzureDevOpsItems]:
        """The organization of a connection that is not stored yet, by the token that the configuration holds."""
        ...

    def oneplan(self, configuration: Connection) -> AbstractAsyncContextManager[OnePlanItems]:
        """The group of a connection that is not stored yet, by the key that the configuration holds."""
        ...
