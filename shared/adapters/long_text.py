"""Texts that are longer than one property of a row takes."""

from collections.abc import Mapping
from itertools import batched
from typing import Any

# A property takes 32,768 UTF-16 units; a character takes at most two (design.md, decision 14).
PART = 16_000
# A row takes 1 MiB in all, so a text takes half of that at most.
LONGEST = 16 * PART


class TooLong(ValueError):
    """The text does not fit a row."""


def split(name: str, text: str) -> dict[str, str]:
    """The members that hold the text: `name`, `name1`, `name2`... TooLong above `LONGEST` characters."""
    if len(text) > LONGEST:
        raise TooLong(f"{name} has {len(text)} characters; a row takes {LONGEST}")
    parts = ["".join(part) for part in batched(text, PART, strict=False)] or [""]
    return {f"{name}{number or ''}": part for number, part in enumerate(parts)}


def joined(name: str, members: Mapping[str, Any]) -> str:
    """The text that the members hold; "" where there is none."""
    parts: list[str] = []
    while (key := f"{name}{len(parts) or ''}") in members:
        parts.append(str(members[key]))
    return "".join(parts)
