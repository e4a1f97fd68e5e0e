"""Fields as both systems have them, which may be kept in step with which, and by which converter (R11). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.core.mapping import ValueKind, ValuePairs
from shared.core.merge import Direction

type FieldType = Literal[
    "text",
    "rich-text",
    "number",
    "percent",
    "date",
    "flag",
    "choice",
    "choices",
    "person",
    "people",
    "path",
    "iteration",
    "tags",
    "other",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field that takes only certain ones.

    `id` is what is written, `label` what people read. `category` is that of a state of Azure DevOps. `types` are the
    work item types that have the value; none where all have it.
    """

    id: str
    label: str
    category: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideField:
    """A field of one side.

    `read_only` says why nobody may write it, "" where one may. `choices` are all values that it takes; none where it
    takes any. `types` are the work item types, of those that were asked for, that have it; none where all have it.
    """

    name: str
    label: str
    type: FieldType
    read_only: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    types: tuple[str, ...] = ()


# The converters for a field of Azure DevOps (first) and one of OnePlan; the first of them is the usual one.
KINDS: Mapping[tuple[FieldType, FieldType], tuple[ValueKind, ...]] = {
    ("text", "text"): ("text",),
    ("text", "choice"): ("choice",),
    ("choice", "choice"): ("choice",),
    ("choice", "text"): ("text", "choice"),
    ("rich-text", "rich-text"): ("rich-text",),
    ("number", "number"): ("number", "percent"),
    ("number", "percent"): ("percent", "number"),
    ("number", "choice"): ("choice",),
    ("date", "date"): ("date",),
    ("flag", "flag"): ("flag",),
    ("person", "person"): ("owner",),
    ("person", "people"): ("people",),
    ("path", "text"): ("path", "text"),
    ("iteration", "text"): ("iteration", "path", "text"),
    ("iteration", "iteration"): ("iteration", "path"),
    ("tags", "text"): ("tags", "text"),
    ("tags", "choices"): ("tags",),
}
# What a text of OnePlan may show of fields that it cannot be brought back to.
SHOWN_AS_TEXT: tuple[FieldType, ...] = ("number", "person", "flag")
# The usual converter where OnePlan does not tell the type of its field; choices need to be told.
UNTOLD: Mapping[FieldType, ValueKind] = {
    "text": "text",
    "choice": "text",
    "rich-text": "rich-text",
    "number": "number",
    "date": "date",
    "flag": "flag",
    "path": "path",
    "iteration": "iteration",
    "tags": "tags",
}


def kinds_of(azure_devops: SideField, oneplan: SideField, direction: Direction) -> tuple[ValueKind, ...]:
    """The converters that can keep the two in step, the usual one first; none where there is no way."""
    if oneplan.type == "unknown":
        usual = UNTOLD.get(azure_devops.type)
        return (usual,) if usual else ()
    found = KINDS.get((azure_devops.type, oneplan.type), ())
    if not found and oneplan.type == "text" and azure_devops.type in SHOWN_AS_TEXT and direction == "to-oneplan":
        return ("text",)
    return found


# What states of each category of Azure DevOps are usually called in OnePlan (ado-api.md section 8), folded.
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "Proposed": ("not started", "new", "proposed", "to do", "planned", "open"),
    "InProgress": ("in progress", "active", "doing", "started", "open"),
    "Resolved": ("resolved", "in review", "completed", "done", "in progress"),
    "Completed": ("done", "completed", "complete", "closed", "finished"),
    "Removed": ("removed", "cancelled", "canceled", "rejected"),
}


def suggested(azure_devops: Sequence[Choice], oneplan: Sequence[Choice]) -> ValuePairs:
    """A value map by equal labels, and for states by their category; values without a likely partner are left out.

    A choice that several values lead to goes back to the one with its own label, which therefore stands first.
    """
    by_label = {one.label.casefold(): one for one in oneplan}
    same = [(one.id, by_label[one.label.casefold()].id) for one in azure_devops if one.label.casefold() in by_label]
    named = {first for first, _ in same}
    alike = [(one.id, other.id) for one in azure_devops if one.id not in named and (other := _alike(one, by_label))]
    return tuple(dict.fromkeys([*same, *alike]))


def _alike(one: Choice, by_label: Mapping[str, Choice]) -> Choice | None:
    words = CATEGORIES.get(one.category, ())
    return next((by_label[word] for word in words if word in by_label), None)


def values_of(field: SideField, types: Iterable[str]) -> tuple[Choice, ...]:
    """The choices that work items of some of these types have; each value once."""
    wanted = {name.casefold() for name in types}
    found = [one for one in field.choices if not one.types or wanted & {name.casefold() for name in one.types}]
    return tuple({one.id.casefold(): one for one in found}.values())
