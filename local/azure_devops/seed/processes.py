"""Agile, Scrum, CMMI, Basic and an inherited process with a level above Epic (ado-api.md section 8)."""

from collections.abc import Iterable

from local.azure_devops.model import BacklogKind, BacklogLevel, Process, State, TypeField, WorkItemType
from local.azure_devops.seed import states
from local.azure_devops.seed.fields import (
    EFFORT,
    ORDER_AGILE,
    ORDER_SCRUM,
    RISK_LEVEL,
    SIZE,
    SPONSOR_NOTE,
    STORY_POINTS,
)
from local.azure_devops.seed.guids import guid
from local.azure_devops.seed.types import COLORS, work_item_type

# The ids of the system processes: Agile and CMMI as in the specification's example of
# _apis/work/processes, Scrum and Basic [K].
AGILE = "adcc42ab-9882-485e-a3ed-7678f01f66bc"
SCRUM = "6b724908-ef14-45cf-84f8-768b5384da45"
CMMI = "27450541-8e31-4150-9947-dc59f998fc01"
BASIC = "b8a3a935-7e91-48b8-a94c-606d37c3e9f2"
INHERITED = guid("process", "Contoso Agile")
INITIATIVE_LEVEL = f"Custom.{guid('behavior', 'Initiatives')}"

EPIC_CATEGORY = "Microsoft.EpicCategory"
FEATURE_CATEGORY = "Microsoft.FeatureCategory"
REQUIREMENT_CATEGORY = "Microsoft.RequirementCategory"
TASK_CATEGORY = "Microsoft.TaskCategory"


def processes() -> dict[str, Process]:
    """Every process of the organization by id."""
    return {process.id: process for process in (_agile(), _scrum(), _cmmi(), _basic(), _inherited())}


def _level(id_: str, name: str, rank: int, kind: BacklogKind, type_name: str) -> BacklogLevel:
    return BacklogLevel(id_, name, rank, kind, (type_name,), type_name, COLORS[type_name])


def _levels(requirement: tuple[str, str], *, feature: bool = True) -> tuple[BacklogLevel, ...]:
    """Task 1, requirement 2 and upwards, as backlogconfiguration numbers them in the specification."""
    portfolio = ["Feature", "Epic"] if feature else ["Epic"]
    above = [
        _level(f"Microsoft.{name}Category", f"{name}s", rank, "portfolio", name)
        for rank, name in enumerate(portfolio, 3)
    ]
    return (
        _level(TASK_CATEGORY, "Tasks", 1, "task", "Task"),
        _level(REQUIREMENT_CATEGORY, requirement[0], 2, "requirement", requirement[1]),
        *above,
    )


def _types(
    names: Iterable[tuple[str, tuple[State, ...]]], planning: tuple[str, ...], strict: str = ""
) -> tuple[WorkItemType, ...]:
    return tuple(work_item_type(name, kept, planning=planning, strict=name == strict) for name, kept in names)


def _agile() -> Process:
    types = _types(_AGILE_TYPES, (ORDER_AGILE, STORY_POINTS, EFFORT))
    return Process(AGILE, "Agile", None, types, _levels(("Stories", "User Story")), ORDER_AGILE, STORY_POINTS)


_AGILE_TYPES = (
    ("Epic", states.AGILE),
    ("Feature", states.AGILE),
    ("User Story", states.AGILE),
    ("Task", states.AGILE_TASK),
    ("Bug", states.AGILE_BUG),
    ("Issue", states.AGILE_ISSUE),
    ("Test Case", states.TEST_CASE),
)


def _scrum() -> Process:
    names = (
        ("Epic", states.SCRUM_PORTFOLIO),
        ("Feature", states.SCRUM_PORTFOLIO),
        ("Product Backlog Item", states.SCRUM_BACKLOG),
        ("Bug", states.SCRUM_BACKLOG),
        ("Task", states.SCRUM_TASK),
        ("Impediment", states.IMPEDIMENT),
        ("Test Case", states.TEST_CASE),
    )
    types = _types(names, (ORDER_SCRUM, EFFORT))
    levels = _levels(("Backlog items", "Product Backlog Item"))
    return Process(SCRUM, "Scrum", None, types, levels, ORDER_SCRUM, EFFORT)


def _cmmi() -> Process:
    names = [(name, states.CMMI) for name in ("Epic", "Feature", "Requirement", "Bug", "Task", "Issue")]
    types = _types([*names, ("Test Case", states.TEST_CASE)], (ORDER_AGILE, SIZE), strict="Requirement")
    return Process(CMMI, "CMMI", None, types, _levels(("Requirements", "Requirement")), ORDER_AGILE, SIZE)


def _basic() -> Process:
    types = _types(((name, states.BASIC) for name in ("Epic", "Issue", "Task")), (ORDER_AGILE, EFFORT))
    levels = _levels(("Issues", "Issue"), feature=False)
    return Process(BASIC, "Basic", None, types, levels, ORDER_AGILE, EFFORT, bug_type="")


def _inherited() -> Process:
    """A child of Agile: Initiative above Epic, two custom fields, and types named `<Process>.UserStory`."""
    custom = (
        TypeField(RISK_LEVEL, allowed=("Low", "Elevated", "Très élevé", "未定")),
        TypeField(SPONSOR_NOTE),
    )
    planning = (ORDER_AGILE, STORY_POINTS, EFFORT)
    initiative = work_item_type(
        "Initiative", states.AGILE, planning=planning, reference="Custom.Initiative", extra=custom
    )
    own = tuple(
        work_item_type(
            name,
            kept,
            planning=planning,
            reference="ContosoAgile.UserStory" if name == "User Story" else None,
            extra=custom if name in {"Epic", "Feature", "User Story"} else (),
        )
        for name, kept in _AGILE_TYPES
    )
    top = _level(INITIATIVE_LEVEL, "Initiatives", 5, "portfolio", "Initiative")
    levels = (*_levels(("Stories", "User Story")), top)
    return Process(INHERITED, "Contoso Agile", AGILE, (*own, initiative), levels, ORDER_AGILE, STORY_POINTS)
