"""The bodies of failures."""

import json
from collections.abc import Iterator
from typing import Any

from tests.judge.schemas import Schemas

type Json = dict[str, Any]
type Finding = tuple[str, str, str]

STRING: Json = {"type": "string"}

# ado-api.md section 3 [R]; customProperties [K]. Other forms: a wrapped Message [D], an empty list with a 401 [R].
AZURE_DEVOPS_ERROR: Json = {
    "type": "object",
    "properties": {
        "$id": STRING,
        "innerException": {"nullable": True, "type": "object"},
        "message": STRING,
        "typeName": STRING,
        "typeKey": STRING,
        "errorCode": {"type": "integer"},
        "eventId": {"type": "integer"},
        "customProperties": {"type": "object"},
    },
    "required": ["$id", "innerException", "message", "typeName", "typeKey", "errorCode", "eventId"],
}
WRAPPED_MESSAGE: Json = {
    "type": "object",
    "properties": {
        "count": {"type": "integer"},
        "value": {"type": "object", "properties": {"Message": STRING}, "required": ["Message"]},
    },
    "required": ["count", "value"],
}
EMPTY_LIST: Json = {
    "type": "object",
    "properties": {"count": {"enum": [0]}, "value": {"type": "array", "maximum": 0}},
    "required": ["count", "value"],
}
ERRORS: dict[str, Json] = {
    "azure_devops": {"anyOf": [AZURE_DEVOPS_ERROR, WRAPPED_MESSAGE, EMPTY_LIST]},
    # oneplan-api.md section 3, UNKNOWN: the guess of the reference, which may be free text.
    "oneplan": {"anyOf": [STRING, {"$ref": "#/$defs/WebApiErrorGuess"}]},
}


def judge_error(schemas: Schemas, status: int, headers: dict[str, str], body: bytes) -> Iterator[Finding]:
    """Whether a failure has a form that the reference knows; text, HTML and no body at all are known forms."""
    if status == 302 and "_signin" not in headers.get("location", ""):
        yield "location", "", "a redirect of Azure DevOps leads to _signin"
    if not body or "json" not in headers.get("content-type", ""):
        return
    try:
        value = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        yield "error-body", "", f"not JSON: {error}"
        return
    system = schemas.specification.system
    yield from schemas.errors("(error)", "response", ERRORS[system], value)
