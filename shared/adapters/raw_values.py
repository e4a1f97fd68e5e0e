"""Raw values of fields as text of a table property, and what of them is too long for one."""

import json
from typing import Any

from shared.core.model import Raw

# UTF-16 units of one value in a row: with a hundred rows to a transaction of 4 MiB, far below 32,768 to a property.
LONGEST = 4_000


def encoded(value: Raw) -> str:
    """The value as JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def decoded(text: str) -> Raw:
    return as_raw(json.loads(text))


def as_raw(value: Any) -> Raw:
    """Lists are tuples in the core."""
    return tuple(as_raw(one) for one in value) if isinstance(value, list) else value


def fits(value: Raw) -> bool:
    """Whether a row takes it whole."""
    return _units(encoded(value)) <= LONGEST


def beginning(value: Raw) -> Raw:
    """The value, or the beginning of its text where it does not fit."""
    if fits(value):
        return value
    text = value if isinstance(value, str) else encoded(value)
    # A character takes two units at most, six where JSON writes it as an escape.
    return text[: LONGEST // 6]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
