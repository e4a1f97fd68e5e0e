"""What is read out of a notification, over the documented samples and the forms that the record names."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.messages import Seen
from shared.notifications import Named, Notification, azure_devops_notification, oneplan_notification
from shared.refusals import NotANotification

SAMPLES = Path(__file__).parent.parent / "data" / "service_hooks"
PARENT = {"rel": "System.LinkTypes.Hierarchy-Reverse", "url": "https://dev.azure.com/c/_apis/wit/workItems/17"}


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.json").read_text())


def only(found: Notification) -> Named:
    (named,) = found.items
    return named


def updated(**resource: Any) -> dict[str, Any]:
    return {"eventType": "workitem.updated", "resource": {"id": 3, "workItemId": 5, **resource}}


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("workitem.created", "created"),
        ("workitem.deleted", "deleted"),
        ("workitem.restored", "restored"),
        ("workitem.commented", "commented"),
        ("onprem-2016.workitem.created", "created"),
        ("onprem-2016.workitem.commented", "commented"),
    ],
)
def test_documented_samples_name_their_item(name: str, event: str) -> None:
    found = azure_devops_notification(sample(name))
    assert (only(found).item, found.event) == (str(sample(name)["resource"]["id"]), event)


def test_the_test_button_names_no_item() -> None:
    assert azure_devops_notification(sample("workitem.updated")).items == ()


def test_an_update_names_the_work_item_and_not_the_update() -> None:
    found = azure_devops_notification(updated(revision={"rev": 9, "relations": [PARENT]}))
    assert only(found) == Named("5", Seen(rev=9, parent=17))


@pytest.mark.parametrize(
    ("resource", "parent"),
    [
        ({"revision": {"rev": 9, "fields": {}}}, 0),
        ({"revision": {"rev": 9}}, None),
        ({"revision": {"rev": 9, "relations": []}}, 0),
        ({"revision": {"rev": 9}, "relations": {"added": [PARENT]}}, None),
        ({"revision": {"rev": 9, "relations": [PARENT]}, "relations": {"added": [PARENT]}}, 17),
        ({"revision": {"rev": 9, "relations": [{**PARENT, "rel": "System.LinkTypes.Hierarchy-Forward"}]}}, 0),
    ],
)
def test_the_parent_is_known_only_where_the_notification_shows_it(resource: dict[str, Any], parent: int | None) -> None:
    seen = only(azure_devops_notification(updated(**resource))).seen
    assert seen == Seen(rev=9, parent=parent, moved="relations" in resource)


def test_an_update_without_a_snapshot_has_seen_nothing() -> None:
    assert only(azure_devops_notification(updated())).seen is None


def test_letter_case_of_the_envelope_does_not_matter() -> None:
    body = {"EventType": "workitem.created", "Resource": {"Id": "12", "Rev": 1}}
    assert only(azure_devops_notification(body)).item == "12"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ([], "the body"),
        ({}, "eventType"),
        ({"eventType": "build.complete", "resource": {"id": 1}}, "build.complete"),
        ({"eventType": "workitem.exploded", "resource": {"id": 1}}, "workitem.exploded"),
        ({"eventType": "workitem.created"}, "resource"),
        ({"eventType": "workitem.created", "resource": {"id": "x"}}, "resource.id"),
        ({"eventType": "workitem.updated", "resource": {"id": 4}}, "resource.workItemId"),
    ],
)
def test_what_is_no_notification_is_refused_by_name(body: Any, named: str) -> None:
    with pytest.raises(NotANotification, match=named):
        azure_devops_notification(body)


def test_a_oneplan_event_names_its_plan_in_lower_case_and_ignores_what_it_does_not_know() -> None:
    body = {"Id": "5F0C2E0A-0000-4000-8000-00000000ABCD", "Name": "x", "Extra": {"a": 1}}
    assert only(oneplan_notification(body)).item == "5f0c2e0a-0000-4000-8000-00000000abcd"


@pytest.mark.parametrize("body", [{}, [], {"Id": 5}, {"Id": "not a guid"}, {"Name": "x"}])
def test_a_oneplan_event_without_a_guid_is_refused(body: Any) -> None:
    with pytest.raises(NotANotification):
        oneplan_notification(body)


def test_a_oneplan_event_with_the_zero_guid_names_no_plan() -> None:
    assert oneplan_notification({"Id": "00000000-0000-0000-0000-000000000000"}).items == ()


@pytest.mark.parametrize("version", ["3.1-preview.3", "5.1-preview.3"])
def test_a_version_that_leaves_relations_out_does_not_tell_the_parent(version: str) -> None:
    body = {**updated(revision={"rev": 9, "fields": {}}), "resourceVersion": version}
    assert only(azure_devops_notification(body)).seen == Seen(rev=9, parent=None)


def test_a_changed_link_names_the_children_at_its_other_end() -> None:
    child = {"rel": "System.LinkTypes.Hierarchy-Forward", "url": "https://dev.azure.com/c/_apis/wit/workItems/"}
    links = {"added": [{**child, "url": child["url"] + "31"}], "removed": [{**child, "url": child["url"] + "32"}]}
    found = azure_devops_notification(updated(revision={"rev": 9, "relations": []}, relations=links))
    up, left = Seen(parent=5), Seen(left=5)
    assert found.items == (Named("5", Seen(9, 0)), Named("31", up), Named("32", left))


def test_a_changed_link_to_the_parent_names_no_other_item() -> None:
    body = updated(revision={"rev": 9, "relations": [PARENT]}, relations={"added": [PARENT], "removed": None})
    assert [one.item for one in azure_devops_notification(body).items] == ["5"]


@pytest.mark.parametrize(
    ("revised_by", "person"),
    [
        ({"id": "AB-1", "displayName": "Jamal"}, "ab-1"),
        ({"uniqueName": "Jamal <jamal@contoso.com>"}, "jamal <jamal@contoso.com>"),
        ("Jamal <jamal@contoso.com>", "jamal <jamal@contoso.com>"),
        (None, ""),
    ],
)
def test_who_made_the_change_is_read_in_every_form_of_an_identity(revised_by: Any, person: str) -> None:
    assert azure_devops_notification(updated(revisedBy=revised_by)).source == person


def test_who_made_other_changes_is_the_one_who_changed_the_item_last() -> None:
    assert azure_devops_notification(sample("workitem.created")).source == "jamal hartnett"


def test_the_same_news_has_a_name_in_common_whichever_subscription_it_comes_by() -> None:
    first, second = (
        azure_devops_notification({**updated(), "subscriptionId": one, "notificationId": 7}) for one in ("a1", "b2")
    )
    assert set(first.keys) & set(second.keys) == {"updated 5 3"}
    assert azure_devops_notification(updated(id=4)).keys == ("updated 5 4",)


def test_a_post_of_a_test_or_of_an_old_server_has_no_name_by_subscription() -> None:
    zeros = "00000000-0000-0000-0000-000000000000"
    assert azure_devops_notification({**updated(), "subscriptionId": zeros, "notificationId": 4}).keys == (
        "updated 5 3",
    )


def test_two_deletions_of_one_item_are_two_pieces_of_news() -> None:
    assert azure_devops_notification(sample("workitem.deleted")).keys == ()


def test_a_hook_that_sends_no_details_names_its_item_in_the_message() -> None:
    body = {**sample("workitem.created"), "resource": None}
    assert only(azure_devops_notification(body)) == Named("5", None)


def test_a_hook_that_sends_few_details_names_its_item() -> None:
    url = "https://dev.azure.com/c/_apis/wit/workItems/5/updates/3"
    body = {"eventType": "workitem.updated", "resource": {"id": 3, "workItemId": 5, "rev": 2, "url": url}}
    assert only(azure_devops_notification(body)) == Named("5", None)
