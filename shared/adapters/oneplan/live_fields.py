"""The fields of plans and tasks that a mapping may name, read live (R11; oneplan-api.md sections 4, 5, 6)."""

from collections.abc import Mapping, Sequence

from shared.adapters.members import member
from shared.adapters.oneplan.assumptions import (
    COMPUTED_PLAN_DATES,
    DATE_FIELDS,
    PERSON_FIELDS,
    TASK_DUE_FIELD,
    TASK_ITERATION_FIELD,
    TASK_START_FIELD,
    ColumnType,
)
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.fields import Column, Table
from shared.core.fields import Choice, FieldType, SideField

_NEUTRAL = {TASK_START_FIELD: "StartDate", TASK_DUE_FIELD: "DueDate", TASK_ITERATION_FIELD: "Iteration"}
# The members of a task's or plan's own record: they are there whether or not the list of fields names them.
_OWN: Mapping[Table, tuple[SideField, ...]] = {
    "plans": (
        SideField("Name", "Name", "text", required=True),
        SideField("Owner", "Owner", "person", required=True),
    ),
    "tasks": (
        SideField("Name", "Name", "text", required=True),
        SideField("AssignedTo", "Assigned To", "people"),
        SideField("StartDate", "Start", "date"),
        SideField("DueDate", "Due", "date"),
        SideField("Iteration", "Iteration", "iteration"),
    ),
}


async def read_fields(client: OnePlan) -> Mapping[Table, Sequence[SideField]]:
    """The fields of every plan and of every task; those of a single plan's own are not among them."""
    columns: dict[Table, list[Column]] = {
        "plans": await client.fields.read_all("plans"),
        "tasks": await client.fields.read_all("tasks"),
    }
    learned = _learned([*columns["plans"], *columns["tasks"]])
    return {table: _table(table, found, learned) for table, found in columns.items()}


def _learned(columns: Sequence[Column]) -> dict[int, FieldType]:
    """The types by their numbers: the documented ones, and those of fields whose type is plain (section 9)."""
    dates: dict[int, FieldType] = {one.type: "date" for one in columns if one.name in DATE_FIELDS}
    people: dict[int, FieldType] = {one.type: "person" for one in columns if one.name in PERSON_FIELDS}
    return {**dates, **people, ColumnType.TEXT: "text", ColumnType.NUMBER: "number", ColumnType.CHOICE: "choice"}


def _table(table: Table, columns: Sequence[Column], learned: Mapping[int, FieldType]) -> list[SideField]:
    own = {one.name: one for one in _OWN[table]}
    live = [_field(table, one, learned) for one in columns if one.name and not _hidden(one)]
    return [*own.values(), *(one for one in live if one.name not in own)]


def _field(table: Table, column: Column, learned: Mapping[int, FieldType]) -> SideField:
    name = _NEUTRAL.get(column.name, column.name) if table == "tasks" else column.name
    return SideField(
        name=name,
        label=column.label or name,
        type=_type(column, learned),
        read_only=_read_only(table, column),
        required=column.required,
        choices=tuple(Choice(id_, label) for id_, label in column.choices.items()),
    )


def _type(column: Column, learned: Mapping[int, FieldType]) -> FieldType:
    if member(column.raw, "MultiLine"):
        return "rich-text"
    found = learned.get(column.type, "unknown")
    if found == "unknown" and column.choices:
        return "choices"
    return "percent" if found == "number" and member(column.raw, "Percentage") else found


def _read_only(table: Table, column: Column) -> str:
    if table == "plans" and column.name in COMPUTED_PLAN_DATES:
        return "OnePlan computes it from the plan's tasks"
    if member(column.raw, "Function"):
        return "OnePlan calculates it"
    return "it is read-only in OnePlan" if column.read_only else ""


def _hidden(column: Column) -> bool:
    return bool(member(column.raw, "Hidden"))
