"""The bodies of a run as JSON: items as read, the set-up, the plans, and the work of each page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shared.core.hyperlinks import Hyperlink
from shared.core.model import Raw
from shared.core.people import Resource
from shared.core.scope import WorkItem
from shared.core.snapshots import Counterpart, ItemSnapshot, Target, TargetKind
from shared.core.types import BacklogLevel, ProjectTypes
from shared.ports import Setup

SETUP, PLANS = "setup", "plans"


@dataclass(frozen=True, slots=True)
class Subject:
    """An item to be brought in step: as read, its type in OnePlan, and the keys of what stands above it.

    `plan` is the key of the item whose plan a task is in; None for a plan. `above` is the key of the plan or task
    that it hangs below, None where it stands at the top.
    """

    item: ItemSnapshot
    type: str
    plan: str | None = None
    above: str | None = None

    @property
    def kind(self) -> TargetKind:
        return "task" if self.plan else "plan"


def parent_key(subject: Subject) -> str:
    """The key of what the subject hangs below, as a base records it: "" for nothing."""
    return subject.above or subject.plan or ""


def snapshot_json(one: ItemSnapshot) -> dict[str, Any]:
    item = {**asdict(one.item), "tags": sorted(one.item.tags)}
    changed = one.changed.isoformat() if one.changed else None
    values = dict(one.values)
    return {
        "key": one.key,
        "item": item,
        "rev": one.rev,
        "values": values,
        "url": one.url,
        "changed": changed,
        "rank": one.rank,
        **({"comments": one.comments} if one.comments else {}),
        **({"hyperlinks": [[each.url, each.ours] for each in one.hyperlinks]} if one.hyperlinks else {}),
        **({"children": one.children} if one.children else {}),
    }


def snapshot_of(raw: Mapping[str, Any]) -> ItemSnapshot:
    item = WorkItem(**{**raw["item"], "tags": frozenset(raw["item"]["tags"])})
    changed = datetime.fromisoformat(raw["changed"]) if raw.get("changed") else None
    values, links = raw_values(raw["values"]), hyperlinks_of(raw.get("hyperlinks", ()))
    rank, comments = raw.get("rank"), raw.get("comments", 0)
    children = tuple(raw.get("children", ()))
    return ItemSnapshot(raw["key"], item, raw["rev"], values, raw["url"], changed, rank, links, comments, children)


def hyperlinks_of(raw: Sequence[Sequence[Any]]) -> tuple[Hyperlink, ...]:
    return tuple(Hyperlink(url, ours) for url, ours in raw)


def subject_json(one: Subject) -> dict[str, Any]:
    return {"item": snapshot_json(one.item), "type": one.type, "plan": one.plan, "above": one.above}


def subject_of(raw: Mapping[str, Any]) -> Subject:
    return Subject(snapshot_of(raw["item"]), raw["type"], raw["plan"], raw["above"])


def plan_json(one: Counterpart) -> dict[str, Any]:
    return {
        "id": one.id,
        "target": [one.target.type, one.target.parent],
        "values": dict(one.values),
        "markers": one.markers,
        "created": one.created,
        "modified": one.modified,
        "author": one.author,
        "archived": one.archived,
        "talk": one.talk,
    }


def plan_of(raw: Mapping[str, Any]) -> Counterpart:
    kind, parent = raw["target"]
    return Counterpart(
        raw["id"],
        Target("plan", kind, None, parent),
        raw_values(raw["values"]),
        tuple((integration, item) for integration, item in raw["markers"]),
        raw["created"],
        raw["modified"],
        raw["author"],
        whole=False,
        archived=raw["archived"],
        talk=raw.get("talk", ""),
    )


def setup_json(setup: Setup) -> dict[str, Any]:
    return asdict(setup)


def setup_of(raw: Mapping[str, Any]) -> Setup:
    return Setup(
        projects=tuple(_project(one) for one in raw["projects"]),
        project_ids=raw["project_ids"],
        plan_types=raw["plan_types"],
        work_types=raw["work_types"],
        resources=tuple(Resource(**one) for one in raw["resources"]),
        author=raw["author"],
        mails=raw["mails"],
        people=tuple(raw.get("people", ())),
        attachments=raw.get("attachments", {}),
    )


def _project(raw: Mapping[str, Any]) -> ProjectTypes:
    levels = tuple(BacklogLevel(**{**one, "types": tuple(one["types"])}) for one in raw["levels"])
    return ProjectTypes(raw["project"], tuple(raw["types"]), levels, tuple(raw["bugs"]))


def raw_values(raw: Mapping[str, Any]) -> dict[str, Raw]:
    """Values as the core has them: lists are tuples there."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
