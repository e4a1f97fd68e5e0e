"""The query-builder tree of the find routes (section 9: `TableFilter`); its operators are a guess."""

from collections.abc import Callable
from typing import Any

from local.oneplan.call import Failure
from local.oneplan.model import Record

OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "equal": lambda held, value: held == value,
    "not_equal": lambda held, value: held != value,
    "contains": lambda held, value: value in held,
    "begins_with": lambda held, value: held.startswith(value),
    "greater": lambda held, value: held > value,
    "less": lambda held, value: held < value,
}


def passes(record: Record, rule: Any) -> bool:
    """A tree of `rules` joined by `condition`, or one comparison; no rule lets everything pass."""
    if not rule:
        return True
    if rule.get("rules"):
        results = (passes(record, one) for one in rule["rules"])
        return any(results) if str(rule.get("condition", "")).upper() == "OR" else all(results)
    name, operator = str(rule.get("field") or ""), str(rule.get("operator") or "equal").lower()
    if operator not in OPERATORS:
        raise Failure(500, f"Unknown operator {operator}", "System.ArgumentException")
    held = record.get(name, record["Fields"].get(name, ""))
    return OPERATORS[operator](str(held).lower(), str(rule.get("value") or "").lower())
