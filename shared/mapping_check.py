"""A mapping against the fields that both systems have now (R11): what is wrong with it, or what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from shared.core.fields import SideField, kinds_of
from shared.core.mapping import FieldMapping, FieldPair, ValueKind
from shared.core.merge import Direction
from shared.core.model import Side
from shared.core.snapshots import TargetKind
from shared.mapping_configuration import (
    MappingConfiguration,
    PairConfiguration,
    StoredMapping,
    field_pair,
    structure,
)
from shared.mapping_values import Findings, Values
from shared.refusals import InvalidInput

# The pair that every table has as it is, besides its structure (R11).
TITLE, NAME = "System.Title", "Name"
# Allowed names are listed where they are few; else the likeliest of them.
FEW, LIKELY = 60, 8
WAYS: Mapping[Side, Direction] = {Side.AZURE_DEVOPS: "to-azure-devops", Side.ONEPLAN: "to-oneplan"}
SYSTEM: Mapping[Side, str] = {Side.AZURE_DEVOPS: "Azure DevOps", Side.ONEPLAN: "OnePlan"}
MEMBER: Mapping[Side, str] = {Side.AZURE_DEVOPS: "azureDevOps", Side.ONEPLAN: "oneplan"}


@dataclass(frozen=True)
class TableFields:
    """The fields of one table on both sides, by name, and the work item types whose items are in it."""

    types: tuple[str, ...]
    azure_devops: Mapping[str, SideField]
    oneplan: Mapping[str, SideField]

    def of(self, side: Side) -> Mapping[str, SideField]:
        return self.azure_devops if side is Side.AZURE_DEVOPS else self.oneplan


@dataclass(frozen=True)
class LiveFields:
    """The fields of both tables as both systems have them now."""

    plans: TableFields
    tasks: TableFields

    def of(self, kind: TargetKind) -> TableFields:
        return self.plans if kind == "plan" else self.tasks


@dataclass(frozen=True)
class Checked:
    """A mapping that can be used. `warnings` say what it leaves out."""

    mapping: StoredMapping
    warnings: tuple[str, ...]


def check_mapping(wanted: MappingConfiguration, live: LiveFields, known: Mapping[str, str]) -> Checked:
    """The mapping as the core has it; InvalidInput names every member that cannot be used.

    `known` are labels of choices that the mapping in force uses, by id: a label that OnePlan has changed since is
    still understood, so that an export can be imported again.
    """
    found = Findings(known)
    plans = _Table("plan", "/plans", wanted.plans, live.plans, found)
    tasks = _Table("task", "/tasks", wanted.tasks, live.tasks, found)
    made = FieldMapping(0, tuple(plans.checked()), tuple(tasks.checked()))
    if found.problems:
        raise InvalidInput(tuple(found.problems))
    return Checked(StoredMapping(made, found.labels), tuple(found.warnings))


@dataclass
class _Table:
    """One table at the check."""

    kind: TargetKind
    path: str
    pairs: Sequence[PairConfiguration]
    live: TableFields
    found: Findings

    def wrong(self, path: str, message: str, allowed: Sequence[str] = ()) -> None:
        self.found.wrong(f"{self.path}{path}", message, allowed)

    def checked(self) -> list[FieldPair]:
        """The pairs that can be used; the problems name the others."""
        self._has_what_is_required()
        self._has_each_field_once()
        fixed = {(one.azure_dev_ops, one.oneplan) for one in structure(self.kind)}
        made = []
        for index, pair in enumerate(self.pairs):
            if (pair.azure_dev_ops, pair.oneplan) in fixed:
                self._is_as_fixed(index, pair)
            elif self._is_free(index, pair) and (found := self._pair(index, pair)) is not None:
                made.append(found)
        return made

    def _has_what_is_required(self) -> None:
        there = {(one.azure_dev_ops, one.oneplan) for one in self.pairs}
        required = [(one.azure_dev_ops, one.oneplan) for one in structure(self.kind)]
        for first, second in [*required, (TITLE, NAME)]:
            if (first, second) not in there:
                self.wrong("", f"lacks the pair {first} = {second}, which every mapping has")

    def _has_each_field_once(self) -> None:
        """At most once for each direction (R11); and no pair is there twice."""
        for side in Side:
            for to in Side:
                self._once(side, to)
        pairs = [(one.azure_dev_ops, one.oneplan) for one in self.pairs]
        for index, pair in enumerate(pairs):
            if pair in pairs[:index]:
                self.wrong(f"/{index}", f"{pair[0]} = {pair[1]} is there twice; a pair has one direction")

    def _once(self, side: Side, to: Side) -> None:
        seen: dict[str, int] = {}
        for index, one in enumerate(self.pairs):
            if one.direction not in ("both", WAYS[to]):
                continue
            name = one.azure_dev_ops if side is Side.AZURE_DEVOPS else one.oneplan
            first = seen.setdefault(name.casefold(), index)
            path = f"/{index}/{MEMBER[side]}"
            if first != index and not any(one.path == f"{self.path}{path}" for one in self.found.problems):
                self.wrong(path, f"{name} is in {self.path}/{first} already, in the direction {WAYS[to]}")

    def _is_as_fixed(self, index: int, pair: PairConfiguration) -> None:
        fixed = next(one for one in structure(self.kind) if one.oneplan == pair.oneplan)
        if pair.model_copy(update={"required": True, "kind": fixed.kind}) != fixed or pair.kind not in (
            None,
            fixed.kind,
        ):
            self.wrong(f"/{index}", f"{pair.azure_dev_ops} = {pair.oneplan} is fixed; nothing else can be said of it")

    def _is_free(self, index: int, pair: PairConfiguration) -> bool:
        """False, and a problem, where one of the two fields belongs to a pair that is fixed."""
        named = [*((one.azure_dev_ops, one.oneplan) for one in structure(self.kind)), (TITLE, NAME)]
        for first, second in named:
            if (pair.azure_dev_ops == first) != (pair.oneplan == second):
                member = "oneplan" if pair.azure_dev_ops == first else "azureDevOps"
                right = second if pair.azure_dev_ops == first else first
                self.wrong(f"/{index}/{member}", f"{first} = {second} is fixed", (right,))
                return False
        return True

    def _pair(self, index: int, pair: PairConfiguration) -> FieldPair | None:
        first = self._field(index, Side.AZURE_DEVOPS, pair.azure_dev_ops)
        second = self._field(index, Side.ONEPLAN, pair.oneplan)
        if first is None or second is None:
            return None
        title = pair.azure_dev_ops == TITLE
        if title and pair.direction != "both":
            self.wrong(f"/{index}/direction", f"{TITLE} = {NAME} goes both ways", ("both",))
        if pair.required and not title:
            self.wrong(f"/{index}/required", "which pairs every mapping has is fixed; leave it out", ("false",))
        self._may_be_written(index, pair, Side.AZURE_DEVOPS, first)
        self._may_be_written(index, pair, Side.ONEPLAN, second)
        kind = self._kind(index, pair, first, second)
        if kind is None:
            return None
        values = Values(self.found, f"{self.path}/{index}", pair, first, second, self.live.types).checked(kind)
        return field_pair(pair, kind, values, required=title)

    def _field(self, index: int, side: Side, name: str) -> SideField | None:
        fields = self.live.of(side)
        if name in fields:
            return fields[name]
        folded = {one.casefold(): one for one in fields}
        names = sorted(fields)
        likely = get_close_matches(name.casefold(), folded, LIKELY, 0.4)
        allowed = names if len(names) <= FEW else [folded[one] for one in likely]
        whose = f"no work item of the types {', '.join(self.live.types)}" if side is Side.AZURE_DEVOPS else None
        message = f"{whose} has a field {name!r}" if whose else self._unknown_in_oneplan(name)
        self.wrong(f"/{index}/{MEMBER[side]}", message, allowed)
        return None

    def _unknown_in_oneplan(self, name: str) -> str:
        only = "; fields of a single plan cannot be mapped" if self.kind == "task" else ""
        return f"{self.kind}s in OnePlan have no field {name!r}{only}"

    def _may_be_written(self, index: int, pair: PairConfiguration, side: Side, one: SideField) -> None:
        if one.read_only and pair.direction in ("both", WAYS[side]):
            message = f"{one.name} cannot be written in {SYSTEM[side]}: {one.read_only}"
            self.wrong(f"/{index}/direction", message, (WAYS[side.other],))

    def _kind(self, index: int, pair: PairConfiguration, first: SideField, second: SideField) -> ValueKind | None:
        kinds = kinds_of(first, second, pair.direction)
        if not kinds:
            message = f"{first.name} ({first.type}) and {second.name} ({second.type}) do not go together"
            self.wrong(f"/{index}", message)
            return None
        if pair.kind is None:
            return kinds[0]
        found = next((one for one in kinds if one == pair.kind), None)
        if found is None:
            self.wrong(f"/{index}/kind", f"{first.type} and {second.type} cannot be kept as {pair.kind}", kinds)
        return found
