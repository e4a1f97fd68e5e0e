"""A single line of text."""

import re

from shared.core.model import Canonical, Raw, Side, Unconvertible

# What Azure DevOps takes in a single line of text (ado-api.md section 7).
LONGEST_TEXT = 255

# Control characters, line and paragraph separators, and halves of a character that were torn apart.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def canonical(raw: Raw) -> Canonical:
    """One line: what breaks or steers a line is a blank, and outer blanks do not count. None where nothing is left."""
    return _BREAKS.sub(" ", str(raw)).strip() or None


def written(side: Side, value: Canonical) -> Raw | Unconvertible:
    if value is None:
        return None
    if side is Side.AZURE_DEVOPS and len(str(value)) > LONGEST_TEXT:
        return Unconvertible(f"it has {len(str(value))} characters; Azure DevOps takes {LONGEST_TEXT}")
    return str(value)
