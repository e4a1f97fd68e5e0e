"""Answers about connections: as stored, their steps, their health, and who changed them."""

from datetime import date, datetime
from typing import Literal

from functions.wire.parts import MemberError, Number
from shared.configuration import Brake, Name, Options, Part, Schedule, Scope
from shared.ports.stored import SaveState, StepState


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
