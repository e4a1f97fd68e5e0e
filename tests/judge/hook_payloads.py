"""What the systems post by themselves.

Azure DevOps: the samples in reference/ado/service-hooks and ado-api.md section 10; real posts have subscriptionId,
notificationId and baseUrl, and no scope. OnePlan: oneplan-api.md section 7.3.
"""

from collections.abc import Iterator
from typing import Any

from tests.judge.schemas import Schemas
from tests.judge.violation import Violation

type Json = dict[str, Any]
type Finding = tuple[str, str, str]

STRING: Json = {"type": "string"}
GUID: Json = {"type": "string", "format": "uuid"}
NUMBER: Json = {"type": "integer"}
EVENTS = ("created", "updated", "commented", "deleted", "restored")


def _object(required: str, **members: Json) -> Json:
    return {"type": "object", "properties": members, "required": required.split()}


def _map(values: Json) -> Json:
    return {"type": "object", "additionalProperties": values}


LINKS = _map(_object("href", href=STRING))
MESSAGE = _object("", text=STRING, html=STRING, markdown=STRING) | {"nullable": True}
CONTAINER = _object("id", id=GUID, baseUrl=STRING)
CONTAINERS = _object("collection project", collection=CONTAINER, account=CONTAINER, server=CONTAINER, project=CONTAINER)
# Version 1.0 writes identities as text, so a field never holds an object (section 10 [AGG]).
VALUE: Json = {"type": ["array", "boolean", "number", "string"]}
DATE_VALUE: Json = {"type": "string", "format": "field-date"}
DATE_FIELDS = r"^(System|Microsoft\.VSTS)\..*Date$"
FIELDS: Json = {"type": "object", "patternProperties": {DATE_FIELDS: DATE_VALUE}, "additionalProperties": VALUE}
RELATIONS: Json = {"type": "array", "items": {"$ref": "#/$defs/wit.WorkItemRelation"}}
COMMENT_VERSION: Json = {"$ref": "#/$defs/wit.WorkItemCommentVersionRef"}
ITEM = _object(
    "id rev fields url",
    id=NUMBER,
    rev=NUMBER,
    fields=FIELDS,
    relations=RELATIONS,
    commentVersionRef=COMMENT_VERSION,
    multilineFieldsFormat=_map({"enum": ["markdown", "html"]}),
    _links=LINKS,
    url=STRING,
)
CHANGE = _object("", oldValue=VALUE, newValue=VALUE)
DATE_CHANGE = _object("", oldValue=DATE_VALUE, newValue=DATE_VALUE)
CHANGES: Json = {"type": "object", "patternProperties": {DATE_FIELDS: DATE_CHANGE}, "additionalProperties": CHANGE}
UPDATE = _object(
    "id workItemId rev revisedBy revisedDate url revision",
    id=NUMBER,
    workItemId=NUMBER,
    rev=NUMBER,
    revisedBy={"$ref": "#/$defs/wit.IdentityReference", "nullable": True},
    revisedDate={"type": "string", "format": "date-time"},
    fields=CHANGES,
    relations={"$ref": "#/$defs/wit.WorkItemRelationUpdates"},
    _links=LINKS,
    url=STRING,
    revision=ITEM,
)
RESOURCES = {f"workitem.{event}": UPDATE if event == "updated" else ITEM for event in EVENTS}


def _envelope(resource: Json) -> Json:
    return _object(
        "subscriptionId notificationId id eventType publisherId message detailedMessage resource resourceVersion "
        "resourceContainers createdDate",
        subscriptionId=GUID,
        notificationId={"type": "integer", "minimum": 1},
        id=GUID,
        eventType={"enum": list(RESOURCES)},
        publisherId={"enum": ["tfs"]},
        message=MESSAGE,
        detailedMessage=MESSAGE,
        resource=resource | {"nullable": True},
        resourceVersion={"enum": ["1.0"]},
        resourceContainers=CONTAINERS,
        createdDate={"type": "string", "format": "date-time"},
    )


# A OnePlan event names the plan; a step change adds Values (section 7.3 [DOCUMENTED]).
ONEPLAN_EVENT = _object(
    "Id Name",
    Id=GUID,
    Name=STRING,
    Values=_object("CurrentStep NewStep LinkToPlan", CurrentStep=STRING, NewStep=STRING, LinkToPlan=STRING),
)


def judge_hook(schemas: Schemas, payload: Any, headers: dict[str, str]) -> list[Violation]:
    """All violations of the post."""
    event = payload.get("eventType") if isinstance(payload, dict) else None
    name = str(event or "event")
    return [Violation("hook", name, *finding) for finding in _findings(schemas, payload, event, headers)]


def _findings(schemas: Schemas, payload: Any, event: Any, headers: dict[str, str]) -> Iterator[Finding]:
    kind = headers.get("content-type", "")
    if not kind.startswith("application/json"):
        yield "content-type", "", f"{kind!r} is not application/json"
    if schemas.specification.system == "oneplan":
        yield from schemas.errors("(event)", "response", ONEPLAN_EVENT, payload)
    elif event not in RESOURCES:
        yield "event", "eventType", f"{event!r} is not one of {', '.join(RESOURCES)}"
    else:
        yield from schemas.errors(f"({event})", "response", _envelope(RESOURCES[event]), payload)
