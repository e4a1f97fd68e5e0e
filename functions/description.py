"""Every HTTP function with what it takes and answers: the one place that the API's description is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from functions import wire
from functions.access import Role
from shared.configuration import Connection
from shared.configuration_document import ConfigurationDocument, People
from shared.discovery import DiscoveryRequest
from shared.mapping_configuration import MappingConfiguration
from shared.messages import Cause

JSON, YAML, ANY = "application/json", "application/yaml", "application/json; notification"
type Condition = Literal["", "optional", "required"]

NUMBER = {"type": "string", "pattern": "^[0-9]{1,8}$"}


@dataclass(frozen=True)
class Query:
    """A parameter after the question mark."""

    name: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False


@dataclass(frozen=True)
class Operation:
    """What one function takes and answers. `role`: None where the function checks a secret of its own, or nothing.

    `answers` are the models by status, None for an answer without a body. `condition`: whether If-Match is read.
    """

    role: Role | None
    answers: Mapping[int, type[BaseModel] | None]
    body: type[BaseModel] | None = None
    media: str = JSON
    answer_media: str = JSON
    query: tuple[Query, ...] = ()
    condition: Condition = ""
    etag: bool = False
    problems: tuple[int, ...] = ()


_WORK_ITEM = {"type": "integer", "minimum": 1, "maximum": 2147483647}
_DRY = (
    Query("dryRun", "true: nothing is stored", {"type": "string", "enum": ["true", "false"]}),
    Query("workItem", "the work item that the mapping is tried on, with dryRun=true", _WORK_ITEM),
)
_ACTIVITY = (
    Query("item", "of one work item, by number, or of one team project, by id"),
    Query("field", "of one field"),
    Query("cause", "of one cause", {"type": "string", "enum": list(Cause.__value__.__args__)}),
    Query("run", "of one run"),
    Query("day", "of one day (UTC)", {"type": "string", "format": "date"}),
    Query("most", "entries of a page", {"type": "integer", "minimum": 1, "maximum": 200}),
    Query("after", "`after` of the page before"),
)
# A remote system may not do its part; another change may come first.
REMOTE, RACED = 502, 409

OPERATIONS: Mapping[str, Operation] = {
    "azure_devops_hook": Operation(None, {202: None}, media=ANY, problems=(400, 413, 415)),
    "oneplan_hook": Operation(
        None, {202: None}, media=ANY, query=(Query("key", "the hook secret"),), problems=(400, 413, 415)
    ),
    "health": Operation(None, {200: wire.HealthAnswer}),
    "openapi": Operation("Reader", {200: None}),
    "configuration_schema": Operation("Reader", {200: None}),
    "list_connections": Operation("Reader", {200: wire.ConnectionList}),
    "create_connection": Operation(
        "Administrator", {201: wire.ShownConnection}, Connection, etag=True, problems=(RACED, REMOTE)
    ),
    "check_connection": Operation("Administrator", {200: wire.CheckedSteps}, Connection, problems=(RACED, REMOTE)),
    "get_connection": Operation("Reader", {200: wire.ShownConnection}, etag=True),
    "replace_connection": Operation(
        "Administrator",
        {200: wire.ShownConnection},
        Connection,
        condition="required",
        etag=True,
        problems=(RACED, REMOTE),
    ),
    "delete_connection": Operation(
        "Administrator",
        {200: wire.DeletedConnection, 202: wire.DeletedConnection},
        condition="optional",
        problems=(RACED, REMOTE),
    ),
    "enable_connection": Operation(
        "Administrator", {200: wire.ShownConnection}, condition="optional", etag=True, problems=(RACED, REMOTE)
    ),
    "disable_connection": Operation(
        "Administrator", {200: wire.ShownConnection}, condition="optional", etag=True, problems=(RACED,)
    ),
    "rotate_hook_secret": Operation(
        "Administrator", {200: wire.RotatedConnection}, condition="optional", etag=True, problems=(RACED, REMOTE)
    ),
    "connection_health": Operation("Reader", {200: wire.ConnectionHealth}),
    "pause_everything": Operation("Administrator", {200: wire.Paused}),
    "resume_everything": Operation("Administrator", {200: wire.Paused}),
    "list_audit": Operation("Administrator", {200: wire.Audit}),
    "get_mapping": Operation("Reader", {200: MappingConfiguration}, etag=True),
    "put_mapping": Operation(
        "Administrator",
        {200: wire.MappingAnswer},
        MappingConfiguration,
        query=_DRY,
        condition="required",
        etag=True,
        problems=(RACED, REMOTE),
    ),
    "get_fields": Operation("Editor", {200: wire.LiveFieldsAnswer}, problems=(REMOTE,)),
    "list_versions": Operation("Reader", {200: wire.VersionList}),
    "diff_version": Operation(
        "Reader",
        {200: wire.VersionDiff},
        query=(Query("against", "compared with this version; the one before it where left out", NUMBER),),
    ),
    "restore_version": Operation(
        "Administrator", {200: wire.TakenIn}, condition="optional", etag=True, problems=(400, RACED, REMOTE)
    ),
    "export_configuration": Operation("Reader", {200: ConfigurationDocument}, answer_media=YAML, etag=True),
    "import_configuration": Operation(
        "Administrator",
        {200: wire.TakenIn},
        ConfigurationDocument,
        media=YAML,
        condition="required",
        etag=True,
        problems=(RACED, REMOTE),
    ),
    "get_users": Operation("Reader", {200: wire.UsersAnswer}, etag=True),
    "put_users": Operation(
        "Administrator", {200: wire.UsersAnswer}, People, condition="required", etag=True, problems=(RACED, REMOTE)
    ),
    "discover": Operation("Administrator", {200: wire.DiscoveryAnswer}, DiscoveryRequest, problems=(404, REMOTE)),
    "explain_item": Operation(
        "Reader",
        {200: wire.ExplanationAnswer},
        query=(Query("workItem", "its number", _WORK_ITEM, required=True),),
    ),
    "release_run": Operation("Administrator", {202: wire.StartedRun}, problems=(RACED,)),
    "start_sync": Operation("Editor", {202: wire.StartedRun}, wire.SyncRequest, problems=(REMOTE,)),
    "list_runs": Operation("Reader", {200: wire.RunList}),
    "get_run": Operation("Reader", {200: wire.ShownRun}),
    "list_failures": Operation("Reader", {200: wire.FailureList}),
    "retry_failures": Operation("Editor", {202: wire.Retried}, wire.ItemNames),
    "list_activity": Operation("Reader", {200: wire.ActivityPage}, query=_ACTIVITY),
    "get_activity": Operation("Reader", {200: wire.ShownActivity}),
    "undo_activity": Operation("Editor", {202: wire.ShownActivity}, problems=(400, RACED, REMOTE)),
    "list_conflicts": Operation("Reader", {200: wire.ConflictList}),
    "settle_conflict": Operation("Editor", {202: wire.ShownConflict}, wire.Winner, problems=(RACED,)),
    "list_waiting": Operation("Reader", {200: wire.WaitingList}),
}
