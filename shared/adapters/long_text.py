"""Texts that are longer than one property of a row takes."""

from collections.abc import Mapping
from itertools import batched
from typing import Any

from shared.core.errors import Rejected

# A property takes 32,768 UTF-16 units; a character takes at most two (design.md, decision 14).
PART = 16_000
# A row takes 1 MiB in all, so a text takes half of that at most.
LONGEST = 16 * PART


class TooLong(Rejected):
    """The text does not fit a row: that of one pair, say, with more than a hundred long texts in its mapping."""


def split(name: str, text: str) -> dict[str, str]:
    """The members that hold the text: `name`, `name1`, `name2`... TooLong above `LONGEST` characters."""
    if len(text) > LONGEST:
        why = f"its {name} would have {len(text):,} characters, of which {LONGEST:,} can be kept"
        raise TooLong(f"{why}. Map fewer fields with long texts.")
    parts = ["".join(part) for part in batched(text, PART, strict=False)] or [""]
    return {f"{name}{number or ''}": part for number, part in enumerate(parts)}


def joined(name: str, members: Mapping[str, Any]) -> str:
    """The text that the members hold; "" where there is none."""
    parts: list[str] = []
    while (key := f"{name}{len(parts) or ''}") in members:
        parts.append(str(members[key]))
    return "".join(parts)
