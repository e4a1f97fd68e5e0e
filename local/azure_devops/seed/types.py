"""Work item types of the processes: fields, rules and reference names."""

from collections.abc import Iterable

from local.azure_devops.model import State, TypeField, WorkItemType
from local.azure_devops.seed.fields import PRIORITY, REPRO_STEPS, START, TARGET, fields
from local.azure_devops.seed.states import transitions

COLORS = {
    "Epic": "FF7B00",
    "Feature": "773B93",
    "User Story": "009CCC",
    "Product Backlog Item": "009CCC",
    "Requirement": "009CCC",
    "Issue": "B4009E",
    "Impediment": "B4009E",
    "Task": "F2CB1D",
    "Bug": "CC293D",
    "Test Case": "004B50",
    "Initiative": "60AF49",
}

_TASK_LEVEL = (
    "Microsoft.VSTS.Scheduling.RemainingWork",
    "Microsoft.VSTS.Scheduling.OriginalEstimate",
    "Microsoft.VSTS.Scheduling.CompletedWork",
    "Microsoft.VSTS.Common.Activity",
)
_COMMON = (
    PRIORITY,
    START,
    TARGET,
    "Microsoft.VSTS.Common.ActivatedDate",
    "Microsoft.VSTS.Common.ResolvedDate",
    "Microsoft.VSTS.Common.ClosedDate",
    "Microsoft.VSTS.Common.ClosedBy",
    "Microsoft.VSTS.Common.StateChangeDate",
    "Microsoft.VSTS.Common.ValueArea",
)
_BUG = (REPRO_STEPS, "Microsoft.VSTS.TCM.SystemInfo", "Microsoft.VSTS.Common.Severity")
_PORTFOLIO = ("Microsoft.VSTS.Common.BusinessValue", "Microsoft.VSTS.Common.AcceptanceCriteria")
_DEFAULTS: dict[str, int | str] = {PRIORITY: 2, "Microsoft.VSTS.Common.ValueArea": "Business"}
_DEFINITIONS = fields()


def work_item_type(
    name: str,
    states: tuple[State, ...],
    *,
    planning: Iterable[str],
    reference: str | None = None,
    strict: bool = False,
    extra: Iterable[TypeField] = (),
) -> WorkItemType:
    """A type with every System field, the common ones and the given planning fields (order, effort)."""
    own = _TASK_LEVEL if name == "Task" else _BUG if name == "Bug" else _PORTFOLIO
    system = [ref for ref in _DEFINITIONS if ref.startswith("System.")]
    rules = {rule.reference_name: rule for rule in extra}
    names = dict.fromkeys((*system, *_COMMON, *planning, *own, *rules))
    return WorkItemType(
        name=name,
        reference_name=reference or f"Microsoft.VSTS.WorkItemTypes.{name.replace(' ', '')}",
        color=COLORS[name],
        states=states,
        transitions=transitions(states, strict=strict),
        fields=tuple(rules.get(ref) or _type_field(ref, states) for ref in names),
    )


def _type_field(reference_name: str, states: tuple[State, ...]) -> TypeField:
    definition = _DEFINITIONS[reference_name]
    if reference_name == "System.State":
        return TypeField(reference_name, True, default=states[0].name, allowed=tuple(state.name for state in states))
    return TypeField(
        reference_name,
        required=reference_name == "System.Title",
        read_only=definition.read_only,
        default=_DEFAULTS.get(reference_name),
        allowed=() if definition.suggested else definition.picklist,
    )
