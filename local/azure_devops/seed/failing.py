"""The seed `failing`: items that OnePlan must refuse, and what stands around them."""

from local.azure_devops.model import Project, WorkItem
from local.azure_devops.seed.planter import Kind, Planter

# OnePlan's record documents no limits, only that bad input often gives 500. So its stand-in has a switch
# (`refuse_name_prefix`) that makes it refuse names beginning with this sign, as it would an invalid value.
REFUSED_PREFIX = "⛔"
REFUSED = "refused-by-oneplan"
COST = 7


def refused(planter: Planter, project: Project) -> None:
    """A plan and a task that OnePlan refuses, a child waiting under each, and two that only look alike."""
    epic = _refused(planter, project, "epic", "refused-plan", None)
    planter.plant(project, "feature", "waits-for-refused", parent=epic)
    feature = planter.plant(project, "feature", "feature-without-parent")
    story = _refused(planter, project, "story", "refused-task", feature)
    planter.plant(project, "task", "waits-for-refused", parent=story)
    inside = {"System.Title": f"Road closed {REFUSED_PREFIX} ahead"}
    planter.plant(project, "feature", "marker-inside", fields=inside)
    planter.plant(project, "story", "marker-inside", parent=feature, fields=inside)


def _refused(planter: Planter, project: Project, kind: Kind, name: str, parent: WorkItem | None) -> WorkItem:
    fields = {"System.Title": f"{REFUSED_PREFIX} refused {kind} {len(planter.planted)}"}
    item = planter.plant(project, kind, name, parent=parent, fields=fields)
    planter.world.organization.expected_failures[item.id] = REFUSED
    return item
