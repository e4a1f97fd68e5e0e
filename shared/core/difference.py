"""What two versions of a document differ in. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What tells entries of a list apart, so that one put in between does not make all below it look changed.
KEYS = ("azureDevOps", "oneplan")


@dataclass(frozen=True, slots=True)
class Difference:
    """A member by its JSON pointer, with its values; None where it is absent."""

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Each member that differs, in the order of the document. A pair of a mapping goes by its two fields."""
    first, second = _members(before), _members(after)
    if first is None or second is None:
        if before != after:
            yield Difference(path, before, after)
        return
    for name in (*first, *(one for one in second if one not in first)):
        yield from differences(first.get(name), second.get(name), f"{path}/{_part(name)}")


def _members(value: Any) -> Mapping[str, Any] | None:
    """The members of an object, or of a list of pairs; None for what is compared as a whole."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Sequence) and value and all(_is_pair(one) for one in value):
        return {" = ".join(str(one[key]) for key in KEYS): one for one in value}
    return None


def _is_pair(value: Any) -> bool:
    return isinstance(value, Mapping) and all(key in value for key in KEYS)


def _part(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
