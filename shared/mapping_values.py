"""The value map of a pair of choices, against the values that both fields take now (R11, R26)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.core.choices import tangled
from shared.core.fields import Choice, SideField, values_of
from shared.core.mapping import ValueKind, ValueMap, ValuePairs
from shared.mapping_configuration import PairConfiguration
from shared.refusals import FieldError


@dataclass
class Findings:
    """What a check finds. `known` are labels of choices that the mapping in force uses, by id; `labels` those that
    the new one does."""

    known: Mapping[str, str]
    problems: list[FieldError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def wrong(self, path: str, message: str, allowed: Sequence[str] = ()) -> None:
        self.problems.append(FieldError(path, message, tuple(allowed)))


@dataclass(frozen=True)
class Values:
    """The value map of one pair at the check."""

    found: Findings
    path: str
    pair: PairConfiguration
    first: SideField
    second: SideField
    types: tuple[str, ...]

    def checked(self, kind: ValueKind) -> ValueMap:
        pair = self.pair
        if kind == "tags" and self.second.choices and not pair.values and not pair.values_by_type:
            return ValueMap(tuple(self._tags_by_label()))
        if kind != "choice" and not (kind == "tags" and self.second.choices):
            if pair.values or pair.values_by_type:
                self.found.wrong(f"{self.path}/values", f"a pair of kind {kind} has no value map")
            return ValueMap()
        if not pair.values and not pair.values_by_type:
            return ValueMap(tuple(self._by_label()))
        general = self._pairs("/values", pair.values, self.types)
        by_type = {name.casefold(): pairs for name, pairs in self._by_type()}
        self._warn(general, by_type)
        return ValueMap(general, by_type)

    def _by_type(self) -> Iterator[tuple[str, ValuePairs]]:
        known = {name.casefold(): name for name in self.types}
        for name, pairs in self.pair.values_by_type.items():
            path = f"/valuesByType/{name.replace('~', '~0').replace('/', '~1')}"
            if name.casefold() not in known:
                self.found.wrong(self.path + path, f"{name!r} is no type of this table", self.types)
            else:
                yield name, self._pairs(path, pairs, (name,))

    def _by_label(self) -> Iterator[tuple[str, str]]:
        """Every value has the choice of its own name; a problem where one has none."""
        there = values_of(self.first, self.types)
        labels = {one.label.casefold(): one for one in self.second.choices}
        missing = [one.label for one in there if one.label.casefold() not in labels]
        if missing or not there:
            names = f"; {_listed(missing)} {'have' if len(missing) > 1 else 'has'} no choice of the same name"
            message = f"{self.first.name} needs a value map{names if missing else ''}"
            self.found.wrong(f"{self.path}/values", message, tuple(one.label for one in self.second.choices))
            return
        for one in there:
            choice = labels[one.label.casefold()]
            self.found.labels[choice.id] = choice.label
            yield one.id, choice.id

    def _tags_by_label(self) -> Iterator[tuple[str, str]]:
        """Every choice has the tag of its own name: a work item takes any tag."""
        for one in self.second.choices:
            self.found.labels[one.id] = one.label
            yield one.label, one.id

    def _pairs(self, path: str, pairs: ValuePairs, types: Sequence[str]) -> ValuePairs:
        """The pairs by what is written on each side."""
        there = values_of(self.first, types)
        made = []
        for index, (first, second) in enumerate(pairs):
            at = f"{self.path}{path}/{index}"
            value = self._value(f"{at}/0", first, there)
            choice = self._choice(f"{at}/1", second)
            if value is not None and choice is not None:
                made.append((value, choice))
        for tangle in tangled(pairs):
            self.found.wrong(f"{self.path}{path}", f"{tangle}; each group needs one value on one side")
        return tuple(made)

    def _value(self, path: str, wanted: str, there: Sequence[Choice]) -> str | None:
        """As Azure DevOps spells it. A field that takes any value, takes this one."""
        if not there:
            return wanted
        found = next((one.id for one in there if one.id.casefold() == wanted.casefold()), None)
        if found is None:
            labels = [one.label for one in there]
            self.found.wrong(path, f"{self.first.name} has no value {wanted!r}", labels)
        return found

    def _choice(self, path: str, wanted: str) -> str | None:
        choices = self.second.choices
        if not choices:
            return wanted
        found = [one for one in choices if wanted.casefold() in (one.id.casefold(), one.label.casefold())]
        if not found:
            ids = {id_ for id_, label in self.found.known.items() if label == wanted}
            found = [replace(one, label=wanted) for one in choices if one.id in ids]
        if len(found) != 1:
            why = f"has {len(found)} choices called" if found else "has no choice"
            advice = "; name it by its id" if found else ""
            allowed = [one.id for one in found] or [one.label for one in choices]
            self.found.wrong(path, f"{self.second.name} {why} {wanted!r}{advice}", allowed)
            return None
        if sum(one.label.casefold() == found[0].label.casefold() for one in choices) <= 1:
            self.found.labels[found[0].id] = found[0].label
        return found[0].id

    def _warn(self, general: ValuePairs, by_type: Mapping[str, ValuePairs]) -> None:
        """Values without a partner are told, not refused: their items keep what they have and are counted."""
        if self.pair.direction == "to-azure-devops":
            return
        left = [one.label for one in values_of(self.first, self.types) if not _mapped(one, general, by_type)]
        if left:
            self.found.warnings.append(
                f"{self.path}/values: {self.first.name} {_listed(left)} stands for nothing in OnePlan,"
                " so items with it leave the field there as it is"
            )


def _mapped(one: Choice, general: ValuePairs, by_type: Mapping[str, ValuePairs]) -> bool:
    def has(pairs: ValuePairs) -> bool:
        return any(first == one.id for first, _ in pairs)

    return has(general) or any(has(pairs) for pairs in by_type.values())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
