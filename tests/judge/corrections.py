"""The one table of where reality is known to differ from the specifications, each with its source.

[R] recorded, [D] documented, [I] said by a maintainer, [K] common knowledge, as ado-api.md marks them; "example" is an
answer in the specification's own httpExamples that its schemas refuse.
"""

from typing import Any

from tests.judge.patches import Correction

type Json = dict[str, Any]

STRING: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
GUID: Json = {"type": "string", "format": "uuid"}
NULL_STRING: Json = {"type": "string", "nullable": True}
NULLABLE: Json = {"nullable": True}
ORG = "/{organization}"
WIT = "/{organization}[/{project}]/_apis/wit"
PROJECT_WIT = "/{organization}/{project}/_apis/wit"


def _members(**members: Json) -> Json:
    return {"properties": members}


def _listed(item: Json) -> Json:
    value = {"type": "array", "items": item}
    return {"type": "object", "properties": {"count": NUMBER, "value": value}, "required": ["count", "value"]}


def _operation(*, version: str | None, query: Json | None = None, **rest: Any) -> Json:
    return {"query": query or {}, "statuses": [200], **({"version": version} if version else {}), **rest}


_IDENTITY: Json = {"$ref": "#/$defs/wit.IdentityRef"}
_FIELD_DATE: Json = {"type": "string", "format": "field-date"}


def _fields(identity: Json) -> Json:
    """Kinds of the fields that every process has; what is empty is absent, so none may be null (section 5 [R])."""
    return {
        "type": "object",
        "patternProperties": {
            r"^(System|Microsoft\.VSTS)\..*Date$": _FIELD_DATE,
            r"^System\.(AssignedTo|ChangedBy|CreatedBy|AuthorizedAs)$": identity,
            r"^Microsoft\.VSTS\.Common\.(Activated|Resolved|Closed)By$": identity,
            r"^System\.(Id|Rev|Watermark|AreaId|IterationId|PersonId|CommentCount|Parent)$": NUMBER,
            r"^System\.(Title|State|Reason|WorkItemType|TeamProject|AreaPath|IterationPath|Tags|Description)$": STRING,
            r"^Microsoft\.VSTS\.(Common\.StackRank|Common\.BacklogPriority|Scheduling\..*(?<!Date))$": {
                "type": ["number", "string"]
            },
        },
        "additionalProperties": {},
    }


_LINK: Json = {"type": "object", "properties": {"href": STRING}, "required": ["href"]}
_RELATIONS_NULL: Json = {"properties": {"rel": NULLABLE, "source": NULLABLE}}
_LINK_CHANGE: Json = {
    "type": "object",
    "properties": {
        "rel": STRING,
        "sourceId": NUMBER,
        "targetId": NUMBER,
        "changedDate": _FIELD_DATE,
        "isActive": {"type": "boolean"},
        "sourceProjectId": GUID,
        "targetProjectId": GUID,
        "changedBy": _IDENTITY,
        "comment": STRING,
        "changedOperation": STRING,
    },
    "required": ["rel", "sourceId", "targetId", "changedDate", "isActive"],
}
_BATCH_REQUEST: Json = {
    "type": "array",
    "maxItems": 200,
    "items": {
        "type": "object",
        "properties": {
            "method": {"enum": ["PATCH"]},
            "uri": STRING,
            "headers": {
                "type": "object",
                "properties": {"Content-Type": {"enum": ["application/json-patch+json"]}},
                "required": ["Content-Type"],
            },
            "body": {"$ref": "#/$defs/wit.JsonPatchDocument"},
        },
        "required": ["method", "uri", "headers", "body"],
    },
}
_BATCH_ANSWER = _listed(
    {
        "type": "object",
        "properties": {
            "code": NUMBER,
            "headers": {"type": "object", "additionalProperties": STRING, "nullable": True},
            "body": STRING,
        },
        "required": ["code", "body"],
    }
)
_BATCH = _operation(
    version=r"~(4\.[1-9]|[5-7]\.\d)(-preview(\.\d+)?)?",
    consumes=["application/json"],
    body=_BATCH_REQUEST,
    answer=_BATCH_ANSWER,
)
_CONNECTION: Json = {
    "type": "object",
    "properties": {
        "authenticatedUser": {"$ref": "#/$defs/ims.Identity"},
        "authorizedUser": {"$ref": "#/$defs/ims.Identity"},
        "instanceId": GUID,
        "deploymentId": GUID,
        "deploymentType": {"enum": ["hosted", "onPremises"]},
        "locationServiceData": {"type": "object"},
    },
    "required": ["authenticatedUser", "authorizedUser", "instanceId", "deploymentId", "deploymentType"],
}
_LOCATION: Json = {
    "type": "object",
    "properties": {
        "id": GUID,
        "area": STRING,
        "resourceName": STRING,
        "routeTemplate": STRING,
        "resourceVersion": NUMBER,
        "minVersion": STRING,
        "maxVersion": STRING,
        "releasedVersion": STRING,
    },
}
_RESOURCE_AREA: Json = {"type": "object", "properties": {"id": GUID, "name": STRING, "locationUrl": STRING}}
_COLLECTED: Json = {"answer": {"properties": {"value": {"items": NULLABLE}}}}
_DONE_WITHOUT_BODY: Json = {"statuses": [200, 204]}
_CREATED: Json = {"statuses": [200, 201]}
_SUBJECTS: Json = {"type": "object", "additionalProperties": {"$ref": "#/$defs/graph.GraphSubject"}}
_PROPERTY_VALUE: Json = {"type": "object", "properties": {"$type": STRING, "$value": {}}}

AZURE_DEVOPS = (
    Correction(
        "*.ReferenceLinks",
        {"properties": None, "additionalProperties": {"anyOf": [_LINK, {"type": "array", "items": _LINK}]}},
        "section 5 [R], every example: a map of names to hrefs; example of team settings: a list of them",
    ),
    Correction(
        "wit.WorkItem",
        {
            **_members(
                multilineFieldsFormat={"type": "object", "additionalProperties": {"enum": ["markdown", "html"]}},
                fields=_fields(_IDENTITY),
            ),
            "required": ["fields", "url"],
        },
        "section 5 [R REC 2026]: multilineFieldsFormat; section 7 [R]: kinds of fields, dates in fields",
    ),
    Correction(
        "wit.ReportedWorkItem",
        {
            "type": "object",
            **_members(id=NUMBER, rev=NUMBER, fields=_fields({"type": ["object", "string"]})),
            "required": ["id", "rev", "fields"],
        },
        "section 5, Reporting feeds: identities are text without includeIdentityRef [D example]",
        adds=True,
    ),
    Correction("wit.ReportedLink", _LINK_CHANGE, "section 5, Reporting feeds [D example]", adds=True),
    Correction(
        "wit.ReportingWorkItemRevisionsBatch",
        {"properties": {"values": {"items": {"type": None, "format": None, "$ref": "#/$defs/wit.ReportedWorkItem"}}}},
        "section 5, Reporting feeds [D]: the specification types the items as a string of format T",
    ),
    Correction(
        "wit.ReportingWorkItemLinksBatch",
        {"properties": {"values": {"items": {"type": None, "format": None, "$ref": "#/$defs/wit.ReportedLink"}}}},
        "section 5, Reporting feeds [D]: the specification types the items as a string of format T",
    ),
    Correction("*.WorkItemLink", _RELATIONS_NULL, "section 5, WIQL: roots have rel and source null [D, K], examples"),
    Correction(f"GET {WIT}/workitems", _COLLECTED, "section 5: null where errorPolicy=omit leaves an item out [K]"),
    Correction(
        f"POST {WIT}/workitemsbatch", _COLLECTED, "section 5: null where errorPolicy=omit leaves an item out [K]"
    ),
    Correction(
        f"GET {PROJECT_WIT}/classificationnodes?ids={{ids}}",
        _COLLECTED,
        "section 5: null under errorPolicy=omit [D example From_Ids_ErrorPolicy]",
    ),
    Correction(f"GET {ORG}/_apis/identities", _COLLECTED, "section 7: null for an id that nobody has [K]"),
    Correction("wit.WorkItemBatchGetRequest", _members(ids={"maxItems": 200}), "section 5: 200 ids at most [D]"),
    Correction("wit.JsonPatchOperation", _members(**{"from": NULLABLE, "value": NULLABLE}), "examples send from: null"),
    Correction("wit.JsonPatchOperation", {"required": ["op", "path"]}, "RFC 6902 section 4"),
    Correction(f"DELETE {WIT}/workitems/{{id}}", _DONE_WITHOUT_BODY, "section 5, Deleted: 200, or 204 in an example"),
    Correction(f"POST {WIT}/workitemsdelete", _DONE_WITHOUT_BODY, "example: 204"),
    Correction(f"DELETE {WIT}/recyclebin/{{id}}", _DONE_WITHOUT_BODY, "example: 204"),
    Correction(f"DELETE {WIT}/fields/{{fieldNameOrRefName}}", _DONE_WITHOUT_BODY, "as the other deletions [K]"),
    Correction(f"DELETE {PROJECT_WIT}/tags/{{tagIdOrName}}", _DONE_WITHOUT_BODY, "as the other deletions [K]"),
    Correction(
        f"DELETE {PROJECT_WIT}/workItems/{{workItemId}}/comments/{{commentId}}",
        _DONE_WITHOUT_BODY,
        "as the other deletions [K]",
    ),
    Correction(
        f"DELETE {PROJECT_WIT}/classificationnodes/{{structureGroup}}[/{{path}}]", _DONE_WITHOUT_BODY, "examples: 204"
    ),
    Correction(f"DELETE {ORG}/_apis/hooks/subscriptions/{{subscriptionId}}", _DONE_WITHOUT_BODY, "section 10: 204 [D]"),
    Correction(
        f"POST {PROJECT_WIT}/classificationnodes/{{structureGroup}}[/{{path}}]",
        _CREATED,
        "section 6: create answers 201, a move 200 [R]; examples",
    ),
    Correction(f"POST {WIT}/attachments", _CREATED, "examples: 201"),
    Correction(f"PUT {WIT}/attachments/{{id}}", _CREATED, "example: 201"),
    Correction("*.WorkItemDelete", _members(id={"type": ["integer", "string"], "format": None}), "examples: text"),
    Correction(
        "*.WorkItemDeleteReference", _members(id={"type": ["integer", "string"], "format": None}), "examples: text"
    ),
    Correction(
        "*.WorkItemDeleteShallowReference",
        _members(id={"type": ["integer", "string"], "format": None}),
        "examples: text",
    ),
    Correction("*.WorkItemField2", _members(description=NULLABLE), "example POST_wit_field: null, sent and answered"),
    Correction("wit.WorkItemTypeFieldWithReferences", _members(defaultValue=NULLABLE), "examples: null"),
    Correction("wit.WorkItemStateTransition", _members(actions=NULLABLE), "examples of work item types: null"),
    Correction("work.BoardRow", _members(name=NULLABLE), "example: the default row has no name"),
    Correction(
        "work.TeamIterationAttributes",
        _members(startDate=NULLABLE, finishDate=NULLABLE),
        "example of one iteration: null where unset",
    ),
    Correction("hooks.Subscription", _members(resourceVersion=NULLABLE), "examples: null"),
    Correction(
        "hooks.Subscription",
        _members(probationRetries={"type": "integer", "format": None}),
        "section 10 [D]: a count; examples 1, 2, 6 (the specification says a string of format byte)",
    ),
    Correction(
        "hooks.InputValidation",
        _members(minValue={"type": ["number", "string"]}, maxValue={"type": ["number", "string"]}),
        "example of consumers: numbers",
    ),
    Correction("processes.ProcessInfo", _members(referenceName=NULLABLE), "examples: null for system processes"),
    Correction(
        "processes.ProcessInfo",
        _members(customizationType={"enum": ["system", "inherited", "custom", "System", "Inherited", "Custom"]}),
        "examples: capitalised",
    ),
    Correction(
        "processes.ProcessBehavior",
        _members(color=NULLABLE, description=NULLABLE, inherits=NULLABLE),
        "examples: null for OrderedBehavior",
    ),
    Correction("processes.ProcessWorkItemType", _members(inherits=NULLABLE), "examples: null for system types"),
    Correction("graph.GraphGroup", _members(mailAddress=NULLABLE, isCrossProject={"type": "boolean"}), "examples"),
    Correction(
        "graph.GraphSubject",
        _members(
            description=STRING,
            directoryAlias=STRING,
            domain=STRING,
            isCrossProject={"type": "boolean"},
            isDeletedInOrigin={"type": "boolean"},
            mailAddress=NULL_STRING,
            metaType=STRING,
            principalName=STRING,
        ),
        "example of subject look-up: the members of the user or group that the subject is",
    ),
    Correction(
        f"POST {ORG}/_apis/graph/subjectlookup",
        {"answer": {"properties": {"count": NUMBER, "value": _SUBJECTS}, "additionalProperties": False}},
        "example: the map is wrapped like a list",
    ),
    Correction("graph.GraphUser", _members(mailAddress=NULLABLE), "as groups; section 7: mail may be empty"),
    Correction(
        "ims.Identity",
        _members(
            descriptor={"$ref": None, "type": "string"},
            properties={"$ref": None, "type": "object", "additionalProperties": _PROPERTY_VALUE},
        ),
        "section 7 [R]: properties as {$type, $value} pairs; examples: descriptors are text",
    ),
    Correction(
        "profile.Profile",
        _members(
            displayName=STRING, publicAlias=STRING, emailAddress=STRING, timeStamp={"format": None, "type": "string"}
        ),
        "example profiles/me: three more members, a date with +00:00",
    ),
    Correction(f"POST {WIT}/$batch", _BATCH, "section 6: $batch [I], not in the specification", adds=True),
    Correction(f"PATCH {WIT}/$batch", _BATCH, "section 6: $batch [I], not in the specification", adds=True),
    Correction(
        f"GET {ORG}/_apis/connectionData",
        _operation(
            version="~7\\.[12]-preview(\\.1)?",
            query={
                "connectOptions": STRING,
                "lastChangeId": NUMBER,
                "lastChangeId64": NUMBER,
            },
            answer=_CONNECTION,
        ),
        "section 1: connectionData [D NODE], not in the specification",
        adds=True,
    ),
    Correction(
        f"OPTIONS {ORG}/_apis",
        _operation(version=None, answer=_listed(_LOCATION)),
        "section 1: the SDKs list the resource locations first [D, R]",
        adds=True,
    ),
    Correction(
        f"GET {ORG}/_apis/ResourceAreas",
        _operation(version="~.+", query={}, answer=_listed(_RESOURCE_AREA)),
        "the package azure-devops, v7_1/location: the SDK asks where each area lives",
        adds=True,
    ),
)

_NOTHING: Json = {"answer": NULLABLE}
ONEPLAN = (
    Correction("POST /workplan/{planId}", _DONE_WITHOUT_BODY, "section 4 UNKNOWN: what an update answers"),
    Correction(
        "POST /workplan/{planId}/tasks/{taskId}", _DONE_WITHOUT_BODY, "section 5 UNKNOWN: what an update answers"
    ),
    Correction(
        "POST /workplan/fields/{fieldId}", _NOTHING, "section 3 [OBSERVED]: an unknown field id is 200 and null"
    ),
    Correction("POST /tasks/fields/{fieldId}", _NOTHING, "section 3 [OBSERVED]: an unknown field id is 200 and null"),
    Correction("GET /resources/me", _NOTHING, "section 1 UNKNOWN: a key without an owner is nobody"),
    Correction("GET /resources/GetResourceId", _NOTHING, "section 10 UNKNOWN: what is answered for nobody"),
    Correction("GET /integration/getintegratedplanId", _DONE_WITHOUT_BODY, "section 7.1 UNKNOWN: a plan not found"),
)

CORRECTIONS = {"azure_devops": AZURE_DEVOPS, "oneplan": ONEPLAN}
