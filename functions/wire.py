"""What the configuration API answers, as models: its description is made of them, and tests hold every answer to it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from shared.configuration import Brake, Name, Options, Part, Schedule, Scope
from shared.core.fields import FieldType
from shared.core.people import How
from shared.engine.explain import Answer
from shared.mapping_configuration import MappingConfiguration, PairConfiguration
from shared.messages import Cause, Side
from shared.ports.runs import RunKind, RunState
from shared.ports.stored import SaveState, StepState
from shared.ports.trust import Action

type Number = Annotated[int, Field(ge=0)]
type Raw = str | int | float | bool | list[Any] | None


class MemberError(Part):
    """One member that is wrong: its JSON pointer, why, and what is allowed where that is short."""

    path: str
    message: str
    allowed: list[str] = Field(default_factory=list)


class Problem(Part):
    """Why a request was not carried out (RFC 9457). `current`: what it was to change, as it is now."""

    title: str
    status: int
    detail: str
    errors: list[MemberError] = Field(default_factory=list)
    current: dict[str, Any] | None = None


class ShownOnePlan(Part):
    """The OnePlan group, without the key."""

    group: Name
    url: str
    key_name: Name
    button_name: Name | None


class ShownAzureDevOps(Part):
    """The organization, without the token."""

    url: str
    pat_name: Name
    pat_expires: date


class ShownStep(Part):
    """What became of a step of a save or of a removal."""

    state: StepState
    detail: str = ""
    what_to_do: str = ""
    note: str = ""


class ShownConnection(Part):
    """A connection without its secrets. `run`: the full sync that began with the save."""

    id: str
    state: SaveState
    name: Name
    enabled: bool
    oneplan: ShownOnePlan
    azure_dev_ops: ShownAzureDevOps
    plan_level_types: list[Name]
    task_types: list[Name]
    options: Options
    scope: Scope
    conflict_policy: Literal["azure-devops", "oneplan", "latest", "hold"]
    on_work_item_delete: Literal["mark", "delete", "leave"]
    on_plan_delete: Literal["disconnect", "delete"]
    on_one_plan_edit_when_import_only: Literal["leave", "put-back"]
    default_owner: Name | None
    team_project_plan_type: Name
    write_hyperlink: bool
    comments: bool
    attachments: bool
    brake: Brake
    schedule: Schedule
    retention_days: int
    change_feed: Literal["auto", "audit", "find", "sweep"]
    steps: dict[str, ShownStep]
    warnings: list[MemberError]
    run: str = ""


class RotatedConnection(ShownConnection):
    """With the new hook secret, this once."""

    hook_secret: str


class ShownPause(Part):
    """Why nothing is done, since when, and when it is tried again by itself, for the how many-th time."""

    reason: str
    since: datetime
    next_try: datetime | None = None
    tries: Number | None = None


class Paused(Part):
    """Whether everything is paused."""

    paused: ShownPause | None


class TokenHealth(Part):
    """When the access token expires; `warning`: the mark of 30, 14, 7 or 1 days before that was passed last."""

    expires: date
    days: int
    expired: bool
    warning: Literal[1, 7, 14, 30] | None


class KeyHealth(Part):
    """The authentication key of OnePlan, which tells no expiry."""

    name: Name
    expires: date | None


class LastEvents(Part):
    """When each side was last heard of by a notification."""

    azure_dev_ops: datetime | None
    oneplan: datetime | None


class FeedInUse(Part):
    """The change feed of OnePlan that was read last, why that one, and how old a change is at most when it is seen."""

    feed: Literal["audit", "find", "sweep"]
    reason: str
    delay_seconds: Number


class ConfiguredFeed(Part):
    """How changes in OnePlan are found where no event tells; `in_use` from the first incremental sync on."""

    configured: Literal["auto", "audit", "find", "sweep"]
    in_use: FeedInUse | None


class LastRun(Part):
    """One of the last runs."""

    id: str
    kind: RunKind
    state: RunState
    ended: datetime | None
    problem: str | None


class ConnectionHealth(Part):
    """How a connection is, from what is stored. `attention`: what a person should do, in sentences."""

    id: str
    state: SaveState
    enabled: bool
    paused: ShownPause | None
    pat: TokenHealth
    key: KeyHealth
    last_event: LastEvents
    registration: dict[str, ShownStep]
    waiting: Number
    failures: Number
    conflicts: Number
    change_feed: ConfiguredFeed
    last_runs: list[LastRun]
    attention: list[str]


class ConnectionList(Part):
    """All connections."""

    connections: list[ShownConnection]


class CheckedSteps(Part):
    """The steps of a save that were tried."""

    steps: dict[str, ShownStep]


class DeletedConnection(Part):
    """What is left to do by hand, and until when the links are kept."""

    id: str
    state: SaveState
    steps: dict[str, ShownStep]
    links_until: date


class AuditedChange(Part):
    """Who changed what of a connection, and when."""

    at: datetime
    who: str
    action: str
    paths: list[str]


class Audit(Part):
    """Changes of a connection, the newest first."""

    changes: list[AuditedChange]


class BothValues(Part):
    """What both sides hold."""

    azure_dev_ops: Raw
    oneplan: Raw


class WrittenValues(Part):
    """What would be written to a side; absent where nothing would be."""

    azure_dev_ops: Raw = None
    oneplan: Raw = None


class TriedField(Part):
    """One field of a tried item."""

    azure_dev_ops: str
    oneplan: str
    held: BothValues
    written: WrittenValues
    residue: str = ""


class Trial(Part):
    """What a mapping would do to one work item."""

    work_item: Number
    created: bool
    fields: list[TriedField]


class MappingAnswer(Part):
    """A mapping that was put or tried."""

    mapping: MappingConfiguration
    touched_items: Number
    warnings: list[str]
    trial: Trial | None = None
    run: str = ""


class ShownChoice(Part):
    """A value of a field that takes only certain ones."""

    id: str
    label: str
    category: str = ""
    types: list[str] = Field(default_factory=list)


class ShownField(Part):
    """A field of one system."""

    name: str
    label: str
    type: FieldType
    required: bool
    read_only: bool
    why_read_only: str = ""
    choices: list[ShownChoice] = Field(default_factory=list)
    types: list[str] = Field(default_factory=list)


class ShownTable(Part):
    """The fields of one table on both sides, and the pairs that are offered."""

    azure_dev_ops: list[ShownField]
    oneplan: list[ShownField]
    suggestions: list[PairConfiguration]


class LiveFieldsAnswer(Part):
    """The fields of both systems as they are now."""

    plans: ShownTable
    tasks: ShownTable


class ShownVersion(Part):
    """A version and when it was saved."""

    version: Number
    saved: datetime


class VersionList(Part):
    """The versions of a configuration, the newest first."""

    versions: list[ShownVersion]
    current: Number


class ShownDifference(Part):
    """A member that differs."""

    path: str
    before: Any
    after: Any


class VersionDiff(Part):
    """What a version changed."""

    version: Number
    against: Number | None
    changes: list[ShownDifference]


class TakenIn(Part):
    """What an import or a restore changed."""

    id: str
    version: Number
    changes: list[ShownDifference]
    warnings: list[str]
    run: str = ""


class ShownPerson(Part):
    """A person of Azure DevOps."""

    name: str
    unique_name: str


class ShownResource(Part):
    """A person of OnePlan."""

    id: str
    name: str
    mail: str


class ShownMatch(ShownPerson):
    """Whom a person is taken for, and why."""

    oneplan: ShownResource
    by: How


class UsersAnswer(Part):
    """Who is who."""

    default_owner: Name | None
    overrides: dict[str, str]
    matches: list[ShownMatch]
    unmatched: list[ShownPerson]
    run: str = ""


class ShownLevel(Part):
    """A backlog level."""

    name: str
    kind: Literal["portfolio", "requirement", "task"]
    types: list[str]


class ShownProject(Part):
    """A team project with its types, its levels from the highest, and its areas."""

    id: str
    name: str
    types: list[str]
    levels: list[ShownLevel]
    bug_types: list[str]
    areas: list[str]


class FoundOrganization(Part):
    """What Azure DevOps offers."""

    projects: list[ShownProject]


class FoundGroup(Part):
    """What OnePlan offers."""

    plan_types: list[str]
    work_types: list[str]


class DiscoveryAnswer(Part):
    """What the systems that were asked offer."""

    azure_dev_ops: FoundOrganization | None = None
    oneplan: FoundGroup | None = None


class SyncRequest(Part):
    """What to sync. `side` and `itemId` name the item of a tree or item sync."""

    kind: RunKind
    side: Side | None = None
    item_id: str | int | None = None


class StartedRun(Part):
    """The run that is under way."""

    run: str


class ShownProgress(Part):
    """Parts done, parts in all, and how long it still takes."""

    done: Number
    total: Number
    remaining_seconds: float | None


class ShownRun(Part):
    """A run with its counts."""

    id: str
    kind: RunKind
    cause: Cause
    state: RunState
    stage: str
    counts: dict[str, int]
    left_out: dict[str, int]
    unmatched_users: list[str]
    problem: str
    report: str = ""
    notes: list[str] = Field(default_factory=list)
    requested: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    progress: ShownProgress | None = None


class RunList(Part):
    """Runs, the newest first."""

    runs: list[ShownRun]


class ShownFailure(Part):
    """An item that could not be brought over."""

    item: str
    title: str
    reason: str
    field: str
    what_to_do: str
    attempts: Number
    run: str


class FailureList(Part):
    """What failed."""

    failures: list[ShownFailure]


class ItemNames(Part):
    """Items to be tried again; all of them where none is named."""

    items: list[str | int] | None = None


class Retried(Part):
    """How many are tried again."""

    retried: Number


class ShownWaiting(Part):
    """An item that waits for the one above it."""

    item: str
    title: str
    waits_for: str


class WaitingList(Part):
    """What waits."""

    waiting: list[ShownWaiting]


class ShownActivity(Part):
    """One thing that happened."""

    id: str
    item: str
    title: str
    field: str | None
    side: Side
    action: Action
    before: Raw
    after: Raw
    whole: bool
    cause: Cause
    run: str | None
    at: datetime
    note: str


class ActivityPage(Part):
    """What happened, the newest first; the next page is `after`."""

    entries: list[ShownActivity]
    after: str | None


class ShownConflict(Part):
    """A field that both sides changed."""

    id: str
    item: str
    title: str
    field: str
    azure_dev_ops: Raw
    oneplan: Raw
    whole: bool
    since: datetime
    winner: Side | None


class ConflictList(Part):
    """What waits for a person."""

    conflicts: list[ShownConflict]


class Winner(Part):
    """The side whose value is to stand."""

    winner: Side


class ExplanationAnswer(Part):
    """What became of a work item, and the rule that decided."""

    work_item: Number
    answer: Answer
    reason: str
    rule: str
    target: str
    plan: str


class HealthAnswer(Part):
    """The app is set up and its storage answers."""

    status: Literal["ok"]
    connections: Number
    enabled: Number
