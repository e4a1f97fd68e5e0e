"""The field mapping as an administrator writes it (R11), and as it is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError

from shared.configuration import Name, Part, field_errors, printable
from shared.core.mapping import DEFAULT, FieldMapping, FieldPair, ValueKind, ValueMap, ValuePairs
from shared.core.merge import Direction, FieldRule, Policy
from shared.core.model import Side
from shared.core.snapshots import TargetKind
from shared.refusals import InvalidInput

# ValueKind, and what only the pairs of the structure are; a union of two would name wrong values by both.
type Kind = Literal[
    "text",
    "rich-text",
    "owner",
    "people",
    "date",
    "number",
    "path",
    "iteration",
    "tags",
    "choice",
    "flag",
    "percent",
    "links",
    "type",
    "parent",
]
type Value = Annotated[str, StringConstraints(max_length=256), AfterValidator(printable)]
type Values = Annotated[tuple[tuple[Value, Value], ...], Field(max_length=500)]

TYPE_NAMES: Mapping[TargetKind, str] = {"plan": "PlanType", "task": "WorkType"}
TYPE_FIELD, PARENT_FIELD, PARENT_NAME = "System.WorkItemType", "System.Parent", "Parent"


class PairConfiguration(Part):
    """One field of Azure DevOps that is kept in step with one field of OnePlan."""

    azure_dev_ops: Annotated[Name, Field(examples=["System.Title", "Microsoft.VSTS.Common.Priority"])]
    """The field of Azure DevOps, by its reference name."""
    oneplan: Annotated[Name, Field(examples=["Name", "Priority"])]
    """The field of OnePlan, by its internal name."""
    direction: Direction = "both"
    """Which way values go."""
    kind: Kind | None = None
    """How values are converted. Left out, it follows from the types of the two fields."""
    policy: Policy | None = None
    """Which side wins where both changed the field; left out, the connection's `conflictPolicy` decides."""
    first: Literal["azure-devops", "oneplan"] = "azure-devops"
    """Whose value wins where the two sides never agreed on one."""
    required: bool = False
    """True for the pairs that every mapping has as they are."""
    values: Annotated[Values, Field(examples=[[["New", "Not Started"], ["Active", "In Progress"]]])] = ()
    """Which value of Azure DevOps stands for which of OnePlan, in that order. Choices of OnePlan go by their label
    or by their id. Several may stand for one of the other side: the first that fits decides the way back."""
    values_by_type: Annotated[dict[Name, Values], Field(max_length=100, default_factory=dict)]
    """Values that replace `values` for a work item type."""


type Pairs = Annotated[tuple[PairConfiguration, ...], Field(max_length=200)]


class MappingConfiguration(Part):
    """The field mapping of a connection. A field stands at most once in a table."""

    plans: Pairs
    """Fields of plans: what the plan level types become."""
    tasks: Pairs
    """Fields of tasks: what the task types become."""


@dataclass(frozen=True, slots=True)
class StoredMapping:
    """A mapping in force. `labels` are those of the OnePlan choices that its value maps name, by the choice's id."""

    fields: FieldMapping = DEFAULT
    labels: Mapping[str, str] = field(default_factory=dict)

    def shown(self, type_names: Iterable[str]) -> MappingConfiguration:
        """The mapping as it may be written again; `type_names` give work item types their letter case."""
        names = {name.casefold(): name for name in type_names}
        tables = {
            kind: (*structure(kind), *(shown_pair(pair, self.labels, names) for pair in self.fields.pairs(kind)))
            for kind in get_args(TargetKind.__value__)
        }
        return MappingConfiguration(plans=tables["plan"], tasks=tables["task"])


_STORED = TypeAdapter(StoredMapping)


def encode(mapping: StoredMapping) -> str:
    return _STORED.dump_json(mapping).decode()


def decode(text: str) -> StoredMapping:
    return _STORED.validate_json(text)


def parse_mapping(body: Any) -> MappingConfiguration:
    """The mapping that a request body describes; InvalidInput names every member that is wrong."""
    try:
        return MappingConfiguration.model_validate(body)
    except ValidationError as error:
        raise InvalidInput(field_errors(error, "a mapping")) from None


def is_structure(pair: PairConfiguration) -> bool:
    """True for what is no value but the place of an item: its type and its parent."""
    return pair.azure_dev_ops in (TYPE_FIELD, PARENT_FIELD)


def structure(kind: TargetKind) -> tuple[PairConfiguration, ...]:
    """The pairs of a table that every mapping has besides its fields, and that nobody may change."""
    return (
        PairConfiguration(azure_dev_ops=TYPE_FIELD, oneplan=TYPE_NAMES[kind], kind="type", required=True),
        PairConfiguration(azure_dev_ops=PARENT_FIELD, oneplan=PARENT_NAME, kind="parent", required=True),
    )


def shown_pair(pair: FieldPair, labels: Mapping[str, str], names: Mapping[str, str] | None = None) -> PairConfiguration:
    """The pair as it may be written; `names` give folded work item types their letter case."""
    names = names or {}
    by_type = {names.get(folded, folded): _labelled(pairs, labels) for folded, pairs in pair.values.by_type.items()}
    return PairConfiguration(
        azure_dev_ops=pair.azure_devops,
        oneplan=pair.oneplan,
        direction=pair.rule.direction,
        kind=pair.kind,
        policy=pair.policy,
        first=pair.rule.first.value,
        required=pair.required,
        values=_labelled(pair.values.pairs, labels),
        values_by_type=by_type,
    )


def _labelled(pairs: ValuePairs, labels: Mapping[str, str]) -> ValuePairs:
    return tuple((first, labels.get(second, second)) for first, second in pairs)


def field_pair(pair: PairConfiguration, kind: ValueKind, values: ValueMap, *, required: bool) -> FieldPair:
    """The pair as the core has it, with its kind and its value map settled."""
    rule = FieldRule(direction=pair.direction, first=Side(pair.first))
    return FieldPair(pair.azure_dev_ops, pair.oneplan, kind, rule, required, values, policy=pair.policy)
