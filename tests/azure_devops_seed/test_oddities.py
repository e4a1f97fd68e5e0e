"""The organization holds what the table of oddities says, as often as it says."""

import pytest

from local.azure_devops.model import Identity, Organization, WorkItem
from local.azure_devops.seed import AT_LEAST, FAILING, ODDITIES, counted, people, titles
from local.azure_devops.seed.busy import CHILDREN, RELATIONS
from local.azure_devops.seed.failing import REFUSED_PREFIX
from local.azure_devops.world import World
from tests.azure_devops_seed.seeded import seeded

TABLE_STRING_UNITS = 32_768


def odd(contoso: Organization, name: str) -> list[WorkItem]:
    return [contoso.items[id_] for id_, names in contoso.oddities.items() if name in names]


@pytest.mark.parametrize("name", [oddity.name for oddity in ODDITIES])
def test_every_oddity_is_there_at_least_three_times(contoso: Organization, name: str) -> None:
    assert counted(contoso)[name] >= AT_LEAST


def test_the_table_names_every_oddity_that_is_planted_and_none_twice(contoso: Organization) -> None:
    names = [oddity.name for oddity in ODDITIES]
    assert set(counted(contoso)) == set(names)
    assert len(names) == len(set(names))


def test_nothing_in_an_item_tells_that_it_is_odd(contoso: Organization) -> None:
    for id_, names in contoso.oddities.items():
        texts = [str(value) for value in contoso.items[id_].now.fields.values()]
        assert not any(name in text for name in names for text in texts if "-" in name), names


def test_the_longest_titles_have_255_characters(contoso: Organization) -> None:
    lengths = {len(str(item.now.fields["System.Title"])) for item in odd(contoso, "title-255")}
    assert lengths == {titles.LONGEST}
    assert max(len(str(item.now.fields["System.Title"])) for item in contoso.items.values()) == titles.LONGEST


def test_repeated_titles_have_a_sibling_of_the_same_type(contoso: Organization) -> None:
    for item in odd(contoso, "title-repeated"):
        same = [
            one
            for one in contoso.items.values()
            if (one.type, one.parent) == (item.type, item.parent)
            and one.now.fields["System.Title"] == item.now.fields["System.Title"]
        ]
        assert len(same) >= 2


def test_markdown_is_marked_as_such(contoso: Organization) -> None:
    for item in odd(contoso, "description-markdown"):
        assert "markdown" in item.now.formats.values()


def test_long_descriptions_do_not_fit_into_one_table_property(contoso: Organization) -> None:
    for item in odd(contoso, "description-long"):
        longest = max(len(str(value)) for value in item.now.fields.values())
        assert longest > TABLE_STRING_UNITS


def test_the_busiest_items_have_56_relations_of_every_sort(contoso: Organization) -> None:
    for item in odd(contoso, "56-relations"):
        assert len(item.relations) == RELATIONS
        kinds = [relation.rel for relation in item.relations]
        assert kinds.count("System.LinkTypes.Hierarchy-Forward") == CHILDREN
        assert {"Hyperlink", "AttachedFile", "System.LinkTypes.Related"} <= set(kinds)


def test_attached_files_can_be_downloaded(contoso_world: World) -> None:
    for item in odd(contoso_world.organization, "56-relations"):
        files = [one for one in item.relations if one.rel == "AttachedFile"]
        for file in files:
            id_ = file.url.rpartition("/")[2].partition("?")[0]
            assert len(contoso_world.attachments[id_]) == file.attributes["resourceSize"]


def test_comments_are_html_markdown_edited_and_deleted(contoso: Organization) -> None:
    comments = [comment for item in odd(contoso, "comments") for comment in item.comments]
    assert {comment.format for comment in comments} == {"html", "markdown"}
    assert any(comment.version > 1 for comment in comments)
    assert any(comment.deleted for comment in comments)


def test_some_items_have_a_long_history_by_several_people(contoso: Organization) -> None:
    for item in odd(contoso, "many-revisions"):
        assert len(item.revisions) > 5
        assert len({revision.changed_by.id for revision in item.revisions}) > 1
        assert [revision.rev for revision in item.revisions] == list(range(1, len(item.revisions) + 1))


def test_work_is_assigned_to_every_awkward_person(contoso: Organization) -> None:
    assigned = {item.now.fields.get("System.AssignedTo") for item in contoso.items.values()}
    known = {who.id for who in assigned if isinstance(who, Identity)}
    assert {who.id for who in people.AWKWARD} <= known


def test_orders_are_absent_or_equal_where_said(contoso: Organization) -> None:
    order_of = {one.id: contoso.process_of(one).order_field for one in contoso.projects}
    for item in odd(contoso, "order-absent"):
        assert order_of[item.project_id] not in item.now.fields
    for item in odd(contoso, "order-equal"):
        order = order_of[item.project_id]
        ranks = [
            one.now.fields.get(order)
            for one in contoso.items.values()
            if (one.parent, one.project_id) == (item.parent, item.project_id)
        ]
        assert ranks.count(item.now.fields[order]) >= 2


def test_times_rise_with_each_revision_and_lie_before_the_epoch(contoso: Organization) -> None:
    from local.azure_devops.seed.clock import EPOCH

    for item in contoso.items.values():
        times = [revision.changed for revision in item.revisions]
        assert times == sorted(times)
        assert times[-1] <= EPOCH


def test_the_failing_seed_adds_items_that_oneplan_refuses() -> None:
    failing = seeded(300, "failing")
    for oddity in (*FAILING, *ODDITIES):
        assert counted(failing)[oddity.name] >= AT_LEAST, oddity.name
    starts = {
        item.id for item in failing.items.values() if str(item.now.fields["System.Title"]).startswith(REFUSED_PREFIX)
    }
    assert starts == set(failing.expected_failures)


def test_the_default_seed_expects_no_failure(contoso: Organization) -> None:
    assert contoso.expected_failures == {}
