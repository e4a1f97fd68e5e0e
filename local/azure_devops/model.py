"""The data of one Azure DevOps organization: what is configured (frozen) and what changes (not frozen)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

type FieldType = Literal[
    "string",
    "integer",
    "dateTime",
    "plainText",
    "html",
    "treePath",
    "history",
    "double",
    "guid",
    "boolean",
    "identity",
]
type BugsBehavior = Literal["off", "asRequirements", "asTasks"]
type BacklogKind = Literal["portfolio", "requirement", "task"]

PARENT = "System.LinkTypes.Hierarchy-Reverse"
CHILD = "System.LinkTypes.Hierarchy-Forward"


@dataclass(frozen=True)
class Identity:
    """A person or service account; `mail` may be empty (ado-api.md section 7)."""

    id: str
    display_name: str
    unique_name: str
    descriptor: str
    mail: str = ""
    inactive: bool = False


@dataclass(frozen=True)
class FieldDefinition:
    """A field of the organization. `picklist`: allowed values; `suggested`: other values pass too."""

    reference_name: str
    name: str
    type: FieldType
    read_only: bool = False
    picklist: tuple[str, ...] = ()
    suggested: bool = False


@dataclass(frozen=True)
class State:
    name: str
    color: str
    category: Literal["Proposed", "InProgress", "Resolved", "Completed", "Removed"]


@dataclass(frozen=True)
class TypeField:
    """How one work item type uses a field: a rule set of the process."""

    reference_name: str
    required: bool = False
    read_only: bool = False
    default: Any = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkItemType:
    """`transitions`: state -> states it may go to; the key "" holds the initial states."""

    name: str
    reference_name: str
    color: str
    states: tuple[State, ...]
    transitions: dict[str, tuple[str, ...]]
    fields: tuple[TypeField, ...]
    disabled: bool = False


@dataclass(frozen=True)
class BacklogLevel:
    """One level of the process; a larger `rank` is higher (ado-api.md section 8)."""

    id: str
    name: str
    rank: int
    kind: BacklogKind
    types: tuple[str, ...]
    default_type: str
    color: str = "000000"


@dataclass(frozen=True)
class Process:
    """`parent_id` is set on an inherited process. `bug_type` is "" where the process has none on backlogs."""

    id: str
    name: str
    parent_id: str | None
    types: tuple[WorkItemType, ...]
    levels: tuple[BacklogLevel, ...]
    order_field: str
    effort_field: str
    bug_type: str = "Bug"


@dataclass
class Node:
    """An area or iteration; `path` is as in work item fields: `Project\\Child` (no \\Area segment)."""

    id: int
    identifier: str
    name: str
    structure: Literal["area", "iteration"]
    path: str
    start: date | None = None
    finish: date | None = None
    children: list["Node"] = field(default_factory=list)

    def walk(self) -> "list[Node]":
        """This node and all below it, parents first."""
        return [self, *(below for child in self.children for below in child.walk())]


@dataclass
class Team:
    id: str
    name: str
    bugs_behavior: BugsBehavior
    default_area: str


@dataclass
class Project:
    id: str
    name: str
    description: str
    process_id: str
    areas: Node
    iterations: Node
    teams: list[Team]
    state: str = "wellFormed"


@dataclass
class Relation:
    """A relation of a work item; `target` is the other item's id for work item links, None for others."""

    rel: str
    url: str
    attributes: dict[str, Any] = field(default_factory=dict)
    target: int | None = None


@dataclass
class Revision:
    """A full snapshot; `formats` holds "markdown" per large text field that has it."""

    rev: int
    fields: dict[str, Any]
    changed: datetime
    changed_by: Identity
    watermark: int
    formats: dict[str, str] = field(default_factory=dict)


@dataclass
class Update:
    """A delta. Its id is not a revision number: a link-only change has the same rev (section 5)."""

    id: int
    rev: int
    at: datetime
    by: Identity
    fields: dict[str, dict[str, Any]]
    added: list[Relation] = field(default_factory=list)
    removed: list[Relation] = field(default_factory=list)


@dataclass
class Comment:
    id: int
    text: str
    format: Literal["html", "markdown"]
    created: datetime
    created_by: Identity
    modified: datetime
    modified_by: Identity
    version: int = 1
    deleted: bool = False


@dataclass
class WorkItem:
    """`revisions[-1]` is the present state. Identity fields hold an Identity; links are only in `relations`."""

    id: int
    project_id: str
    revisions: list[Revision]
    updates: list[Update] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    deleted: datetime | None = None
    deleted_by: Identity | None = None
    parked_relations: list[Relation] = field(default_factory=list)
    deleted_watermark: int = 0

    @property
    def now(self) -> Revision:
        return self.revisions[-1]

    @property
    def type(self) -> str:
        return str(self.now.fields["System.WorkItemType"])

    @property
    def parent(self) -> int | None:
        return next((relation.target for relation in self.relations if relation.rel == PARENT), None)


@dataclass(frozen=True)
class LinkChange:
    """One row of the link feed (reporting/workitemlinks): the only feed that sees re-parenting."""

    watermark: int
    rel: str
    source: int
    target: int
    changed: datetime
    by: Identity
    active: bool
    source_project: str
    target_project: str


@dataclass(frozen=True)
class Token:
    """A personal access token; `scopes` as Azure DevOps names them, e.g. vso.work_write."""

    value: str
    identity: Identity
    scopes: frozenset[str]
    expired: bool = False


@dataclass
class Organization:
    """Everything of one organization; `watermark` grows with each revision in the whole collection.

    `unreadable` holds the items that no token may read (404 TF401232, absent from queries). `oddities` and
    `expected_failures` say what the seed planted: work item id to names of the seed's tables. Tests read
    them; the item itself shows nothing.
    """

    name: str
    id: str
    identities: list[Identity]
    fields: dict[str, FieldDefinition]
    processes: dict[str, Process]
    projects: list[Project]
    tokens: list[Token]
    items: dict[int, WorkItem] = field(default_factory=dict)
    link_changes: list[LinkChange] = field(default_factory=list)
    destroyed: set[int] = field(default_factory=set)
    unreadable: set[int] = field(default_factory=set)
    oddities: dict[int, list[str]] = field(default_factory=dict)
    expected_failures: dict[int, str] = field(default_factory=dict)
    next_id: int = 1
    watermark: int = 0

    def project(self, name_or_id: str) -> Project | None:
        wanted = name_or_id.casefold()
        return next((p for p in self.projects if wanted in (p.name.casefold(), p.id.casefold())), None)

    def process_of(self, project: Project) -> Process:
        return self.processes[project.process_id]
