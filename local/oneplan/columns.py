"""Field definitions, and what becomes of a value that is written into one (section 6)."""

import re
from typing import Any

from local.oneplan.model import ZERO, Record, guid, stamp

# 1, 3 and 5 were seen, 2 stands in a client's comment; the rest of the numbers are this stand-in's own.
TEXT, CALCULATED, NUMBER, DATE, CHOICE, MULTI_LINE, USER, YES_NO, URL, MULTI_CHOICE = range(1, 11)
# The names of the reference by this stand-in's numbers; Calculated is a function there, not a type.
TYPE_NAMES = (
    "",
    "Text",
    "Calculated",
    "Number",
    "DateTime",
    "Choice",
    "MultiLine",
    "User",
    "YesNo",
    "Url",
    "MultiChoice",
    "Cost",
    "Image",
    "Lookup",
    "MultiLookup",
)
FUNCTIONS = ("None", "Calculated", "Rollup", "Rolldown", "Trend")
FUNCTION_NONE, FUNCTION_ROLLUP = 0, 2


def column(level: str, name: str, kind: int, label: str = "", **members: Any) -> Record:
    """A field definition in wire form."""
    defaults: Record = {
        "Id": guid("field", level, name),
        "Order": 0,
        "InternalName": name,
        "DisplayName": label or name,
        "Description": "",
        "Baseline": "",
        "DefaultValue": "",
        "ParentFilterField": "",
        "ColumnType": kind,
        "ColumnAggregate": 0,
        "Choices": {},
        "ChoiceParents": {},
        "NumericValues": {},
        "Locked": False,
        "ReadOnly": False,
        "Required": False,
        "Percentage": False,
        "AllowAdditions": False,
        "WriteablePlanTypes": [],
        "PlanTypeId": ZERO,
        "Decimals": 2,
        "MinValue": None,
        "MaxValue": None,
        "Function": FUNCTION_NONE,
        "RollupWorkType": ZERO,
        "RollupAggregate": 0,
        "RollupLookupField": "",
        "RollupField": "",
        "RollupFilter": "",
        "Filter": None,
        "Hidden": False,
        "ShowInQuickStart": False,
        "System": False,
        "BuiltIn": False,
        "MultiLine": kind == MULTI_LINE,
        "AIEnabled": False,
        "AIUseForPlanCreation": False,
    }
    return {**defaults, **members}


def choices(level: str, name: str, *labels: str) -> dict[str, str]:
    return {guid("choice", level, name, label): label for label in labels}


def writable(definition: Record) -> bool:
    return not definition["ReadOnly"] and definition["Function"] == FUNCTION_NONE


class Refused(Exception):
    """A value that this field does not take; the route answers 500 (section 3: bad input often gives 500)."""


def stored(definition: Record, value: Any, position: Any) -> Any:
    """The value as it is stored; None where it is dropped. `position` gives a switch's position by name."""
    match definition["ColumnType"]:
        case _ if value is None or value == "":
            return None
        case 3 | 11:
            return _number(definition, value)
        case 4:
            return _date(value, in_utc=bool(position("dates_in_utc")))
        case 5:
            return _choice(definition, value, position)
        case 6:
            return _long(str(value)) if position("multiline_normalised") else str(value)
        case 7:
            return str(value).lower()
        case 8:
            return bool(value)
        case 10 if isinstance(value, list):
            return [one for one in (_choice(definition, each, position) for each in value) if one]
        case _:
            return _text(str(value), int(position("text_limit")))


def _number(definition: Record, value: Any) -> float:
    try:
        return round(float(value), int(definition["Decimals"]))
    except (TypeError, ValueError):
        raise Refused(f"Input string was not in a correct format: {definition['InternalName']}") from None


def _date(value: Any, *, in_utc: bool) -> str:
    try:
        return stamp(str(value), in_utc=in_utc)
    except ValueError:
        raise Refused("String was not recognized as a valid DateTime.") from None


def _choice(definition: Record, value: Any, position: Any) -> str | None:
    chosen = str(value).lower()
    known = chosen in {key.lower() for key in definition["Choices"]}
    return chosen if known or position("dangling_choice") == "stored" else None


def _text(value: str, limit: int) -> str:
    if limit and len(value) > limit:
        raise Refused("String or binary data would be truncated.")
    return value


def _long(value: str) -> str:
    """Outer blanks go, line ends become one kind, an empty paragraph gets a blank: as rich text editors do."""
    text = value.replace("\r\n", "\n").strip()
    return re.sub(r"<p>\s*</p>", "<p>&nbsp;</p>", text)
