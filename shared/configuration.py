"""A connection as an administrator configures it (contracts.md, Function app), validated once, here."""

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from shared.refusals import FieldError, InvalidInput

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def printable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("must not hold control characters")
    return text


def _text(text: str) -> str:
    """May have several lines."""
    printable(re.sub(r"[\t\r\n]", "", text))
    return text


def _clock_time(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError("must be a time of day such as 02:00")
    return text


@cache
def _time_zones() -> frozenset[str]:
    """Looked up once: it reads a folder of files, and every row of a connection is validated."""
    return frozenset(available_timezones())


def _time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return name


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    folded = [value.casefold() for value in values]
    twice = next((value for value in values if folded.count(value.casefold()) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice!r} is there twice")
    return values


type Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(printable)
]


def _readable(url: str) -> str:
    try:
        urlsplit(url)
    except ValueError:
        raise ValueError("cannot be read as a URL") from None
    return url


type Secret = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(printable)]
type Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=8, max_length=500, pattern=r"^https?://[^\s/]"),
    AfterValidator(printable),
    AfterValidator(_readable),
]
type Names = Annotated[tuple[Name, ...], Field(max_length=200), AfterValidator(_unique)]
type SomeNames = Annotated[tuple[Name, ...], Field(min_length=1, max_length=200), AfterValidator(_unique)]


class Part(BaseModel):
    """A part of the configuration: frozen, camelCase on the wire, unknown members refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )


class OnePlanPart(Part):
    """R1: the OnePlan group and the authentication key."""

    group: Name
    url: Url = "https://my.oneplan.ai"
    key_name: Name
    key: Secret | None = Field(default=None, repr=False)
    button_name: Name | None = None


class AzureDevOpsPart(Part):
    """R2: the organization and the personal access token."""

    url: Url
    pat_name: Name
    pat: Secret | None = Field(default=None, repr=False)
    pat_expires: date


class Options(Part):
    """R5 to R7."""

    team_project_as_parent_plan: bool = False
    include_items_without_iteration: bool = False
    allow_one_plan_edits: bool = True


class Scope(Part):
    """R8: which items take part; empty lists leave it open."""

    projects: Names = ()
    area_paths: Names = ()
    tags: Names = ()
    wiql: Annotated[str, StringConstraints(max_length=16000), AfterValidator(_text)] | None = None


class Brake(Part):
    """R21: a run that would change more than this share, and more than this many items, stops."""

    share: Annotated[float, Field(gt=0, le=1)] = 0.1
    items: Annotated[int, Field(ge=0, le=1_000_000)] = 20


class Schedule(Part):
    """R22: minutes between incremental syncs, and the local time of the nightly full sync."""

    incremental_minutes: Annotated[int, Field(ge=1, le=1440)] = 5
    full_at: Annotated[str, AfterValidator(_clock_time)] = "02:00"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Connection(Part):
    """One OnePlan group joined to one Azure DevOps organization."""

    name: Name
    enabled: bool = True
    oneplan: OnePlanPart
    azure_dev_ops: AzureDevOpsPart
    plan_level_types: SomeNames
    task_types: Names
    options: Options = Options()
    scope: Scope = Scope()
    conflict_policy: Literal["azure-devops", "oneplan", "latest", "hold"] = "latest"
    on_work_item_delete: Literal["mark", "delete", "leave"] = "mark"
    on_plan_delete: Literal["disconnect", "delete"] = "disconnect"
    on_one_plan_edit_when_import_only: Literal["leave", "put-back"] = "leave"
    default_owner: Name | None = None
    team_project_plan_type: Name = "Project"
    write_hyperlink: bool = False
    comments: bool = False
    attachments: bool = False
    brake: Brake = Brake()
    schedule: Schedule = Schedule()
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 90
    change_feed: Literal["auto", "audit", "find", "sweep"] = "auto"

    @model_validator(mode="after")
    def _types_are_apart(self) -> Self:
        tasks = {name.casefold() for name in self.task_types}
        both = [name for name in self.plan_level_types if name.casefold() in tasks]
        if both:
            raise ValueError(f"{both[0]!r} is in planLevelTypes and in taskTypes; it may be in one only")
        return self

    def without_secrets(self) -> "Connection":
        return self.model_copy(
            update={
                "oneplan": self.oneplan.model_copy(update={"key": None}),
                "azure_dev_ops": self.azure_dev_ops.model_copy(update={"pat": None}),
            }
        )

    def public(self) -> dict[str, Any]:
        """The members that may be shown, as JSON; a secret is not among them even where one is set."""
        return self.without_secrets().model_dump(
            mode="json", by_alias=True, exclude={"oneplan": {"key"}, "azure_dev_ops": {"pat"}}
        )


def parse_connection(body: Any, *, secrets_required: bool = True) -> Connection:
    """The connection that a request body describes; InvalidInput names every member that is wrong."""
    try:
        # As JSON, where strictness is that of JSON's own types: "5" is no number, and true is none either.
        connection = Connection.model_validate_json(json.dumps(body, default=str), strict=True)
    except ValidationError as error:
        raise InvalidInput(field_errors(error, "a connection")) from None
    missing = [] if secrets_required is False else missing_secrets(connection)
    if missing:
        raise InvalidInput(tuple(missing))
    return connection


def missing_secrets(connection: Connection) -> list[FieldError]:
    """What is wrong with a connection that has not got both."""
    values = {"/oneplan/key": connection.oneplan.key, "/azureDevOps/pat": connection.azure_dev_ops.pat}
    return [FieldError(path, "is missing") for path, value in values.items() if value is None]


def field_errors(error: ValidationError, whole: str) -> tuple[FieldError, ...]:
    """Pydantic's errors as ours; `whole` says what the body describes. Values are left out: they may be secrets."""
    return tuple(_field_error(entry, whole) for entry in error.errors(include_url=False))


def _field_error(entry: Mapping[str, Any], whole: str) -> FieldError:
    path = "".join(f"/{pointer_part(str(part))}" for part in entry["loc"])
    message = str(entry["msg"]).removeprefix("Value error, ")
    expected = str(entry.get("ctx", {}).get("expected", ""))
    allowed = tuple(re.findall(r"'([^']+)'", expected)) if entry["type"] == "literal_error" else ()
    plain = {"missing": "is missing", "extra_forbidden": f"is no member of {whole}"}
    return FieldError(path, plain.get(entry["type"], message), allowed)


def pointer_part(part: str) -> str:
    """A name as a part of a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")
