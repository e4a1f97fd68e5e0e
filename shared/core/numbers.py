"""Numbers, percentages and yes/no values. A number compares by its value: 3, 3.0 and "3" are one."""

from decimal import Context, Decimal, InvalidOperation
from typing import Literal

from shared.core.choices import spelled
from shared.core.model import Both, Canonical, Raw, Side, Unconvertible

# Both systems keep a number as a binary fraction, which holds 15 digits; what is beyond these is noise.
_EXACT = Context(prec=12)
_FINEST = Decimal("1e-9")
_LARGEST = Decimal("1e15")

# What each system calls the whole (docs/assumptions.md).
WHOLE = Both(Decimal(100), Decimal(100))

_YES, _NO = {"true", "yes", "1"}, {"false", "no", "0"}

type NumberKind = Literal["number", "percent", "flag"]


def canonical(side: Side, kind: NumberKind, raw: Raw) -> Canonical | Unconvertible:
    """The number, to 12 digits and 9 places; the share as a fraction of one; whether it is ticked."""
    if kind == "flag":
        return _flag(raw)
    found = _number(raw)
    return found / WHOLE.of(side) if kind == "percent" and isinstance(found, Decimal) else found


def written(side: Side, kind: NumberKind, value: Canonical) -> Raw:
    """A whole number without a fraction, since a field of whole numbers refuses 3.0."""
    if kind == "flag":
        return value if isinstance(value, bool) else None
    if not isinstance(value, Decimal):
        return None
    shown = value * WHOLE.of(side) if kind == "percent" else value
    return int(shown) if shown == shown.to_integral_value() else float(shown)


def _number(raw: Raw) -> Canonical | Unconvertible:
    found = _decimal(raw)
    if found is None or not found.is_finite():
        return Unconvertible(f"{raw!r} is no number")
    if abs(found) >= _LARGEST:
        return Unconvertible(f"{raw!r} is too large a number")
    return _EXACT.plus(found).quantize(_FINEST).normalize()


def _decimal(raw: Raw) -> Decimal | None:
    try:
        return Decimal(str(raw).strip())
    except InvalidOperation:
        return None


def _flag(raw: Raw) -> Canonical | Unconvertible:
    """An empty box is not ticked."""
    word = spelled(raw or False)
    if word in _YES | _NO:
        return word in _YES
    return Unconvertible(f"{raw!r} is neither yes nor no")
