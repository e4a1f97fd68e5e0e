"""What a client sends."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.judge.schemas import SENT_DATE, Schemas
from tests.judge.specification import Operation, path_values
from tests.judge.violation import Violation

type Json = dict[str, Any]
type Finding = tuple[str, str, str]


@dataclass(frozen=True)
class Sent:
    """A request; header names are lower case."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def judge_request(schemas: Schemas, operation: Operation, sent: Sent) -> list[Violation]:
    """All violations of the request."""
    base = schemas.specification.base
    found = [*_path(operation, base, sent), *_version(operation, sent), *_query(operation, sent)]
    found += [*_content(operation, sent), *_body(schemas, operation, sent)]
    return [Violation("request", operation.key, *finding) for finding in found]


def _path(operation: Operation, base: str, sent: Sent) -> Iterator[Finding]:
    for name, value in path_values(operation, base, sent.path).items():
        if name in operation.path and not _readable(operation.path[name], value):
            yield "path", name, f"{value!r} is not {_wanted(operation.path[name])}"


def _version(operation: Operation, sent: Sent) -> Iterator[Finding]:
    """ado-api.md section 1: every call names its version, in the query or in Accept."""
    if operation.version is None:
        return
    named = dict(sent.query).get("api-version") or _accepted_version(sent.headers.get("accept", ""))
    if named is None:
        yield "api-version", "", f"missing; the reference has {operation.version}"
    elif not re.fullmatch(_version_pattern(operation.version), named):
        yield "api-version", "", f"{named} where the reference has {operation.version}"


def _accepted_version(accept: str) -> str | None:
    found = re.search(r"api-version=([^;,\s]+)", accept)
    return found[1] if found else None


def _version_pattern(declared: str) -> str:
    """A released resource also answers to a preview; a preview resource never to a release (section 1 [K])."""
    if declared.startswith("~"):
        return declared[1:]
    number, preview, _ = declared.partition("-preview")
    return re.escape(number) + (r"-preview(\.\d+)?" if preview else r"(-preview(\.\d+)?)?")


def _query(operation: Operation, sent: Sent) -> Iterator[Finding]:
    names = {name.lower(): name for name in operation.query}
    given = {name.lower() for name, _ in sent.query}
    for name in sorted(operation.required_query):
        if name.lower() not in given:
            yield "missing-query", name, "required by the reference"
    for name, value in sent.query:
        if name.lower() == "api-version" and operation.version is not None:
            continue
        if name.lower() not in names:
            yield "unknown-query", name, "the reference has no such query parameter"
        elif not _readable(operation.query[names[name.lower()]], value):
            yield "query", name, f"{value!r} is not {_wanted(operation.query[names[name.lower()]])}"


def _readable(schema: Json, value: str) -> bool:
    if "enum" in schema:
        return value.lower() in {str(each).lower() for each in schema["enum"]}
    kind, form = schema.get("type"), schema.get("format", "")
    if kind == "integer" or form == "array (int32)":
        return all(re.fullmatch(r"-?\d+", each.strip()) for each in value.split(","))
    if kind == "boolean":
        return value.lower() in {"true", "false"}
    if form == "uuid":
        return _is_uuid(value)
    return form != "date-time" or SENT_DATE.fullmatch(value) is not None


def _is_uuid(value: str) -> bool:
    try:
        return bool(UUID(value))
    except ValueError:
        return False


def _wanted(schema: Json) -> str:
    return "one of " + ", ".join(map(str, schema["enum"])) if "enum" in schema else f"{schema.get('format') or schema}"


def _content(operation: Operation, sent: Sent) -> Iterator[Finding]:
    if not sent.body:
        if operation.body is not None and operation.body_required:
            yield "missing-body", "", "the reference has a body here"
    elif operation.body is None:
        if sent.body.strip() not in {b"", b"{}", b"null"}:
            yield "unknown-body", "", "the reference has no body here"
    elif sent.content_type not in operation.consumes:
        yield "content-type", "", f"{sent.content_type!r} is not {' or '.join(operation.consumes)}"


def _body(schemas: Schemas, operation: Operation, sent: Sent) -> Iterator[Finding]:
    if not sent.body or operation.body is None or "json" not in sent.content_type:
        return
    try:
        value = json.loads(sent.body)
    except ValueError as error:
        yield "body", "", f"not JSON: {error}"
        return
    yield from schemas.errors(operation.key, "request", operation.body, value)
