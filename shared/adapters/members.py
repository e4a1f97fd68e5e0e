"""Members of JSON objects, found whatever their letter case, and read without trusting that they are there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared.core.errors import Rejected, Unreachable


def member(raw: Any, name: str) -> Any:
    """A member whatever its letter case; None where it is absent or `raw` is no object."""
    if not isinstance(raw, Mapping):
        return None
    if name in raw:
        return raw[name]
    return next((value for key, value in raw.items() if str(key).casefold() == name.casefold()), None)


def text(raw: Any, name: str) -> str:
    """A member as text; empty where it is absent or null."""
    value = member(raw, name)
    return "" if value is None else str(value)


def number(raw: Any, name: str, default: int = 0) -> int:
    """A member as a whole number; the default where it is none."""
    try:
        return int(member(raw, name))
    except (TypeError, ValueError):
        return default


def table(raw: Any, name: str) -> Mapping[str, Any]:
    """A member that is an object; an empty one where it is not."""
    value = member(raw, name)
    return value if isinstance(value, Mapping) else {}


def rows(raw: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects of a member that is a list; none where it is absent."""
    value = member(raw, name)
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def listed(value: Any, what: str) -> list[Mapping[str, Any]]:
    """The objects of an answer that must be a list; null places are left out.

    Unreachable where it is none: read as an empty list, it would look as if everything had been deleted.
    """
    if not isinstance(value, list):
        raise Unreachable(f"{what}: the answer is no list")
    return [row for row in value if isinstance(row, Mapping)]


def words(raw: Any, name: str) -> tuple[str, ...]:
    """The texts of a member that is a list."""
    value = member(raw, name)
    return tuple(str(one) for one in value if one is not None) if isinstance(value, list) else ()


def required(raw: Any, name: str, what: str) -> Any:
    """A member without which the answer is of no use; Rejected where it is absent."""
    value = member(raw, name)
    if value is None:
        raise Rejected(f"{what}: the answer lacks {name!r}")
    return value


def moment(value: Any) -> datetime | None:
    """A date with a zone, to the microsecond: a seventh digit is cut off. None where it is none."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
