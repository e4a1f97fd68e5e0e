"""What a work item accepts: field rules, people, paths and links (sections 3, 6, 7)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.azure_devops.errors import DetailedFailure
from local.azure_devops.html import sanitised
from local.azure_devops.metadata import failures
from local.azure_devops.metadata.failures import Failure
from local.azure_devops.model import CHILD, PARENT, FieldDefinition, Identity, Project, Relation, WorkItem, WorkItemType
from local.azure_devops.world import World

TITLE_LIMIT, LONG_LIMIT, LINK_LIMIT = 255, 1_048_576, 1_000
READ_ONLY = {
    "System.Id",
    "System.Rev",
    "System.Watermark",
    "System.CommentCount",
    "System.AreaId",
    "System.IterationId",
    "System.NodeName",
    "System.Parent",
    "System.BoardColumn",
}
BY_BYPASS = {"System.CreatedBy", "System.CreatedDate", "System.ChangedBy", "System.ChangedDate"}


class RuleFailure(DetailedFailure):
    """A field that a rule refuses (TF401320); the sub-shape is [K]."""

    def __init__(self, reference_name: str, flags: str, message: str) -> None:
        text = f"TF401320: Rule Error for field {reference_name.rpartition('.')[2]}. Error code: {flags}."
        error = {"fieldReferenceName": reference_name, "fieldStatusFlags": flags, "errorMessage": message}
        super().__init__(400, "RuleValidationException", f"{text} {message}", {"RuleValidationErrors": [error]})


class Rules:
    """The rules for one item of a type in a project; `bypass` lets bad values and authors through."""

    def __init__(self, world: World, project: Project, kind: WorkItemType, *, bypass: bool = False) -> None:
        self.world, self.project, self.kind, self.bypass = world, project, kind, bypass
        self._uses = {one.reference_name: one for one in kind.fields}

    def definition(self, name: str) -> FieldDefinition:
        """The field, by reference name or display name in any letter case; TF51535 where there is none."""
        wanted = name.casefold()
        for field in self.world.organization.fields.values():
            if wanted in (field.reference_name.casefold(), field.name.casefold()):
                return field
        raise failures.field_not_found(name)

    def value(self, name: str, value: Any, formats: Mapping[str, str]) -> tuple[str, Any]:
        """(reference name, value as it is stored); None clears the field."""
        field = self.definition(name)
        reference = field.reference_name
        self._check_writable(field)
        if value is None or value == "":
            return reference, None
        stored = self._typed(field, value, formats)
        if not self.bypass:
            self._check_allowed(field, stored)
        return reference, stored

    def _check_writable(self, field: FieldDefinition) -> None:
        reference = field.reference_name
        if self.bypass and reference in BY_BYPASS:
            return
        use = self._uses.get(reference)
        fixed = reference == "System.WorkItemType" and not self.world.on("type_by_patch")
        locked = fixed or reference in READ_ONLY | BY_BYPASS or field.read_only
        if locked or (use is not None and use.read_only and not self.bypass):
            raise RuleFailure(reference, "readOnly", f"Field '{field.name}' is read-only.")

    def _typed(self, field: FieldDefinition, value: Any, formats: Mapping[str, str]) -> Any:
        match field.type:
            case "integer":
                return self._number(field, value, int)
            case "double":
                return self._number(field, value, float)
            case "boolean":
                return value if isinstance(value, bool) else str(value).lower() == "true"
            case "dateTime":
                return self._date(field, value)
            case "identity":
                return self.person(field, value)
            case "html" | "history":
                return self._long(field, str(value), formats)
            case _ if field.reference_name == "System.Tags":
                return tags(str(value)) or None
            case "plainText":
                return self._limited(field, str(value), LONG_LIMIT)
            case "treePath":
                return self._path(field, str(value))
            case _:
                return self._text(field, str(value))

    def _number(self, field: FieldDefinition, value: Any, kind: type[int] | type[float]) -> int | float:
        try:
            return kind(value)
        except (TypeError, ValueError):
            raise RuleFailure(field.reference_name, "invalidType", f"'{value}' is no {field.type}.") from None

    def _date(self, field: FieldDefinition, value: Any) -> datetime:
        try:
            parsed = datetime.fromisoformat(str(value))
        except ValueError:
            raise RuleFailure(field.reference_name, "invalidDate", f"'{value}' is no date.") from None
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=aware.microsecond // 1000 * 1000)

    def _long(self, field: FieldDefinition, text: str, formats: Mapping[str, str]) -> str:
        limited = self._limited(field, text, LONG_LIMIT)
        markdown = formats.get(field.reference_name, "html") == "markdown"
        return limited if markdown or not self.world.on("html_sanitised") else sanitised(limited)

    def _limited(self, field: FieldDefinition, text: str, limit: int) -> str:
        if len(text) > limit:
            message = f"The field '{field.name}' contains a value that is over {limit} characters."
            raise RuleFailure(field.reference_name, "invalidTooLong", message)
        return text

    def _text(self, field: FieldDefinition, text: str) -> str:
        if re.search(r"[\r\n\x00]", text):
            raise RuleFailure(field.reference_name, "invalidCharacters", "Line breaks are not allowed.")
        return self._limited(field, text, TITLE_LIMIT)

    def _path(self, field: FieldDefinition, text: str) -> str:
        root = self.project.areas if "Area" in field.reference_name else self.project.iterations
        wanted = text.strip("\\").casefold()
        found = next((node.path for node in root.walk() if node.path.casefold() == wanted), None)
        if found is None:
            message = f"TF401347: Invalid tree name given for work item, field '{field.reference_name}'."
            raise Failure(400, "WorkItemFieldInvalidTreeNameException", message)
        return found

    def person(self, field: FieldDefinition, value: Any) -> Identity:
        """A person by object, unique name, mail, "Name <mail>", or a display name that only one has (section 6)."""
        text = str(value.get("uniqueName") or value.get("id") or "") if isinstance(value, Mapping) else str(value)
        inner = text[text.rfind("<") + 1 : -1] if text.endswith(">") else text
        wanted = {text.casefold(), inner.casefold()}
        people = self.world.organization.identities
        exact = [one for one in people if wanted & {one.id, one.unique_name.casefold(), one.mail.casefold() or "-"}]
        found = exact or [one for one in people if one.display_name.casefold() in wanted]
        if len(found) != 1:
            problem = "is an ambiguous identity" if found else "is an unknown identity"
            raise RuleFailure(field.reference_name, "invalidIdentity", f"The identity value '{text}' {problem}.")
        return found[0]

    def _check_allowed(self, field: FieldDefinition, value: Any) -> None:
        use = self._uses.get(field.reference_name)
        choices = (use.allowed if use else ()) or (() if field.suggested else field.picklist)
        if choices and str(value) not in choices:
            message = f"The field '{field.name}' contains the value '{value}' that is not in the list of values."
            raise RuleFailure(field.reference_name, "invalidListValue, limitedToValues", message)
        if field.reference_name == "System.State" and value not in {state.name for state in self.kind.states}:
            message = f"The field 'State' contains the value '{value}' that is not in the list of supported values"
            raise RuleFailure("System.State", "invalidListValue, limitedToValues", message)

    def check_whole(self, fields: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
        """Required fields are there, and the state may be reached from the one before."""
        if self.bypass:
            return
        required = ["System.Title", *(one.reference_name for one in self.kind.fields if one.required)]
        missing = next((name for name in required if fields.get(name) in (None, "")), None)
        if missing:
            name = self.definition(missing).name
            raise RuleFailure(missing, "required, invalidEmpty", f"TF401320: Rule Error for field {name}: required.")
        self._check_transition(fields, before)

    def _check_transition(self, fields: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
        old, new = (before or {}).get("System.State", ""), fields.get("System.State")
        retyped = before is not None and before.get("System.WorkItemType") != fields.get("System.WorkItemType")
        reachable = self.kind.transitions.get(str(old))
        if old == new or retyped or reachable is None or new in reachable:
            return
        message = f"The state cannot change from '{old}' to '{new}'. Allowed: {', '.join(reachable)}."
        raise RuleFailure("System.State", "invalidTransition", message)


def tags(text: str) -> str:
    """Tags are one string; case does not tell them apart, and the order is not kept (section 6 [K])."""
    names: dict[str, str] = {}
    for part in re.split(r"[;,]", text):
        if part.strip():
            names.setdefault(part.strip().casefold(), part.strip())
    return "; ".join(names[key] for key in sorted(names))


def check_link(world: World, item: WorkItem, relation: Relation, kept: list[Relation]) -> None:
    """One parent only, no cycle, no link twice, both ends there (section 6), and no more than the limit (section 7)."""
    if len(kept) >= LINK_LIMIT:
        raise Failure(400, "WorkItemLinksLimitExceededException", f"VS403309: at most {LINK_LIMIT} links are allowed.")
    if relation.target is None:
        if any((one.rel, one.url) == (relation.rel, relation.url) for one in kept):
            raise _exists(world)
        return
    other = world.organization.items.get(relation.target)
    if other is None or other.deleted or other.id in world.organization.unreadable:
        raise failures.work_item_not_found(relation.target)
    if any((one.rel, one.target) == (relation.rel, relation.target) for one in kept):
        raise _exists(world)
    child, parent = (item, other) if relation.rel == PARENT else (other, item)
    if relation.rel in (PARENT, CHILD):
        _check_parent(world, child, parent, kept if child is item else child.relations)


def _exists(world: World) -> Failure:
    status = int(world.position("existing_link_status"))
    return Failure(status, "RelationAlreadyExistsException", "TF201035: The relation already exists.")


def _check_parent(world: World, child: WorkItem, parent: WorkItem, kept: list[Relation]) -> None:
    if any(one.rel == PARENT for one in kept) and world.position("second_parent") == "400":
        message = "TF201036: You cannot add a Child link because a work item can have only one Parent link."
        raise Failure(400, "WorkItemLinkInvalidException", message)
    at: WorkItem | None = parent
    while at is not None:
        if at is child:
            if not world.on("cycle_refused"):
                return
            raise Failure(400, "WorkItemLinkInvalidException", "TF201065: Circular relationships are not allowed.")
        at = world.organization.items.get(at.parent or 0)
