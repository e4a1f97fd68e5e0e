"""Plants work items through the store, in a fixed order and at fixed times, and notes what is odd."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from local.azure_devops.model import Identity, Project, Relation, WorkItem
from local.azure_devops.seed import people, texts, titles
from local.azure_devops.seed.clock import moment
from local.azure_devops.seed.fields import PRIORITY, START, TARGET
from local.azure_devops.seed.ground import Ground

type Kind = Literal["initiative", "epic", "feature", "story", "task", "bug", "other"]

_SHARED_KINDS = {"initiative": "Initiative", "epic": "Epic", "feature": "Feature", "task": "Task", "bug": "Bug"}
_OTHER_TYPES = ("Impediment", "Test Case")
_ACTS_PER_ITEM = 4


@dataclass
class Planter:
    """Everything that building the items needs: where, how many in all, and the seeded random."""

    world: Ground
    size: int
    random: Random
    planted: list[WorkItem] = field(default_factory=list)
    _acts: int = 0
    _ranks: int = 0
    _comments: int = 0

    @property
    def room(self) -> int:
        """How many more items fit into the size."""
        return self.size - len(self.planted)

    def plant(
        self,
        project: Project,
        kind: Kind,
        *odd: str,
        parent: WorkItem | None = None,
        fields: Mapping[str, Any] | None = None,
        formats: Mapping[str, str] | None = None,
        relations: Sequence[Relation] = (),
    ) -> WorkItem:
        """A new item with plausible fields; `fields` override them, a None leaves the field empty."""
        kept = self._plausible(project, kind) | dict(fields or {})
        item = self.world.store.create(
            project,
            self.type_of(project, kind),
            {name: value for name, value in kept.items() if value is not None},
            by=self.someone(),
            at=self.next_time(),
            parent=parent.id if parent else None,
            relations=list(relations),
            formats=dict(formats or {}),
            bypass_rules=True,
            quiet=True,
        )
        self.planted.append(item)
        self.note(item, *odd)
        return item

    def note(self, item: WorkItem, *odd: str) -> None:
        """Registers the oddities of an item."""
        names = self.world.organization.oddities.setdefault(item.id, []) if odd else []
        names.extend(name for name in odd if name not in names)

    def type_of(self, project: Project, kind: Kind) -> str:
        """The type that a process has for a kind, e.g. the requirement level's type for a story."""
        process = self.world.organization.process_of(project)
        if kind == "story":
            return next(level.default_type for level in process.levels if level.kind == "requirement")
        if kind == "other":
            return next(type_.name for type_ in process.types if type_.name in _OTHER_TYPES)
        return _SHARED_KINDS[kind]

    def delete(self, item: WorkItem) -> None:
        """The item in the recycle bin."""
        self.world.store.delete(item, self.someone(), self.next_time(), quiet=True)

    def link(self, rel: str, item: WorkItem) -> Relation:
        """A link to another work item."""
        return Relation(rel, self.url(f"wit/workItems/{item.id}"), {}, item.id)

    def url(self, path: str) -> str:
        """A REST url; the host that it shows is the one of the service, whatever the stand-in's port."""
        return f"https://dev.azure.com/{self.world.organization.name}/_apis/{path}"

    def next_comment_id(self) -> int:
        """Comment ids count up over the whole collection."""
        self._comments += 1
        return self._comments

    def has(self, project: Project, type_name: str) -> bool:
        """Whether the process of a project has a type of that name."""
        return any(one.name == type_name for one in self.world.organization.process_of(project).types)

    def someone(self) -> Identity:
        """Who did it: mostly the plain people."""
        return self.random.choice(people.PLAIN)

    def next_time(self) -> datetime:
        """A later moment than any before, spread over the seed's history."""
        self._acts += 1
        return moment(self._acts, (self.size + 1) * _ACTS_PER_ITEM, self.random.randrange(1000))

    def _plausible(self, project: Project, kind: Kind) -> dict[str, Any]:
        process = self.world.organization.process_of(project)
        sprint = self.random.choice([node for node in project.iterations.walk() if node.start])
        area = self.random.choice(project.areas.walk())
        self._ranks += 1
        fields = {
            "System.Title": titles.plain(self.random),
            "System.State": self._state(project, kind),
            "System.Description": texts.plain(self.random) if self.random.random() < 0.5 else None,
            "System.AssignedTo": self.someone() if self.random.random() < 0.7 else None,
            "System.AreaPath": area.path,
            "System.IterationPath": sprint.path,
            PRIORITY: self.random.randint(1, 4),
            process.order_field: float(self._ranks * 1000),
        }
        if kind == "story":
            fields[process.effort_field] = float(self.random.choice((1, 2, 3, 5, 8, 13)))
        return fields | self._dates(kind)

    def _state(self, project: Project, kind: Kind) -> str:
        types = self.world.organization.process_of(project).types
        states = next(one.states for one in types if one.name == self.type_of(project, kind))
        return self.random.choice([state.name for state in states if state.category != "Removed"])

    def _dates(self, kind: Kind) -> dict[str, Any]:
        if kind in {"task", "bug"} or self.random.random() < 0.4:
            return {}
        start = moment(self.random.randrange(1000), 1000).replace(hour=0, minute=0, second=0, microsecond=0)
        return {START: start, TARGET: start + timedelta(days=self.random.randint(5, 60))}
