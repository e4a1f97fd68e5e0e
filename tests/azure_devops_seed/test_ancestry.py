"""Each row of the ancestry table is really so: checked by walking relations, not by how it was planted."""

from local.azure_devops.model import CHILD, PARENT, Organization, WorkItem
from local.azure_devops.seed import PLAN_LEVEL_TYPES, TASK_TYPES


def odd(contoso: Organization, name: str) -> list[WorkItem]:
    found = [contoso.items[id_] for id_, names in contoso.oddities.items() if name in names]
    assert len(found) >= 3, name
    return found


def parent_of(contoso: Organization, item: WorkItem) -> WorkItem | None:
    return contoso.items[item.parent] if item.parent else None


def visible_parent(contoso: Organization, item: WorkItem) -> WorkItem | None:
    parent = parent_of(contoso, item)
    return None if parent is None or parent.deleted or parent.id in contoso.unreadable else parent


def parent_types(contoso: Organization, name: str) -> set[tuple[str, str | None]]:
    pairs = ((item, parent_of(contoso, item)) for item in odd(contoso, name))
    return {(item.type, parent.type if parent else None) for item, parent in pairs}


def is_in_root_iteration(item: WorkItem) -> bool:
    return "\\" not in str(item.now.fields["System.IterationPath"])


def has_plan_above(contoso: Organization, item: WorkItem) -> bool:
    above = visible_parent(contoso, item)
    while above is not None and above.type not in PLAN_LEVEL_TYPES:
        above = visible_parent(contoso, above)
    return above is not None


def test_every_link_is_there_from_both_ends(contoso: Organization) -> None:
    opposite = {PARENT: CHILD, CHILD: PARENT}
    live = [item for item in contoso.items.values() if not item.deleted]
    for item in live:
        for link in item.relations:
            if link.rel in opposite:
                assert link.target is not None
                back = [one for one in contoso.items[link.target].relations if one.target == item.id]
                assert opposite[link.rel] in {one.rel for one in back}


def test_plan_types_stand_where_the_configured_order_has_them(contoso: Organization) -> None:
    assert parent_types(contoso, "epic-without-parent") == {("Epic", None)}
    assert parent_types(contoso, "feature-under-epic") == {("Feature", "Epic")}
    assert parent_types(contoso, "feature-without-parent") == {("Feature", None)}


def test_a_level_is_skipped(contoso: Organization) -> None:
    assert parent_types(contoso, "level-skipped") == {("Feature", "Initiative")}


def test_inverted_and_same_type_links_are_there(contoso: Organization) -> None:
    assert parent_types(contoso, "inverted") == {("Epic", "Feature")}
    assert parent_types(contoso, "same-type") == {("Epic", "Epic"), ("Feature", "Feature")}


def test_a_plan_type_stands_under_a_task_type(contoso: Organization) -> None:
    for item_type, parent_type in parent_types(contoso, "plan-under-task"):
        assert item_type in PLAN_LEVEL_TYPES
        assert parent_type in TASK_TYPES


def test_task_types_stand_under_plans_and_under_each_other(contoso: Organization) -> None:
    assert {parent for _, parent in parent_types(contoso, "task-under-plan")} <= set(PLAN_LEVEL_TYPES)
    assert {parent for _, parent in parent_types(contoso, "nested-task")} <= set(TASK_TYPES)
    assert all(has_plan_above(contoso, item) for item in odd(contoso, "nested-task"))


def test_some_task_types_have_no_plan_above(contoso: Organization) -> None:
    for name in ("no-plan-above", "task-of-deleted-parent", "task-of-unreadable-parent"):
        assert not any(has_plan_above(contoso, item) for item in odd(contoso, name)), name


def test_types_that_are_not_configured_stand_between(contoso: Organization) -> None:
    configured = {*PLAN_LEVEL_TYPES, *TASK_TYPES}
    assert all(item.type not in configured for item in odd(contoso, "type-not-configured"))
    parents = {parent for _, parent in parent_types(contoso, "child-of-type-left-out")}
    assert parents.isdisjoint(configured)
    assert None not in parents


def test_children_of_tasks_without_iteration_have_one(contoso: Organization) -> None:
    for item in odd(contoso, "child-of-scope-left-out"):
        parent = parent_of(contoso, item)
        assert parent is not None
        assert parent.type == "Task"
        assert is_in_root_iteration(parent)
        assert not is_in_root_iteration(item)


def test_parents_stand_in_other_projects(contoso: Organization) -> None:
    for item in odd(contoso, "parent-in-other-project"):
        parent = parent_of(contoso, item)
        assert parent is not None
        assert parent.project_id != item.project_id


def test_deleted_parents_are_in_the_recycle_bin_and_their_children_are_not(contoso: Organization) -> None:
    assert all(item.deleted for item in odd(contoso, "deleted"))
    for item in odd(contoso, "deleted-parent") + odd(contoso, "task-of-deleted-parent"):
        assert item.deleted is None
        assert visible_parent(contoso, item) is None
        assert any(item.id in (change.source, change.target) for change in contoso.link_changes)


def test_unreadable_parents_are_linked_and_unreadable(contoso: Organization) -> None:
    assert {item.id for item in odd(contoso, "unreadable")} == contoso.unreadable
    for item in odd(contoso, "unreadable-parent") + odd(contoso, "task-of-unreadable-parent"):
        assert item.parent in contoso.unreadable


def test_some_children_are_older_than_their_parents(contoso: Organization) -> None:
    for item in odd(contoso, "older-than-parent"):
        assert item.parent is not None
        assert item.id < item.parent


def test_items_without_iteration_are_tasks_bugs_and_stories(contoso: Organization) -> None:
    for name in ("task-without-iteration", "bug-without-iteration", "story-without-iteration"):
        assert all(is_in_root_iteration(item) for item in odd(contoso, name)), name
    assert {item.type for item in odd(contoso, "task-without-iteration")} == {"Task"}
    assert {item.type for item in odd(contoso, "bug-without-iteration")} == {"Bug"}


def test_tasks_are_nested_seven_deep(contoso: Organization) -> None:
    for item in odd(contoso, "deep-nesting"):
        chain = [item]
        while (above := parent_of(contoso, chain[-1])) is not None and above.type in TASK_TYPES:
            chain.append(above)
        assert len(chain) == 7
