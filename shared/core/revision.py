"""What a change of a mapping leaves as it was: pairs that mean the same are not agreed on anew (decision 1)."""

from collections.abc import Mapping
from dataclasses import replace

from shared.core.mapping import FieldMapping, FieldPair


def revised(before: FieldMapping, wanted: FieldMapping) -> FieldMapping:
    """The wanted mapping, one version on; the mapping as it was where it asks for nothing else.

    A pair that compares the same values in the same way keeps its `since`; every other one gets the new version.
    """
    version = before.version + 1
    made = FieldMapping(
        version,
        _dated(before.plans, wanted.plans, version),
        _dated(before.tasks, wanted.tasks, version),
    )
    return before if replace(made, version=before.version) == before else made


def _dated(before: tuple[FieldPair, ...], wanted: tuple[FieldPair, ...], version: int) -> tuple[FieldPair, ...]:
    known = {pair.key: pair for pair in before}
    return tuple(replace(pair, since=_since(known, pair, version)) for pair in wanted)


def _since(known: Mapping[str, FieldPair], pair: FieldPair, version: int) -> int:
    """Direction and policy say what is done about a difference, not what is one, so they date nothing anew."""
    found = known.get(pair.key)
    if found is None:
        return version
    same = (found.kind, found.values, found.rule.first) == (pair.kind, pair.values, pair.rule.first)
    return found.since if same else version
