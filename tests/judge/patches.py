"""Applying corrections to a specification."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

type Json = dict[str, Any]


@dataclass(frozen=True)
class Correction:
    """One difference between specification and reality: what is patched, how, and who says so.

    The patch is a JSON merge patch (RFC 7396: objects are merged, null removes). A target with a blank is an operation,
    any other a definition; `*.Name` is that definition in every area. `adds` makes what the specification lacks.
    """

    target: str
    patch: Json
    source: str
    adds: bool = False


def corrected(document: Json, corrections: Iterable[Correction]) -> Json:
    """The document with the corrections applied; a target that is not there is an error."""
    for correction in corrections:
        section = document["operations" if " " in correction.target else "definitions"]
        for name in list(_targets(section, correction)):
            section[name] = merged(section.get(name, {}), correction.patch)
    return document


def _targets(section: Json, correction: Correction) -> Iterator[str]:
    names = [name for name in section if _is_target(name, correction.target)]
    if bool(names) == correction.adds:
        raise LookupError(f"{correction.target}: {'already' if names else 'not'} in the specification")
    yield from names or [correction.target]


def _is_target(name: str, target: str) -> bool:
    return name.endswith(target[1:]) if target.startswith("*.") else name == target


def merged(value: Any, patch: Any) -> Any:
    """The value with the merge patch applied."""
    if not isinstance(patch, dict):
        return patch
    made = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), change)
    return made
