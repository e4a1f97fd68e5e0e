"""What the two sides hold, as the adapters read it and the core compares it: plain data, no remote's own forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shared.core.hyperlinks import Hyperlink
from shared.core.model import Raw
from shared.core.scope import WorkItem

type TargetKind = Literal["plan", "task"]


@dataclass(frozen=True, slots=True)
class ItemSnapshot:
    """A work item, or a team project that becomes a plan (R5). `key` names it in all state and in markers.

    `values` holds the mapped fields by reference name, raw; what is empty is absent, but for a Markdown field, whose
    raw value is `("markdown", text)`. `rev` is 0 for a team project.
    `changed` is when its newest revision was made (UTC), None where that is not known; a moved link leaves it alone.
    `rank` is its place in the backlog, less before more; None where it has none. `hyperlinks` are those that it has,
    `comments` how many comments, and `children` the ids of the work items right below it.
    """

    key: str
    item: WorkItem
    rev: int
    values: Mapping[str, Raw]
    url: str
    changed: datetime | None = None
    rank: float | None = None
    hyperlinks: tuple[Hyperlink, ...] = ()
    comments: int = 0
    children: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reparent:
    """The work item is to hang below another one; None: below nothing."""

    parent: int | None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a counterpart belongs: a plan below a plan, or a task in a plan, below a task. Ids of OnePlan."""

    kind: TargetKind
    type: str
    plan: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A plan or task of OnePlan as read. `values` holds its fields by their neutral names, raw.

    `whole` is False where the answer may lack fields, as a list of plans may. `markers` are (integration, item).
    `created` and `modified` are kept as text, to be compared for equality only. `raw_fields` are OnePlan's own, for an
    update that must send all of them back. `index` is a task's place in the list of its plan. `talk` is a fingerprint
    of its comments as far as the record tells them, "" where there is none.
    """

    id: str
    target: Target
    values: Mapping[str, Raw]
    markers: tuple[tuple[str, str], ...] = ()
    created: str = ""
    modified: str = ""
    author: str | None = None
    editor: str | None = None
    whole: bool = True
    archived: bool = False
    url: str = field(default="", compare=False)
    raw_fields: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    index: int = field(default=0, compare=False)
    talk: str = field(default="", compare=False)

    def marked(self, integration: str, item: str) -> bool:
        return (integration, item) in self.markers

    @property
    def unmarked(self) -> bool:
        return not self.markers


def work_item_key(work_item: int) -> str:
    """The key of a work item: sorts as its number does."""
    return f"w{work_item:010d}"


def project_key(project_id: str) -> str:
    """The key of a team project that becomes a plan."""
    return f"p{project_id.casefold()}"


def marker_item(key: str) -> str:
    """What a marker holds for the key: the work item's number, or the team project's id (R5, R30)."""
    return str(int(key[1:])) if key.startswith("w") else key[1:]


def work_item_id(key: str) -> int | None:
    """The number of the work item; None for the key of a team project."""
    return int(key[1:]) if key.startswith("w") else None
