"""What the engine works with, and what it knows of one connection while it works on it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from shared.configuration import Connection
from shared.core.convert import Converter
from shared.core.errors import Unreachable
from shared.core.mapping import FieldMapping
from shared.core.paths import Iterations
from shared.core.people import Directory, joined
from shared.core.scope import WorkItem
from shared.core.snapshots import Counterpart, project_key
from shared.core.types import ConfiguredTypes
from shared.messages import Cause, QueueName
from shared.ports import (
    Activity,
    Audit,
    Comments,
    Conflicts,
    Connections,
    Erasure,
    Failures,
    Heard,
    Intents,
    Links,
    Pages,
    Pauses,
    Queue,
    Remotes,
    RunBodies,
    Runs,
    Secrets,
    Setup,
    StoredConnection,
    Waiting,
)
from shared.ports.changes import Looks, Watermarks
from shared.ports.remotes import Sides


@dataclass(frozen=True)
class Engine:
    """The ports that the use cases get. `lease_seconds`: how long a worker that died keeps its page. `address`: where
    both remote systems reach this app, "" where it is not known.
    """

    connections: Connections
    links: Links
    intents: Intents
    waiting: Waiting
    runs: Runs
    pages: Pages
    bodies: RunBodies
    failures: Failures
    looks: Looks
    watermarks: Watermarks
    activity: Activity
    comments: Comments
    conflicts: Conflicts
    queue: Queue
    remotes: Remotes
    secrets: Secrets
    audit: Audit
    erasure: Erasure
    pauses: Pauses
    heard: Heard
    lease_seconds: float = 60.0
    address: str = ""
    # Single items of bulk edits that one instance works on at once: enough for what OnePlan allows in a minute, and
    # few enough to leave the instance's one event loop to what people wait on (R40).
    bulk_items: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))


@dataclass
class Context:
    """One connection at work. `plans` are the plans as last listed, by id; `run` names the run, "" outside of one.

    `cause` is why it works on items, and `queue` where messages about them go. `since` is when the run began to read
    (storage clock): what a look has recorded later is known better. `iterations` are those of the team projects for
    which they were needed, by folded name.
    """

    engine: Engine
    connection: StoredConnection
    sides: Sides
    setup: Setup
    run: str = ""
    since: float = inf
    plans: Mapping[str, Counterpart] = field(default_factory=dict)
    iterations: dict[str, Iterations] = field(default_factory=dict)
    cause: Cause = "timer"
    queue: QueueName = "sync-bulk"
    _converter: tuple[Setup, Converter] | None = None

    @property
    def id(self) -> str:
        return self.connection.id

    @property
    def configuration(self) -> Connection:
        return self.connection.configuration

    @property
    def integration(self) -> str:
        return self.connection.integration

    @cached_property
    def mapping(self) -> FieldMapping:
        names = self.setup.attachments if self.configuration.attachments else {}
        return self.connection.mapping.fields.with_attachments(names).under(self.configuration.conflict_policy)

    @property
    def types(self) -> ConfiguredTypes:
        return types_of(self.configuration)

    @property
    def directory(self) -> Directory:
        return self.convert.people

    @property
    def convert(self) -> Converter:
        """Made once for a set-up: a directory of thousands of people is not searched anew for each item."""
        if self._converter is None or self._converter[0] is not self.setup:
            self._converter = (self.setup, self._made_converter())
        return self._converter[1]

    def convert_for(self, item: WorkItem) -> Converter:
        """The converter for the values of that work item."""
        return self.convert.for_item(item.type, self.iterations.get(item.project.casefold()))

    def _made_converter(self) -> Converter:
        directory = Directory(self.setup.resources, self.connection.overrides, self.setup.mails)
        owner = self.configuration.default_owner
        return Converter(directory, directory.match(joined(owner, owner)) if owner else self.setup.author)


def types_of(configuration: Connection) -> ConfiguredTypes:
    return ConfiguredTypes(configuration.plan_level_types, configuration.task_types)


def key_of_project(setup: Setup, project: str) -> str:
    """Unreachable where the team project is so new that it was not read yet: that is done every hour."""
    if (found := setup.project_ids.get(project.casefold())) is None:
        raise Unreachable(f"the team project {project!r} is new here; its items come again until it was read")
    return project_key(found)
