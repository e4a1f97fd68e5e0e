"""Choices, by the value map of the pair (R11, R26). OnePlan holds the GUIDs of its choices (oneplan-api.md section 4).

Values that a map joins, directly or through others, are one value: a field is written only where it moves out of them,
so that a state that stands for several on the other side never flaps.
"""

from collections.abc import Mapping
from functools import lru_cache

from shared.core.model import Canonical, Raw, Side, Unconvertible

type Pairs = tuple[tuple[str, str], ...]

NOT_MAPPED = "{value!r} of {system} is not in the value map of {field}; add it there"
_SYSTEM = {Side.AZURE_DEVOPS: "Azure DevOps", Side.ONEPLAN: "OnePlan"}


def canonical(side: Side, raw: Raw, pairs: Pairs, field: str) -> Canonical | Unconvertible:
    """The value of Azure DevOps in the first pair of those that the map joins with the value."""
    value = spelled(raw)
    if value is None:
        return Unconvertible(f"{field} holds several values; a value map leads from one to one")
    return _firsts(pairs, side).get(value) or Unconvertible(
        NOT_MAPPED.format(value=raw, system=_SYSTEM[side], field=field)
    )


def written(side: Side, value: Canonical, pairs: Pairs) -> Raw:
    """The side's value in the first pair that fits."""
    return next((_of(pair, side) for pair in pairs if pair[0] == value), None)


def tangled(pairs: Pairs) -> tuple[str, ...]:
    """What makes a map ambiguous: values of both sides that each stand for several. Such a map is not to be saved.

    With ("Active", "x"), ("Resolved", "x"), ("Resolved", "y"), an edit from x to y in OnePlan means nothing.
    """
    return tuple(
        f"{group[0][0]!r} is joined with {', '.join(sorted({repr(one) for _, one in group[1:]}))} through other values"
        for group in _groups(pairs)
        if all(len({spelled(_of(pair, side)) for pair in group}) > 1 for side in Side)
    )


def spelled(raw: Raw) -> str | None:
    """A value as text to compare by, whatever its type; None for several values."""
    if isinstance(raw, tuple):
        return spelled(raw[0]) if len(raw) == 1 else None
    whole = int(raw) if isinstance(raw, float) and raw.is_integer() else raw
    return str(whole).strip().casefold()


@lru_cache(maxsize=256)
def _groups(pairs: Pairs) -> tuple[Pairs, ...]:
    """The pairs, those that share a value together, each group in the order of the map."""
    groups: list[set[int]] = []
    for number, pair in enumerate(pairs):
        joined = [one for one in groups if any(_share(pair, pairs[other]) for other in one)]
        groups = [*(one for one in groups if one not in joined), {number}.union(*joined)]
    return tuple(tuple(pairs[number] for number in sorted(one)) for one in sorted(groups, key=min))


@lru_cache(maxsize=256)
def _firsts(pairs: Pairs, side: Side) -> Mapping[str | None, str]:
    """The value of Azure DevOps in the first pair of its group, by each value of the side."""
    return {spelled(_of(pair, side)): group[0][0] for group in _groups(pairs) for pair in group}


def _share(first: tuple[str, str], second: tuple[str, str]) -> bool:
    return any(spelled(_of(first, side)) == spelled(_of(second, side)) for side in Side)


def _of(pair: tuple[str, str], side: Side) -> str:
    return pair[0] if side is Side.AZURE_DEVOPS else pair[1]
