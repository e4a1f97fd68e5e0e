"""The WHERE and ORDER BY of a WIQL query over the items that the caller may read."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from local.azure_devops import errors
from local.azure_devops.calls import Call
from local.azure_devops.metadata import failures
from local.azure_devops.model import FieldDefinition, Revision, WorkItem
from local.azure_devops.wiql_syntax import Condition, Group
from local.azure_devops.wiql_values import NUMBERS, Literals

type Test = Callable[[WorkItem], bool]
type Getter = Callable[[WorkItem], Any]

COMPUTED: dict[str, Getter] = {
    "System.Id": lambda item: item.id,
    "System.Rev": lambda item: item.now.rev,
    "System.Watermark": lambda item: item.now.watermark,
    "System.Parent": lambda item: item.parent,
}


class Search:
    """One query's search. Deleted and unreadable items are never found (section 5)."""

    def __init__(self, call: Call, literals: Literals, as_of: datetime | None = None) -> None:
        self._call, self._literals, self._as_of = call, literals, as_of

    def readable(self) -> list[WorkItem]:
        """By id."""
        organization = self._call.world.organization
        hidden, items = organization.unreadable, organization.items
        return [items[id_] for id_ in sorted(items) if not items[id_].deleted and id_ not in hidden]

    def items(self, where: Group | Condition | None, order: Sequence[tuple[str, bool]]) -> list[WorkItem]:
        """What the condition holds for, in the order asked for; by id without one."""
        test = self.test(where)
        found = [one for one in self.readable() if test(one)]
        for name, descending in reversed(order):
            getter = self._getter(self.reference(name))
            found.sort(key=lambda one, getter=getter: self._sortable(getter(one)), reverse=descending)  # type: ignore[misc]
        return found

    def _sortable(self, value: Any) -> tuple[bool, Any]:
        """Empty fields come first."""
        held = self._literals.held(value)
        return (held is not None, 0 if held is None else held)

    def test(self, node: Group | Condition | None) -> Test:
        """The test of a condition; Failure where it names what is not there."""
        match node:
            case None:
                return lambda item: True
            case Group("AND", parts):
                tests = [self.test(one) for one in parts]
                return lambda item: all(test(item) for test in tests)
            case Group("OR", parts):
                tests = [self.test(one) for one in parts]
                return lambda item: any(test(item) for test in tests)
            case Group(_, parts):
                inner = self.test(parts[0])
                return lambda item: not inner(item)
            case Condition() as condition:
                return self._condition(condition)

    def _condition(self, condition: Condition) -> Test:
        name = self.reference(condition.field)
        field = self._call.world.organization.fields.get(name)
        values = [self._literals.value(name, field, text) for text in condition.values]
        held, get = self._literals.held, self._getter(name)
        if condition.operator.endswith("EVER"):
            ever = not condition.operator.startswith("NOT")
            return lambda item: any(held(one.fields.get(name)) == values[0] for one in item.revisions) is ever
        compare = comparison(condition.operator, values, field)
        return lambda item: compare(held(get(item)))

    def reference(self, name: str) -> str:
        """The reference name of a field given by either name in any letter case; TF51005 where there is none."""
        wanted = name.casefold()
        for reference in COMPUTED:
            if wanted in (reference.casefold(), reference.rpartition(".")[2].casefold()):
                return reference
        for reference, field in self._call.world.organization.fields.items():
            if wanted in (reference.casefold(), field.name.casefold()):
                return reference
        raise failures.Failure(
            400, "WorkItemTrackingQueryException", f"TF51005: The query references a field that does not exist: {name}."
        )

    def _getter(self, name: str) -> Getter:
        if self._as_of is not None:
            return lambda item: _value_at(item, name, self._as_of)
        return COMPUTED.get(name, lambda item: item.now.fields.get(name))


def _value_at(item: WorkItem, name: str, as_of: datetime | None) -> Any:
    """The value at a time; nothing where the item was not there yet."""
    shown: Revision | None = next(
        (one for one in reversed(item.revisions) if as_of is None or one.changed <= as_of), None
    )
    if name in NUMBERS:
        return COMPUTED[name](item) if shown else None
    return shown.fields.get(name) if shown else None


def comparison(operator: str, values: list[Any], field: FieldDefinition | None) -> Callable[[Any], bool]:
    """The test of a held value. An ordering never holds for an empty field; an empty text means an empty field."""
    first = values[0]
    if operator.startswith("NOT "):
        inner = comparison(operator.removeprefix("NOT "), values, field)
        return lambda held: not inner(held)
    if operator == "<>":
        equal = comparison("=", values, field)
        return lambda held: not equal(held)
    if operator == "CONTAINS" and field is not None and field.reference_name == "System.Tags":
        return lambda held: first in str(held or "").split("; ")
    tests: dict[str, Callable[[Any], bool]] = {
        "=": lambda held: held == first or (first in ("", None) and held is None),
        "<": lambda held: held is not None and held < first,
        ">": lambda held: held is not None and held > first,
        "<=": lambda held: held is not None and held <= first,
        ">=": lambda held: held is not None and held >= first,
        "IN": lambda held: held in values,
        "UNDER": lambda held: str(held or "") == first or str(held or "").startswith(f"{first}\\"),
        "CONTAINS": lambda held: str(first) in str(held or ""),
        "CONTAINS WORDS": lambda held: set(str(first).split()) <= set(str(held or "").split()),
    }
    if operator == "UNDER" and (field is None or field.type != "treePath"):
        raise errors.query_invalid("UNDER takes area and iteration paths.")
    return tests[operator]
