"""Field definitions and their choices (oneplan-api.md section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

from shared.adapters.members import listed, member, number, table, text
from shared.adapters.oneplan.model import guid, guids
from shared.adapters.oneplan.service import Service
from shared.core.errors import NotFound, Stale

Table = Literal["plans", "tasks"]

# What a definition may be sent back with (oneplan-openapi.json, PlannerColumnPost).
_SENT = [
    "Order",
    "DisplayName",
    "Description",
    "InternalName",
    "ParentFilterField",
    "ColumnType",
    "ColumnAggregate",
    "Choices",
    "ChoiceParents",
    "NumericValues",
    "ReadOnly",
    "Required",
    "Percentage",
    "Decimals",
    "DefaultValue",
    "AllowAdditions",
    "PlanTypeId",
    "WriteablePlanTypes",
    "Function",
    "RollupWorkType",
    "RollupAggregate",
    "RollupLookupField",
    "RollupField",
    "RollupFilter",
    "Calculations",
    "Filter",
    "Hidden",
    "ShowInQuickStart",
]
_ROUTES: Mapping[Table, str] = {"plans": "workplan/fields", "tasks": "tasks/fields"}


@dataclass(frozen=True)
class Column:
    """A field definition. `choices`: label by choice GUID. Calculated and rolled-up fields are read-only.

    `raw` is the definition as read: to add a choice, it is sent back.
    """

    id: str
    name: str
    label: str
    type: int
    read_only: bool
    required: bool
    choices: Mapping[str, str]
    plan_types: tuple[str, ...]
    raw: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Column":
        return cls(
            id=guid(member(raw, "Id")) or "",
            name=text(raw, "InternalName"),
            label=text(raw, "DisplayName"),
            type=number(raw, "ColumnType"),
            read_only=bool(member(raw, "ReadOnly")) or bool(member(raw, "Function")),
            required=bool(member(raw, "Required")),
            choices={key.lower(): str(label) for key, label in table(raw, "Choices").items()},
            plan_types=guids(raw, "WriteablePlanTypes"),
            raw=raw,
        )


class Fields(Service):
    """The fields of plans and of tasks, read live."""

    async def read_all(self, which: Table) -> list[Column]:
        """Every field of the table, the built-in ones too."""
        what = f"reading the fields of {which}"
        answer = await self.get(_ROUTES[which], what, query={"HideSystem": False})
        return [Column.of(row) for row in listed(answer, what)]

    async def add_choice(self, which: Table, name: str, label: str) -> str:
        """The field has a choice with that label; returns its GUID. One that is there already is used.

        The definition is sent back, so it is read right before; other people's choices are kept.
        Stale where OnePlan did not take the choice: a 200 may do nothing (section 3 [OBSERVED]).
        """
        column = await self._column(which, name)
        for choice, known in column.choices.items():
            if known.casefold() == label.casefold():
                return choice
        choice = str(uuid4())
        body = {**_sendable(column.raw), "Choices": {**table(column.raw, "Choices"), choice: label}}
        what = f"adding {label!r} to the choices of {column.label}"
        await self.post(f"{_ROUTES[which]}/{{field}}", what, body, places={"field": column.id})
        if choice not in (await self._column(which, name)).choices:
            raise Stale(f"{what}: the choice is not there afterwards")
        return choice

    async def _column(self, which: Table, name: str) -> Column:
        found = next((one for one in await self.read_all(which) if one.name == name), None)
        if found is None:
            raise NotFound(f"reading the fields of {which}: there is no field {name!r}")
        return found


def _sendable(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name in _SENT if (value := member(raw, name)) is not None}
