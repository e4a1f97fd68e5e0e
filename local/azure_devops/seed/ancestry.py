"""Every row of the ancestry table of requirements.md, as small trees (plan levels Epic > Feature)."""

from collections.abc import Callable
from dataclasses import dataclass

from local.azure_devops.model import CHILD, Project
from local.azure_devops.seed.planter import Planter


@dataclass(frozen=True)
class Case:
    """A tree of `cost` work items. `inherited` needs the process with a level above Epic."""

    cost: int
    plant: Callable[[Planter, Project], None]
    inherited: bool = False


def in_order(planter: Planter, project: Project) -> None:
    epic = planter.plant(project, "epic", "epic-without-parent")
    feature = planter.plant(project, "feature", "feature-under-epic", parent=epic)
    story = planter.plant(project, "story", "task-under-plan", parent=feature)
    task = planter.plant(project, "task", "nested-task", parent=story)
    planter.plant(project, "bug", "nested-task", parent=task)
    planter.plant(project, "feature", "feature-without-parent")


def level_skipped(planter: Planter, project: Project) -> None:
    initiative = planter.plant(project, "initiative", "type-not-configured")
    planter.plant(project, "feature", "level-skipped", "child-of-type-left-out", parent=initiative)
    planter.plant(project, "epic", "child-of-type-left-out", parent=initiative)


def inverted(planter: Planter, project: Project) -> None:
    feature = planter.plant(project, "feature", "feature-without-parent")
    planter.plant(project, "epic", "inverted", parent=feature)


def same_type(planter: Planter, project: Project) -> None:
    epic = planter.plant(project, "epic", "epic-without-parent")
    planter.plant(project, "epic", "same-type", parent=epic)
    feature = planter.plant(project, "feature", "feature-under-epic", parent=epic)
    planter.plant(project, "feature", "same-type", parent=feature)


def no_plan_above(planter: Planter, project: Project) -> None:
    story = planter.plant(project, "story", "no-plan-above")
    planter.plant(project, "task", "no-plan-above", parent=story)


def plan_under_task(planter: Planter, project: Project) -> None:
    feature = planter.plant(project, "feature", "feature-without-parent")
    story = planter.plant(project, "story", "task-under-plan", parent=feature)
    planter.plant(project, "feature", "plan-under-task", parent=story)


def left_out_between(planter: Planter, project: Project) -> None:
    """A type that is not configured, and a task without iteration, each between a child and its plan."""
    feature = planter.plant(project, "feature", "feature-without-parent")
    other = planter.plant(project, "task", "task-without-iteration", parent=feature, fields=_root(project))
    planter.plant(project, "task", "child-of-scope-left-out", parent=other)
    story = planter.plant(project, "story", "task-under-plan", parent=feature)
    hidden = planter.plant(project, "task", "task-without-iteration", parent=story, fields=_root(project))
    planter.plant(project, "task", "child-of-scope-left-out", parent=hidden)


def type_between(planter: Planter, project: Project) -> None:
    """An Impediment or a Test Case between a plan and a task."""
    feature = planter.plant(project, "feature", "feature-without-parent")
    other = planter.plant(project, "other", "type-not-configured", parent=feature)
    planter.plant(project, "task", "child-of-type-left-out", parent=other)


def other_project(planter: Planter, project: Project) -> None:
    abroad = next(
        one
        for one in planter.world.organization.projects
        if one.process_id != project.process_id and planter.has(one, "Feature")
    )
    epic = planter.plant(project, "epic", "epic-without-parent")
    feature = planter.plant(abroad, "feature", "parent-in-other-project", "feature-under-epic", parent=epic)
    planter.plant(project, "story", "parent-in-other-project", "task-under-plan", parent=feature)


def deleted_parent(planter: Planter, project: Project) -> None:
    epic = planter.plant(project, "epic", "deleted")
    planter.plant(project, "feature", "deleted-parent", parent=epic)
    feature = planter.plant(project, "feature", "deleted")
    planter.plant(project, "story", "task-of-deleted-parent", parent=feature)
    planter.delete(epic)
    planter.delete(feature)


def unreadable_parent(planter: Planter, project: Project) -> None:
    epic = planter.plant(project, "epic", "unreadable")
    planter.plant(project, "feature", "unreadable-parent", parent=epic)
    feature = planter.plant(project, "feature", "unreadable")
    planter.plant(project, "story", "task-of-unreadable-parent", parent=feature)
    planter.world.organization.unreadable |= {epic.id, feature.id}


def older_than_parent(planter: Planter, project: Project) -> None:
    story = planter.plant(project, "story", "older-than-parent", "task-under-plan")
    planter.plant(project, "feature", "feature-without-parent", relations=[planter.link(CHILD, story)])


def without_iteration(planter: Planter, project: Project) -> None:
    feature = planter.plant(project, "feature", "feature-without-parent", fields=_root(project))
    story = planter.plant(
        project, "story", "story-without-iteration", "task-under-plan", parent=feature, fields=_root(project)
    )
    planter.plant(project, "bug", "bug-without-iteration", parent=story, fields=_root(project))


def deep(planter: Planter, project: Project) -> None:
    above = planter.plant(project, "feature", "feature-without-parent")
    above = planter.plant(project, "story", "task-under-plan", parent=above)
    for _ in range(5):
        above = planter.plant(project, "task", "nested-task", parent=above)
    planter.plant(project, "task", "nested-task", "deep-nesting", parent=above)


def _root(project: Project) -> dict[str, str]:
    return {"System.IterationPath": project.iterations.path}


CASES = (
    Case(6, in_order),
    Case(3, level_skipped, inherited=True),
    Case(2, inverted),
    Case(4, same_type),
    Case(2, no_plan_above),
    Case(3, plan_under_task),
    Case(6, left_out_between),
    Case(3, type_between),
    Case(3, other_project),
    Case(4, deleted_parent),
    Case(4, unreadable_parent),
    Case(2, older_than_parent),
    Case(3, without_iteration),
    Case(8, deep),
)
