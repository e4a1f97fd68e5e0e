"""The fields of an organization as the types of a connection have them, read live (R11; ado-api.md sections 7, 8)."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.processes import FieldInfo, TypeField
from shared.core.fields import Choice, FieldType, SideField
from shared.core.types import ProjectTypes

AT_ONCE = 6
_TYPES: Mapping[str, FieldType] = {
    "string": "text",
    "plainText": "text",
    "guid": "text",
    "html": "rich-text",
    "integer": "number",
    "double": "number",
    "dateTime": "date",
    "boolean": "flag",
    "identity": "person",
    "treePath": "path",
    "picklistString": "choice",
    "picklistInteger": "number",
    "picklistDouble": "number",
}
# What a field is by its meaning rather than by its type.
_NAMED: Mapping[str, FieldType] = {
    "System.IterationPath": "iteration",
    "System.Tags": "tags",
    "System.State": "choice",
    "System.Reason": "choice",
}
STATE = "System.State"
# They take a value on one occasion only, or a change of them is more than a change of a value.
_OWN_RULES = {
    "System.TeamProject": "moving a work item to another team project is not offered",
    "System.WorkItemType": "the type decides what the item becomes, so it is not a field of the mapping",
    "System.History": "it adds a comment",
}


@dataclass
class _Found:
    """What the types say of one field: who has it, who needs it, and which values each takes."""

    types: dict[str, None] = field(default_factory=dict)
    required: bool = False
    values: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))


async def read_fields(
    client: AzureDevOps, projects: Sequence[ProjectTypes], type_names: Sequence[str]
) -> list[SideField]:
    """Every field that some of the types have, in some of the projects, by its reference name.

    Team projects with the same types on the same levels are taken to have the same process: one of them is asked.
    """
    same = {(one.types, one.levels): one for one in reversed(projects)}
    known = {one.reference_name: one for one in await client.processes.fields()}
    gate = asyncio.Semaphore(AT_ONCE)

    async def of(project: str, name: str) -> tuple[str, list[TypeField]]:
        async with gate:
            return name, await client.processes.type_fields(project, name)

    wanted = {name.casefold() for name in type_names}
    asked = [(one.project, name) for one in same.values() for name in one.types if name.casefold() in wanted]
    answers = await asyncio.gather(*(of(*one) for one in asked))
    categories = await _categories(client, [one.project for one in same.values()])
    found = _gathered(answers)
    return [_side_field(known[name], one, categories) for name, one in sorted(found.items()) if name in known]


def _gathered(answers: Sequence[tuple[str, list[TypeField]]]) -> dict[str, _Found]:
    found: dict[str, _Found] = defaultdict(_Found)
    for type_name, fields in answers:
        for one in fields:
            entry = found[one.reference_name]
            entry.types[type_name] = None
            entry.required = entry.required or one.required
            for value in one.allowed:
                entry.values[value][type_name] = None
    return found


async def _categories(client: AzureDevOps, projects: Sequence[str]) -> dict[str, str]:
    """The category of each state; of the first type that has it, where they differ."""
    made: dict[str, str] = {}
    for project in projects:
        for one in await client.processes.types(project):
            for state in one.states:
                made.setdefault(state.name, state.category)
    return made


def _side_field(info: FieldInfo, found: _Found, categories: Mapping[str, str]) -> SideField:
    kind = _NAMED.get(info.reference_name) or ("person" if info.identity else _TYPES.get(info.type, "other"))
    closed = info.reference_name in _NAMED or bool(info.picklist and not info.suggested)
    kind = "choice" if closed and kind == "text" else kind
    values = found.values if kind == "choice" or closed else {}
    state = info.reference_name == STATE
    return SideField(
        name=info.reference_name,
        label=info.name,
        type=kind,
        read_only=_OWN_RULES.get(info.reference_name, "Azure DevOps sets it itself" if info.read_only else ""),
        required=found.required,
        choices=tuple(
            Choice(value, value, categories.get(value, "") if state else "", tuple(types))
            for value, types in values.items()
        ),
        types=tuple(found.types),
    )
