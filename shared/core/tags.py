"""Tags: a set, in which neither order nor letter case counts (ado-api.md section 6), written as they are spelled."""

import re
from collections.abc import Iterable

from shared.core import choices
from shared.core.model import Canonical, Raw, Side, Unconvertible, Worded

# Tags that a work item takes (ado-api.md section 7).
MOST_TAGS = 100


def canonical(side: Side, raw: Raw, pairs: choices.Pairs, field: str) -> Canonical | Unconvertible:
    """The tags of Azure DevOps, one text or a list; with a value map, by what it makes of each. None for none."""
    names = _names(raw)
    if pairs:
        mapped = [choices.canonical(side, name, pairs, field) for name in names]
        for one in mapped:
            if isinstance(one, Unconvertible):
                return one
        names = [str(one) for one in mapped]
    once = {name.casefold(): name for name in reversed(names)}
    return Worded(tuple(sorted(once)), tuple(reversed(once.values()))) if once else None


def written(side: Side, value: Canonical, pairs: choices.Pairs, there: Raw) -> Raw | Unconvertible:
    """A list where the side holds one or a value map names its choices, else one text; spelled as they are there."""
    names = [str(one) for one in value.words] if isinstance(value, Worded) and isinstance(value.words, tuple) else []
    if side is Side.AZURE_DEVOPS and len(names) > MOST_TAGS:
        return Unconvertible(f"these are {len(names)} tags; a work item takes {MOST_TAGS}")
    known = {name.casefold(): name for name in _names(there)}
    if pairs:
        names = _chosen(side, names, pairs, there)
    spelled = [known.get(name.casefold(), name) for name in names]
    if isinstance(there, tuple) or (pairs and side is Side.ONEPLAN):
        return tuple(spelled)
    return "; ".join(spelled) or None


def _chosen(side: Side, names: Iterable[str], pairs: choices.Pairs, there: Raw) -> list[str]:
    """By the value map; what is there already and means the same stays, and only that."""
    present: dict[object, list[str]] = {}
    for name in _names(there):
        present.setdefault(choices.canonical(side, name, pairs, ""), []).append(name)
    return [one for name in names for one in present.get(name) or [str(choices.written(side, name, pairs))]]


def _names(raw: Raw) -> list[str]:
    """No tag holds a comma or semicolon."""
    parts: Iterable[Raw] = raw if isinstance(raw, tuple) else re.split("[;,]", str(raw or ""))
    return [name for one in parts if (name := " ".join(str(one).split()))]
