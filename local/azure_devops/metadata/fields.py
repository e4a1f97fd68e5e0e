"""Fields of the organization and of a type (specification area wit)."""

from typing import Any

from local.azure_devops.metadata.processes import list_id
from local.azure_devops.model import FieldDefinition, Organization, Process, TypeField, WorkItemType

_EQUALITY = ("Equals", "NotEquals")
_ORDER = ("GreaterThan", "LessThan", "GreaterThanEquals", "LessThanEquals")
_AGAINST_FIELDS = (
    "EqualsField",
    "NotEqualsField",
    "GreaterThanField",
    "LessThanField",
    "GreaterThanEqualsField",
    "LessThanEqualsField",
)
_TEXT = ("Contains", "NotContains")
_NUMBER = (*_EQUALITY, *_ORDER, "In", *_AGAINST_FIELDS)
_STRING = (*_EQUALITY, *_ORDER, *_TEXT, "In", "InGroup", "NotInGroup", *_AGAINST_FIELDS)
_OPERATIONS: dict[str, tuple[str, ...]] = {
    "integer": _NUMBER,
    "dateTime": _NUMBER,
    "double": (*_EQUALITY, *_ORDER, "In", "Ever", *_AGAINST_FIELDS),
    "treePath": ("Under", "NotUnder", *_EQUALITY, "In"),
    "plainText": _TEXT,
    "html": _TEXT,
    "history": _TEXT,
    "boolean": (*_EQUALITY, "Ever", "EqualsField", "NotEqualsField"),
    "guid": _EQUALITY,
    "string": _STRING,
    "identity": _STRING,
}
_SIGNS = {
    "Equals": "=",
    "NotEquals": "<>",
    "GreaterThan": ">",
    "LessThan": "<",
    "GreaterThanEquals": ">=",
    "LessThanEquals": "<=",
    "Contains": "Contains",
    "NotContains": "Does Not Contain",
    "In": "In",
    "InGroup": "In Group",
    "NotInGroup": "Not In Group",
    "Under": "Under",
    "NotUnder": "Not Under",
    "Ever": "Was Ever",
    "EqualsField": "= [Field]",
    "NotEqualsField": "<> [Field]",
    "GreaterThanField": "> [Field]",
    "LessThanField": "< [Field]",
    "GreaterThanEqualsField": ">= [Field]",
    "LessThanEqualsField": "<= [Field]",
}
# Kept by the system, so required though nobody has to send them (specification's example).
_ALWAYS_REQUIRED = {"System.AreaId", "System.IterationId"}


def field(base: str, definition: FieldDefinition) -> dict[str, Any]:
    """A WorkItemField2. Identity fields have the type string with isIdentity set, as Azure DevOps has them."""
    operations = [
        {"referenceName": f"SupportedOperations.{name}", "name": _SIGNS[name]} for name in _OPERATIONS[definition.type]
    ]
    answer: dict[str, Any] = {
        "name": definition.name,
        "referenceName": definition.reference_name,
        "description": None,
        "type": "string" if definition.type == "identity" else definition.type,
        "usage": "workItem",
        "readOnly": definition.read_only,
        "canSortBy": definition.type not in {"html", "history", "plainText"},
        "isQueryable": True,
        "supportedOperations": operations,
        "isIdentity": definition.type == "identity",
        "isPicklist": bool(definition.picklist),
        "isPicklistSuggested": definition.suggested,
        "isDeleted": False,
        "isLocked": False,
        "url": f"{base}/_apis/wit/fields/{definition.reference_name}",
    }
    return answer | ({"picklistId": list_id(definition)} if definition.picklist else {})


def find_field(organization: Organization, name: str) -> FieldDefinition | None:
    """A field by reference name or name, in any letter case."""
    wanted = name.casefold()
    return next(
        (
            field_
            for field_ in organization.fields.values()
            if wanted in (field_.reference_name.casefold(), field_.name.casefold())
        ),
        None,
    )


def type_field(
    base: str, organization: Organization, used: TypeField, expand: str, *, instance: bool = False
) -> dict[str, Any]:
    """A WorkItemTypeFieldWithReferences, or (`instance`) the form inside a work item type.

    allowedValues come with $expand=allowedValues or all, dependentFields with dependentFields or all.
    """
    answer: dict[str, Any] = {
        "alwaysRequired": used.required or used.reference_name in _ALWAYS_REQUIRED,
        "referenceName": used.reference_name,
        "name": organization.fields[used.reference_name].name,
        "url": f"{base}/_apis/wit/fields/{used.reference_name}",
    }
    if instance:
        return answer
    wanted = expand.casefold()
    answer["defaultValue"] = used.default
    if wanted in {"allowedvalues", "all"}:
        answer["allowedValues"] = _allowed(organization, used)
    if wanted in {"dependentfields", "all"}:
        answer["dependentFields"] = []
    return answer


def _allowed(organization: Organization, used: TypeField) -> list[Any]:
    definition = organization.fields[used.reference_name]
    if definition.type == "integer":
        return [int(value) for value in used.allowed]
    return list(used.allowed or definition.picklist)


def process_field(
    base: str, process: Process, one: WorkItemType, used: TypeField, definition: FieldDefinition
) -> dict[str, Any]:
    """A ProcessWorkItemTypeField; picklists have the type of their list."""
    kind: str = definition.type
    if definition.picklist:
        kind = f"picklist{kind.title()}"
    root = f"{base}/_apis/work/processes/{process.id}/workItemTypes/{one.reference_name}/fields"
    return {
        "referenceName": used.reference_name,
        "name": definition.name,
        "type": kind,
        "required": used.required,
        "readOnly": used.read_only,
        "defaultValue": used.default,
        "url": f"{root}/{used.reference_name}",
        "customization": "custom" if used.reference_name.startswith("Custom.") else "system",
    }
